"""A security as people type it, and as we say it."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from corpus.language.text import to_halfwidth
from corpus.lexicon.security import MARKETS, Security
from handlers.context import Context
from handlers.text.decorations import unquoted

# The markets of few securities, as a reader calls them.
FOREIGN = {"EPA": "法股", "XETRA": "德股", "LSE": "英股", "SIX": "瑞士", "AMS": "荷蘭", "CPH": "丹麥", "STO": "瑞典", "ASX": "澳股",
           "MIL": "義大利", "SGX": "星股", "BME": "西班牙", "TSX": "加拿大", "NSE": "印度"}  # fmt: skip
_LETTER_WITHIN = re.compile(r"(?<=[㐀-鿿])[A-Za-z](?=[㐀-鿿])")
LEAST_WITH_LETTER, NEAR = 60.0, 20
LEAST_LATIN, LEAST_SOUND = 85.0, 100.0  # likeness of 0 to 100 at which a misspelt name is surely meant
SHORTEST = 4  # letters of a misspelt Latin name
SHORT = 3  # letters at least of a misspelt name that needs no asking back: 衛星 sounds like 微星


def securities_named(text: str, context: Context) -> list[Security]:
    """Return the securities that a typed code or name means, with or without its `$`: one, several, or none."""
    library = context.library
    text = unquoted(text)
    found = library.subjects.resolve_security(text) or library.subjects.resolve_security(
        to_halfwidth(text).strip().lstrip("$")
    )
    return list(dict.fromkeys(_at_home(one, context) for one in found))


def surely_meant(text: str, context: Context) -> Security | None:
    """Return the security that a misspelt name alone means, where the archive writes about it: 台機電, nvdia."""
    if len(text) < SHORT:
        return None
    return next((one for one in misspelt(text, context) if context.library.subjects.is_written_about(one)), None)


def misspelt(text: str, context: Context) -> list[Security]:
    """Return the securities whose name a word is hardly different from, best first."""
    if text.isascii() and len(text) < SHORTEST:
        return []
    if _LETTER_WITHIN.search(text):  # 台g電
        form = re.compile(_LETTER_WITHIN.sub(".", text))
        near = context.library.archive.lexicon.suggest(text, limit=NEAR, least=LEAST_WITH_LETTER)
        written = {tally.key: tally.essays for tally in context.library.subjects.security_tallies()}
        fitting = [one for one, _ in near if form.fullmatch(one.name)]
        return sorted(fitting, key=lambda one: -written.get(security_key(one), 0))
    least = LEAST_LATIN if text.isascii() else LEAST_SOUND
    return [one for one, _ in context.library.archive.lexicon.suggest(text, least=least)]


def security_key(one: Security) -> str:
    """Return 「2330.TWSE」, which names this security alone."""
    return f"{one.code}.{one.exchange}"


def typed_with_code(one: Security) -> str:
    """Return 「台積電 2330」, which a person could type."""
    return one.name if one.name == one.code else f"{one.name} {one.code}"


def market_label(exchange: str) -> str:
    return MARKETS.get(exchange) or FOREIGN.get(exchange, "海外")


def alike(one: str, other: str) -> float:
    """Return the likeness of two short words, from 0 to 1."""
    return fuzz.ratio(to_halfwidth(one).lower(), to_halfwidth(other).lower()) / 100


def _at_home(one: Security, context: Context) -> Security:
    """Return 台積電 for its ADR: 「$TSM」 asks what the archive says of the company."""
    if not one.name.endswith("ADR") or context.library.subjects.is_written_about(one):
        return one
    home = context.library.subjects.resolve_security(one.name.removesuffix("ADR"))
    return home[0] if len(home) == 1 else one
