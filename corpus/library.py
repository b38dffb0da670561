"""The archive as one request may see it. One gate in it decides who may see what."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from corpus.analysis.analysis import Analysis, analyse, new_words
from corpus.analysis.key_sentences import KeySentence, key_sentences
from corpus.analysis.related import Candidate, related
from corpus.analysis.themes import Theme, Themes
from corpus.analysis.tickers import names_it
from corpus.cache import BoundedCache
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay, Visibility
from corpus.index import Index
from corpus.language.text import fold
from corpus.lexicon.securities import Lexicon, Security
from corpus.resources import LanguageResources
from corpus.search.matcher import Finding
from corpus.search.question import signing
from corpus.storage import authors, essay_store, lexicon_edits, topics
from corpus.storage.essay_store import Added, State, content_hash
from corpus.storage.topics import TopicCount, TopicOccurrence

T = TypeVar("T")

MOST_READ = 80  # essays that one card or digest reads at most
ANALYSES_KEPT = 50  # essays of drafts, between what was understood of them and their publication
ESSAYS_KEPT = 200  # as they were read last, for the next question
NAMES_KEPT = 20_000
WRITTEN_KEPT = 2_000  # securities of which is known whether the archive writes about them
FINDINGS_KEPT = 200  # of the questions asked last: a page further on, or in other people's mouths too
VIEWS_KEPT = 60  # cards of what is asked again and again
FURTHER = 8  # essays of a theme that a card may name


def seen_by(essay: Essay, audience: Audience) -> Essay:
    """The gate: what this audience may see of an essay. Who may not read it whole sees its teaser, nothing else."""
    return essay.teaser if is_locked(essay, audience) else essay


def is_locked(essay: Essay, audience: Audience) -> bool:
    """True where `seen_by` holds something back."""
    return not audience.reads_all and audience.circles.isdisjoint(essay.visibility.circles)


@dataclass(frozen=True, slots=True)
class SecurityView:
    """What the archive says about one security."""

    security: Security
    places: tuple[TopicOccurrence, ...]  # newest dated first, undated last
    quotes: tuple[KeySentence, ...]
    oldest: KeySentence | None  # of the earliest dated essay, where it is not among the quotes
    themes: tuple[str, ...]  # names of the themes of those essays, commonest first
    co_mentioned: tuple[str, ...]  # names of the securities most often beside it


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What the archive says about one theme."""

    theme: Theme
    places: tuple[TopicOccurrence, ...]
    quotes: tuple[KeySentence, ...]
    securities: tuple[str, ...]
    essays: tuple[Essay, ...]  # the newest, for further reading


Relative = tuple[Essay, tuple[str, ...]]  # an essay for further reading, and what it shares


class ArchiveResources:
    """What all requests of a process share: the database, the index, the lexicons."""

    def __init__(self, engine: Engine, index_folder: Path) -> None:
        self.engine = engine
        self.index_folder = index_folder
        self.language = LanguageResources.build(index_folder, 0, {})
        self.essays: BoundedCache[tuple[int, int], Essay] = BoundedCache(ESSAYS_KEPT)  # by id and revision
        self.findings: BoundedCache[Hashable, Finding] = BoundedCache(FINDINGS_KEPT)
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
        """Whether the dictionary holds it, or the lexicon."""
        return self.index.segmenter.has(fold(text))

    def library(self, work: UnitOfWork, audience: Audience) -> Library:
        """The archive for one unit of work, with all the words that moderators have added by now."""
        self._learn(work.reader)
        return Library(self, work, audience)

    def _learn(self, connection: Connection) -> None:
        if lexicon_edits.revision(connection) == self.language.revision:
            return
        with self._learning:
            number = lexicon_edits.revision(connection)
            if number != self.language.revision:
                self.language = self.with_lines(number, lexicon_edits.active_lines(connection))

    def with_lines(self, number: int, lines: lexicon_edits.Lines) -> LanguageResources:
        """What would be known with these lines, and with those of the files."""
        return LanguageResources.build(self.index_folder, number, lines, self.language)

    def add(self, essays: Iterable[Essay], at: datetime, *, news: bool = True) -> list[Added]:
        """Add essays outside of any conversation: one transaction each, so that one failure keeps the others."""
        added = []
        for essay in essays:
            with UnitOfWork(self.engine) as work:
                added.append(self.library(work, Audience.EDITOR).add(essay, at, news=news))
                work.commit()
        return added


