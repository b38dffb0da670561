"""`luopan bench search --sets`: each archive by a ranking and a judge fitted on the others, beside ours as shipped and the peers."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.dev.bench.baselines import PEERS, Passage, Search, passages
from bot.dev.bench.question_sets import QuestionSet, SetQuestion
from bot.dev.bench.report import Column, Report
from corpus.essay import Audience
from corpus.search import calibration, ranking_fit
from corpus.search.calibration import TrainingExample
from corpus.search.confidence import NOTHING, ConfidenceModel, Evidence
from corpus.search.finding import EssayHit, Finding
from corpus.search.labelled import matcher_over, reader_of
from corpus.search.ranking import Ranker

CANDIDATES = 12
SHOWN = 3
DRAWS = 1_000  # samples of a bootstrap
SNIPPET = 300  # characters of a hit that are looked at for the quotation
GRAMS, LEAST_QUOTED = 4, 0.6
LINES = (
    Column("engine", "引擎"),
    Column("hit_1", "hit@1"),
    Column("hit_1_range", "95%"),
    Column("mrr_5", "MRR@5"),
    Column("hit_5", "hit@5"),
    Column("quote_1", "quote@1"),
    Column("quote_3", "quote@3"),
    Column("answered", "answered"),
    Column("answered_range", "95%"),
    Column("covered_refused", "covered, refused"),
    Column("refused", "uncovered, refused"),
    Column("refused_range", "95%"),
    Column("hard_refused", "hard, refused"),
    Column("auc", "AUC"),
)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """One essay that may answer."""

    right: bool
    near: bool
    quoted: bool
    signals: tuple[float, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what the index found for it. `sure`: a list that needs no judge."""

    archive: str
    covered: bool
    quotable: bool
    candidates: tuple[RankedCandidate, ...]
    sure: bool = False
    hard: bool = False


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """The outcome of one question with one engine."""

    covered: bool
    quotable: bool  # a quotation is labelled
    right: tuple[bool, ...]  # of the first five
    near: bool  # one of the first three answers
    quoted: tuple[bool, bool]  # by the first hit, by one of the first three
    confidence: float
    refused: bool
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A ranking and a judge fitted together."""

    ranker: Ranker
    judge: ConfidenceModel


def run(
    sets: Sequence[QuestionSet], note: Callable[[str], None], *, write: Path | None = None, peers: bool = False
) -> Iterator[Report]:
    """Yield a table for each set. `write`: a folder for the weights fitted on all of them, as they are shipped."""
    asked: dict[str, list[AskedQuestion]] = {}
    taught: list[AskedQuestion] = []
    for one in sets:
        note(f"{one.name}：{len(one.essays)} 篇，{len(one.questions)} 題")
        asked[one.name] = list(ask_all(one))
        taught += asked[one.name]
        taught += [question for part in one.without_answers() for question in ask_all(part)]
    if write is not None:
        save(fit(taught), write)
    shipped = Fit(Ranker.load(), ConfidenceModel.load())
    for one in sets:
        note(f"{one.name}：用其他題庫校準")
        others = fit([question for question in taught if question.archive != one.archive])
        rows = [_row(name, [_outcome(q, way) for q in asked[one.name]]) for name, way in _ways(others, shipped)]
        rows += _peer_rows(one, float(rows[0]["refused"])) if peers else []
        covered = sum(question.covered for question in one.questions)
        title = f"{one.name}：{len(one.essays)} 篇，答得到的 {covered} 題，答不到的 {len(one.questions) - covered} 題"
        yield Report(title, LINES, rows)


def _ways(others: Fit, shipped: Fit) -> tuple[tuple[str, Fit], ...]:
    return (("left out", others), ("shipped", shipped))


def ask_all(one: QuestionSet) -> Iterator[AskedQuestion]:
    """Yield every question of a set with what the matcher finds for it, and all that a fit needs."""
    with tempfile.TemporaryDirectory() as folder:
        matcher, read = matcher_over(one.essays, Path(folder) / "index"), reader_of(one.essays)
        for question in one.questions:
            finding = matcher.find(question.text, Audience.GUEST, read, today=one.asked, limit=CANDIDATES)
            yield _asked(one, question, finding)


def _asked(one: QuestionSet, question: SetQuestion, finding: Finding) -> AskedQuestion:
    found = tuple(_candidate(question, hit, place) for place, hit in enumerate(finding.hits))
    listed = bool(finding.hits) and finding.evidence is None
    return AskedQuestion(one.archive, question.covered, bool(question.quotes), found, listed, question.hard)


def _candidate(question: SetQuestion, hit: EssayHit, place: int) -> RankedCandidate:
    cut = "".join(snippet.text for snippet in hit.snippets)[:SNIPPET] if question.quotes and place < 2 * SHOWN else ""
    signals = astuple(hit.signals) if hit.signals else ()
    evidence = Evidence.of(hit.reading) if hit.signals else NOTHING
    return RankedCandidate(
        hit.essay_id in question.right, hit.essay_id in question.near, quotes(question, cut), signals, evidence
    )


def quotes(question: SetQuestion, text: str) -> bool:
    """Tell whether most of one of the quotations stands in the text."""
    plain = _plain(text)
    return bool(plain) and any(_share(_plain(quote), plain) >= LEAST_QUOTED for quote in question.quotes)


def _plain(text: str) -> str:
    return re.sub(r"[\s|]+", "", unicodedata.normalize("NFKC", text)).lower()


def _share(quote: str, text: str) -> float:
    """Return the share of a quotation's characters in runs of four that the text has too; of a short one all or nothing."""
    if len(quote) < GRAMS:
        return float(quote in text)
    held = {i + j for i in range(len(quote) - GRAMS + 1) if quote[i : i + GRAMS] in text for j in range(GRAMS)}
    return len(held) / len(quote)


