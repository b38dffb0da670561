"""The themes of an essay, weighed by how much of it speaks of them, and where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from corpus.essay import Block, BlockKind, Essay
from corpus.language.text import fold
from corpus.lexicon.themes import STRONG, WEAK, Theme, Themes

__all__ = ["Theme", "ThemeWeight", "Themes", "detect", "detect_text", "merge"]

FIRM = 0.25  # certainty of a line that has a strong signal, or several weak ones
TITLE, HEADINGS, TAGS, LEAD = 0.3, 0.3, 0.3, 0.1  # weights of places beside the mean over the paragraphs
MAIN, SIDE, PLENTY = 0.2, 0.08, 0.8  # least evidence of a main and of a side theme; more than plenty says no more
CLEAR = (
    0.4  # least weight of a theme that `luopan scan` tells: every main one, and a side one that is more than touched
)
BESIDE_THE_FIRST = 0.33  # a main theme has at least this part of the first theme's evidence
MOST_MAIN = 4
SHORT = 8  # paragraphs of a text in which one firm line is much


@dataclass(frozen=True, slots=True)
class ThemeWeight:
    """A theme's part in an essay: `weight` from 0 to 1, 0.5 and more for a main theme; the paragraphs that speak of it."""

    key: str
    name: str
    weight: float
    main: bool
    paragraphs: tuple[int, ...]


def detect(essay: Essay, themes: Themes) -> list[ThemeWeight]:
    """Find the essay's themes, heaviest first: one to four main ones and some beside them, or none.

    A line speaks of a theme with certainty 1 - Π(1 - w) over its distinct signals w. The evidence for a theme is the mean
    certainty of the paragraphs, plus those of title, headings, tags and lead, each times the weight of its place.
    """
    paragraphs = [paragraph.text for paragraph in essay.paragraphs]
    places = ([essay.title], list(essay.headings), [" ".join(essay.tags)], paragraphs)
    body = len(essay.headings) + 2  # the line at which the paragraphs begin
    found = []
    for key, certainty in _certainties([line for place in places for line in place], themes).items():
        voice = _Voice(certainty, body, len(paragraphs))
        if not voice.is_passing:
            found.append((voice, key))
    return _ranked(found, themes)


def detect_text(text: str, themes: Themes) -> list[ThemeWeight]:
    """Find the themes of bare text, each line a paragraph."""
    blocks = tuple(Block(BlockKind.TEXT, line) for line in text.splitlines() if line.strip())
    return detect(Essay(title="", blocks=blocks), themes)


def merge(detected: Iterable[Iterable[ThemeWeight]]) -> list[ThemeWeight]:
    """Merge the themes of several essays into those of one page: each with its greatest weight, without paragraphs."""
    best: dict[str, ThemeWeight] = {}
    for weight in (weight for weights in detected for weight in weights):
        if weight.key not in best or weight.weight > best[weight.key].weight:
            best[weight.key] = replace(weight, paragraphs=())
    return sorted(best.values(), key=lambda weight: -weight.weight)


@dataclass(frozen=True, slots=True)
class _Voice:
    """The certainty with which each line of an essay speaks of one theme: line 0 is the title, then headings, tags and, from `body`, paragraphs."""

    certainty: Mapping[int, float]
    body: int
    length: int  # paragraphs

    @property
    def firm(self) -> tuple[int, ...]:
        """The paragraphs that speak of the theme by more than weak signals."""
        return tuple(line - self.body for line in sorted(self.certainty) if line >= self.body and self.is_firm(line))

    @property
    def is_passing(self) -> bool:
        """Tell whether the theme is only mentioned: nowhere in the text, or once and nowhere else."""
        lines = [line for line in self.certainty if self.is_firm(line)]
        return not self.firm or (len(lines) < 2 and not self._is_steady)

    @property
    def _is_steady(self) -> bool:
        """Tell whether a short text says one strong signal of the theme and keeps to it by others, strong or weak."""
        doubt = prod(1 - certainty for certainty in self.certainty.values())
        return self.length <= SHORT and 1 - doubt > STRONG + WEAK / 3

    @property
    def has_section(self) -> bool:
        """Tell whether a heading announces the theme and two paragraphs or more treat it."""
        return len(self.firm) > 1 and any(self.is_firm(line) for line in range(1, self.body - 1))

    @property
    def evidence(self) -> float:
        return (
            self._mean(self.body, self.length)
            + TITLE * self._mean(0, 1)
            + HEADINGS * self._mean(1, self.body - 2)
            + TAGS * self._mean(self.body - 1, 1)
            + LEAD * self._mean(self.body, min(2, self.length))
        )

    def is_firm(self, line: int) -> bool:
        return self.certainty.get(line, 0.0) >= FIRM

    def _mean(self, start: int, lines: int) -> float:
        return sum(sure for line, sure in self.certainty.items() if start <= line < start + lines) / max(1, lines)


def _ranked(found: list[tuple[_Voice, str]], themes: Themes) -> list[ThemeWeight]:
    ranked = sorted(((voice.evidence, key, voice) for voice, key in found), key=lambda item: (-item[0], item[1]))
    enough = max(MAIN, BESIDE_THE_FIRST * min(PLENTY, ranked[0][0])) if ranked else MAIN
    weights = []
    for rank, (evidence, key, voice) in enumerate(ranked):
        main = evidence >= enough and rank < MOST_MAIN
        weight = min(1.0, evidence / PLENTY / 2 + 0.5) if main else min(0.49, evidence / enough / 2)
        if main or evidence >= SIDE or voice.has_section:
            weights.append(ThemeWeight(key, themes.name(key), round(weight, 2), main, voice.firm))
    return weights


def _certainties(lines: list[str], themes: Themes) -> dict[str, dict[int, float]]:
    """Return for each theme how surely each line speaks of it; silent lines are left out."""
    joined = fold("\n".join(line.replace("\n", " ") for line in lines))
    starts = [0, *(match.end() for match in re.finditer("\n", joined))]
    doubt: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(lambda: 1.0))
    heard = dict.fromkeys((bisect_right(starts, start) - 1, signal) for start, signal in themes.signals(joined))
    for line, signal in heard:
        for key, weight in signal.themes:
            doubt[key][line] *= 1 - weight
    return {key: {line: 1 - left for line, left in by_line.items()} for key, by_line in doubt.items()}
