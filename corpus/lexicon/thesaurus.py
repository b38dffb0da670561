"""Other names of the same thing: synonyms that moderators keep, aliases of themes, names and codes of securities."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.analysis.themes import Themes
from corpus.language.pinyin import syllables
from corpus.language.segment import Segmenter, stem
from corpus.language.text import fold
from corpus.lexicon.securities import Lexicon, Security, Surface, SurfaceKind

# Weights of the forms that were not typed.
SYNONYM_WEIGHT = 0.7
THEME_NAME_WEIGHT = 0.6
THEME_WEIGHT = 0.35  # aliases of a theme are near, not the same: CPO, 光模組
NAME_WEIGHT = 0.95

SHORTEST_MISSPELT = 5
SHORTEST_MISHEARD = 3  # characters of a name that is recognised by its sound inside a longer text
LONGEST_HEARD = 6
LIKENESS = 0.79  # of 1 - edits / length, a swap being one edit: one slip in five letters

_SURE = (SurfaceKind.NAME, SurfaceKind.CODE)
_ALNUM = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Forms that mean the same, folded. `name`: they name one company; `doubtful` ones are ordinary words as well."""

    forms: tuple[str, ...]
    weight: float
    name: bool = False
    doubtful: tuple[str, ...] = ()
    called_by: tuple[str, ...] = ()  # the forms that call the group up; all of them when empty


class Thesaurus:
    """The known forms of names and terms, to be found in folded text."""

    def __init__(self, groups: Iterable[SynonymGroup]) -> None:
        self._groups: dict[str, tuple[SynonymGroup, ...]] = {}
        for group in groups:
            for form in group.called_by or group.forms:
                self._groups[form] = (*self._groups.get(form, ()), group)
        lengths: dict[str, set[int]] = defaultdict(set)
        for form in self._groups:
            lengths[form[:1]].add(len(form))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        self._sounds: dict[tuple[str, ...], tuple[str, ...]] = {}
        for form in self._groups:
            if 1 < len(form) <= LONGEST_HEARD and not form.isascii():
                sounds = syllables(form)
                self._sounds[sounds] = (*self._sounds.get(sounds, ()), form)
        latin = (form for form in self._groups if form.isascii() and form.isalpha() and len(form) >= SHORTEST_MISSPELT)
        self._latin = {stem(form): form for form in latin}  # by their stems, as the words of a question are

    def is_term(self, typed: str) -> bool:
        """Tell whether a text is a term of a trade or a theme, whatever company has it for a code: AI, HBM, LNG."""
        return any(not group.name for group in self._groups.get(fold(typed), ()))

    def spelt_like(self, word: str) -> tuple[SynonymGroup, ...]:
        """Return the groups of the Latin form that `word` misspells, if there is one: telsa, nitendo."""
        if len(word) < SHORTEST_MISSPELT:
            return ()
        near = process.extract(
            word, self._latin.keys(), scorer=OSA.normalized_similarity, limit=3, score_cutoff=LIKENESS
        )
        found = next((form for form, _, _ in near if form[0] == word[0]), None)
        return self._groups[self._latin[found]] if found else ()

    def sounding_like(self, typed: str) -> tuple[SynonymGroup, ...]:
        """Return the groups of a form with the same toneless sound that shares a character: 藥華要 is 藥華藥."""
        heard = self._sounds.get(syllables(typed), ())
        found = next((form for form in heard if set(form) & set(typed)), None)
        return self._groups[found] if found else ()

    def misheard(self, folded: str, segmenter: Segmenter) -> str:
        """Return the text with its names put right that are written by their sound: 连发科研发费用 is 联发科研发费用.

        All characters but one must be right. Words of the dictionary that fill the place are left alone, and so are those that
        reach over its border: the 答應 of 台灣答應.
        """
        edges, start = _edges(folded, segmenter), 0
        while start < len(folded) - SHORTEST_MISHEARD + 1:
            for end in (start + SHORTEST_MISHEARD + 1, start + SHORTEST_MISHEARD):
                typed = folded[start:end]
                name = self._meant_by_sound(typed) if not {start, end} <= edges else None
                if name and not _leaves_a_stray(folded, start, end, edges, segmenter):
                    folded = folded[:start] + name + folded[end:]
                    break
            start += 1
        return folded

    def _meant_by_sound(self, typed: str) -> str | None:
        if typed in self._groups or not typed.isalpha() or typed.isascii():
            return None
        return next(
            (
                form
                for form in self._sounds.get(syllables(typed), ())
                if sum(a != b for a, b in zip(form, typed, strict=False)) == 1
                and any(group.name for group in self._groups[form])
            ),
            None,
        )

    def find(self, folded: str, segmenter: Segmenter) -> Iterator[tuple[int, int, tuple[SynonymGroup, ...]]]:
        """Yield (start, end, groups) of known forms, in order, without overlap.

        A short one neither begins nor ends inside a word, a longer one not both: the 銀行股 of 興業銀行股價.
        """
        edges = _edges(folded, segmenter)
        last = 0
        for start, end, groups in self._candidates(folded):
            borders = len({start, end} & edges)
            if start >= last and _whole(folded, start, end) and borders >= (1 if end - start > 2 else 2):
                last = end
                yield start, end, groups

    def _candidates(self, folded: str) -> Iterator[tuple[int, int, tuple[SynonymGroup, ...]]]:
        """Yield known forms by their beginning, the longest first. A question is short: an automaton would be faster by little, and takes 5 MB."""
        for start, first in enumerate(folded):
            for length in self._lengths.get(first, ()):
                form = folded[start : start + length]
                if len(form) == length and form in self._groups:
                    yield start, start + length, self._groups[form]


