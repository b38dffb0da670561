"""`luopan bench search`: relevance and latency of the matcher beside its peers, over labelled questions."""

from __future__ import annotations

import json
import math
import re
import resource
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from bot.bench.peers import PEERS, Passage, Search, passages, plain_tantivy, words
from corpus.essay import Audience, Block, Essay, Kind
from corpus.index import Form, Index
from corpus.matcher import DECAY, Matcher
from corpus.page import Page, Reading, sought
from corpus.question import Word
from corpus.securities import Lexicon
from corpus.segment import Segmenter
from corpus.snippets import choose
from corpus.themes import Themes

RIGHT = 2  # grade from which an essay answers


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question: grades by essay title (none: not covered), and a sentence that answers."""

    text: str
    grades: Mapping[str, int]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an engine says: essays best first with the text of their snippets, and how sure it is."""

    titles: tuple[str, ...]
    snippets: tuple[str, ...]
    confidence: float
    seconds: float
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Row:
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


def read_questions(path: Path) -> tuple[list[Question], date | None]:
    """The questions of a labelled file and the day they were asked. Raises OSError, ValueError or KeyError."""
    data = json.loads(path.read_text("utf-8"))
    questions = [
        Question(q["q"], {r["essay"]: r["grade"] for r in q.get("relevant", [])}, q.get("answer_quote") or "")
        for q in data["queries"]
    ]
    return questions, date.fromisoformat(data["asked"]) if data.get("asked") else None


def run(questions: Sequence[Question], essays: Sequence[Essay], folder: Path, today: date) -> list[Row]:
    """Ours and every peer over the same questions and essays; `folder` is for our index."""
    numbered = [replace(essay, id=number, revision=number) for number, essay in enumerate(essays, 1)]
    ours = _matcher(numbered, folder)
    rows = [_row("Luopan", questions, [_ask_ours(ours, numbered, q.text, today) for q in questions])]
    given = passages(numbered)
    pages = {essay.id: Page(essay) for essay in numbered}
    for peer in PEERS:
        search = peer.build(given)
        replies = [_ask_peer(search, given, pages, q.text) for q in questions]
        rows.append(_row(peer.name, questions, _refusing(questions, replies, rows[0].refused)))
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| engine | hit@1 | MRR | nDCG@10 | quote@1 | quote@3 | answered | refused | p50 ms | p99 ms |",
        "| --- |" + " --- |" * 9,
    ]
    for r in rows:
        figures = (r.hit, r.mrr, r.ndcg, r.quote_1, r.quote_3, r.answered, r.refused)
        lines.append(f"| {r.engine} | {' | '.join(f'{x:.2f}' for x in figures)} | {r.p50:.1f} | {r.p99:.1f} |")
    return "\n".join(lines)


def _matcher(essays: Sequence[Essay], folder: Path) -> Matcher:
    lexicon = Lexicon.load()
    shutil.rmtree(folder, ignore_errors=True)
    index = Index(folder, Segmenter(lexicon.words()))
    index.refresh(len(essays), lambda _since: [(essay.id, essay) for essay in essays], wait=True)
    return Matcher(index, lexicon, Themes.load())


def _reader(essays: Sequence[Essay]) -> Callable[[Collection[int]], Mapping[int, Essay]]:
    by_id = {essay.id: essay for essay in essays}
    return lambda ids: {key: by_id[key] for key in ids if key in by_id}


def _ask_ours(matcher: Matcher, essays: Sequence[Essay], question: str, today: date) -> Reply:
    titles = {essay.id: essay.title for essay in essays}
    start = time.perf_counter()
    finding = matcher.find(question, Audience.GUEST, _reader(essays), today=today)
    cut = tuple("\n".join(snippet.text for snippet in hit.snippets) for hit in finding.hits[:3])
    seconds = time.perf_counter() - start
    found = tuple(titles[hit.essay_id] for hit in finding.hits)
    return Reply(found, cut, finding.confidence, seconds, finding.outcome == "not_covered")


def _ask_peer(search: Search, given: Sequence[Passage], pages: Mapping[int, Page], question: str) -> Reply:
    """A peer's paragraphs, gathered into essays as ours are, with snippets cut by the same rules from plain words."""
    start = time.perf_counter()
    found = search(question)
    ranked: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, score in found:
        ranked[given[number].essay].append((given[number].paragraph, score))
    scores = {e: sum(w * s for w, (_, s) in zip(DECAY, hits, strict=False)) for e, hits in ranked.items()}
    best = sorted(scores, key=lambda essay: -scores[essay])
    wanted = [sought(Word((Form(word),)), (Form(word),), 1.0) for word in dict.fromkeys(words(question)) if len(word) > 1]
    snippets = []
    for essay in best[:3]:
        places = [paragraph for paragraph, _ in ranked[essay]]
        cut = choose(Reading(pages[essay], wanted), frozenset(), places)
        snippets.append("\n".join(snippet.text for snippet in cut))
    seconds = time.perf_counter() - start
    top = found[0][1] if found else 0.0
    return Reply(tuple(pages[essay].essay.title for essay in best), tuple(snippets), top, seconds, not found)


