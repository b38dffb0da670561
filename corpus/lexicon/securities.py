"""The securities an investor in Taiwan meets, and how to find one by what a person typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.language.pinyin import syllables
from corpus.lexicon.security import (
    PREFIXES,
    SUFFIXES,
    Security,
    Surface,
    SurfaceKind,
    flatten,
    to_halfwidth_same_length,
)
from corpus.lexicon.tables import load_tables

__all__ = ["Lexicon", "Security", "Surface", "SurfaceKind", "flatten", "to_halfwidth_same_length"]

_SYMBOL = re.compile(
    r"[$#]?(?:(?P<prefix>[A-Z]{2,12})\s?:\s?)?(?P<code>[0-9A-Z]{1,8})(?:\s?[.\-/_]\s?(?P<suffix>[A-Z]{1,3})|\s(?P<market>TT|TW|TWO|US|HK|JP))?"
)


class Lexicon:
    """All securities with every text that names them. Made once per process by `load`, and again when moderators add aliases."""

    def __init__(self, surfaces: Iterable[Surface], securities: Iterable[Security]) -> None:
        self.securities = tuple(securities)
        self._listed: dict[str, list[tuple[str, Security]]] = {}  # by code: the exchange and the company's security
        for security in self.securities:
            for exchange, code in ((security.exchange, security.code), *security.listings):
                self._listed.setdefault(code, []).append((exchange, security))
        self.surfaces: dict[str, tuple[Surface, ...]] = {}  # by the flat form, the surest first
        self._names: dict[tuple[str, str], list[str]] = {}
        for surface in surfaces:
            self._learn(surface)

    @classmethod
    def load(cls, extra_aliases: Iterable[tuple[str, str]] = ()) -> Lexicon:
        """Load the lexicon of the data files and `extra_aliases`, pairs of (alias, code). A pair with an unknown code is left out."""
        return _load(tuple(sorted(set(extra_aliases))))

    def _learn(self, surface: Surface) -> None:
        known = self.surfaces.get(key := flatten(surface.text), ())
        if any(other.security is surface.security and other.text == surface.text for other in known):
            return
        self.surfaces[key] = tuple(sorted((*known, surface), key=lambda other: (not other.by_hand, other.sort)))
        names = self._names.setdefault((surface.security.exchange, surface.security.code), [])
        if surface.text not in names and surface.sort is not SurfaceKind.CODE and surface.text != surface.security.code:
            names.append(surface.text)

    def by_code(self, code: str) -> list[Security]:
        """Return every security with this code, Taiwan's first; of a company with several the one that its essays are kept under."""
        return list(dict.fromkeys(security for _, security in self._listed.get(code.upper(), ())))

    def names(self, security: Security) -> tuple[str, ...]:
        """Return every text that names this security, its own name first; bare codes are not among them."""
        names = self._names.get((security.exchange, security.code), [])
        return tuple(dict.fromkeys((security.name, *names)))

    def terms(self, security: Security) -> tuple[str, ...]:
        """Return the words to look for in a text about this security: its names, and its code if that is longer than three or names it alone."""
        known = len(security.code) > 3 or self.names_itself_by_code(security)
        return (*self.names(security), *([security.code] if known else []))

    def names_itself_by_code(self, security: Security) -> bool:
        """Tell whether people write the bare code for the company: IBM, UPS; nobody writes AI for 液化空氣."""
        return any(surface.security == security for surface in self.surfaces.get(flatten(security.code), ()))

    def longer(self, security: Security) -> tuple[str, ...]:
        """Return the names of other securities that hold a name of this one: 南亞科, for 南亞."""
        return _longer(self, security)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The names of two and more characters, one of them Chinese at least, which a segmenter must not cut."""
        firsts = (group[0].text for group in self.surfaces.values())
        return tuple(text for text in firsts if len(text) > 1 and not text.isascii())

    def symbol(self, text: str) -> list[Security]:
        """Return the securities that 「2330」, 「$NVDA」, 「2330.TW」, 「2330 TT」 or 「NASDAQ:NVDA」 means; none where a text is no code."""
        match = _SYMBOL.fullmatch(to_halfwidth_same_length(text).strip().upper())
        if match is None or (match["prefix"] and match["prefix"] not in PREFIXES):
            return []
        code, suffix = match["code"], match["suffix"] or match["market"] or ""
        exchanges = SUFFIXES.get(suffix, frozenset())
        if suffix and not exchanges:  # BRK.B
            code, exchanges = f"{code}-{suffix}", frozenset()
        exchanges = exchanges or PREFIXES.get(match["prefix"] or "", frozenset())
        if exchanges:
            codes = {code, code.lstrip("0").zfill(4)} if exchanges == {"HKEX"} else {code}
            listed = [pair for one in sorted(codes) for pair in self._listed.get(one, ())]
            return list(dict.fromkeys(security for exchange, security in listed if exchange in exchanges))
        found = self.by_code(code)
        at_home = [security for security in found if security.in_taiwan]
        return at_home or found

    def resolve(self, text: str) -> list[Security]:
        """Return the securities of a typed code or name in any case, width and script. Several: it is ambiguous; none: unknown."""
        flat = flatten(text.strip())
        named = list(dict.fromkeys(surface.security for surface in self.surfaces.get(flat, ())))
        return self.symbol(text) or named or self._bare(flat)

    def _bare(self, flat: str) -> list[Security]:
        """Return the securities of a name and its code together: 「台積電 2330」, 「2330台積電」."""
        match = re.fullmatch(r"(\d{4,6}[a-z]?)\s*(\D+)|(\D+?)\s*\(?(\d{4,6}[a-z]?)\)?", flat)
        if match is None:
            return []
        code, name = (match[1], match[2]) if match[1] else (match[4], match[3])
        return [security for security in self.by_code(code) if security in self.resolve(name)]

    def suggest(self, text: str, limit: int = 3, least: float = 78.0) -> list[tuple[Security, float]]:
        """Suggest securities whose name is like a misspelt one, best first, with a likeness of 0 to 100.

        Latin names by Indel similarity (rapidfuzz), Chinese ones by toneless pinyin: 輝噠 sounds like 輝達. Codes by single slips.
        """
        flat = flatten(text.strip()).replace(" ", "")
        if len(flat) < 2:
            return []
        if flat.isdigit():
            return self._near_codes(flat)[:limit]
        latin = flat.isascii()
        choices = self._latin if latin else self._sounds
        sought = flat if latin else " ".join(syllables(flat))
        found = process.extract(sought, choices.keys(), scorer=fuzz.ratio, limit=limit * 2, score_cutoff=least)
        best: dict[Security, float] = {}
        for key, score, _ in found:
            for surface in choices[key]:
                if latin or len(surface.text) == len(text.strip()):
                    best.setdefault(surface.security, score)
        return sorted(best.items(), key=lambda pair: -pair[1])[:limit]

    def _near_codes(self, code: str) -> list[tuple[Security, float]]:
        """Return Taiwan's securities whose code is one slip away, two digits that changed places first."""
        distance = DamerauLevenshtein.distance
        near = [s for s in self.securities if s.in_taiwan and len(s.code) == len(code) and distance(s.code, code) == 1]
        swapped = sorted(near, key=lambda one: (sorted(one.code) != sorted(code), one.code))
        return [(one, 100.0 * (1 - 1 / len(code))) for one in swapped]

    @cached_property
    def _latin(self) -> dict[str, tuple[Surface, ...]]:
        names = {
            key.replace(" ", ""): group[:1] for key, group in self.surfaces.items() if key.isascii() and len(key) > 2
        }
        for code, group in self._listed.items():
            if code.isalpha():
                names.setdefault(code.lower(), (Surface(code, group[0][1], SurfaceKind.CODE),))
        return names

    @cached_property
    def _sounds(self) -> dict[str, tuple[Surface, ...]]:
        sounds: dict[str, tuple[Surface, ...]] = {}
        for key, group in self.surfaces.items():
            if not key.isascii():
                sound = " ".join(syllables(key))
                sounds[sound] = (*sounds.get(sound, ()), group[0])
        return sounds


@lru_cache(maxsize=1_000)
def _longer(lexicon: Lexicon, security: Security) -> tuple[str, ...]:
    own = {flatten(name) for name in lexicon.names(security)}
    return tuple(
        group[0].text
        for key, group in lexicon.surfaces.items()
        if key not in own and any(name in key for name in own) and group[0].security != security
    )


@lru_cache(maxsize=4)
def _load(extra_aliases: tuple[tuple[str, str], ...]) -> Lexicon:
    if not extra_aliases:
        return Lexicon(*load_tables())
    base = _load(())
    known = [surface for group in base.surfaces.values() for surface in group]
    added = [
        Surface(alias, s, SurfaceKind.NAME, by_hand=True)
        for alias, code in extra_aliases
        for s in base.symbol(code)[:1]
    ]
    return Lexicon([*added, *known], base.securities)
