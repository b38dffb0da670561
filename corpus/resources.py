"""What is known of words at one moment: lexicon, themes, segmenter and matcher, made together and swapped together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from corpus.analysis.themes import Themes
from corpus.index import Index
from corpus.language.segment import Segmenter
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.themes import read_themes
from corpus.search.confidence import ConfidenceModel
from corpus.search.matcher import Matcher
from corpus.storage.lexicon_edits import LineKind, Lines


@dataclass(frozen=True)
class LanguageResources:
    """Built from the files of the lexicon and the lines that moderators added up to `revision`."""

    revision: int
    lexicon: Lexicon
    themes: Themes
    index: Index
    words: tuple[str, ...] = ()  # that moderators want kept whole
    synonyms: tuple[str, ...] = ()

    @cached_property
    def matcher(self) -> Matcher:
        """Made for the first question: 30 MB that a process which answers none does without."""
        judge = ConfidenceModel.load(thresholds(self.index.folder))
        return Matcher(self.index, self.lexicon, self.themes, self.synonyms, judge)

    @classmethod
    def build(
        cls, folder: Path, revision: int, lines: Lines, before: LanguageResources | None = None
    ) -> LanguageResources:
        """About half a second. The index of `before` stays in use while the words to keep whole are the same."""
        lexicon = Lexicon.load(alias for line in lines.get(LineKind.ALIAS, ()) for alias in read_aliases(line))
        themes = Themes.load(theme for entry in lines.get(LineKind.THEME, ()) for theme in read_themes(entry))
        words = lines.get(LineKind.WORD, ())
        segmenter = _segmenter((*lexicon.words(), *words))
        same = before is not None and before.index.segmenter.fingerprint == segmenter.fingerprint
        index = before.index if before is not None and same else Index(folder, segmenter)
        return cls(revision, lexicon, themes, index, words, lines.get(LineKind.SYNONYM, ()))

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Names and terms that need not be suggested."""
        terms = (term for theme in self.themes.all() for term in theme.terms)
        return frozenset((*self.lexicon.words(), *terms, *self.words))


def thresholds(index_folder: Path) -> Path:
    """Where a refit of this community is kept: beside its index."""
    return index_folder.with_name(f"{index_folder.name}-thresholds.toml")


@lru_cache(maxsize=2)
def _segmenter(words: tuple[str, ...]) -> Segmenter:
    """A new synonym, or another archive in the same process, needs no other segmenter than before."""
    return Segmenter(words)


def read_aliases(line: str) -> list[tuple[str, str]]:
    """(alias, code) pairs of a line as in aliases.tsv."""
    code, _, names = line.split("\t")
    return [(name, code) for name in names.split("、") if name]


def words_of(kind: LineKind, line: str) -> list[str]:
    """The words that a line of the lexicon speaks of."""
    if kind is LineKind.ALIAS:
        return [name for name, _ in read_aliases(line)]
    if kind is LineKind.THEME:
        return [word for theme in read_themes(line) for word in (theme.name, *theme.terms)]
    return [word.strip() for word in line.split("=")]
