"""From a question to the passages that answer it, an offer of choices, or an honest no."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.analysis.themes import Themes
from corpus.essay import Audience, Essay
from corpus.index import Index, Scope, TermForm
from corpus.index.generation import IndexGeneration
from corpus.index.queries import Days
from corpus.language.segment import char_bigrams
from corpus.lexicon.securities import Lexicon
from corpus.search.confidence import NOTHING, ConfidenceModel, Evidence, lacks_one_word, salience, tells_of_the_subject
from corpus.search.finding import EssayHit, Finding
from corpus.search.matchable import MEANS_THE_SAME, MatchableEssay, QueryMatch, QueryTerm
from corpus.search.period import VAGUE, Period
from corpus.search.question import Question, Word
from corpus.search.question_parser import shared_parser, signing
from corpus.search.ranking import Candidates, Ranker
from corpus.search.spelling import Essays, QueryCorrector
from corpus.search.term_stats import TermStats

SURELY_READ = 3  # best hits, among which one about the subject is looked for where the confidence is too low
SPARE = 2  # essays read again from the store beyond those asked for: some fall out, some rise
NEAR = 0.6  # least weight of a form by which the archive holds a term
LEAST_WHOLE = 0.33  # least share of its weight at which a term stays asked for beside its parts
COMPOUND_WEIGHT = 0.6
LONGEST_RUN = 6  # words of a question that the archive may write in a row
PAGES_KEPT = 200
MOST_NAMES = 3  # companies of one question, each of which gets its essay
AS_GOOD = 0.75  # share of the highest salience from which a newer hit may go first
ALWAYS = (date.min.toordinal(), date.max.toordinal())


@dataclass(frozen=True, slots=True)
class _Search:
    """Where to search, and how many essays are wanted. `essays` gives them by id; `strict`: asked in a group."""

    generation: IndexGeneration
    scope: Scope
    essays: Essays
    strict: bool
    limit: int

    def of(self, days: Days | None) -> _Search:
        """Return the same search among the essays of these days; None: among all."""
        return replace(self, scope=replace(self.scope, days=days))


class Matcher:
    """Answers questions from one index; one instance serves all threads of a process."""

    def __init__(
        self,
        index: Index,
        lexicon: Lexicon,
        themes: Themes,
        synonyms: Sequence[str] = (),
        judge: ConfidenceModel | None = None,
    ) -> None:
        """Load the models. `synonyms`: the moderators' lines 「A = B」, beside those of the file; `judge`: by default the lexicon's."""
        self.index = index
        self.reader = shared_parser(index.segmenter, lexicon, themes, tuple(synonyms))
        self.ranker = Ranker.load()
        self.judge = judge or ConfidenceModel.load()
        self._pages: dict[tuple[int, int, int], MatchableEssay] = {}  # the one read last at the end

    def find(
        self,
        question: str,
        audience: Audience,
        essays: Essays,
        *,
        today: date,
        strict: bool = False,
        limit: int = 10,
        authors: Collection[str] = (),
    ) -> Finding:
        """Answer a question from the archive. `essays` gives essays by id as this audience may see them.

        `strict`: asked in a group. `authors`: folded names; one in the question is taken for the author of the essays
        sought, unless other authors' essays speak of it.
        """
        generation = self.index.generation
        if generation is None:
            return Finding("not_covered", 0.0)
        named = signing(question, authors)
        if named and generation.is_spoken_of(named, audience):
            named = ""
        asked = self.reader.read(question, today, named)
        byline = asked.byline if generation.is_byline(asked.byline, audience) else ""
        scope = Scope(audience, asked.period.days if asked.period else None, byline, asked.without)
        search = _Search(generation, scope, essays, strict, limit)
        asked = asked.unsigned if byline else asked
        undated = asked.undated
        if not undated.words:
            return self._listed(search)
        finding = self._find(undated, search)
        finding = self._each(undated, finding, search) or finding
        return self._of_period(asked, asked.period, finding, search) if asked.period else finding

    def _of_period(self, asked: Question, period: Period, within: Finding, search: _Search) -> Finding:
        """Return the finding of essays written in the period (`within`) or speaking of it; else one of other times.

        An essay that names the quarter, the month or the day speaks of it more surely than one written in it.
        """
        if within.outcome == "answer" and not period.said:
            return within
        anytime = search.of(None)
        rivals = [within]
        if period.loose or period.said:
            spoken_of = self._find(asked.dated, anytime)
            said = _says(spoken_of, period)
            if said > VAGUE and spoken_of.outcome == "answer":
                return spoken_of
            rivals += [spoken_of] if said or period.loose else []
        likelier = max(rivals, key=lambda found: found.confidence)
        if likelier.outcome != "not_covered":
            return likelier
        elsewhere = self._find(asked.undated, anytime, elsewhere=True)
        return replace(elsewhere, outside_period=elsewhere.outcome != "not_covered")

    def _each(self, asked: Question, found: Finding, search: _Search) -> Finding | None:
        """Return the best essay about each name, where no hit holds all of them; None where one does or a name has no essay."""
        names = asked.names
        if not 2 <= len(names) <= MOST_NAMES or any(_holds_names(hit) for hit in found.hits):
            return None
        alone = []
        for name in names:
            one = self._find(asked.naming(name), replace(search, limit=1))
            if one.outcome == "not_covered" or not all(map(_holds_names, one.hits)):
                return None
            alone.append(one)
        hits = tuple(hit for one in alone for hit in one.hits)
        if len({hit.essay_id for hit in hits}) < len(names):
            return None
        return Finding(
            "answer" if all(one.outcome == "answer" for one in alone) else "choices",
            min(one.confidence for one in alone),
            hits,
            found.terms,
            tentative=True,
            evidence=alone[0].evidence,
            apart=tuple(name.typed for name in names),
        )

    def _listed(self, search: _Search) -> Finding:
        """List the essays of a period or a byline, newest first; those of other times where the period has none."""
        scope = search.scope
        if scope.days is None and not scope.byline:
            return Finding("not_covered", 0.0)
        ids = [match.essay for match in search.generation.latest(scope, search.limit)]
        read = search.essays(ids)
        hits = tuple(EssayHit(key, 0.0, QueryMatch(self._page(read[key]), [])) for key in ids if key in read)
        if not hits and scope.days not in (None, ALWAYS):
            newest = self._listed(search.of(ALWAYS))
            return replace(newest, outside_period=bool(newest.hits))
        return Finding("answer", 1.0, hits) if hits else Finding("not_covered", 0.0)

    def _find(self, asked: Question, search: _Search, *, elsewhere: bool = False) -> Finding:
        """Search once. `elsewhere`: essays about the subject are offered although they are of another year."""
        archive = TermStats(search.generation, search.scope.audience)
        taken_apart = self._taken_apart(asked.words, archive)
        words = QueryCorrector(self.reader, archive, search.essays).repair(taken_apart, asked.chunks)
        terms = tuple(word.typed for word in words)
        wanted = [archive.sought(word) for word in words]
        wanted += [archive.sought(word, extra=True) for word in self._compounds(asked, terms, archive)]
        hits = self._in_order(self._ranked(wanted, asked, archive, search), asked, elsewhere)
        return self._judged(hits, terms, asked, search, elsewhere)

    def _in_order(self, ranked: list[EssayHit], asked: Question, elsewhere: bool) -> list[EssayHit]:
        """Return the hits with those first that hold all names, that may be of the year asked about, that are the newest."""
        hits = ranked
        if len(asked.names) > 1:
            hits = sorted(hits, key=lambda hit: not _holds_names(hit))
        if asked.years and not elsewhere:
            hits = sorted(hits, key=lambda hit: not all(map(hit.reading.page.may_be_of, asked.years)))
        return _newest_first(hits) if asked.newest else hits

    def _judged(
        self, hits: list[EssayHit], terms: tuple[str, ...], asked: Question, search: _Search, elsewhere: bool
    ) -> Finding:
        """Return the finding that the evidence of the first hit allows, or an offer of one about the subject."""
        if not hits:
            return Finding("not_covered", 0.0, terms=terms)
        evidence = Evidence.of(hits[0].reading)
        confidence = self.judge.confidence(evidence)
        outcome = self.judge.outcome(confidence, search.strict)
        tentative = self.judge.outcome(confidence, strict=False) != "not_covered"
        if not tentative and (told := _about_the_subject(hits[:SURELY_READ], elsewhere)):
            hits = [told, *(hit for hit in hits if hit is not told)]
            tentative = True
        if outcome == "not_covered" and tentative and not search.strict:
            outcome = "choices"
        return Finding(
            outcome,
            confidence,
            tuple(hits[: search.limit]),
            terms,
            tentative=tentative,
            evidence=evidence,
            newer=_newer(hits) if asked.view else None,
        )

    def _taken_apart(self, words: Iterable[Word], archive: TermStats) -> Iterator[Word]:
        """Yield the words; for a term that the archive holds in no near form the shorter words in it.

        The whole term stays asked for, too: an archive that has 穩定 and 執照 need not know 穩定幣. The less of the term
        its parts cover, the less they prove: 量子電腦 does not ask for 電腦.
        """
        for word in words:
            parts = archive.parts(word, self.reader.segmenter)
            made_up = len(word.typed) == sum(map(len, parts))  # the parts cover all of it
            if not parts or (archive.holds(word, NEAR) and not (word.name and made_up)):
                yield word
                continue
            missing = self._missing(word.typed, parts)
            telling = self.reader.without_stops(parts)
            for part in map(self.reader.plain_word, telling):
                yield replace(part, weight=part.weight * (1 - missing))
            if word.name:
                yield word  # 中國稀土 is a company, and also the rare earths of China
            elif len(telling) == len(parts):  # 這麼久 asks for nothing
                yield replace(word, weight=word.weight * max(LEAST_WHOLE, missing**0.5))

    def _missing(self, term: str, parts: Sequence[str]) -> float:
        """Return the share of a term outside its parts; 0 where only a character that is no noun is left of it (喝咖啡)."""
        left = max(0, len(term) - sum(map(len, parts)))
        rest = term.replace(parts[0], "") if left == 1 else ""
        return 0.0 if len(rest) == 1 and not self.reader.segmenter.is_noun(rest) else left / len(term)

    def _compounds(self, asked: Question, terms: Collection[str], archive: TermStats) -> Iterator[Word]:
        """Yield the longest runs of words of the question that the archive writes in a row: 特種 化工 新材料."""
        for chunk in asked.chunks:
            tokens = self.reader.without_stops(self.reader.segmenter.cut(chunk))
            for length in range(min(LONGEST_RUN, len(tokens)), 1, -1):
                typed = ("".join(tokens[i : i + length]) for i in range(len(tokens) - length + 1))
                runs = [run for one in typed for run in self.reader.spellings(one)]
                held = [run for run in runs if len(run) <= 12 and run not in terms and archive.frequency(run)]
                if held:
                    yield from (Word((TermForm(run),), COMPOUND_WEIGHT) for run in held)
                    break

    def _ranked(self, wanted: list[QueryTerm], asked: Question, archive: TermStats, search: _Search) -> list[EssayHit]:
        """Rank the index's best essays by a close reading; leave out those about an unwanted subject."""
        terms = tuple(archive.term(word) for word in wanted if word.word.forms)
        bigrams = [pair for chunk in asked.chunks for run in self.reader.runs(chunk) for pair in char_bigrams(run)]
        unwanted = search.scope.without
        found = Candidates(search.generation, terms, bigrams, search.scope)
        hits = []
        for essay_id, essay in search.essays(found.best(search.limit + SPARE)).items():
            reading = QueryMatch(self._page(essay), wanted, unwanted, asked.years, asked.figure, archive.rarest)
            if not any(map(reading.page.is_about, unwanted)):
                signals = found.signals(essay_id, reading)
                score = self.ranker.score(signals)
                hits.append(EssayHit(essay_id, score, reading, asked.signs, found.places(essay_id), signals))
        return sorted(hits, key=lambda hit: (-hit.score, hit.essay_id))

    def _page(self, essay: Essay) -> MatchableEssay:
        key = (essay.id, essay.revision, len(essay.blocks))
        page = self._pages.pop(key, None)
        if page is None or page.essay != essay:
            page = MatchableEssay(essay)
            if len(self._pages) >= PAGES_KEPT:
                for unread in list(self._pages)[: PAGES_KEPT // 10]:
                    self._pages.pop(unread, None)
        self._pages[key] = page
        return page


def _newer(hits: Sequence[EssayHit]) -> EssayHit | None:
    """Return the newest hit about the same subject that was written after the first hit; None without one."""
    shown = hits[0].essay.published
    if shown is None or not tells_of_the_subject(hits[0].reading):
        return None
    later = [hit for hit in hits[1:] if (hit.essay.published or shown) > shown and tells_of_the_subject(hit.reading)]
    return max(later, key=lambda hit: (hit.essay.published or shown, hit.essay_id), default=None)


def _about_the_subject(hits: Sequence[EssayHit], elsewhere: bool) -> EssayHit | None:
    """Return the first hit about all subjects of the question, which may lack the rest of it (黃金 Q3); None without one."""
    return next(
        (
            hit
            for hit in hits
            if (tells_of_the_subject(hit.reading) or lacks_one_word(hit.reading))
            and (elsewhere or Evidence.of(hit.reading) != NOTHING)
        ),
        None,
    )


def _holds_names(hit: EssayHit) -> bool:
    """Tell whether the essay holds all names that the question asks about."""
    both = zip(hit.reading.wanted, hit.reading.whole, strict=True)
    return all(held >= MEANS_THE_SAME for term, held in both if term.word.name and not term.extra)


def _says(found: Finding, period: Period) -> float:
    """Return how well the first hit names the period: 1 for 2025Q2, less for a dated essay's mere 第二季; 0: not at all."""
    if not found.hits or not period.said:
        return 0.0
    first = found.hits[0]
    read = zip(first.reading.wanted, first.reading.whole, strict=True)
    said = max((float(held) for term, held in read if term.typed == period.said[0].text), default=0.0)
    return said if said > VAGUE or first.essay.published else 0.0


def _newest_first(hits: Sequence[EssayHit]) -> list[EssayHit]:
    """Sort the hits: those nearly as salient as the best by date, the newest first and undated ones last; then the rest."""
    told = {hit.essay_id: salience(hit.reading) for hit in hits}
    least = AS_GOOD * max(told.values(), default=0.0)
    good = [hit for hit in hits if told[hit.essay_id] >= least > 0]
    good.sort(key=lambda hit: hit.reading.page.essay.published or date.min, reverse=True)
    return [*good, *(hit for hit in hits if hit not in good)]