def fit(given: Sequence[AskedQuestion]) -> Fit:
    """Fit the ranking, then the judge of what it ranks first."""
    ranker = ranking_fit.fit([_ranked_example(question) for question in given if _teaches_ranking(question)])
    examples = []
    for question in given:
        best = _order(question, ranker)
        if question.sure or (question.covered and not any(hit.near for hit in best[:SHOWN])):
            continue  # those are for the ranking to mend
        evidence = best[0].evidence if best else NOTHING
        examples.append(TrainingExample(evidence, question.covered, question.archive))
    return Fit(ranker, calibration.fit(examples))


def _teaches_ranking(question: AskedQuestion) -> bool:
    return not question.sure and any(one.right for one in question.candidates)


def _ranked_example(question: AskedQuestion) -> ranking_fit.RankedExample:
    signals = tuple(one.signals for one in question.candidates)
    return ranking_fit.RankedExample(signals, tuple(one.right for one in question.candidates), question.archive)


def save(found: Fit, folder: Path) -> None:
    """Write the two files that are shipped."""
    ranking_fit.write(found.ranker, folder / "ranking.toml")
    calibration.write(found.judge, folder / "thresholds.toml")


def _order(question: AskedQuestion, ranker: Ranker) -> list[RankedCandidate]:
    if question.sure or not question.candidates:
        return list(question.candidates)
    scores = np.array([one.signals for one in question.candidates]) @ np.array(ranker.weights)
    return [question.candidates[i] for i in np.argsort(-scores, kind="stable")]


def _outcome(question: AskedQuestion, way: Fit) -> QuestionOutcome:
    best = _order(question, way.ranker)
    confidence = 1.0 if question.sure else way.judge.confidence(best[0].evidence) if best else 0.0
    quoted = tuple(hit.quoted for hit in best[:SHOWN])
    return QuestionOutcome(
        question.covered,
        question.quotable,
        tuple(hit.right for hit in best[:5]),
        any(hit.near for hit in best[:SHOWN]),
        (any(quoted[:1]), any(quoted)),
        confidence,
        not best or way.judge.outcome(confidence, strict=False) == "not_covered",
        question.hard,
    )