class Library:
    """The archive as one audience sees it, within one unit of work."""

    def __init__(self, archive: ArchiveResources, work: UnitOfWork, audience: Audience) -> None:
        self.archive = archive
        self.work = work
        self.audience = audience

    # finding

    def revision(self) -> int:
        return essay_store.revision(self.work.reader)

    def size(self) -> int:
        return essay_store.count(self.work.reader)

    def search(self, question: str, now: datetime, *, strict: bool = False, limit: int = 10) -> Finding:
        """The passages that answer, an offer of choices, or the honest word that there is none."""
        today = now.date()

        def find() -> Finding:
            matcher = self.archive.language.matcher
            return matcher.find(
                question, self.audience, self.read, today=today, strict=strict, limit=limit, authors=self._signing()
            )

        if not self.sync_index():
            return replace(find(), building=True)
        return self._remembered(self.archive.findings, (question, today, strict, limit), find)

    def sync_index(self) -> bool:
        """Bring this process's index up to the store's revision; whether it is there."""
        return self._refresh_index(wait=False)

    def wait_for_index(self) -> None:
        """As `follow`, but come back only when the index is there."""
        self._refresh_index(wait=True)

    def _refresh_index(self, *, wait: bool) -> bool:
        now = self.revision()
        mark = essay_store.mark_at(self.work.reader, now)

        def mark_at(revision: int) -> str:
            return mark if revision == now else self._earlier_mark(revision)

        return self.archive.index.refresh(now, self._changes, wait, mark_at=mark_at)

    def _changes(self, since: int) -> list[tuple[int, Essay | None]]:
        with UnitOfWork(self.archive.engine) as work:  # a rebuild may go on after this event is done
            return essay_store.changes(work.reader, since)

    def _earlier_mark(self, revision: int) -> str:
        with UnitOfWork(self.archive.engine) as work:
            return essay_store.mark_at(work.reader, revision)

    def read(self, ids: Collection[int]) -> Mapping[int, Essay]:
        """Published essays by id, each as this audience may see it."""
        return {key: seen_by(essay, self.audience) for key, essay in self._load(ids).items()}

    def _load(self, ids: Collection[int]) -> dict[int, Essay]:
        """From the store; of an essay that this process has read at its present revision, only that revision."""
        if self.work.has_written:
            return essay_store.load(self.work.reader, ids)  # what is not committed is nobody else's to know
        bounded_cache, revisions = self.archive.essays, essay_store.revisions(self.work.reader, ids)
        known = {
            key: essay for key, number in revisions.items() if (essay := bounded_cache.get((key, number))) is not None
        }
        read = essay_store.load(self.work.reader, revisions.keys() - known.keys())
        for essay in read.values():
            bounded_cache.put((essay.id, essay.revision), essay)
        return known | read

    def essay(self, essay_id: int) -> Essay | None:
        return self.read([essay_id]).get(essay_id)

    def is_locked(self, essay: Essay) -> bool:
        return is_locked(essay, self.audience)

    def as_seen_by(self, audience: Audience) -> Library:
        """The same archive as another audience sees it: for previews."""
        return Library(self.archive, self.work, audience)

    def as_visible(self, essay: Essay) -> Essay:
        """An essay that may not be in the archive yet, as this audience would see it."""
        return seen_by(essay, self.audience)

    def last_correction(self, essay_id: int) -> tuple[Essay, datetime] | None:
        """What an essay said before its words were changed, as this audience would see it, and when that was (UTC)."""
        found = essay_store.last_correction(self.work.reader, essay_id)
        return (seen_by(found[0], self.audience), found[1]) if found else None

    def latest(self, limit: int = 5, offset: int = 0) -> list[Essay]:
        """What was shelved last first, by day; of one day the newest dated ones, then those without a date."""
        return [seen_by(essay, self.audience) for essay in essay_store.latest(self.work.reader, limit, offset)]

    def public_pages(self, limit: int) -> list[tuple[int, date | None]]:
        """Number and day of the essays that everybody may read whole, the newest first."""
        return essay_store.public_pages(self.work.reader, limit)

    def news_since(self, since: int, until: int) -> list[Essay]:
        """Essays that became news after revision `since`, up to `until`, in the order of their coming."""
        ids = essay_store.news_since(self.work.reader, since, until)
        essays = self.read(ids)
        return [essays[essay_id] for essay_id in ids if essay_id in essays]

    def revision_at(self, moment: datetime) -> int:
        """The revision that the archive had at some moment."""
        return essay_store.revision_at(self.work.reader, moment)

    # topics

    def security(self, security: Security, shown: Collection[str] = ()) -> SecurityView:
        """What was said about a security; `shown` are sentences not to repeat."""
        key = (security.code, security.exchange, tuple(shown))
        return self._remembered(self.archive.securities, key, lambda: self._security(security, shown))

    def _security(self, security: Security, shown: Collection[str]) -> SecurityView:
        places = topics.security_places(self.work.reader, security.code, security.exchange, self.audience)
        essays = self._read_places(places)
        quotes = self._sentences(security, list(essays.values()), places, shown=shown)
        return SecurityView(
            security,
            tuple(places),
            tuple(quotes),
            self._oldest(security, places, {quote.essay.id for quote in quotes}),
            self._theme_names(essays),
            self._together(essays, but=(security.code, security.exchange)),
        )

    def theme(self, theme: Theme, shown: Collection[str] = ()) -> ThemeView:
        """What was said about a theme; `shown` are sentences not to repeat."""
        key = (theme.key, tuple(shown))
        return self._remembered(self.archive.themed, key, lambda: self._theme(theme, shown))

    def _theme(self, theme: Theme, shown: Collection[str]) -> ThemeView:
        places = topics.theme_places(self.work.reader, theme.key, self.audience)
        essays = self._read_places(places)
        quotes = key_sentences(
            list(essays.values()),
            (theme.name, *theme.terms),
            paragraphs={place.essay_id: place.paragraphs for place in places},
            shown=shown,
            traps=theme.traps,
        )
        newest = tuple(essays.values())[:FURTHER]
        return ThemeView(theme, tuple(places), tuple(quotes), self._together(essays), newest)

    def _remembered(self, bounded_cache: BoundedCache[Hashable, T], what: Hashable, look: Callable[[], T]) -> T:
        """Looked up once for each audience and each revision of archive and lexicon."""
        if self.work.has_written:
            return look()  # what is not committed is nobody else's to know
        return bounded_cache.remember((what, self.audience, self.revision(), self.archive.language.revision), look)

    def subject_keys(self, essays: Collection[Essay]) -> dict[int, frozenset[str]]:
        """What each essay is about: keys of its main themes, and of its securities as 「2330.TWSE」; of a locked one its open part."""
        themes, securities = self._themes_of(essays, main=True), self._securities_of(essays)
        return {
            essay.id: frozenset([*themes.get(essay.id, ()), *(".".join(one) for one in securities.get(essay.id, ()))])
            for essay in essays
        }

    def essays_about(self, keys: Collection[str]) -> list[Essay]:
        """The essays that are mainly about all of these subjects, newest dated first; keys as in `subjects`."""
        places = [self._places(key) for key in keys]
        if not places:
            return []
        shared = set.intersection(*({place.essay_id for place in found} for found in places))
        return list(self._read_places([place for place in places[0] if place.essay_id in shared]).values())

    def theme_tallies(self) -> tuple[TopicCount, ...]:
        """Themes that some essay is mainly about, with the number of all essays that treat them, most first, under their names."""

        def count() -> tuple[TopicCount, ...]:
            named = {theme.key: theme.name for theme in self.archive.themes.all()}
            tallies = topics.theme_tallies(self.work.reader, self.audience)
            return tuple(replace(tally, name=named[tally.key]) for tally in tallies if tally.key in named)

        return self._remembered(self.archive.tallies, "themes", count)

    def security_tallies(self) -> tuple[TopicCount, ...]:
        def count() -> tuple[TopicCount, ...]:
            return tuple(topics.security_tallies(self.work.reader, self.audience))

        return self._remembered(self.archive.tallies, "securities", count)

    def author_tallies(self) -> tuple[TopicCount, ...]:
        """Everybody who wrote an essay, most essays first; a byline is told to whoever sees a teaser."""
        return self._remembered(self.archive.tallies, "authors", lambda: tuple(authors.tallies(self.work.reader)))

    def essays_by(self, name: str) -> list[int]:
        """Ids of an author's essays, newest dated first."""
        return authors.essays_by(self.work.reader, name)

    def author_called(self, name: str) -> TopicCount | None:
        """The author of that name, in any width, script and case."""
        key = fold(name.strip())
        return next((one for one in self.author_tallies() if one.key == key), None)

    def means_author(self, text: str) -> bool:
        """Whether a text is an author's name, and nothing that essays could be about."""
        one = self.author_called(text)
        shelf = self.archive.index.generation
        return (
            one is not None
            and not self._is_ordinary(one.name)
            and not (shelf is not None and shelf.is_spoken_of(one.key, self.audience))
        )

    def author_in(self, question: str) -> str:
        """The author whom a question names, as the essays write it; empty where it names none."""
        key = signing(question, self._signing())
        one = self.author_called(key) if key else None
        return one.name if one and self.means_author(one.name) else ""

    def _signing(self) -> tuple[str, ...]:
        """The folded names that mean their author without the word 作者: none that is a word, a theme or a security."""

        def look() -> tuple[str, ...]:
            return tuple(one.key for one in self.author_tallies() if not self._is_ordinary(one.name))

        return self._remembered(self.archive.names, "signing", look)

    def _is_ordinary(self, name: str) -> bool:
        known = self.archive.is_word(name) or self.resolve_theme(name) is not None
        return known or bool(self.archive.lexicon.resolve(name))

    def theme_names(self, essay: Essay) -> tuple[str, ...]:
        """The names of an essay's themes, heaviest first; none where the audience sees only its lead."""
        return () if self.is_locked(essay) else self._names("themes", essay, self._theme_names)

    def security_names(self, essay: Essay) -> tuple[str, ...]:
        """The names of the securities an essay is about, most mentioned first; none where it is locked."""
        return () if self.is_locked(essay) else self._names("securities", essay, self._together)

    def _names(
        self, kind: str, essay: Essay, look: Callable[[Mapping[int, Essay]], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """The names of what an essay is about, looked up once for each revision of it and of the lexicon."""
        if self.work.has_written:
            return look({essay.id: essay})
        key = (kind, essay.id, essay.revision, self.archive.language.revision)
        return self.archive.names.remember(key, lambda: look({essay.id: essay}))

    def resolve_security(self, text: str) -> list[Security]:
        """What a typed code or name means: one security, several, or none. 「2330.TWSE」 names one exchange.

        Of several the only one that the archive writes about is meant. A bare code that is also a term of the trade
        names a security only if it is written about and goes by its code.
        """
        code, _, exchange = text.strip().rpartition(".")
        exact = [one for one in self.archive.lexicon.by_code(code) if one.exchange == exchange.upper()]
        found = exact or list(self.archive.lexicon.resolve(text))
        doubtful = self._is_term(text.strip())
        if not doubtful and len(found) < 2:
            return found
        written = [one for one in found if self.is_written_about(one)]
        if doubtful:
            return [one for one in written if self.archive.lexicon.names_itself_by_code(one)]
        return written if len(written) == 1 else found

    def _is_term(self, text: str) -> bool:
        """AI is not typed for 液化空氣, whose code it is; `$AI` is."""
        return text.isascii() and text.isalpha() and self.archive.language.matcher.reader.thesaurus.is_term(text)

    def is_written_about(self, security: Security) -> bool:
        def look() -> bool:
            return bool(topics.security_places(self.work.reader, security.code, security.exchange, self.audience))

        return self._remembered(self.archive.written, (security.code, security.exchange), look)

    def suggest_securities(self, text: str) -> list[Security]:
        """The three securities whose names or codes are closest, best first; of equals those that are written about."""
        near = self.archive.lexicon.suggest(text, limit=40)
        return [one for one, _ in sorted(near, key=lambda pair: (-pair[1], not self.is_written_about(pair[0])))][:3]

    def resolve_theme(self, text: str) -> Theme | None:
        return self.archive.themes.resolve(text)

    def closest_theme(self, text: str) -> TopicCount | None:
        """The written-about theme that a question speaks of, with its count; none where it only resembles one."""
        spoken = self.archive.themes.spoken_of(text)
        tallies = {tally.key: tally for tally in self.theme_tallies()} if spoken else {}
        return next((tallies[theme.key] for theme in spoken if theme.key in tallies), None)

    def related(self, essay: Essay, limit: int = 3) -> tuple[Relative, ...]:
        """Further reading in the archive: (essay, why), closest first. Of a locked essay nobody is told what it is about."""
        known_by = (essay.id, limit, self.archive.index.revision)  # which may be behind the store
        return self._remembered(self.archive.relatives, known_by, lambda: self._related(essay, limit))

    def _related(self, essay: Essay, limit: int) -> tuple[Relative, ...]:
        reader = self.work.reader
        sharing = () if self.is_locked(essay) else topics.sharing(reader, essay.id, self.audience)
        essays = self.read({essay.id, *sharing, *self._alike(essay)})
        open_ids = [key for key, found in essays.items() if not self.is_locked(found)]
        securities, themes = topics.securities_of(reader, open_ids), topics.themes_of(reader, open_ids)
        candidates = {
            key: Candidate(found, frozenset(securities.get(key, ())), frozenset(themes.get(key, ())))
            for key, found in essays.items()
        }
        if essay.id not in candidates:
            return ()
        ranked = related(candidates[essay.id], [c for key, c in candidates.items() if key != essay.id], limit)
        return tuple((essays[essay_id], self._why(shared)) for essay_id, shared in ranked)

    # changing

    def add(
        self, essay: Essay, at: datetime, *, news: bool = True, by: str | None = None, is_another: bool = False
    ) -> Added:
        """Add an essay, read what it is about, and note the words that no lexicon knows.

        `is_another`: it is none of those that are here, however alike.
        """
        added = essay_store.add(self.work.writer, essay, at, news=news, by=by, is_another=is_another)
        if added.status is not essay_store.Status.UNCHANGED:
            self._keep_topics(added.essay)
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
        """What an essay is about; looked up where this process has read the same words, as a draft's are until it is published."""
        language = self.archive.language
        words = content_hash(replace(essay, published=None, visibility=Visibility.PUBLIC, lead=None))
        return self.archive.analyses.remember(
            (words, language.revision), lambda: analyse(essay, language.lexicon, language.themes)
        )

    # helpers

    def _keep_topics(self, essay: Essay) -> None:
        open_part = self.analyse(essay.teaser) if essay.is_partly_open else None
        topics.keep(self.work.writer, essay.id, self.analyse(essay), open_part)
        topics.suggest(self.work.writer, essay.id, new_words(essay, self.archive.language.known_words))

    def _places(self, key: str) -> list[TopicOccurrence]:
        code, _, exchange = key.rpartition(".")
        if code:
            return topics.security_places(self.work.reader, code, exchange, self.audience)
        return topics.theme_places(self.work.reader, key, self.audience, main=True)

    def _read_places(self, places: list[TopicOccurrence]) -> dict[int, Essay]:
        ids = [place.essay_id for place in places[:MOST_READ]]
        essays = self.read(ids)
        return {key: essays[key] for key in ids if key in essays}

    def _sentences(
        self,
        security: Security,
        essays: Sequence[Essay],
        places: Iterable[TopicOccurrence],
        *,
        limit: int = 5,
        shown: Collection[str] = (),
    ) -> list[KeySentence]:
        """The sentences that name a security and say most about it."""
        lexicon = self.archive.lexicon
        return key_sentences(
            essays,
            lexicon.terms(security),
            limit=limit,
            paragraphs={place.essay_id: place.paragraphs for place in places},
            shown=shown,
            traps=lexicon.longer(security),
            confirmed=partial(names_it, security=security, lexicon=lexicon),
        )

    def _oldest(self, security: Security, places: list[TopicOccurrence], quoted: set[int]) -> KeySentence | None:
        dated = [place for place in places if place.published]
        if len(dated) < 2 or dated[-1].essay_id in quoted:
            return None
        essay = self.essay(dated[-1].essay_id)
        if essay is None:
            return None
        found = self._sentences(security, [essay], places, limit=1)
        return found[0] if found else None

    def _theme_names(self, essays: Mapping[int, Essay]) -> tuple[str, ...]:
        named = {theme.key: theme.name for theme in self.archive.themes.all()}
        by_essay = self._themes_of(essays.values())
        return tuple(named[key] for key in _commonest(by_essay.values()) if key in named)

    def _together(self, essays: Mapping[int, Essay], but: tuple[str, str] | None = None) -> tuple[str, ...]:
        by_essay = self._securities_of(essays.values())
        names = []
        for code, exchange in _commonest(by_essay.values()):
            if (code, exchange) != but:
                names += [s.name for s in self.archive.lexicon.by_code(code) if s.exchange == exchange]
        return tuple(names[:6])

    def _themes_of(self, essays: Collection[Essay], *, main: bool = False) -> dict[int, tuple[str, ...]]:
        whole, locked = self._parted(essays)
        reader = self.work.reader
        return topics.themes_of(reader, whole, main=main) | topics.themes_of(reader, locked, main=main, opened=True)

    def _securities_of(self, essays: Collection[Essay]) -> dict[int, tuple[tuple[str, str], ...]]:
        whole, locked = self._parted(essays)
        return topics.securities_of(self.work.reader, whole) | topics.securities_of(
            self.work.reader, locked, opened=True
        )

    def _parted(self, essays: Collection[Essay]) -> tuple[list[int], list[int]]:
        """The ids of those that this audience reads whole, and of the locked ones."""
        locked = {essay.id for essay in essays if self.is_locked(essay)}
        return [essay.id for essay in essays if essay.id not in locked], sorted(locked)

    def _alike(self, essay: Essay) -> list[int]:
        return self.archive.index.similar(essay.title, self.audience, limit=10)

    def _why(self, shared: Iterable[object]) -> tuple[str, ...]:
        named = {theme.key: theme.name for theme in self.archive.themes.all()}
        words = []
        for topic in shared:
            if isinstance(topic, tuple):
                words += [s.name for s in self.archive.lexicon.by_code(topic[0]) if s.exchange == topic[1]]
            else:
                words.append(named.get(str(topic), str(topic)))
        return tuple(words)


def _commonest(groups: Iterable[tuple[T, ...]]) -> list[T]:
    return [topic for topic, _ in Counter(topic for group in groups for topic in group).most_common()]
