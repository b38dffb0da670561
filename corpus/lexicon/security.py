"""A security, the texts that name it, and the form in which such texts are compared."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from corpus.language.text import simplify

TAIWAN = frozenset({"TWSE", "TPEX", "ESB"})
AMERICA = frozenset({"NASDAQ", "NYSE", "CBOE", "OTC"})
# Suffixes behind the dot of a full symbol, 「2330.TW」, and the exchanges they may mean.
SUFFIXES: dict[str, frozenset[str]] = {
    "TW": TAIWAN, "TWO": TAIWAN, "TT": TAIWAN, "US": AMERICA, "CN": frozenset({"SSE", "SZSE"}),
    **{suffix: frozenset({exchange}) for suffix, exchange in {
        "T": "TSE", "JP": "TSE", "HK": "HKEX", "SS": "SSE", "SH": "SSE", "SZ": "SZSE", "KS": "KRX", "KR": "KRX", "L": "LSE",
        "DE": "XETRA", "PA": "EPA", "SW": "SIX", "AX": "ASX", "AS": "AMS", "TO": "TSX", "MI": "MIL", "CO": "CPH",
    }.items()},
}  # fmt: skip

# Prefixes before the colon of a full symbol, 「TPE:2330」. Papers change their exchange, readers do not keep up: the country counts.
PREFIXES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("TPE", "TWSE", "TPEX", "TWO", "TW"), TAIWAN),
    **dict.fromkeys(("NYSE", "NASDAQ", "NASD", "AMEX", "NYSEARCA", "NYSEAMERICAN", "CBOE", "BATS", "OTC", "US"), AMERICA),
    **dict.fromkeys(("HKEX", "HKG", "SEHK", "HK"), frozenset({"HKEX"})), **dict.fromkeys(("TSE", "TYO", "JP"), frozenset({"TSE"})),
    "KRX": frozenset({"KRX"}), **dict.fromkeys(("SSE", "SHA"), frozenset({"SSE"})), **dict.fromkeys(("SZSE", "SHE"), frozenset({"SZSE"})),
}  # fmt: skip

# Exchanges as readers call them.
MARKETS = {"TWSE": "上市", "TPEX": "上櫃", "ESB": "興櫃", "HKEX": "港股", "TSE": "日股", "KRX": "韓股", "SSE": "上海", "SZSE": "深圳",
           "NASDAQ": "美股 NASDAQ", "NYSE": "美股 NYSE", "CBOE": "美股 Cboe", "OTC": "美股 OTC"}  # fmt: skip

_NARROW = {0x3000: " ", 0x2019: "'", 0x2018: "'", 0x02BC: "'"} | {
    code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)
}
_PLAIN = str.maketrans("éèêëáàâäåóòôöõøúùûüíìîïçñÉÈÖÜÄØ", "eeeeaaaaaoooooouuuuiiiicneeouao")


@lru_cache(maxsize=1)
def _flat() -> dict[int, str]:
    """Build the table of characters that `flatten` replaces; one table, because a text is flattened for every scan."""
    characters = "".join(map(chr, range(0x3400, 0xA000)))
    simple = {ord(old): new for old, new in zip(characters, simplify(characters), strict=True) if old != new}
    narrowed = {code: character.lower() for code, character in _NARROW.items()}
    plain = {code: chr(new) for code, new in _PLAIN.items()}
    return simple | narrowed | plain | {code: chr(code + 32) for code in range(0x41, 0x5B)}


def to_halfwidth_same_length(text: str) -> str:
    """Return full-width letters, digits and signs in their ordinary forms, the case kept. Same length as `text`."""
    return text.translate(_NARROW)


def flatten(text: str) -> str:
    """Return the form in which names are looked for: narrow, lower case, Simplified, without accents. Same length as `text`.

    Character by character: what a character becomes does not depend on its neighbours.
    """
    return text.translate(_flat())


class SurfaceKind(IntEnum):
    """The kinds of texts that name a security, the surest first."""

    NAME = 0
    CODE = 1  # a ticker that needs no `$` or brackets: NVDA
    WORD = 2  # a name that is also an ordinary word: 大量, 世界
    SLANG = 3  # needs the company's own name somewhere in the same text: GG, 發哥
    BRAND = 4  # a product: weaker evidence


class Security(NamedTuple):
    """One listed security. `name` is the short Chinese name where there is one, else the English one."""

    code: str
    exchange: str
    name: str
    full_name: str = ""
    english: str = ""
    kind: str = "stock"  # stock, preferred, etf, etn, tdr
    aliases: tuple[str, ...] = ()
    listings: tuple[
        tuple[str, str], ...
    ] = ()  # (exchange, code) under which the same company's share also trades: GOOG, 9988.HK

    @property
    def in_taiwan(self) -> bool:
        return self.exchange in TAIWAN


class Surface(NamedTuple):
    """One text that names a security."""

    text: str
    security: Security
    sort: SurfaceKind
    by_hand: bool = False  # kept by hand: goes before an official name that reads the same (花王: Kao, not 8906)
