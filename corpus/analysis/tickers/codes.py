"""Codes that stand as codes: 台積電(2330), (2330-TW), 2330.TW, $NVDA, 美股:NVIDIA(NVDA), 代號 2330."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from corpus.lexicon.securities import Lexicon
from corpus.lexicon.security import PREFIXES, SUFFIXES, Security

_CODE = r"(?:\d{4,6}(?:[A-Z]\d?)?|[A-Z]{1,5}(?:[.\-/][AB])?)"
_REGION = r"(?:台股|臺股|美股|港股|日股|陸股|A股|韓股|歐股|上市|上櫃|興櫃|股票代[號碼]|證券代[號碼]|代[號碼]|股號)"
_EXCHANGE = rf"(?:{'|'.join(sorted(PREFIXES, key=len, reverse=True))}|TPEx|Nasdaq)"
_SUFFIX = rf"(?:{'|'.join(sorted(SUFFIXES, key=len, reverse=True))})"
_PIECE = re.compile(
    rf"(?:(?P<region>{_REGION})\s*[:.]?\s*|(?P<exchange>{_EXCHANGE})\s*:\s*)?\$?(?P<code>{_CODE})(?:(?:\s*[-._]\s*|\s(?=[A-Z][A-Z]))(?P<suffix>{_SUFFIX}))?"
)

_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕\n]{1,40})[)\]】〕]")
# None of these begins with a look-behind: what stands before a match is checked after, which is four times as fast.
_SYMBOL = re.compile(
    rf"(?:(?P<code>\d{{4,6}}[A-Z]?|[A-Z]{{1,5}})\s?[-.]\s?(?P<suffix>{_SUFFIX})|(?P<number>\d{{4,6}})\s(?P<market>TT|TW|HK|JP)|(?P<short>\d{{1,3}})(?:\s?[-.]\s?|\s)HK)(?![A-Za-z0-9$])"
)
_PREFIX = re.compile(rf"(?P<exchange>{_EXCHANGE})\s?:\s?$")
# A country before the colon is one only before a code of its kind: TW:2330, US:NVDA, not 「US: AI spending」.
_PREFIXED = re.compile(
    r"(?P<exchange>TPE|TWSE|TPEX|TPEx|NYSE|NASDAQ|Nasdaq|AMEX|NYSEARCA|HKEX|HKG|SEHK|TSE|TYO|KRX|(?:TW|HK|JP)(?=\s?:\s?\d)|US(?=:[A-Z]))"
    r"\s?:\s?\[?(?P<code>[A-Z]{1,5}(?:\.[AB])?|\d{1,6}[A-Z]?)(?![A-Za-z0-9:])"
)
_DOLLAR = re.compile(r"\$(?P<code>[A-Z]{1,5}(?:\.[AB])?)(?![A-Za-z0-9])")
_NUMBER = re.compile(r"(?P<code>\d{4,6}[A-Z]?)(?![A-Za-z0-9%:]|\.\d|,\d{3}(?!\d)|/\d|-\d)")
_CUE = re.compile(r"(?:代[號碼]|股號|標的)\s*:?\s*#?$|#$")
_ROW = re.compile(r"\d{4}(?:\s?[、/]\s?\d{4})+(?![\d,.%])")
_QUANTITY = re.compile(
    r"\s*(?:[年月日季億亿萬万兆元片台顆張张點点噸人家個名次倍瓦度種項條款筆間位所座輛架坪頁檔%度]|股(?![價票東利份本息權])|MW|GW|奈米|公[里斤噸尺]|美元|美金|人民幣|新台幣)"
)


class CodeStrength(Enum):
    """The strength with which a code claims to be one."""

    MARKET = auto()  # it names its market: 2330.TW, (NVDA-US), $NVDA
    BRACKET = auto()  # it stands in brackets
    NUMBER = auto()  # it only stands there: counts beside its own name


@dataclass(frozen=True, slots=True)
class Code:
    """A possible code: `start`..`end` is the code with its brackets or signs, `securities` what it may mean."""

    start: int
    end: int
    text: str
    securities: tuple[Security, ...]
    claim: CodeStrength

    @property
    def is_numeric(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_year(self) -> bool:
        return len(self.text) == 4 and self.is_numeric and 1900 <= int(self.text) <= 2100


_REGIONS = {"台股": "TW", "臺股": "TW", "上市": "TW", "上櫃": "TW", "興櫃": "TW", "TW": "TW", "美股": "US", "US": "US", "港股": "HK",
            "HK": "HK", "日股": "T", "JP": "T", "韓股": "KS"}  # fmt: skip


def find_codes(narrow: str, lexicon: Lexicon) -> list[Code]:
    """Find all possible codes of a text in its narrow form, in order; of two at one place the louder claim."""
    taken = bytearray(len(narrow))
    found: list[Code] = []
    for code in (*_bracketed(narrow, lexicon), *_marked(narrow, lexicon), *_numbers(narrow, lexicon)):
        several = any(code.start == other.start and code.end == other.end for other in found[-1:])  # (2330、TSM)
        if code.securities and (several or not any(taken[code.start : code.end])):
            found.append(code)
            taken[code.start : code.end] = bytes([1]) * (code.end - code.start)
    return sorted(found, key=lambda code: code.start)


def _bracketed(narrow: str, lexicon: Lexicon) -> Iterator[Code]:
    """Yield one or several codes in brackets: (2330), (2330-TW), (美股:NVDA), (NASDAQ: AAPL, MSFT), (2330、TSM).

    Each spans the whole bracket.
    """
    for match in _BRACKETS.finditer(narrow):
        pieces = [_PIECE.fullmatch(piece.strip()) for piece in re.split(r"[,、/;]", match[1])]
        if None in pieces and (whole := _PIECE.fullmatch(match[1].strip())):
            pieces = [whole]  # BRK/B
        before = _PREFIX.search(narrow, max(0, match.start() - 14), match.start())  # NYSE: [CCL]
        market = _market(before) if before else ""  # of the piece before
        for piece in filter(None, pieces):
            market = _market(piece) or market
            strength = _strength(piece, market, _QUANTITY.match(narrow, match.end()) is not None)
            yield Code(match.start(), match.end(), piece["code"], _meant(piece, lexicon, market), strength)


def _strength(piece: re.Match[str], market: str, before_unit: bool) -> CodeStrength:
    if market:
        return CodeStrength.MARKET
    return CodeStrength.NUMBER if before_unit and piece["code"][0].isdigit() else CodeStrength.BRACKET


def _marked(narrow: str, lexicon: Lexicon) -> Iterator[Code]:
    for pattern in (_SYMBOL, _PREFIXED, _DOLLAR):
        for match in pattern.finditer(narrow):
            if not _continues(narrow, match.start(), "."):
                found = match.groupdict()
                code = found["code"] or found.get("number") or found["short"]
                yield Code(match.start(), match.end(), code, _meant(match, lexicon), CodeStrength.MARKET)


def _numbers(narrow: str, lexicon: Lexicon) -> Iterator[Code]:
    """Yield the numbers that are codes in Taiwan: several in a row, after 代號 or #, of a fund (0050), or merely standing there."""
    for match in _ROW.finditer(narrow):
        yield from _row(match, lexicon)
    for match in _NUMBER.finditer(narrow):
        start, end, text = match.start(), match.end(), match["code"]
        fund = text.startswith("00")  # no quantity is written with two leading zeros
        if _continues(narrow, start, "./$+-") or (_QUANTITY.match(narrow, end) and not fund):
            continue
        securities = tuple(security for security in lexicon.by_code(text) if security.in_taiwan)
        code = Code(start, end, text, securities, CodeStrength.NUMBER)
        if securities and (fund or (not code.is_year and _CUE.search(narrow[max(0, start - 8) : start]))):
            code = replace(code, claim=CodeStrength.MARKET)
        yield code


