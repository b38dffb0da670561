"""The reading of a text: its codes first, then names, then ordinary words that are names where they stand, then nicknames."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from corpus.analysis.tickers.borders import Border
from corpus.analysis.tickers.codes import Code, CodeStrength, find_codes
from corpus.analysis.tickers.context import is_company, is_given_name, joined, reasons
from corpus.analysis.tickers.names import NameHit, Names, in_rows
from corpus.analysis.tickers.senses import (
    is_address,
    is_date,
    is_figure,
    is_footer,
    is_other_body,
    is_person,
    other_sense,
)
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.security import Security, SurfaceKind, flatten, to_halfwidth_same_length

_AROUND = 24  # characters of context on each side
_IN_A_ROW = 2  # points that a neighbour in a row of names gives
_IN_FULL = 2  # points for what the full names of companies end with, of a name that is no word: 洋華光電
_ITS_OWN = 2  # points for the company's own product, or other name, right behind: 全家的 Let's Café
# Points (see `reasons`) that an ordinary word needs, one that no dictionary knows, and a given name after a family name.
_NEEDED, _NEEDED_WHEN_RARE, _NEEDED_OF_A_PERSON, _NEEDED_IN_DOUBT = 3, 2, 2, 2

_TRADE = re.compile(
    "(?:公司|集團|控股|科技|能源|生技|製藥|汽車|航空|電子|半導體|工業|資本|網路|娛樂|金融|銀行|保險|石油|媒體|系統|材料|通訊|光電|生物|醫療|航太)+$"
)

# Signs that may stand between a name and its code: 「台積電」 (2330), 台積電-2330.
_BETWEEN = " *」』》\"'-:"


class NameSpan(NamedTuple):
    start: int
    end: int
    sort: SurfaceKind


class Disagreement(NamedTuple):
    """A name and a code that does not belong to it: the name ends at `cut`, the code at `end`."""

    start: int
    cut: int
    end: int
    code: str
    meant: Security


class TickerRecogniser:
    """One text being read: `spans` by security, the securities that stand with their code, and codes that disagree with a name."""

    def __init__(self, text: str, lexicon: Lexicon, names: Names) -> None:
        self.text, self.lexicon, self.names = text, lexicon, names
        self.narrow, self.flat = to_halfwidth_same_length(text), flatten(text)
        self.spans: dict[Security, list[NameSpan]] = defaultdict(list)
        self.explicit: set[Security] = set()
        self._known: set[Security] = set()  # named for sure so far: one reason more to take the next word for its name
        self._borders: dict[tuple[int, int], Border] = {}
        self._other_senses: dict[tuple[int, str], bool] = {}
        self.disagreements: list[Disagreement] = []
        everywhere = names.all(text, self.flat)
        self._read_codes(everywhere)
        self._edges = names.edges(self.flat, everywhere)
        self._in_rows = in_rows(everywhere, self._edges)  # names side by side without a sign between them
        self._read_names(
            [hit for hit in names.words(everywhere, self.flat, self._edges) if not self._means_something_else(hit)]
        )

    def around(self, start: int, end: int) -> tuple[str, str]:
        """Return the text before and after a place, flattened."""
        return self.flat[max(0, start - _AROUND) : start], self.flat[end : end + _AROUND]

    # Codes

    def _read_codes(self, hits: list[NameHit]) -> None:
        ending: dict[int, list[NameHit]] = defaultdict(list)
        starting: dict[int, list[NameHit]] = defaultdict(list)
        for hit in hits:
            ending[hit.end].append(hit)
            starting[hit.start].append(hit)
        for code in find_codes(self.narrow, self.lexicon):
            if is_footer(self.flat, code.start, code.end):
                continue
            before, after = self._beside(code)
            self._read_code(code, _longest_first(ending[before]), _longest_first(starting[after]))

    def _beside(self, code: Code) -> tuple[int, int]:
        """Return where a name would end before the code, and where one would start after it."""
        before = len(self.narrow[max(0, code.start - 3) : code.start].rstrip(_BETWEEN)) + max(0, code.start - 3)
        after = code.end
        while after < len(self.narrow) and after - code.end < 3 and self.narrow[after] in " -:(「":
            after += 1
        return before, after

    def _read_code(self, code: Code, before: list[NameHit], after: list[NameHit]) -> None:
        for hit in (*before, *after):
            owner = next((surface.security for surface in hit.surfaces if surface.security in code.securities), None)
            if owner is not None:
                self._introduce(owner, min(hit.start, code.start), max(hit.end, code.end))
                return
        stranger = next((hit for hit in before if hit.sort is SurfaceKind.NAME), None)
        if code.is_numeric and stranger is not None and self.narrow[code.start] in "([【〔":
            meant = stranger.surfaces[0].security
            self.disagreements.append(Disagreement(stranger.start, stranger.end, code.end, code.text, meant))
        elif code.claim is CodeStrength.MARKET or (code.claim is CodeStrength.BRACKET and self._credible(code, before)):
            self._introduce(code.securities[0], code.start, code.end)

    def _introduce(self, security: Security, start: int, end: int) -> None:
        self.explicit.add(security)
        self.spans[security].append(NameSpan(start, end, SurfaceKind.NAME))

    def _credible(self, code: Code, before: list[NameHit]) -> bool:
        """Tell whether a code in brackets may be believed although its own name does not stand before it."""
        text = self.narrow[max(0, code.start - 60) : code.start].rstrip()
        if code.is_numeric:
            if text.endswith("年"):
                return False  # 雍正三年(1725)
            heads = self.narrow[code.start] in "[【" and (not text or self.narrow[code.start - 1] == "\n")  # 【2330】
            stands = heads or re.search(r"[\w」』]$", text) is not None
            return code.securities[0].in_taiwan and not code.is_year and stands
        return (
            _other_listing(code, before) or _english_agrees(text, code.securities) or _shortened(text, code.securities)
        )

    # Names

    def _means_something_else(self, hit: NameHit) -> bool:
        """Tell whether the name is a figure of speech, a date, another body or person, or only a place where readers are asked to go."""
        before, after = self.around(hit.start, hit.end)
        if (
            is_footer(self.flat, hit.start, hit.end)
            or is_figure(before, after)
            or is_person(before, after)
            or is_date(before, self.flat[hit.start : hit.end])
        ):
            return True
        if self.flat[hit.start].isascii():
            return hit.sort is not SurfaceKind.BRAND and is_address(self.flat, hit.start, hit.end)
        return is_other_body(after) or self._border(hit) is Border.FALSE

    def _border(self, hit: NameHit) -> Border:
        """Judge whether a Chinese name begins and ends where words do; side by side with other names it does."""
        if hit.span not in self._borders:
            in_row = hit.span in self._in_rows
            self._borders[hit.span] = (
                Border.CLEAR if in_row else self.names.borders.of(self.flat, hit.start, hit.end, self._edges)
            )
        return self._borders[hit.span]

    def _read_names(self, hits: list[NameHit]) -> None:
        taken = [self._sure(hit) for hit in hits]
        self._known = self.explicit | {self._security(hit) for hit, yes in zip(hits, taken, strict=True) if yes}
        for order in (range(len(hits)), range(len(hits) - 1, -1, -1)):  # a row vouches for its members both ways
            for i in order:
                taken[i] = taken[i] or self._in_place(hits, taken, i)
        for hit, yes in zip(hits, taken, strict=True):
            if yes and hit.sort is not SurfaceKind.BRAND:
                self._note(hit, hit.sort)
        self._read_weaker(hits, taken)

    def _read_weaker(self, hits: list[NameHit], taken: list[bool]) -> None:
        """Note nicknames beside their company's own name, and brands, which are as good as names in a row of companies."""
        known = set(self.spans)
        for i, hit in enumerate(hits):
            if hit.sort is SurfaceKind.SLANG and self._security(hit) in known:
                self._note(hit, SurfaceKind.SLANG)
            elif hit.sort is SurfaceKind.BRAND:
                stands_for_it = self._security(hit) not in known and self._neighbours(hits, taken, i)
                self._note(hit, SurfaceKind.NAME if stands_for_it else SurfaceKind.BRAND)

    def _note(self, hit: NameHit, sort: SurfaceKind) -> None:
        self.spans[self._security(hit)].append(NameSpan(hit.start, hit.end, sort))

    def _security(self, hit: NameHit) -> Security:
        """Return, of namesakes, the one that the text introduced with its code, else the first of the lexicon."""
        return next((s.security for s in hit.surfaces if s.security in self.explicit), hit.surfaces[0].security)

    def _sure(self, hit: NameHit) -> bool:
        """Tell whether the name stands for its company without a reason beside it."""
        return hit.sort in (SurfaceKind.NAME, SurfaceKind.CODE, SurfaceKind.BRAND) and self._needed(hit) == 0

    def _needed(self, hit: NameHit) -> int:
        """Return how many points a name needs to be taken for its company where it stands."""
        name = self.flat[hit.start : hit.end]
        if hit.sort is SurfaceKind.WORD:
            return _NEEDED_WHEN_RARE if self.names.is_rare(name) else _NEEDED
        if hit.sort is not SurfaceKind.NAME:
            return 0
        if self._has_other_sense(name, hit):
            return _NEEDED
        if name.isascii():
            return 0
        if self._border(hit) is Border.DOUBTFUL:
            return _NEEDED_IN_DOUBT
        given = len(name) == 2 and is_given_name(self.flat[hit.start - 1 : hit.start]) and self._edges[hit.start - 1]
        return _NEEDED_OF_A_PERSON if given else 0

    def _has_other_sense(self, name: str, hit: NameHit) -> bool:
        """Tell whether the paragraph speaks of another thing of that name. Each is looked through once for a name."""
        start = self.flat.rfind("\n", 0, hit.start) + 1
        if (start, name) not in self._other_senses:
            end = self.flat.find("\n", hit.end)
            paragraph = self.flat[start : end if end >= 0 else len(self.flat)]
            self._other_senses[start, name] = other_sense(name, paragraph)
        return self._other_senses[start, name]

    def _in_place(self, hits: list[NameHit], taken: list[bool], i: int) -> bool:
        """Tell whether this doubtful name, or ordinary word, is the company's name where it stands."""
        hit = hits[i]
        if hit.sort not in (SurfaceKind.WORD, SurfaceKind.NAME):
            return False
        security = self._security(hit)
        points = reasons(*self.around(hit.start, hit.end)) + int(security in self._known)
        points += _IN_A_ROW * self._neighbours(hits, taken, i) + _ITS_OWN * self._owns_next(hits, i)
        points += _IN_FULL * (hit.sort is SurfaceKind.NAME and is_company(self.flat[hit.end : hit.end + _AROUND]))
        if points < self._needed(hit):
            return False
        self._known.add(security)
        return True

    def _neighbours(self, hits: list[NameHit], taken: list[bool], i: int) -> int:
        """Count the names, products aside, that stand in one row with the hit: 0, 1 or 2."""
        others = (
            j for j in (i - 1, i + 1) if 0 <= j < len(hits) and taken[j] and hits[j].sort is not SurfaceKind.BRAND
        )
        return sum(self._joined(hits[min(i, j)], hits[max(i, j)]) for j in others)

    def _owns_next(self, hits: list[NameHit], i: int) -> bool:
        following = hits[i + 1 : i + 2]
        own = bool(following) and self._security(following[0]) == self._security(hits[i])
        return own and self.flat[hits[i].end : following[0].start].strip() in ("", "的", "旗下的", "推出的")

    def _joined(self, first: NameHit, second: NameHit) -> bool:
        side_by_side = first.end == second.start and first.span in self._in_rows
        return side_by_side or joined(self.flat[first.end : second.start])


