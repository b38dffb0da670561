"""Make securities.tsv and traditional.tsv again from data of the `lexicon` dependency group: `python -m corpus.lexicon.rebuild`.

Nothing of those packages runs but pytickersymbols (a table in Python) and wordfreq (how ordinary a word is): the others
are read as files, because importing them costs seconds and reaches for the network.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from opencc import OpenCC

from corpus.language.text import simplify
from corpus.language.traditional import LONGEST_WORD, TRADITIONAL, converted

TABLE = Path(__file__).with_name("securities.tsv")
HEADER = ("exchange", "code", "kind", "name", "english", "forms", "word")

# Zipf frequency (3 is once a million words) up to which an English word names a company on its own.
DISTINCTIVE = 3.05
# Count in jieba's dictionary (of 60 million words) from which on a Chinese word is an ordinary one.
ORDINARY = 20

_TAIWAN_KINDS = {
    "股票": "stock",
    "創新板": "stock",
    "特別股": "preferred",
    "ETF": "etf",
    "ETN": "etn",
    "臺灣存託憑證(TDR)": "tdr",
}
_LEGAL = re.compile(
    r"(?:[\s,]+(?:inc|incorporated|corp|corporation|co|company|companies|ltd|limited|plc|llc|lp|l\.p|n\.?v|s\.?a|a\.?g|s\.?e|ab|asa|kk"
    r"|k\.k|holdings?|hldgs|group|trust|adr|class [a-c]|sa/nv|s\.p\.a|oyj|sab de cv|bancorp))\.?$"
    r"|[/\\][a-z ]+[/\\]?$|\s*\(.*\)$|\.com$| com$|\s*&$|\s+the$|,$",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(r"-(?!A$|B$)")  # preferred shares, warrants and units: JPM-PC, ACHR-WT


class SecurityRow(NamedTuple):
    """A security as the table keeps it; `forms` are English texts, split by |, that name it on their own."""

    exchange: str
    code: str
    kind: str
    name: str
    english: str
    forms: str
    word: str  # "word": the Chinese name, in America the code, is also an ordinary word


def package_file(package: str, path: str) -> Path:
    """Return the path of a data file of an installed package, without importing that. Raises FileNotFoundError when it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed: install the `lexicon` dependency group")
    return Path(spec.submodule_search_locations[0]) / path


def shorten(name: str) -> str:
    """Return a company's name without its legal form: 「MICROSOFT CORP」 -> 「Microsoft」."""
    previous = ""
    short = name.strip()
    while short != previous:
        previous, short = short, _LEGAL.sub("", short).strip()
    if short.isupper() and (" " in short or len(short) > 5):
        short = " ".join(word if len(word) <= 3 else word.capitalize() for word in short.split())
    return re.sub(r"^The\s+", "", short)


class WordFrequencies:
    """The frequencies of English and Chinese words, which tell how ordinary a word is."""

    def __init__(self) -> None:
        self._zipf: Any = import_module("wordfreq").zipf_frequency
        with package_file("jieba", "dict.txt").open(encoding="utf-8") as lines:
            self._chinese = {word: int(count) for word, count, *_ in map(str.split, lines)}

    def distinctive(self, name: str, famous: bool) -> bool:
        """Tell whether an English name names its company wherever it stands. A famous one of several words may be made of ordinary ones."""
        words = re.findall(r"[A-Za-z0-9&'.-]+", name)
        rarest = min((self._zipf(word, "en") for word in words), default=9.0)
        if len(words) == 1:
            return len(name) >= 4 and not name.isupper() and rarest <= DISTINCTIVE
        return len(words) >= 2 and (famous or rarest <= DISTINCTIVE)

    def ticker(self, code: str) -> bool:
        """Tell whether a code may stand for its company without `$` or brackets: not when it is a word or an abbreviation."""
        return len(code) >= 4 and code.isalpha() and self._zipf(code, "en") <= 2.2

    def ordinary(self, name: str) -> bool:
        return self._chinese.get(simplify(name), 0) >= ORDINARY


def taiwan(words: WordFrequencies) -> Iterator[SecurityRow]:
    """Yield listed and OTC companies, preferred shares, ETFs, ETNs and TDRs, without warrants and asset-backed papers."""
    english = {row["symbol"]: shorten(row["full_name"]) for row in _investpy("taiwan")}
    for file in ("twse_equities.csv", "tpex_equities.csv"):
        with package_file("twstock", f"codes/{file}").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                kind = _TAIWAN_KINDS.get(row["type"])
                if kind is None:
                    continue
                exchange = "TPEX" if row["market"].startswith("上櫃") else "TWSE"
                stem = re.sub(r"(?:-KY|-DR|-創|\*|創)+$", "", row["name"])
                name = english.get(row["code"], "")
                forms = name if name and words.distinctive(name, famous=" " in name and name.count(" ") < 4) else ""
                flag = "word" if words.ordinary(stem) else ""
                yield SecurityRow(exchange, row["code"], kind, row["name"], name, forms, flag)