def _row(match: re.Match[str], lexicon: Lexicon) -> Iterator[Code]:
    found = [
        Code(
            match.start() + code.start(),
            match.start() + code.end(),
            code[0],
            tuple(lexicon.symbol(code[0])),
            CodeStrength.MARKET,
        )
        for code in re.finditer(r"\d{4}", match[0])
    ]
    plain = all(code.securities and not code.is_year for code in found)
    if plain and not _continues(match.string, match.start(), ".,/") and not _QUANTITY.match(match.string, match.end()):
        yield from found


def _continues(narrow: str, start: int, signs: str) -> bool:
    """Tell whether a code at `start` is the rest of a longer word or number, or follows one of `signs`."""
    before = narrow[start - 1 : start]
    return bool(before) and (before in signs or (before.isascii() and before.isalnum()))


def _market(match: re.Match[str]) -> str:
    """Return the market that a code names before or behind itself, as a suffix of a symbol: 「.TW」, or as a prefix: 「NASDAQ:」."""
    found = match.groupdict()
    named = _REGIONS.get(found.get("region") or found.get("exchange") or "")
    region = "HK" if found.get("short") else found.get("suffix") or found.get("market") or named
    exchange = found.get("exchange")
    return f".{region}" if region else f"{exchange.upper()}:" if exchange else ""


def _meant(match: re.Match[str], lexicon: Lexicon, market: str = "") -> tuple[Security, ...]:
    """Return the securities that a code may mean, the likeliest first; a number of Hong Kong is meant only beside its name."""
    found = match.groupdict()
    code = (found["code"] or found.get("number") or (found.get("short") or "").zfill(4)).replace("/", ".")
    market = _market(match) or market
    if market:
        return tuple(lexicon.symbol(f"{code}{market}" if market.startswith(".") else f"{market}{code}"))
    abroad = lexicon.symbol(f"{code}.HK") if code.isdigit() and len(code) < 6 else []
    return tuple(dict.fromkeys((*lexicon.symbol(code), *abroad)))
