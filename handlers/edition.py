"""What one chat is told: the new passages of its topics, for 今日 and 本週 as for the schedule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from corpus.digest import key_sentences
from corpus.essay import Essay
from corpus.library import Library
from corpus.text import fold
from handlers.ask import Button, Digest
from handlers.club.subscriptions import Kind, Mailing, Subscription, Subscriptions
from handlers.club.timetable import DAILY, TRADING
from handlers.club.topic import EVERYTHING, Topic
from handlers.present import quotes

QUOTES = 5
NAMED = 4  # topics that the note names
ALL = Subscription(0, Kind.TOPIC, EVERYTHING, Topic(()), 0, None)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a topic as the archive understands it: `key` of a theme or security, None for a plain word."""

    word: str
    key: str | None
    names: tuple[str, ...]  # by which its key sentences are found

    def is_subject(self, essay: Essay, subjects: Collection[str]) -> bool:
        """Is the essay about it? A plain word need only stand in it, a theme's in its title or tags."""
        if self.key is None:
            return contains(essay.title + "\n" + essay.body, self.word)
        return self.key in subjects or contains("\n".join([essay.title, *essay.tags]), self.word)


@dataclass(frozen=True, slots=True)
class Edition:
    """What one chat is told at one time, and the revision that it knows afterwards."""

    digest: Digest
    covered: int

    @property
    def passages(self) -> list[tuple[int, str]]:
        """(essay id, passage) of every quotation in it."""
        return [(quote.essay.id, quote.text) for quote in self.digest.quotes]

    @property
    def essays(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys([*(q.essay.id for q in self.digest.quotes), *(e.id for e in self.digest.further)]))


def edition_for(library: Library, book: Subscriptions, mailing: Mailing, now: datetime) -> Edition | None:
    """What is new for a chat since its last digest; one passage from the archive if it wished for that; else nothing."""
    wanted = book.of(mailing.chat)
    title = "今日摘要" if mailing.timetable.days in (DAILY, TRADING) else "本週摘要"
    found = compose(library, book, mailing, wanted, mailing.covered, title)
    if found is None and mailing.archive:
        return _from_archive(library, book, mailing, wanted, now)
    return found


def compose(
    library: Library, book: Subscriptions, mailing: Mailing, wanted: Sequence[Subscription], since: int, title: str
) -> Edition | None:
    """Everything that became news after revision `since` and is wanted, in passages that the chat was not shown."""
    until = library.revision()
    matched = _matches(library, wanted, since, until)
    if not matched:
        return None
    essays = [essay for essay, _ in matched]
    shown = book.shown(mailing.chat, [essay.id for essay in essays])
    terms = _names(library, [one for _, ones in matched for one in ones])
    sentences = key_sentences(essays, terms, limit=QUOTES, paragraphs=_whole(essays, terms), shown=shown)
    quoted = {sentence.essay.id for sentence in sentences}
    names = list(dict.fromkeys(one.name for _, ones in matched for one in ones))
    digest = Digest(
        title=title,
        quotes=quotes(sentences),
        note=f"{len(essays)} 篇新文章:" + "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else ""),
        further=tuple(essay for essay in essays if essay.id not in quoted),
        buttons=_buttons(mailing),
    )
    return Edition(digest, until)


def understand(library: Library, word: str) -> Term:
    """A theme before a security, a security before a plain word; an ambiguous name is a plain word."""
    theme = library.resolve_theme(word)
    if theme is not None:
        return Term(word, theme.key, (word, theme.name, *theme.aliases, *theme.strong))
    found = library.resolve_security(word)
    if len(found) == 1:
        return Term(word, f"{found[0].code}.{found[0].exchange}", library.archive.lexicon.names(found[0]))
    return Term(word, None, (word,))


def contains(text: str, word: str) -> bool:
    """Whether a word stands in a text, in any width, script and case; a Latin word only as a whole one."""
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


def _matches(
    library: Library, wanted: Sequence[Subscription], since: int, until: int
) -> list[tuple[Essay, list[Subscription]]]:
    """New essays that this audience may read, each with what it is wanted for, in the order of their coming."""
    news = {
        floor: [essay for essay in library.news_since(floor, until) if not library.is_locked(essay)]
        for floor in {max(since, one.since) for one in wanted}
    }
    everything = news[min(news)] if news else []
    subjects = library.subjects(everything)
    matched = []
    for essay in everything:
        ones = [
            one
            for one in wanted
            if any(essay.id == new.id for new in news[max(since, one.since)])
            and _is_wanted(library, one.topic, essay, subjects.get(essay.id, ()))
        ]
        if ones:
            matched.append((essay, ones))
    return matched


def _is_wanted(library: Library, topic: Topic, essay: Essay, subjects: Collection[str]) -> bool:
    if any(contains(essay.title + "\n" + essay.body, word) for word in topic.without):
        return False
    return all(understand(library, word).is_subject(essay, subjects) for word in topic.wanted)


def _names(library: Library, ones: Sequence[Subscription]) -> tuple[str, ...]:
    words = dict.fromkeys(word for one in ones for word in one.topic.wanted)
    return tuple(dict.fromkeys(name for word in words for name in understand(library, word).names))


def _whole(essays: Sequence[Essay], terms: Sequence[str]) -> dict[int, range]:
    """The essays in which none of the terms stands: any of their paragraphs may speak for them."""
    sought = [fold_word(term) for term in terms]
    unnamed = [essay for essay in essays if not any(term in _folded(essay.body) for term in sought)]
    return {essay.id: range(len(essay.paragraphs)) for essay in unnamed}


def _from_archive(
    library: Library, book: Subscriptions, mailing: Mailing, wanted: Sequence[Subscription], now: datetime
) -> Edition | None:
    """One passage that the chat was not shown, each day of another topic of its; none once all are exhausted."""
    shown = book.shown(mailing.chat)
    turn = now.toordinal() % len(wanted) if wanted else 0
    for one in [*wanted[turn:], *wanted[:turn]]:
        for essays, terms in _shelves(library, one.topic):
            kept = [e for e in essays if not any(contains(e.title + "\n" + e.body, word) for word in one.topic.without)]
            found = key_sentences(kept, terms, limit=1, paragraphs=_whole(kept, terms), shown=shown)
            if found:
                digest = Digest(
                    "溫故", quotes(found), note=f"沒有新文章,從資料庫選一段:{one.name}", buttons=_buttons(mailing)
                )
                return Edition(digest, library.revision())
    return None


def _shelves(library: Library, topic: Topic) -> Iterator[tuple[Sequence[Essay], tuple[str, ...]]]:
    """Where passages on a topic may be found: (essays, terms)."""
    if not topic.wanted:
        yield [essay for essay in library.latest(40) if not library.is_locked(essay)], ()
        return
    terms = [understand(library, word) for word in topic.wanted]
    about = library.about([term.key for term in terms if term.key is not None])
    plain = [term for term in terms if term.key is None]
    essays = about or [essay for essay in library.latest(200) if not library.is_locked(essay)]
    kept = [essay for essay in essays if all(term.is_subject(essay, ()) for term in plain)]
    yield kept, tuple(name for term in terms for name in term.names)


def _buttons(mailing: Mailing) -> tuple[Button, ...]:
    mine = Button("我的訂閱", "我的訂閱")
    return (mine,) if mailing.chat.is_group else (mine, Button("暫停 7 天", "暫停 7天"))