def _longest_first(hits: Iterable[NameHit]) -> list[NameHit]:
    return sorted((hit for hit in hits if hit.surfaces), key=lambda hit: hit.start - hit.end)


def _other_listing(code: Code, before: list[NameHit]) -> bool:
    """Tell whether the code is the same company's paper on another exchange: 台積電(TSM)."""
    papers = {f"{surface.text}ADR" for hit in before for surface in hit.surfaces}
    return any(alias in papers for security in code.securities for alias in security.aliases)


def _shortened(before: str, securities: Iterable[Security]) -> bool:
    """Tell whether the company's Chinese name without 公司, 集團 or its trade stands before the code: 羅賓漢(HOOD), 冬海(SE)."""
    names = (name for security in securities for name in (security.name, *security.aliases))
    return any(len(stem) > 1 and before.endswith(stem) for name in names if (stem := _TRADE.sub("", name)) != name)


def _english_agrees(before: str, securities: Iterable[Security]) -> bool:
    """Tell whether the Latin phrase before the bracket is a form of the company's English name: CoreWeave ( CRWV )."""
    phrase = re.search(r"[A-Za-z][A-Za-z0-9&.' -]{1,40}$", before)
    if phrase is None:
        return False
    written = phrase[0].lower()
    names = [security.english.lower() for security in securities if security.english]
    return any(name.split()[:1] == written.split()[:1] or fuzz.ratio(written, name) >= 80 for name in names)