def america(words: WordFrequencies) -> Iterator[SecurityRow]:
    """Yield the stocks of Nasdaq, NYSE and Cboe; names and codes stand alone for the distinctive and the well-known."""
    import pyarrow.parquet as parquet  # type: ignore[import-not-found]  # only where the table is made

    famous = {
        stock["symbol"]: stock["name"] for stock in _index_members("S&P 500", "NASDAQ 100", "DOW JONES", "S&P 100")
    }
    table = parquet.read_table(package_file("edgar", "reference/data/company_tickers.parquet"))
    first: dict[str, str] = {}
    for row in table.to_pylist():
        code, exchange = row["ticker"], (row["exchange"] or "").upper()
        base = first.setdefault(row["cik"], code)
        if exchange not in {"NASDAQ", "NYSE", "CBOE"} or _is_leftover(code, base):
            continue
        legal = shorten(row["name"])
        known = famous.get(code)
        forms = [shorten(known), legal] if known else [legal]
        kept = [form for form in dict.fromkeys(forms) if words.distinctive(form, known is not None)]
        if known and len(code) > 2 and code.isalpha():
            kept.append(code)
        word = "" if words.ticker(code) else "word"
        yield SecurityRow(exchange, code, "stock", "", shorten(known) if known else legal, "|".join(kept), word)


def _is_leftover(code: str, base: str) -> bool:
    return bool(_LEFTOVER.search(code)) or (
        code != base and len(code) == 5 and code.startswith(base[:3]) and base != "GOOGL"
    )


def asia(words: WordFrequencies) -> Iterator[SecurityRow]:
    """Yield the Nikkei 225, and Hong Kong's main board as it was in 2022; their Chinese names are in world.tsv."""
    for stock in _index_members("NIKKEI 225"):
        name = shorten(stock["name"])
        yield SecurityRow(
            "TSE",
            stock["symbol"].removesuffix(".T"),
            "stock",
            "",
            name,
            name if words.distinctive(name, True) else "",
            "",
        )
    for row in _investpy("hong kong"):
        name = shorten(row["full_name"])
        yield SecurityRow(
            "HKEX", row["symbol"].zfill(4), "stock", "", name, name if words.distinctive(name, False) else "", ""
        )


def _index_members(*indices: str) -> Iterator[dict[str, Any]]:
    stocks = import_module("pytickersymbols").PyTickerSymbols()
    for index in indices:
        yield from stocks.get_stocks_by_index(index)


def _investpy(country: str) -> Iterator[dict[str, str]]:
    with package_file("investpy", "resources/stocks.csv").open(encoding="utf-8") as lines:
        yield from (row for row in csv.DictReader(lines) if row["country"] == country)


def read_table(path: Path = TABLE) -> list[SecurityRow]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [SecurityRow(*fields) for fields in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]


def write_table(rows: Iterable[SecurityRow], path: Path = TABLE) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n", escapechar="\\")
        writer.writerow(HEADER)
        writer.writerows(rows)


def changes(before: Iterable[SecurityRow], after: Iterable[SecurityRow]) -> list[str]:
    """List the changes of a rebuild, one sentence a line: new listings, delistings, renames."""
    old = {(row.exchange, row.code): row for row in before}
    new = {(row.exchange, row.code): row for row in after}
    lines = [f"new listing: {_label(new[key])}" for key in sorted(new.keys() - old.keys())]
    lines += [f"delisted: {_label(old[key])}" for key in sorted(old.keys() - new.keys())]
    for key in sorted(new.keys() & old.keys()):
        if (old[key].name or old[key].english) != (new[key].name or new[key].english):
            lines.append(f"renamed: {_label(old[key])} -> {new[key].name or new[key].english}")
    return lines


def _label(row: SecurityRow) -> str:
    return f"{row.exchange} {row.code} {row.name or row.english}"


def traditional_table() -> Iterator[tuple[str, str]]:
    """Return the rows of corpus/language/traditional.tsv: each Simplified character, and the words of jieba's dictionary that OpenCC
    turns into something else than their characters, or the shorter words in them, say.
    """
    convert = OpenCC("s2tw").convert
    every = map(chr, (*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0)))
    table = {one: new for one in every if len(new := convert(one)) == 1 and new != one}
    lines = package_file("jieba", "dict.txt").read_text("utf-8").splitlines()
    words = sorted((word for word in (line.split(" ")[0] for line in lines) if 1 < len(word) <= LONGEST_WORD), key=len)
    for word, new in zip(words, convert("\n".join(words)).split("\n"), strict=True):
        if len(word) == len(new) and "".join(converted(word, table)) != new:
            table[word] = new
    return iter(sorted(table.items(), key=lambda row: (len(row[0]) > 1, row)))


def write_traditional(path: Path = TRADITIONAL) -> None:
    path.write_text("".join(f"{simple}\t{new}\n" for simple, new in traditional_table()), "utf-8")


def main() -> None:
    words = WordFrequencies()
    fresh: dict[tuple[str, str], SecurityRow] = {}
    for source in (taiwan, america, asia):
        for row in source(words):
            fresh.setdefault((row.exchange, row.code), row)
    rows = sorted(fresh.values())
    report = changes(read_table(), rows)
    write_table(rows)
    print("\n".join(report or ["no changes"]) if len(report) < 400 else f"{len(report)} changes")
    print(f"{len(rows)} securities")
    write_traditional()


if __name__ == "__main__":
    main()
