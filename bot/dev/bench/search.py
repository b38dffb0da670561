"""`luopan bench search`: relevance and latency of the matcher beside its peers, over labelled questions."""

from __future__ import annotations

import math
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from bot.dev.bench.baselines import PEERS, Passage, Peer, Search, passages, words
from bot.dev.bench.report import Column, Report, percentile
from corpus.essay import Audience, Essay
from corpus.index import TermForm
from corpus.search.labelled import (
    RIGHT,
    LabelledArchive,
    LabelledQuestion,
    labelled_archives,
    matcher_over,
    numbered,
    read_questions,
    reader_of,
)
from corpus.search.matchable import MatchableEssay, QueryMatch, query_term
from corpus.search.matcher import Matcher
from corpus.search.question import Word
from corpus.search.ranking import DECAY
from corpus.search.snippets import choose

LINES = (
    Column("engine", "引擎"),
    Column("hit", "hit@1"),
    Column("mrr", "MRR"),
    Column("ndcg", "nDCG@10"),
    Column("quote_1", "quote@1"),
    Column("quote_3", "quote@3"),
    Column("answered", "answered"),
    Column("refused", "refused"),
    Column("p50", "p50（毫秒）"),
    Column("p99", "p99（毫秒）"),
)


@dataclass(frozen=True, slots=True)
class EngineReply:
    """The reply of an engine: essays best first with the text of their snippets, and how sure it is."""

    titles: tuple[str, ...]
    snippets: tuple[str, ...]
    confidence: float
    seconds: float
    refused: bool = False


@dataclass(frozen=True, slots=True)
class EngineRow:
    """One line of the table; latencies in milliseconds."""

    engine: str
    hit: float
    mrr: float
    ndcg: float
    quote_1: float
    quote_3: float
    answered: float
    refused: float
    p50: float
    p99: float


def compare(
    questions: Sequence[LabelledQuestion],
    essays: Sequence[Essay],
    folder: Path,
    today: date,
    peers: Sequence[Peer] = PEERS,
) -> list[EngineRow]:
    """Compare ours and every peer over the same questions and essays; `folder` is for our index."""
    kept = numbered(essays)
    ours = matcher_over(kept, folder)
    rows = [_row("Luopan", questions, [_ask_ours(ours, kept, q.text, today) for q in questions])]
    given = passages(kept)
    pages = {essay.id: MatchableEssay(essay) for essay in kept}
    for peer in peers:
        search = peer.build(given)
        replies = [_ask_peer(search, given, pages, q.text) for q in questions]
        rows.append(_row(peer.name, questions, _refusing(questions, replies, rows[0].refused)))
    return rows


def run(given: Path | None, pages: Sequence[Path], note: Callable[[str], None]) -> Iterator[Report]:
    """Yield a report of the questions `given` over `pages`; without them, one of each archive that comes with the code."""
    archives = [LabelledArchive(given.stem, given, tuple(pages))] if given else labelled_archives()
    for archive in archives:
        note(f"{archive.name}：讀文章、問問題 ...")
        questions, asked = read_questions(archive.questions)
        essays = archive.essays()
        with tempfile.TemporaryDirectory() as folder:
            rows = compare(questions, essays, Path(folder) / "index", asked)
        covered = sum(bool(question.grades) for question in questions)
        title = (
            f"search：{archive.name}，{len(essays)} 篇，答得到的 {covered} 題，答不到的 {len(questions) - covered} 題"
        )
        yield Report(title, LINES, [asdict(row) for row in rows])


def _ask_ours(matcher: Matcher, essays: Sequence[Essay], question: str, today: date) -> EngineReply:
    titles = {essay.id: essay.title for essay in essays}
    start = time.perf_counter()
    finding = matcher.find(question, Audience.GUEST, reader_of(essays), today=today)
    cut = tuple("\n".join(snippet.text for snippet in hit.snippets) for hit in finding.hits[:3])
    seconds = time.perf_counter() - start
    found = tuple(titles[hit.essay_id] for hit in finding.hits)
    return EngineReply(found, cut, finding.confidence, seconds, finding.outcome == "not_covered")


