"""Securities and themes as one audience sees them: cards, tallies, names, further reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from corpus.analysis.key_sentences import KeySentence, key_sentences
from corpus.analysis.related import Candidate, related
from corpus.analysis.themes import Theme
from corpus.analysis.tickers import names_it
from corpus.analysis.views import Relative, SecurityView, ThemeView
from corpus.essay import Essay
from corpus.gate import GatedReading
from corpus.lexicon.securities import Security
from corpus.storage import topics
from corpus.storage.topic_places import TopicOccurrence, TopicPlaces
from corpus.storage.topics import TopicCount

T = TypeVar("T")

MOST_READ = 80  # essays that one card or digest reads at most
FURTHER = 8  # essays of a theme that a card may name


class Subjects(GatedReading):
    """The archive's securities and themes as one audience sees them, within one unit of work."""

    def security(self, security: Security, shown: Collection[str] = ()) -> SecurityView:
        """Return the archive's view of a security; `shown` are sentences not to repeat."""
        key = (security.code, security.exchange, tuple(shown))
        return self.remembered(self.archive.securities, key, lambda: self._security(security, shown))

    def _security(self, security: Security, shown: Collection[str]) -> SecurityView:
        places = topics.security_places(self.work.reader, security.code, security.exchange, self.audience)
        essays = self._read_first(places.ids)
        quotes = self._sentences(security, list(essays.values()), places[:MOST_READ], shown=shown)
        return SecurityView(
            security,
            places,
            tuple(quotes),
            self._oldest(security, places, {quote.essay.id for quote in quotes}),
            self._theme_names(essays),
            self._together(essays, but=(security.code, security.exchange)),
        )

    def theme(self, theme: Theme, shown: Collection[str] = ()) -> ThemeView:
        """Return the archive's view of a theme; `shown` are sentences not to repeat."""
        key = (theme.key, tuple(shown))
        return self.remembered(self.archive.themed, key, lambda: self._theme(theme, shown))

    def _theme(self, theme: Theme, shown: Collection[str]) -> ThemeView:
        places = topics.theme_places(self.work.reader, theme.key, self.audience)
        essays = self._read_first(places.ids)
        quotes = key_sentences(
            list(essays.values()),
            (theme.name, *theme.terms),
            paragraphs=_paragraphs(places[:MOST_READ]),
            shown=shown,
            traps=theme.traps,
        )
        newest = tuple(essays.values())[:FURTHER]
        return ThemeView(theme, places, tuple(quotes), self._together(essays), newest)

    def subject_keys(self, essays: Collection[Essay]) -> dict[int, frozenset[str]]:
        """Return the topics of each essay by its id: keys of main themes, securities as 「2330.TWSE」; of a locked one those of its open part."""
        themes, securities = self._themes_of(essays, main=True), self._securities_of(essays)
        return {
            essay.id: frozenset([*themes.get(essay.id, ()), *(".".join(one) for one in securities.get(essay.id, ()))])
            for essay in essays
        }

    def essays_about(self, keys: Collection[str]) -> list[Essay]:
        """Return the essays that are mainly about all of these subjects, newest dated first; keys as in `subject_keys`."""
        places = [self._places(key) for key in keys]
        if not places:
            return []
        shared = set.intersection(*(set(found.ids) for found in places))
        return list(self._read_first([essay_id for essay_id in places[0].ids if essay_id in shared]).values())

    def theme_tallies(self) -> tuple[TopicCount, ...]:
        """Return the themes that some essay is mainly about, by name, with the number of all essays that treat them, most first."""

        def count() -> tuple[TopicCount, ...]:
            named = {theme.key: theme.name for theme in self.archive.themes.all()}
            tallies = topics.theme_tallies(self.work.reader, self.audience)
            return tuple(replace(tally, name=named[tally.key]) for tally in tallies if tally.key in named)

        return self.remembered(self.archive.tallies, "themes", count)

    def security_tallies(self) -> tuple[TopicCount, ...]:
        def count() -> tuple[TopicCount, ...]:
            return tuple(topics.security_tallies(self.work.reader, self.audience))

        return self.remembered(self.archive.tallies, "securities", count)

    def theme_names(self, essay: Essay) -> tuple[str, ...]:
        """Return the names of an essay's themes, heaviest first; none where it is locked."""
        return () if self.is_locked(essay) else self._names("themes", essay, self._theme_names)

    def security_names(self, essay: Essay) -> tuple[str, ...]:
        """Return the names of up to six securities an essay is about, most mentioned first; none where it is locked."""
        return () if self.is_locked(essay) else self._names("securities", essay, self._together)

    def _names(
        self, kind: str, essay: Essay, look: Callable[[Mapping[int, Essay]], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """Return the names of an essay's themes or securities, looked up once for each revision of it and of the lexicon."""
        if self.work.has_written:
            return look({essay.id: essay})
        key = (kind, essay.id, essay.revision, self.archive.language.revision)
        return self.archive.names.remember(key, lambda: look({essay.id: essay}))

    def resolve_security(self, text: str) -> list[Security]:
        """Return the securities that a typed code or name means: one, several, or none. 「2330.TWSE」 names one exchange.

        Of several, one that alone is written about is meant. A bare code that is also a term of the trade
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
        """Tell whether a text is a term of the trade: AI is not typed for 液化空氣, whose code it is; `$AI` is."""
        return text.isascii() and text.isalpha() and self.archive.language.matcher.reader.thesaurus.is_term(text)

    def is_written_about(self, security: Security) -> bool:
        def look() -> bool:
            return topics.is_named(self.work.reader, security.code, security.exchange, self.audience)

        return self.remembered(self.archive.written, (security.code, security.exchange), look)

    def suggest_securities(self, text: str) -> list[Security]:
        """Return the three securities whose names or codes are closest, best first; of equals those that are written about."""
        near = self.archive.lexicon.suggest(text, limit=40)
        return [one for one, _ in sorted(near, key=lambda pair: (-pair[1], not self.is_written_about(pair[0])))][:3]

    def resolve_theme(self, text: str) -> Theme | None:
        return self.archive.themes.resolve(text)

    def closest_theme(self, text: str) -> TopicCount | None:
        """Return the written-about theme that a question speaks of, with its count; None where it only resembles one."""
        spoken = self.archive.themes.spoken_of(text)
        tallies = {tally.key: tally for tally in self.theme_tallies()} if spoken else {}
        return next((tallies[theme.key] for theme in spoken if theme.key in tallies), None)

    def related(self, essay: Essay, limit: int = 3) -> tuple[Relative, ...]:
        """Return further reading in the archive, (essay, names of shared topics), closest first. A locked essay's topics stay untold."""
        known_by = (essay.id, limit, self.archive.index.revision)  # which may be behind the store
        return self.remembered(self.archive.relatives, known_by, lambda: self._related(essay, limit))

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

    def _places(self, key: str) -> TopicPlaces:
        code, _, exchange = key.rpartition(".")
        if code:
            return topics.security_places(self.work.reader, code, exchange, self.audience)
        return topics.theme_places(self.work.reader, key, self.audience, main=True)

    def _read_first(self, ids: Sequence[int]) -> dict[int, Essay]:
        first = ids[:MOST_READ]
        essays = self.read(first)
        return {key: essays[key] for key in first if key in essays}

    def _sentences(
        self,
        security: Security,
        essays: Sequence[Essay],
        places: Iterable[TopicOccurrence],
        *,
        limit: int = 5,
        shown: Collection[str] = (),
    ) -> list[KeySentence]:
        """Choose the sentences that name a security and say most about it."""
        lexicon = self.archive.lexicon
        return key_sentences(
            essays,
            lexicon.terms(security),
            limit=limit,
            paragraphs=_paragraphs(places),
            shown=shown,
            traps=lexicon.longer(security),
            confirmed=partial(names_it, security=security, lexicon=lexicon),
        )

    def _oldest(self, security: Security, places: TopicPlaces, quoted: set[int]) -> KeySentence | None:
        if places.dated < 2 or (oldest := places[places.dated - 1]).essay_id in quoted:
            return None
        essay = self.essay(oldest.essay_id)
        if essay is None:
            return None
        found = self._sentences(security, [essay], [oldest], limit=1)
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
        """Return the ids of the essays that this audience reads whole, and of the locked ones."""
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


def _paragraphs(places: Iterable[TopicOccurrence]) -> dict[int, tuple[int, ...]]:
    """Return the paragraphs that speak of a topic, by essay."""
    return {place.essay_id: place.paragraphs for place in places}


def _commonest(groups: Iterable[tuple[T, ...]]) -> list[T]:
    return [topic for topic, _ in Counter(topic for group in groups for topic in group).most_common()]
