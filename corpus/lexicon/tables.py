"""The lexicon's data files as securities and the texts that name them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from sys import intern
from typing import NamedTuple

from corpus.lexicon.security import AMERICA, SUFFIXES, TAIWAN, Security, Surface, SurfaceKind

_DATA = Path(__file__).parent
_STEMS = "甲乙丙丁戊己庚辛壬癸"  # 2881A is 甲特, 2881B 乙特
_SERIES = re.compile(rf"([{_STEMS}])特([一二])?$")
_STEM = re.compile(r"(?:-KY創?|-DR|-創|\*|[控投]控)+$")

Alias = tuple[str, str]  # (sort as aliases.tsv calls it, text)


def load_tables() -> tuple[list[Surface], list[Security]]:
    """Load every surface, the hand-kept and Taiwan's first, and every security."""
    ordinary, firm = _ordinary()
    aliases = read_aliases()
    elsewhere = {name for own in aliases.values() for sort, name in own if sort == "code"}
    securities: dict[tuple[str, str], Security] = {}
    surfaces: list[Surface] = []
    for row in (*read_world(), *read_listed(firm), *read_emerging()):
        if not _is_listed(row, securities) and row.key not in elsewhere:
            own = aliases.pop(row.key, [])
            if row.kind == "preferred":
                own += [("name", name) for name in _preferred_names(row, securities)]
            securities[row.exchange, row.code] = security = _security(row, own)
            surfaces += _surfaces(security, row, own, ordinary)
    surfaces.sort(key=lambda surface: (not surface.by_hand, not surface.security.in_taiwan))
    return surfaces, list(securities.values())


def stem(name: str) -> str:
    """Return a listed name without its endings: 世芯-KY -> 世芯, 日月光投控 -> 日月光, 國巨* -> 國巨."""
    short = _STEM.sub("", name).replace("*", "")
    return short if len(short) > 1 else name


class _Row(NamedTuple):
    """A line of a table: one security before the hand-kept aliases join it."""

    exchange: str
    code: str
    kind: str
    name: str
    english: str
    forms: tuple[str, ...]
    word: bool = False
    by_hand: bool = False

    @property
    def key(self) -> str:
        """The security's key in aliases.tsv: the code, with a suffix outside Taiwan and the United States."""
        if self.exchange in TAIWAN or self.exchange in AMERICA:
            return self.code
        suffix = next((suffix for suffix, exchanges in SUFFIXES.items() if exchanges == {self.exchange}), self.exchange)
        return f"{self.code}.{suffix}"


def read_world() -> Iterator[_Row]:
    for exchange, code, kind, name, english, names in _rows("world.tsv"):
        forms = tuple(filter(None, names.split("、")))
        yield _Row(intern(exchange), code, intern(kind), name, english, forms, by_hand=True)


def read_listed(firm: frozenset[str]) -> Iterator[_Row]:
    for exchange, code, kind, name, english, forms, word in _rows("securities.tsv"):
        ordinary = word == "word" and stem(name) not in firm  # its name, or a US stock's code, is an ordinary word
        names = tuple(filter(None, forms.split("|")))
        yield _Row(intern(exchange), code, intern(kind), name, english, names, word=ordinary)


def read_emerging() -> Iterator[_Row]:
    """Yield the emerging board; a name of two characters there is hardly known, and needs a reason."""
    for code, name in _rows("emerging.tsv"):
        yield _Row("ESB", code, "stock", name, "", (), word=len(stem(name)) == 2)


def _is_listed(row: _Row, securities: Mapping[tuple[str, str], Security]) -> bool:
    """Tell whether the paper is known already; of Taiwan's boards the higher one counts."""
    higher = ("TWSE", "TPEX") if row.exchange == "ESB" else ()
    return (row.exchange, row.code) in securities or any((board, row.code) in securities for board in higher)


def read_aliases() -> dict[str, list[Alias]]:
    """Read aliases.tsv: pairs of (sort, alias) by key."""
    found: dict[str, list[Alias]] = {}
    for key, sort, names in _rows("aliases.tsv"):
        found.setdefault(key, []).extend((sort, name) for name in names.split("、"))
    return found


def _ordinary() -> tuple[frozenset[str], frozenset[str]]:
    """Read ordinary.txt: names that need a reason, and names that need none although the dictionary knows them as words."""
    lines = (_DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    firm = frozenset(word[1:] for word in words if word.startswith("!"))
    return frozenset(word for word in words if not word.startswith("!")), firm


def _preferred_names(row: _Row, securities: Mapping[tuple[str, str], Security]) -> Iterator[str]:
    """Yield a preferred share's names, 富邦金甲特 and 富邦特甲 for 2881A: the company's name with the letter of the paper as a Heavenly Stem."""
    company = securities.get((row.exchange, row.code[:4]))
    stem_found = _SERIES.search(row.name)
    series = stem_found[1] if stem_found else _STEMS["ABCDEFGHIJ".index(row.code[4])]
    if company is not None and not (stem_found and stem_found[2]):
        for name in {company.name, company.name.removesuffix("金"), stem(company.name)}:
            yield from (f"{name}{series}特", f"{name}特{series}")


def _listings(exchange: str, aliases: list[Alias]) -> Iterator[tuple[str, str]]:
    for code, _, suffix in (name.partition(".") for sort, name in aliases if sort == "code"):
        yield (next(iter(SUFFIXES[suffix])) if suffix else exchange), code


def _security(row: _Row, aliases: list[Alias]) -> Security:
    first = dict(reversed(aliases))  # of each sort
    english = first.get("english", row.english)
    name = row.name or first.get("name") or english or row.code
    names = tuple(dict.fromkeys([name for sort, name in aliases if sort != "code"] + [*row.forms]))
    listings = tuple(_listings(row.exchange, aliases)) if "code" in first else ()
    return Security(row.code, row.exchange, name, first.get("full", ""), english, row.kind, names, listings)


_SORTS = {
    "english": SurfaceKind.NAME,
    "full": SurfaceKind.NAME,
    "name": SurfaceKind.NAME,
    "slang": SurfaceKind.SLANG,
    "brand": SurfaceKind.BRAND,
    "code": SurfaceKind.CODE,
}


def _surfaces(security: Security, row: _Row, aliases: list[Alias], ordinary: frozenset[str]) -> Iterator[Surface]:
    def sort(name: str, otherwise: SurfaceKind = SurfaceKind.NAME) -> SurfaceKind:
        return SurfaceKind.WORD if otherwise is SurfaceKind.NAME and name in ordinary else otherwise

    short = stem(row.name)
    for name in filter(None, dict.fromkeys((row.name, short))):
        word = row.word and (name == short or "-" not in name)  # 材料-KY is no ordinary word
        yield Surface(name, security, SurfaceKind.WORD if word else sort(name), row.by_hand)
    if row.name.endswith("-KY"):
        yield Surface(f"{short}KY", security, SurfaceKind.NAME)
    for kind, name in aliases:
        if kind == "code" and (len(name) < 4 or not name.isalpha()):
            continue  # ZG and 9988.HK are no words of a text
        yield Surface(name, security, sort(name, _SORTS[kind]), by_hand=True)
    for form in row.forms:
        is_code = form == security.code
        yield Surface(
            form,
            security,
            sort(form, (SurfaceKind.WORD if row.word else SurfaceKind.CODE) if is_code else SurfaceKind.NAME),
            row.by_hand,
        )


def _rows(name: str) -> Iterator[list[str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(
            (line for line in lines if line.strip() and not line.startswith("#")),
            delimiter="\t",
            quoting=csv.QUOTE_NONE,
        )
        next(rows)  # the header
        yield from rows