def _peer_rows(one: QuestionSet, refused: float) -> Iterator[dict[str, str | int | float]]:
    """Yield the rows of the peers, each refusing as many of the uncovered questions as ours does; the cut is found on these very questions."""
    given = passages(one.essays)
    for peer in PEERS:
        search = peer.build(given)
        found = [_peer_outcome(search, given, question) for question in one.questions]
        cut = float(np.quantile([reply.confidence for reply in found if not reply.covered] or [0.0], refused))
        yield _row(peer.name, [_cautious(reply, cut) for reply in found])


def _peer_outcome(search: Search, given: Sequence[Passage], question: SetQuestion) -> QuestionOutcome:
    """Rank a peer's essays in the order of their best paragraphs; of each essay it shows that paragraph."""
    best: dict[int, tuple[float, str]] = {}
    for number, score in search(question.text):
        best.setdefault(given[number].essay, (score, given[number].text))
    top = list(best)
    quoted = [quotes(question, best[essay][1][:SNIPPET]) for essay in top[:SHOWN]]
    return QuestionOutcome(
        question.covered,
        bool(question.quotes),
        tuple(essay in question.right for essay in top[:5]),
        any(essay in question.near for essay in top[:SHOWN]),
        (any(quoted[:1]), any(quoted)),
        best[top[0]][0] if top else 0.0,
        not top,
        question.hard,
    )


def _cautious(reply: QuestionOutcome, cut: float) -> QuestionOutcome:
    values = asdict(reply) | {"refused": reply.refused or reply.confidence < cut}
    return QuestionOutcome(**values)


def _row(engine: str, outcomes: Sequence[QuestionOutcome]) -> dict[str, str | int | float]:
    """Compute the figures of one engine, each but the AUC with the 95 % interval of a bootstrap over the questions."""
    covered = [one for one in outcomes if one.covered]
    others = [one for one in outcomes if not one.covered]
    figures: dict[str, Numbers] = {
        "hit_1": np.array([any(one.right[:1]) for one in covered], dtype=float),
        "mrr_5": np.array([_reciprocal_rank(one.right) for one in covered]),
        "hit_5": np.array([any(one.right) for one in covered], dtype=float),
        "quote_1": np.array([one.quoted[0] for one in covered if one.quotable], dtype=float),
        "quote_3": np.array([one.quoted[1] for one in covered if one.quotable], dtype=float),
        "answered": np.array([one.near and not one.refused for one in covered], dtype=float),
        "covered_refused": np.array([one.refused for one in covered], dtype=float),
        "refused": np.array([one.refused for one in others], dtype=float),
        "hard_refused": np.array([one.refused for one in others if one.hard], dtype=float),
    }
    row: dict[str, str | int | float] = {"engine": engine}
    for name, values in figures.items():
        if len(values):
            row[name] = float(values.mean())
            row[f"{name}_range"] = _interval(values)
    row["auc"] = _auc([one.confidence for one in covered], [one.confidence for one in others])
    return row


def _reciprocal_rank(right: Sequence[bool]) -> float:
    return next((1 / place for place, one in enumerate(right, 1) if one), 0.0)


def _interval(values: Numbers) -> str:
    chance = np.random.default_rng(1)
    means = values[chance.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{low:.2f}–{high:.2f}"


def _auc(covered: Sequence[float], others: Sequence[float]) -> float:
    """Return the chance that a covered question is surer than one that is not."""
    if not covered or not others:
        return 0.0
    ordered = np.sort(np.array(others))
    below = np.searchsorted(ordered, covered, "left") + np.searchsorted(ordered, covered, "right")
    return float(below.mean() / 2 / len(ordered))
