"""The words known at one moment: lexicon, themes, segmenter and matcher, made together and swapped together."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from corpus.analysis.analysis import Analysis
from corpus.analysis.themes import Themes
from corpus.analysis.views import Relative, SecurityView, ThemeView
from corpus.cache import BoundedCache
from corpus.essay import Essay
from corpus.index import Index
from corpus.language.segment import Segmenter
from corpus.language.text import fold
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.themes import read_themes
from corpus.search.confidence import ConfidenceModel
from corpus.search.finding import Finding
from corpus.search.matcher import Matcher
from corpus.storage import lexicon_edits
from corpus.storage.lexicon_edits import LineKind, Lines
from corpus.storage.topics import TopicCount

logger = logging.getLogger(__name__)

T = TypeVar("T")

ANALYSES_KEPT = 50  # of drafts, from their preview to their publication
ESSAYS_KEPT = 200  # essays that were read last
NAMES_KEPT = 20_000
WRITTEN_KEPT = 2_000  # securities, with whether the archive writes about them
FINDINGS_KEPT = 2_000_000  # characters of the essays found for the questions asked last: for their next pages and for who asks the same
VIEWS_KEPT = 60  # cards of what is asked again and again


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Look for no garbage meanwhile: of what is made here all is kept, and looking through it takes a third of the time."""
    was_sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_sought:
            gc.enable()


@dataclass(frozen=True)
class LanguageResources:
    """The words of the lexicon's files and of the lines that moderators added up to `revision`."""

    revision: int
    lexicon: Lexicon
    themes: Themes
    index: Index
    words: tuple[str, ...] = ()  # that moderators want kept whole
    synonyms: tuple[str, ...] = ()

    @cached_property
    @_garbage_left_alone()
    def matcher(self) -> Matcher:
        """The matcher, made for the first question: 30 MB that a process which answers none does without."""
        judge = ConfidenceModel.load(thresholds(self.index.folder))
        return Matcher(self.index, self.lexicon, self.themes, self.synonyms, judge)

    @classmethod
    @_garbage_left_alone()
    def build(
        cls, folder: Path, revision: int, lines: Lines, before: LanguageResources | None = None
    ) -> LanguageResources:
        """Build the resources in about half a second. The index of `before` stays in use while the words to keep whole are the same."""
        lexicon = Lexicon.load(_read(read_aliases, lines.get(LineKind.ALIAS, ())))
        themes = Themes.load(_read(read_themes, lines.get(LineKind.THEME, ())))
        words = lines.get(LineKind.WORD, ())
        segmenter = _segmenter((*lexicon.words, *words))
        same = before is not None and before.index.segmenter.fingerprint == segmenter.fingerprint
        index = before.index if before is not None and same else Index(folder, segmenter)
        return cls(revision, lexicon, themes, index, words, lines.get(LineKind.SYNONYM, ()))

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Names and terms that need not be suggested."""
        terms = (term for theme in self.themes.all() for term in theme.terms)
        return frozenset((*self.lexicon.words, *terms, *self.words))


class SharedResources:
    """The resources that all requests of a process share: the database, the index, the lexicons."""

    def __init__(self, engine: Engine, index_folder: Path) -> None:
        self.engine = engine
        self.index_folder = index_folder
        self.language = LanguageResources.build(index_folder, 0, {})
        self.essays: BoundedCache[tuple[int, int], Essay] = BoundedCache(ESSAYS_KEPT)  # by id and revision
        self.findings: BoundedCache[Hashable, Finding] = BoundedCache(FINDINGS_KEPT, Finding.weight)
        self.written: BoundedCache[Hashable, bool] = BoundedCache(WRITTEN_KEPT)
        self.analyses: BoundedCache[Hashable, Analysis] = BoundedCache(ANALYSES_KEPT)
        self.names: BoundedCache[Hashable, tuple[str, ...]] = BoundedCache(NAMES_KEPT)
        self.securities: BoundedCache[Hashable, SecurityView] = BoundedCache(VIEWS_KEPT)
        self.themed: BoundedCache[Hashable, ThemeView] = BoundedCache(VIEWS_KEPT)
        self.tallies: BoundedCache[Hashable, tuple[TopicCount, ...]] = BoundedCache(VIEWS_KEPT)
        self.relatives: BoundedCache[Hashable, tuple[Relative, ...]] = BoundedCache(VIEWS_KEPT)
        self._learning = threading.Lock()

    @property
    def lexicon(self) -> Lexicon:
        return self.language.lexicon

    @property
    def themes(self) -> Themes:
        return self.language.themes

    @property
    def index(self) -> Index:
        return self.language.index

    def is_word(self, text: str) -> bool:
        """Tell whether the dictionary or the lexicon holds a text as a word."""
        return self.index.segmenter.has(fold(text))

    def learn_words(self, connection: Connection) -> None:
        """Learn the words that moderators have added by now."""
        if lexicon_edits.revision(connection) == self.language.revision:
            return
        with self._learning:
            number = lexicon_edits.revision(connection)
            if number != self.language.revision:
                self.language = self.with_lines(number, lexicon_edits.active_lines(connection))

    def with_lines(self, number: int, lines: lexicon_edits.Lines) -> LanguageResources:
        """Build the resources of these lines and of the files."""
        return LanguageResources.build(self.index_folder, number, lines, self.language)


def thresholds(index_folder: Path) -> Path:
    """Return the file that keeps a refit of this community: beside its index."""
    return index_folder.with_name(f"{index_folder.name}-thresholds.toml")


@lru_cache(maxsize=2)
def _segmenter(words: tuple[str, ...]) -> Segmenter:
    """Return the segmenter of these words; a new synonym, or another archive in the same process, needs no other."""
    return Segmenter(words)


def _read(read: Callable[[str], Iterable[T]], lines: Iterable[str]) -> list[T]:
    """Return what lines of the lexicon say; one that cannot be read is passed over, and logged without its words."""
    said: list[T] = []
    for line in lines:
        try:
            said.extend(read(line))
        except (ValueError, LookupError, TypeError):
            logger.warning("%s: a line of %d characters is passed over", read.__name__, len(line))
    return said


def read_aliases(line: str) -> list[tuple[str, str]]:
    """Return the (alias, code) pairs of a line as in aliases.tsv."""
    code, _, names = line.split("\t")
    return [(name, code) for name in names.split("、") if name]


def words_of(kind: LineKind, line: str) -> list[str]:
    """Return the words that a line of the lexicon speaks of; none where it cannot be read."""
    if kind is LineKind.ALIAS:
        return [name for name, _ in _read(read_aliases, [line])]
    if kind is LineKind.THEME:
        return [word for theme in _read(read_themes, [line]) for word in (theme.name, *theme.terms)]
    return [word.strip() for word in line.split("=")]
