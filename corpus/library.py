"""The archive's front door: finding, reading and changing essays, as one audience may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from corpus.analysis.analysis import Analysis, analyse
from corpus.analysis.newwords import propose
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay, Visibility
from corpus.gate import GatedReading, seen_by
from corpus.language.text import fold
from corpus.resources import SharedResources
from corpus.search.finding import Finding
from corpus.search.question import Word
from corpus.search.question_parser import signing
from corpus.storage import authors, essay_store, topics
from corpus.storage.essay_json import content_hash
from corpus.storage.essay_store import Added
from corpus.storage.schema import State
from corpus.storage.topics import TopicCount
from corpus.subjects import Subjects

READ_AT_ONCE = 200  # essays, for the index


class ArchiveResources(SharedResources):
    """The resources that all requests of a process share, with the door to the archive for each of them."""

    def library(self, work: UnitOfWork, audience: Audience) -> Library:
        """Open the archive for one unit of work, with all the words that moderators have added by now."""
        self.learn_words(work.reader)
        return Library(self, work, audience)

    def add(self, essays: Iterable[Essay], at: datetime, *, news: bool = True) -> list[Added]:
        """Add essays outside of any conversation: one transaction each, so that those before a failure are kept."""
        added = []
        for essay in essays:
            with UnitOfWork(self.engine) as work:
                added.append(self.library(work, Audience.EDITOR).add(essay, at, news=news))
                work.commit()
        return added


class Library(GatedReading):
    """The archive as one audience sees it, within one unit of work."""

    @property
    def subjects(self) -> Subjects:
        """The archive's securities and themes."""
        return Subjects(self.archive, self.work, self.audience)

    # finding

    def size(self) -> int:
        return essay_store.count(self.work.reader)

    def search(self, question: str, now: datetime, *, strict: bool = False, limit: int = 10) -> Finding:
        """Find the passages that answer a question, choices to offer, or that there are none; `building` while the index is behind."""
        today = now.date()

        def find() -> Finding:
            matcher = self.archive.language.matcher
            return matcher.find(
                question, self.audience, self.read, today=today, strict=strict, limit=limit, authors=self._signing()
            )

        if not self.sync_index():
            return replace(find(), building=True)
        return self.remembered(self.archive.findings, (question, today, strict, limit), find)

    def subjects_in(self, text: str, now: datetime) -> tuple[Word, ...]:
        """Return the words of a line that essays could be about; none where nothing is asked of the archive."""
        return self.archive.language.matcher.reader.subjects(text, now.date())

    def sync_index(self) -> bool:
        """Bring this process's index up to the store's revision; return whether it is there."""
        return self._refresh_index(wait=False)

    def wait_for_index(self) -> None:
        """Bring this process's index up to the store's revision, and return only when it is there."""
        self._refresh_index(wait=True)

    def _refresh_index(self, *, wait: bool) -> bool:
        now = self.revision()
        mark = essay_store.mark_at(self.work.reader, now)

        def mark_at(revision: int) -> str:
            return mark if revision == now else self._earlier_mark(revision)

        return self.archive.index.refresh(now, self._changes, wait, mark_at=mark_at)

    def _changes(self, since: int) -> Iterator[tuple[int, Essay | None]]:
        """Yield (id, essay or None when withdrawn) of all that changed after `since`.

        Reads some at a time: an archive need not fit into memory, nor a rebuild into the time of this event.
        """
        more = True
        while more:
            with UnitOfWork(self.archive.engine) as work:
                changes = essay_store.changes(work.reader, since, READ_AT_ONCE)
            yield from ((change.essay_id, change.essay) for change in changes)
            more = len(changes) == READ_AT_ONCE
            since = changes[-1].revision if changes else since

    def _earlier_mark(self, revision: int) -> str:
        with UnitOfWork(self.archive.engine) as work:
            return essay_store.mark_at(work.reader, revision)

    def as_seen_by(self, audience: Audience) -> Library:
        """Return the same archive as another audience sees it, for previews."""
        return Library(self.archive, self.work, audience)

    def as_visible(self, essay: Essay) -> Essay:
        """Return an essay that may not be in the archive yet, as this audience would see it."""
        return seen_by(essay, self.audience)

    def last_correction(self, essay_id: int) -> tuple[Essay, datetime] | None:
        """Return an essay as it was before its words were last changed, gated for this audience, and when that was (UTC)."""
        found = essay_store.last_correction(self.work.reader, essay_id)
        return (seen_by(found[0], self.audience), found[1]) if found else None

    def latest(self, limit: int = 5, offset: int = 0) -> list[Essay]:
        """Return the essays added last, by day; of one day the newest dated ones first, those without a date last."""
        return [seen_by(essay, self.audience) for essay in essay_store.latest(self.work.reader, limit, offset)]

    def beside_in_series(self, essay: Essay) -> tuple[Essay | None, Essay | None]:
        """Return the essays before and after this one in its series, among those that this audience may read whole: a teaser names none."""
        if essay.series is None:
            return None, None
        found = self.read(essay_store.in_series(self.work.reader, essay.series.name)).values()
        placed = sorted((((one.series.part, one.id), one) for one in found if one.series), key=lambda pair: pair[0])
        mine = (essay.series.part, essay.id)
        before = next((one for place, one in reversed(placed) if place < mine), None)
        return before, next((one for place, one in placed if place > mine), None)

    def public_pages(self, limit: int) -> list[tuple[int, date | None]]:
        """Return id and date of the essays that everybody may read whole, the last added first."""
        return essay_store.public_pages(self.work.reader, limit)

    def news_since(self, since: int, until: int) -> list[Essay]:
        """Return the essays that became news after revision `since`, up to `until`, in that order."""
        ids = essay_store.news_since(self.work.reader, since, until)
        essays = self.read(ids)
        return [essays[essay_id] for essay_id in ids if essay_id in essays]

    def revision_at(self, moment: datetime) -> int:
        """Return the revision that the archive had at a moment."""
        return essay_store.revision_at(self.work.reader, moment)

    # authors

    def author_tallies(self) -> tuple[TopicCount, ...]:
        """Return every author, most essays first; locked essays count, for their teasers show the byline."""
        return self.remembered(self.archive.tallies, "authors", lambda: tuple(authors.tallies(self.work.reader)))

    def essays_by(self, name: str) -> list[int]:
        """Return the ids of an author's essays, newest dated first."""
        return authors.essays_by(self.work.reader, name)

    def author_called(self, name: str) -> TopicCount | None:
        """Return the author of that name, in any width, script and case."""
        key = fold(name.strip())
        return next((one for one in self.author_tallies() if one.key == key), None)

    def means_author(self, text: str) -> bool:
        """Tell whether a text is an author's name, and nothing that essays could be about."""
        one = self.author_called(text)
        generation = self.archive.index.generation
        return (
            one is not None
            and not self._is_ordinary(one.name)
            and not (generation is not None and generation.is_spoken_of(one.key, self.audience))
        )

    def author_in(self, question: str) -> str:
        """Return the author whom a question names, as the essays write the name; empty where it names none."""
        key = signing(question, self._signing())
        one = self.author_called(key) if key else None
        return one.name if one and self.means_author(one.name) else ""

    def _signing(self) -> tuple[str, ...]:
        """Return the folded names that mean their author without the word 作者: none that is a word, a theme or a security."""

        def look() -> tuple[str, ...]:
            return tuple(one.key for one in self.author_tallies() if not self._is_ordinary(one.name))

        return self.remembered(self.archive.names, "signing", look)

    def _is_ordinary(self, name: str) -> bool:
        known = self.archive.is_word(name) or self.subjects.resolve_theme(name) is not None
        return known or bool(self.archive.lexicon.resolve(name))

    # changing

    def add(
        self, essay: Essay, at: datetime, *, news: bool = True, by: str | None = None, is_another: bool = False
    ) -> Added:
        """Add an essay, read what it is about, and note the words that no lexicon knows.

        `is_another`: it is none of the archive's essays, however alike.
        """
        added = essay_store.add(self.work.writer, essay, at, news=news, by=by, is_another=is_another)
        if added.status is not essay_store.Status.UNCHANGED:
            self._keep_topics(added.essay, is_new=added.status is essay_store.Status.ADDED)
        return added

    def change(self, essay: Essay, at: datetime, by: str | None = None) -> Essay:
        changed = essay_store.change(self.work.writer, essay, at, by=by)
        self._keep_topics(changed)
        return changed

    def withdraw(self, essay_id: int, at: datetime, by: str | None = None) -> Essay:
        return essay_store.set_state(self.work.writer, essay_id, State.WITHDRAWN, at, by=by)

    def restore(self, essay_id: int, at: datetime, by: str | None = None) -> Essay:
        restored = essay_store.set_state(self.work.writer, essay_id, State.PUBLISHED, at, by=by)
        self._keep_topics(restored)  # words may have been learnt meanwhile
        return restored

    def analyse(self, essay: Essay) -> Analysis:
        """Return the topics of an essay, remembered for its words: a draft's analysis serves its publication as well."""
        language = self.archive.language
        words = content_hash(replace(essay, published=None, visibility=Visibility.PUBLIC, lead=None))
        return self.archive.analyses.remember(
            (words, language.revision), lambda: analyse(essay, language.lexicon, language.themes)
        )

    def _keep_topics(self, essay: Essay, *, is_new: bool = False) -> None:
        keep = topics.keep if is_new else topics.replace
        open_part = self.analyse(essay.teaser) if essay.is_partly_open else None
        keep(self.work.writer, essay.id, self.analyse(essay), open_part)
        topics.suggest(self.work.writer, essay.id, propose(essay, self.archive.language.known_words))
