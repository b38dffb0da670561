"""`luopan bench search`: relevance and latency of the matcher beside its peers, over labelled questions."""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from bot.bench.peers import PEERS, Passage, Peer, Search, passages, words
from bot.bench.sheet import Line, Sheet
from bot.shelving import expand
from corpus.essay import Audience, Essay
from corpus.index import Form, Index
from corpus.intake import essays_in_file
from corpus.matcher import DECAY, Matcher
from corpus.page import Page, Reading, sought
from corpus.question import Word
from corpus.securities import Lexicon
from corpus.segment import Segmenter
from corpus.snippets import choose
from corpus.themes import Themes

ASKED = date(2026, 11, 20)  # the day of questions that do not say when they were asked
RIGHT = 2  # grade from which an essay answers
REPOSITORY = Path(__file__).parents[2]

LINES = (
    Line("engine", "引擎"),
    Line("hit", "hit@1"),
    Line("mrr", "MRR"),
    Line("ndcg", "nDCG@10"),
    Line("quote_1", "quote@1"),
    Line("quote_3", "quote@3"),
    Line("answered", "answered"),
    Line("refused", "refused"),
    Line("p50", "p50(毫秒)"),
    Line("p99", "p99(毫秒)"),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An archive with questions about it."""

    name: str
    questions: Path
    pages: tuple[Path, ...]

    def essays(self) -> list[Essay]:
        return [essay for page in expand(self.pages) for essay in essays_in_file(page)]


def labelled_archives() -> list[Labelled]:
    """What comes with the code: the samples, and where its tests are there, the newsroom; of both, the questions to fit."""
    found = [
        Labelled("samples", REPOSITORY / "samples" / "questions.json", (REPOSITORY / "samples",)),
        Labelled("samples, blind", REPOSITORY / "samples" / "blind.json", (REPOSITORY / "samples",)),
        *(
            Labelled(name, REPOSITORY / "tests" / "newsroom" / file, (REPOSITORY / "tests" / "newsroom" / "pieces",))
            for name, file in (("newsroom", "questions.json"), ("newsroom, blind", "blind.json"))
        ),
    ]
    return [archive for archive in found if archive.questions.exists()]


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


def read_questions(path: Path) -> tuple[list[Question], date]:
    """The questions of a labelled file and the day they were asked. Raises OSError, ValueError or KeyError."""
    data = json.loads(path.read_text("utf-8"))
    questions = [
        Question(q["q"], {r["essay"]: r["grade"] for r in q.get("relevant", [])}, q.get("answer_quote") or "")
        for q in data["queries"]
    ]
    return questions, date.fromisoformat(data["asked"]) if data.get("asked") else ASKED


def compare(
    questions: Sequence[Question], essays: Sequence[Essay], folder: Path, today: date, peers: Sequence[Peer] = PEERS
) -> list[Row]:
    """Ours and every peer over the same questions and essays; `folder` is for our index."""
    kept = numbered(essays)
    ours = matcher_over(kept, folder)
    rows = [_row("Luopan", questions, [_ask_ours(ours, kept, q.text, today) for q in questions])]
    given = passages(kept)
    pages = {essay.id: Page(essay) for essay in kept}
    for peer in peers:
        search = peer.build(given)
        replies = [_ask_peer(search, given, pages, q.text) for q in questions]
        rows.append(_row(peer.name, questions, _refusing(questions, replies, rows[0].refused)))
    return rows


def run(given: Path | None, pages: Sequence[Path], note: Callable[[str], None]) -> Iterator[Sheet]:
    """A sheet for the questions `given` over `pages`; without them, one for each archive that comes with the code."""
    archives = [Labelled(given.stem, given, tuple(pages))] if given else labelled_archives()
    for archive in archives:
        note(f"{archive.name}:讀文章、問問題 ...")
        questions, asked = read_questions(archive.questions)
        essays = archive.essays()
        with tempfile.TemporaryDirectory() as folder:
            rows = compare(questions, essays, Path(folder) / "index", asked)
        covered = sum(bool(question.grades) for question in questions)
        title = f"search:{archive.name},{len(essays)} 篇,答得到的 {covered} 題,答不到的 {len(questions) - covered} 題"
        yield Sheet(title, LINES, [asdict(row) for row in rows])


def numbered(essays: Sequence[Essay]) -> list[Essay]:
    """As a store would give them ids and revisions."""
    return [replace(essay, id=number, revision=number) for number, essay in enumerate(essays, 1)]


def matcher_over(essays: Sequence[Essay], folder: Path) -> Matcher:
    lexicon = Lexicon.load()
    shutil.rmtree(folder, ignore_errors=True)
    index = Index(folder, Segmenter(lexicon.words()))
    index.refresh(len(essays), lambda _since: [(essay.id, essay) for essay in essays], wait=True)
    return Matcher(index, lexicon, Themes.load())


def reader_of(essays: Sequence[Essay]) -> Callable[[Collection[int]], Mapping[int, Essay]]:
    by_id = {essay.id: essay for essay in essays}
    return lambda ids: {key: by_id[key] for key in ids if key in by_id}


def _ask_ours(matcher: Matcher, essays: Sequence[Essay], question: str, today: date) -> Reply:
    titles = {essay.id: essay.title for essay in essays}
    start = time.perf_counter()
    finding = matcher.find(question, Audience.GUEST, reader_of(essays), today=today)
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
    wanted = [
        sought(Word((Form(word),)), (Form(word),), 1.0) for word in dict.fromkeys(words(question)) if len(word) > 1
    ]
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
