"""The lexicon of themes in investors' terms: the words that a person may type for one, and those of a text that betray it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import ahocorasick
from rapidfuzz import fuzz, process

from corpus.language.dictionary import Dictionary
from corpus.language.text import fold, regional_terms, to_halfwidth

STRONG, WEAK = 0.5, 0.12  # how sure one signal makes us that its line speaks of the theme
CLOSE_ENOUGH = 0.7  # least similarity of a name that is suggested
# Doubt below which a question speaks of a theme: one strong signal is enough, shared by two themes at most.
UNSURE = 0.7

_PARTED = re.compile(r"[/()]")
_ORNAMENT = re.compile(r"[#\s/、・·「」『』]+")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme with the words that name it (`aliases`), betray it (`strong`), support it (`weak`) or only look like it (`traps`)."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()

    def is_called(self, text: str) -> bool:
        """Tell whether the text is the theme's name or a part of it: 散熱 and 液冷, of 散熱液冷. HBM is only one of the things in 記憶體."""
        word = _plain(text)
        return len(word) > 1 and (word in _plain(self.name) or word == self.key)

    @property
    def terms(self) -> tuple[str, ...]:
        """Words that stand for the theme in a text: aliases and strong signals that are not also weak ones."""
        return tuple(dict.fromkeys(word for word in self.aliases + self.strong if word not in self.weak))


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A folded word of the automaton with its weight for each theme. A trap hides the signals inside it: 聊天機器人, 機器人."""

    word: str
    themes: tuple[tuple[str, float], ...]
    is_trap: bool

    @property
    def is_latin(self) -> bool:
        return self.word.isascii()

    @property
    def is_long(self) -> bool:
        # 「嚴重電力」 holds 重電, 「海外資金」 holds 外資: a shorter word counts only where no other word crosses its edges.
        return len(self.word) > 2


class Themes:
    """The lexicon of themes: `resolve` a typed name, `suggest` near ones, find `signals` in text."""

    def __init__(self, themes: Iterable[Theme]) -> None:
        self._themes = {theme.key: theme for theme in themes}
        self._names: dict[str, str] = {}
        self._dictionary = Dictionary()
        for theme in self._themes.values():
            for name in map(_plain, (theme.key, theme.name, *theme.aliases)):
                for spelling in (name, *regional_terms(name, self._dictionary.cut(name))):
                    self._names.setdefault(spelling, theme.key)
        self._automaton = _automaton(self._themes.values())

    @classmethod
    def load(cls, extra: Iterable[Theme] = ()) -> Themes:
        """Load the themes of the lexicon's file and `extra` ones, which replace those of the same key."""
        return _with(tuple(extra))

    def all(self) -> tuple[Theme, ...]:
        return tuple(self._themes.values())

    def get(self, key: str) -> Theme | None:
        return self._themes.get(key)

    def name(self, key: str) -> str:
        return self._themes[key].name

    def resolve(self, text: str) -> Theme | None:
        """Return the theme of that key, name or alias, in any width, case and script: 「#散熱」, 「cpo」, 「液冷」, 「数字孪生」.

        Of a name in parts, 「電力/電網」, half of them must name the theme.
        """
        parts = [part for part in _PARTED.split(to_halfwidth(text)) if part]
        named = Counter(key for part in parts if (key := self._names.get(_plain(part))))
        key = self._names.get(_plain(text)) or next(
            (key for key, n in named.most_common(1) if 2 * n >= len(parts)), None
        )
        return self._themes[key] if key else None

    def suggest(self, text: str, limit: int = 3) -> list[tuple[Theme, float]]:
        """Suggest the themes whose names are closest to `text`, best first, each once, with a similarity from 0 to 1."""
        matches = process.extract(_plain(text), self._names.keys(), scorer=fuzz.WRatio, limit=20)
        best: dict[str, float] = {}
        for name, score, _ in matches:
            best[self._names[name]] = max(score / 100, best.get(self._names[name], 0.0))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [(self._themes[key], score) for key, score in ranked if score >= CLOSE_ENOUGH]

    def spoken_of(self, text: str) -> list[Theme]:
        """Return the themes of which a question says more than a weak signal, the surest first."""
        doubt: dict[str, float] = {}
        for signal in dict.fromkeys(signal for _, signal in self.signals(fold(text))):
            for key, weight in signal.themes:
                doubt[key] = doubt.get(key, 1.0) * (1 - weight)
        return [
            self._themes[key]
            for key, left in sorted(doubt.items(), key=lambda item: (item[1], item[0]))
            if left < UNSURE
        ]

    def signals(self, text: str) -> Iterator[tuple[int, Signal]]:
        """Yield (start, signal) of each signal in folded text, at word edges and outside traps."""
        found = [(end - len(signal.word) + 1, signal) for end, signal in self._automaton.iter(text)]
        trapped = {place for start, trap in found if trap.is_trap for place in range(start, start + len(trap.word))}
        hits = [(start, start + len(signal.word), signal) for start, signal in found]
        short = (place for hit in hits if not hit[2].is_latin and not hit[2].is_long for place in hit[:2])
        edges = self._dictionary.edges(text, sorted(short))
        for start, end, signal in hits:
            if not signal.is_trap and start in trapped and end - 1 in trapped:
                continue
            if _stands_alone(text, start, end) if signal.is_latin else signal.is_long or (edges[start] and edges[end]):
                yield start, signal


def _automaton(themes: Collection[Theme]) -> ahocorasick.Automaton:
    traps = {fold(trap) for theme in themes for trap in theme.traps}
    weights: dict[str, dict[str, float]] = {trap: {} for trap in traps}
    for theme in themes:
        for words, weight in ((theme.terms, STRONG), (theme.weak, WEAK)):
            for word in words:
                weights.setdefault(fold(word), {}).setdefault(theme.key, weight)
    automaton = ahocorasick.Automaton()
    for word, by_theme in weights.items():
        share = max(1, len(by_theme)) ** -0.5  # a word of many themes says less about each
        shared = tuple((key, weight * share) for key, weight in by_theme.items())
        automaton.add_word(word, Signal(word, shared, word in traps))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=2)
def _with(extra: tuple[Theme, ...]) -> Themes:
    """Return the themes of the file with `extra` ones; another archive in the same process needs no others."""
    return Themes(({theme.key: theme for theme in _from_file()} | {theme.key: theme for theme in extra}).values())


@lru_cache(maxsize=1)
def _from_file() -> tuple[Theme, ...]:
    return read_themes((files("corpus.lexicon") / "themes.toml").read_text(encoding="utf-8"))


def read_themes(text: str) -> tuple[Theme, ...]:
    """Read the themes of a text in the syntax of themes.toml."""
    entries = tomllib.loads(text)
    return tuple(
        Theme(
            key,
            str(entry["name"]),
            *(tuple(entry.get(part, ())) for part in ("aliases", "strong", "weak", "related", "traps")),
        )
        for key, entry in entries.items()
    )


def _plain(text: str) -> str:
    """Return a name as it is looked up: folded, without spaces, slashes, dots, quotation marks and #."""
    return _ORNAMENT.sub("", fold(text))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a Latin word is a word of its own there; a plural s may follow."""
    before = text[start - 1] if start else " "
    after = text[end : end + 2].removeprefix("s")[:1] or " "
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
