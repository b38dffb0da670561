"""The digest of one chat: the new passages of its topics, for 今日 and 本週 as for the schedule."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from corpus.analysis.key_sentences import KeySentence, key_sentences
from corpus.cache import BoundedCache
from corpus.essay import Essay
from corpus.language.text import fold
from corpus.library import Library
from corpus.storage.authors import is_by
from handlers.answer import Button, Digest
from handlers.club.subscriptions import DigestSettings, SentPassages, Subscription, TopicKind
from handlers.club.timetable import DAILY, TRADING
from handlers.club.topic import EVERYTHING, Topic, author_of
from handlers.reading.cards import quotes
from handlers.verb import Verb

QUOTES = 5
NAMED = 4  # topics that the note names
MOST_KEPT = 2_000
ALL = Subscription(0, TopicKind.TOPIC, EVERYTHING, Topic(()), 0, None)


@dataclass(frozen=True, slots=True)
class TopicTerm:
    """A word of a topic as the archive understands it: `key` of a theme or security, None for a plain word."""

    word: str
    key: str | None
    names: tuple[str, ...]  # by which its key sentences are found

    def is_subject(self, essay: Essay, subjects: Collection[str]) -> bool:
        """Tell whether an essay is about the term: a plain word by standing in it, a subject also by its title or tags."""
        if self.key is None:
            return _holds(essay, self.word)
        return self.key in subjects or contains("\n".join([essay.title, *essay.tags]), self.word)


@dataclass(frozen=True, slots=True)
class DigestIssue:
    """The digest of one chat at one time, and the revision that the chat knows afterwards."""

    digest: Digest
    covered: int

    @property
    def passages(self) -> list[tuple[int, str]]:
        """The (essay id, passage) of every quotation in it."""
        return [(quote.essay.id, quote.text) for quote in self.digest.quotes]

    @property
    def key(self) -> Hashable:
        """The same for two issues that read the same."""
        quoted = tuple((q.essay.id, q.essay.revision, q.paragraph, q.text) for q in self.digest.quotes)
        return self.digest.title, self.digest.note, quoted, tuple((e.id, e.revision) for e in self.digest.further)

    @property
    def essays(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys([*(q.essay.id for q in self.digest.quotes), *(e.id for e in self.digest.further)]))


@dataclass(frozen=True, slots=True)
class News:
    """The essays that became news after one revision, up to another, as one audience may read them: of some the open part."""

    essays: tuple[Essay, ...]
    subjects: dict[int, frozenset[str]]


class DigestBuilder:
    """Builds digest issues, and caches what it built, for many chats want the same of the same essays."""

    def __init__(self) -> None:
        self._terms: BoundedCache[Hashable, TopicTerm] = BoundedCache(MOST_KEPT)
        self._news: BoundedCache[Hashable, News] = BoundedCache(50)
        self._sentences: BoundedCache[Hashable, list[KeySentence]] = BoundedCache(MOST_KEPT)

    def build(
        self,
        library: Library,
        settings: DigestSettings,
        wanted: Sequence[Subscription],
        shown: SentPassages,
        until: int,
        now: datetime,
        limit: int = QUOTES,
    ) -> DigestIssue | None:
        """Return what is new for a chat since its last digest; one passage from the archive if it wished for that; else None."""
        title = "今日摘要" if settings.timetable.days in (DAILY, TRADING) else "本週摘要"
        found = self.compose(library, settings, wanted, shown, settings.covered, until, title, limit)
        if found is None and settings.archive:
            return self._from_archive(library, settings, wanted, shown, until, now)
        return found

    def compose(
        self,
        library: Library,
        settings: DigestSettings,
        wanted: Sequence[Subscription],
        shown: SentPassages,
        since: int,
        until: int,
        title: str,
        limit: int = QUOTES,
    ) -> DigestIssue | None:
        """Return what became news after revision `since`, up to `until`, and is wanted: up to `limit` passages that were
        not shown, and the titles of the other essays; None where there is none."""
        matched = self._matches(library, wanted, since, until)
        if not matched:
            return None
        essays = [essay for essay, _ in matched]
        sentences = self._key_sentences(library, essays, [one for _, ones in matched for one in ones], shown, limit)
        quoted = list(dict.fromkeys(sentence.essay.id for sentence in sentences))
        names = list(dict.fromkeys(one.name for _, ones in matched for one in ones))
        digest = Digest(
            title=title,
            quotes=quotes(sorted(sentences, key=lambda sentence: quoted.index(sentence.essay.id))),
            note=f"新上架 {len(essays)} 篇：" + "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else ""),
            further=tuple(essay for essay in essays if essay.id not in quoted),
            further_title="其他新上架的",
            buttons=_buttons(settings),
        )
        return DigestIssue(digest, until)

    def understand(self, library: Library, word: str) -> TopicTerm:
        return self._terms.remember((library.archive.language.revision, word), lambda: understand(library, word))

    def _matches(
        self, library: Library, wanted: Sequence[Subscription], since: int, until: int
    ) -> list[tuple[Essay, list[Subscription]]]:
        """Return new essays that this audience may read, each with the subscriptions that want it, in the order of their coming."""
        found: dict[int, tuple[Essay, list[Subscription]]] = {}
        for one in wanted:
            news = self._news_since(library, max(since, one.since), until)
            for essay in news.essays:
                if self._is_wanted(library, one.topic, essay, news.subjects.get(essay.id, ())):
                    found.setdefault(essay.id, (essay, []))[1].append(one)
        order = {essay.id: place for place, essay in enumerate(self._news_since(library, since, until).essays)}
        return [found[key] for key in sorted(found, key=lambda key: order.get(key, -1))]

    def _news_since(self, library: Library, since: int, until: int) -> News:
        def read() -> News:
            essays = tuple(essay for essay in library.news_since(since, until) if _may_quote(library, essay))
            return News(essays, library.subjects.subject_keys(essays))

        return self._news.remember((library.audience, since, until), read)

    def _is_wanted(self, library: Library, topic: Topic, essay: Essay, subjects: Collection[str]) -> bool:
        if any(_holds(essay, word) for word in topic.without):
            return False
        return all(self.understand(library, word).is_subject(essay, subjects) for word in topic.wanted)

    def _key_sentences(
        self,
        library: Library,
        essays: Sequence[Essay],
        ones: Sequence[Subscription],
        shown: SentPassages,
        limit: int = QUOTES,
    ) -> list[KeySentence]:
        words = tuple(dict.fromkeys(word for one in ones for word in one.topic.wanted))
        state = tuple((essay.id, essay.revision) for essay in essays)

        def choose() -> list[KeySentence]:
            terms = tuple(dict.fromkeys(name for word in words for name in self.understand(library, word).names))
            return key_sentences(
                essays, terms, limit=limit, paragraphs=_paragraphs_where_unnamed(essays, terms), shown=shown
            )

        key = (library.audience, library.archive.language.revision, state, words, frozenset(shown), limit)
        return self._sentences.remember(key, choose)

    def _from_archive(
        self,
        library: Library,
        settings: DigestSettings,
        wanted: Sequence[Subscription],
        shown: SentPassages,
        until: int,
        now: datetime,
    ) -> DigestIssue | None:
        """Return one passage that the chat was not shown, each day of another topic of its; None once all are exhausted."""
        turn = now.toordinal() % len(wanted) if wanted else 0
        for one in [*wanted[turn:], *wanted[:turn]]:
            found = self._key_sentences(library, self._candidate_essays(library, one.topic), [one], shown, limit=1)
            if found:
                note = f"沒有新文章，從舊文章選一段：{one.name}"
                return DigestIssue(Digest("舊文章", quotes(found), note=note, buttons=_buttons(settings)), until)
        return None

    def _candidate_essays(self, library: Library, topic: Topic) -> list[Essay]:
        """Return the essays in which passages on a topic may be found."""
        terms = [self.understand(library, word) for word in topic.wanted]
        keys = [term.key for term in terms if term.key is not None]
        plain = Topic(tuple(term.word for term in terms if term.key is None), topic.without)
        essays = library.subjects.essays_about(keys) if keys else library.latest(200)
        return [e for e in essays if _may_quote(library, e) and self._is_wanted(library, plain, e, ())]


def _may_quote(library: Library, essay: Essay) -> bool:
    """Tell whether this audience may read some of an essay: the whole, or the part that is open to everybody."""
    return essay.is_partly_open or not library.is_locked(essay)


def understand(library: Library, word: str) -> TopicTerm:
    """Read a word as a theme, else as a security, else as a plain word; an ambiguous name is a plain word."""
    if author_of(word):
        return TopicTerm(word, None, ())  # any passage of his will do
    theme = library.subjects.resolve_theme(word)
    if theme is not None:
        return TopicTerm(word, theme.key, (word, theme.name, *theme.aliases, *theme.strong))
    found = library.subjects.resolve_security(word)
    if len(found) == 1:
        return TopicTerm(word, f"{found[0].code}.{found[0].exchange}", library.archive.lexicon.names(found[0]))
    return TopicTerm(word, None, (word,))


def from_then_on(one: Subscription, since: int) -> Subscription:
    """Return the subscription as if it had been made by then: 本週 holds all of the week."""
    return replace(one, since=min(one.since, since))


def spoken_of(essay: Essay) -> str:
    """Return the text in which a plain word may stand: the title, the author, the source and the body."""
    return "\n".join([essay.title, essay.author or "", essay.source or "", essay.body])


def _holds(essay: Essay, word: str) -> bool:
    """Tell whether an essay is by that author, or speaks of that word."""
    name = author_of(word)
    return is_by(essay.author, name) if name else contains(spoken_of(essay), word)


def contains(text: str, word: str) -> bool:
    """Tell whether a word stands in a text, in any width, script and case; a Latin word only as a whole one."""
    folded, sought = _folded(text), fold_word(word)
    if sought.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(sought)}(?![a-z0-9])", folded) is not None
    return sought in folded


@lru_cache(maxsize=4096)
def fold_word(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    return fold(text)


def _paragraphs_where_unnamed(essays: Sequence[Essay], terms: Sequence[str]) -> dict[int, range]:
    """Return all paragraphs of the essays that hold none of the terms: each may have the key sentence."""
    sought = [fold_word(term) for term in terms]
    unnamed = [essay for essay in essays if not any(term in _folded(essay.body) for term in sought)]
    return {essay.id: range(len(essay.paragraphs)) for essay in unnamed}


def _buttons(settings: DigestSettings) -> tuple[Button, ...]:
    mine = Button("我的訂閱", Verb.SUBSCRIPTIONS)
    return (mine,) if settings.chat.is_group else (mine, Button("暫停 7 天", Verb.PAUSE.of("7天")))