def security_groups(lexicon: Lexicon) -> Iterator[SynonymGroup]:
    """Yield a group for each security: its names, its code, and 「$code」. A brand (YouTube) is not its company's name."""
    known = _surfaces_by_security(lexicon)
    lines = ([*(one.text for one in own), *_symbols(security, lexicon)] for security, own in known.items())
    for own, folded in zip(known.values(), _folded(lines), strict=True):
        forms = tuple(dict.fromkeys(folded))
        if len(forms) > 1:
            sure = {form for form, one in zip(folded, own, strict=False) if one.sort in _SURE}
            words = [form for form in forms if form not in sure and form[0] != "$" and not form.isdigit()]
            yield SynonymGroup(forms, NAME_WEIGHT, name=True, doubtful=tuple(words))


def _symbols(security: Security, lexicon: Lexicon) -> list[str]:
    """Return the ways to type a security's code: 2330 where the number means it; NVDA and $NVDA; $V alone, V says nothing."""
    code = security.code
    if code[0].isdigit():
        return [code] if security in lexicon.symbol(code) else []
    return [f"${code}", code] if len(code) > 2 else [f"${code}"]


def theme_groups(themes: Themes) -> Iterator[SynonymGroup]:
    """Yield two groups for each theme: its name means all it is made of; its aliases are only near to one another."""
    for forms in _fold_lines([theme.name, *theme.aliases] for theme in themes.all()):
        yield SynonymGroup(forms, THEME_NAME_WEIGHT, called_by=forms[:1])
        yield SynonymGroup(forms, THEME_WEIGHT, called_by=forms[1:])


def synonym_groups(lines: Iterable[str]) -> Iterator[SynonymGroup]:
    """Yield the groups of forms between = signs, one group a line: 液冷 = 水冷 = liquid cooling."""
    for forms in _fold_lines(line.split("=") for line in lines):
        yield SynonymGroup(forms, SYNONYM_WEIGHT)


def lexicon_lines(name: str) -> list[str]:
    """Read the lines of a file in corpus/lexicon/, without blank lines and comments behind #."""
    text = files("corpus").joinpath("lexicon", name).read_text("utf-8")
    return [kept for line in text.splitlines() if (kept := line.split("#", 1)[0].strip())]


def _surfaces_by_security(lexicon: Lexicon) -> dict[Security, list[Surface]]:
    """Return the texts that name each security; of its brands none."""
    known: dict[Security, list[Surface]] = {}
    for surfaces in lexicon.surfaces.values():
        for surface in surfaces:
            own = known.setdefault(surface.security, [])
            if surface.sort is not SurfaceKind.BRAND:
                own.append(surface)
    return known


def _folded(lines: Iterable[Iterable[str]]) -> Iterator[list[str]]:
    """Fold all lines in one conversion, which is a hundred times faster than form by form."""
    folded = fold("\n".join(map("\t".join, lines)))
    for line in folded.split("\n"):
        yield [stripped for form in line.split("\t") if (stripped := form.strip())]


def _fold_lines(lines: Iterable[Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Fold all lines; each form of a line stands once."""
    return (tuple(dict.fromkeys(forms)) for forms in _folded(lines))


def _edges(folded: str, segmenter: Segmenter) -> set[int]:
    edges, position = {0, len(folded)}, 0
    for word in segmenter.cut(folded):
        found = folded.find(word, position)
        if found >= 0:
            position = found + len(word)
            edges |= {found, position}
    return edges


def _leaves_a_stray(folded: str, start: int, end: int, edges: set[int], segmenter: Segmenter) -> bool:
    """Tell whether a word that reaches over a border would be left as a single character: the 應 of 台灣答|應投資."""
    before, after = segmenter.cut(folded[:start])[-1:], segmenter.cut(folded[end:])[:1]
    return (start not in edges and len("".join(before)) < 2) or (end not in edges and len("".join(after)) < 2)


def _whole(text: str, start: int, end: int) -> bool:
    """Tell whether a place is no part of a longer Latin word."""
    before = start > 0 and bool(_ALNUM.match(text[start - 1])) and bool(_ALNUM.match(text[start]))
    after = end < len(text) and bool(_ALNUM.match(text[end])) and bool(_ALNUM.match(text[end - 1]))
    return not (before or after)