def _refusing(questions: Sequence[Question], replies: Sequence[Reply], least: float) -> list[Reply]:
    """A peer has no outcomes: it refuses below the lowest cut on its best score that refuses as often as we do.

    The cut is found on these very questions, which is more than fair.
    """
    for cut in sorted({reply.confidence for reply in replies} | {math.inf}):
        cautious = [replace(reply, refused=reply.refused or reply.confidence < cut) for reply in replies]
        if _row("", questions, cautious).refused >= least:
            return cautious
    return list(replies)


def _row(engine: str, questions: Sequence[Question], replies: Sequence[Reply]) -> Row:
    both = list(zip(questions, replies, strict=True))
    covered = [(q, r) for q, r in both if q.grades]
    quoted = [(q, r) for q, r in covered if q.quote]
    times = sorted(1000 * reply.seconds for reply in replies)
    return Row(
        engine,
        hit=_mean([_grade(q, r, 0) >= RIGHT for q, r in covered]),
        mrr=_mean([_reciprocal_rank(q, r) for q, r in covered]),
        ndcg=_mean([_ndcg(q, r) for q, r in covered]),
        quote_1=_mean([_quotes(q, r, 1) for q, r in quoted]),
        quote_3=_mean([_quotes(q, r, 3) for q, r in quoted]),
        answered=_mean([not r.refused and any(_grade(q, r, i) >= RIGHT for i in range(3)) for q, r in covered]),
        refused=_mean([r.refused for q, r in both if not q.grades]),
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, int(len(times) * 0.99))],
    )


def _mean(figures: Sequence[float]) -> float:
    return sum(figures) / len(figures) if figures else 0.0


def _grade(question: Question, reply: Reply, rank: int) -> int:
    return question.grades.get(reply.titles[rank], 0) if rank < len(reply.titles) else 0


def _reciprocal_rank(question: Question, reply: Reply) -> float:
    return next((1 / (i + 1) for i in range(len(reply.titles)) if _grade(question, reply, i) >= RIGHT), 0.0)


def _ndcg(question: Question, reply: Reply) -> float:
    """Normalised discounted cumulative gain of the first ten, with gains 2^grade - 1 (Järvelin and Kekäläinen 2002)."""
    gained = sum((2.0 ** _grade(question, reply, i) - 1) / math.log2(i + 2) for i in range(10))
    ideal = sorted(question.grades.values(), reverse=True)[:10]
    return gained / sum((2.0**grade - 1) / math.log2(i + 2) for i, grade in enumerate(ideal))


def _quotes(question: Question, reply: Reply, hits: int) -> bool:
    sought_for = re.sub(r"\s+", "", question.quote)
    return any(sought_for in re.sub(r"\s+", "", text) for text in reply.snippets[:hits])


@dataclass(frozen=True, slots=True)
class Scale:
    """What an archive of many paragraphs costs. Milliseconds a question, megabytes, seconds."""

    paragraphs: int
    build: float
    megabytes: float
    memory: float  # peak of this process
    p50: float
    p99: float
    tantivy_p50: float  # plain tantivy's own search over the same paragraphs


def scale(essays: Sequence[Essay], questions: Sequence[str], paragraphs: int, folder: Path, today: date) -> Scale:
    """Time and space for an archive made by shuffling the sentences of real essays into `paragraphs` paragraphs."""
    many = _synthetic(essays, paragraphs)
    start = time.perf_counter()
    matcher = _matcher(many, folder)
    build = time.perf_counter() - start
    read = _reader(many)
    ours = [_timed(lambda q=q: _look(matcher, q, read, today)) for q in questions]  # type: ignore[misc]
    plain = plain_tantivy(passages(many))
    theirs = [_timed(lambda q=q: plain(q)) for q in questions]  # type: ignore[misc]
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    ours, theirs = sorted(ours), sorted(theirs)
    p99 = ours[min(len(ours) - 1, int(len(ours) * 0.99))]
    return Scale(paragraphs, build, size, memory, ours[len(ours) // 2], p99, theirs[len(theirs) // 2])


def _look(matcher: Matcher, question: str, read: Callable[[Collection[int]], Mapping[int, Essay]], today: date) -> None:
    """A question as a chat asks it: the finding, and the snippets of the first five essays."""
    for hit in matcher.find(question, Audience.GUEST, read, today=today).hits[:5]:
        _ = hit.snippets


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


def _synthetic(essays: Sequence[Essay], paragraphs: int, each: int = 20) -> list[Essay]:
    """Essays of `each` paragraphs; strides through the texts that share no factor mix them without repeating."""
    texts = [p.text for essay in essays for p in essay.paragraphs]
    titles = [essay.title for essay in essays]
    made = []
    for number in range(1, paragraphs // each + 1):
        stride = 2 * number + 1
        chosen = islice(cycle(texts[number % len(texts) :: 1] + texts[: number % len(texts)]), 0, each * stride, stride)
        blocks = tuple(Block(Kind.TEXT, f"{text}第{number}期。") for text in chosen)
        made.append(Essay(f"{titles[number % len(titles)]}({number})", blocks, id=number, revision=number))
    return made