def _ask_peer(
    search: Search, given: Sequence[Passage], pages: Mapping[int, MatchableEssay], question: str
) -> EngineReply:
    """Ask a peer; its paragraphs are gathered into essays as ours are, with snippets cut by the same rules from plain words."""
    start = time.perf_counter()
    found = search(question)
    ranked: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, score in found:
        ranked[given[number].essay].append((given[number].paragraph, score))
    scores = {e: sum(w * s for w, (_, s) in zip(DECAY, hits, strict=False)) for e, hits in ranked.items()}
    best = sorted(scores, key=lambda essay: -scores[essay])
    wanted = [
        query_term(Word((TermForm(word),)), (TermForm(word),), 1.0)
        for word in dict.fromkeys(words(question))
        if len(word) > 1
    ]
    snippets = []
    for essay in best[:3]:
        places = [paragraph for paragraph, _ in ranked[essay]]
        cut = choose(QueryMatch(pages[essay], wanted), (), places)
        snippets.append("\n".join(snippet.text for snippet in cut))
    seconds = time.perf_counter() - start
    top = found[0][1] if found else 0.0
    return EngineReply(tuple(pages[essay].essay.title for essay in best), tuple(snippets), top, seconds, not found)


def _refusing(questions: Sequence[LabelledQuestion], replies: Sequence[EngineReply], least: float) -> list[EngineReply]:
    """Let a peer, which has no outcomes, refuse below the lowest cut on its best score that refuses as often as we do.

    The cut is found on these very questions, which is more than fair.
    """
    for cut in sorted({reply.confidence for reply in replies} | {math.inf}):
        cautious = [replace(reply, refused=reply.refused or reply.confidence < cut) for reply in replies]
        if _row("", questions, cautious).refused >= least:
            return cautious
    return list(replies)


def _row(engine: str, questions: Sequence[LabelledQuestion], replies: Sequence[EngineReply]) -> EngineRow:
    both = list(zip(questions, replies, strict=True))
    covered = [(q, r) for q, r in both if q.grades]
    quoted = [(q, r) for q, r in covered if q.quote]
    times = [1000 * reply.seconds for reply in replies]
    return EngineRow(
        engine,
        hit=_mean([_grade(q, r, 0) >= RIGHT for q, r in covered]),
        mrr=_mean([_reciprocal_rank(q, r) for q, r in covered]),
        ndcg=_mean([_ndcg(q, r) for q, r in covered]),
        quote_1=_mean([_quotes(q, r, 1) for q, r in quoted]),
        quote_3=_mean([_quotes(q, r, 3) for q, r in quoted]),
        answered=_mean([not r.refused and any(_grade(q, r, i) >= RIGHT for i in range(3)) for q, r in covered]),
        refused=_mean([r.refused for q, r in both if not q.grades]),
        p50=percentile(times, 0.5),
        p99=percentile(times, 0.99),
    )


def _mean(figures: Sequence[float]) -> float:
    return sum(figures) / len(figures) if figures else 0.0


def _grade(question: LabelledQuestion, reply: EngineReply, rank: int) -> int:
    return question.grades.get(reply.titles[rank], 0) if rank < len(reply.titles) else 0


def _reciprocal_rank(question: LabelledQuestion, reply: EngineReply) -> float:
    return next((1 / (i + 1) for i in range(len(reply.titles)) if _grade(question, reply, i) >= RIGHT), 0.0)


def _ndcg(question: LabelledQuestion, reply: EngineReply) -> float:
    """Return the normalised discounted cumulative gain of the first ten, with gains 2^grade - 1 (Järvelin and Kekäläinen 2002)."""
    gained = sum((2.0 ** _grade(question, reply, i) - 1) / math.log2(i + 2) for i in range(10))
    ideal = sorted(question.grades.values(), reverse=True)[:10]
    return gained / sum((2.0**grade - 1) / math.log2(i + 2) for i, grade in enumerate(ideal))


def _quotes(question: LabelledQuestion, reply: EngineReply, hits: int) -> bool:
    sought_for = re.sub(r"\s+", "", question.quote)
    return any(sought_for in re.sub(r"\s+", "", text) for text in reply.snippets[:hits])
