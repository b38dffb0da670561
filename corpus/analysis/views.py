"""The archive's views of a subject, of which cards, digests and further reading are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.analysis.key_sentences import KeySentence
from corpus.analysis.themes import Theme
from corpus.essay import Essay
from corpus.lexicon.securities import Security
from corpus.storage.topic_places import TopicPlaces


@dataclass(frozen=True, slots=True)
class SecurityView:
    """The archive's view of one security."""

    security: Security
    places: TopicPlaces  # newest dated first, undated last
    quotes: tuple[KeySentence, ...]
    oldest: KeySentence | None  # of the earliest dated essay, where it is not among the quotes
    themes: tuple[str, ...]  # names of the themes of those essays, commonest first
    co_mentioned: tuple[str, ...]  # names of the securities most often beside it


@dataclass(frozen=True, slots=True)
class ThemeView:
    """The archive's view of one theme."""

    theme: Theme
    places: TopicPlaces
    quotes: tuple[KeySentence, ...]
    securities: tuple[str, ...]
    essays: tuple[Essay, ...]  # the newest, for further reading


Relative = tuple[Essay, tuple[str, ...]]  # an essay for further reading, and what it shares
