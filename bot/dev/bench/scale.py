"""`luopan bench search`: what a question costs in a large archive."""

from __future__ import annotations

import gc
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.dev.bench.baselines import passages, plain_tantivy
from bot.dev.bench.report import Column, Report, Row, percentile
from bot.dev.bench.synthetic import PARAGRAPHS, synthetic
from corpus.essay import Audience, Essay
from corpus.lexicon.securities import Lexicon
from corpus.search.labelled import ASKED, labelled_archives, matcher_over, numbered, read_questions, reader_of

SIZES = (10_000, 100_000)  # paragraphs
SHOWN = 3  # essays of which a chat shows the snippets

LINES = (
    Column("paragraphs", "段落"),
    Column("build", "建索引（秒）"),
    Column("megabytes", "索引（MB）"),
    Column("memory", "記憶體，連文章（MB）"),
    Column("p50", "一題 p50（毫秒）"),
    Column("p99", "一題 p99（毫秒）", "≤ 30"),
    Column("cpu_p99", "其中處理器時間 p99"),
    Column("search_p50", "只到排名 p50"),
    Column("search_p99", "只到排名 p99", "≤ 5 倍"),
    Column("tantivy_p50", "tantivy 本身 p50"),
    Column("tantivy_p99", "tantivy 本身 p99"),
)


def run(note: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Report:
    """Ask archives of synthetic essays all the questions that come with the code."""
    archives = labelled_archives()
    models = [essay for archive in archives for essay in archive.essays()]
    questions = [question.text for archive in archives for question in read_questions(archive.questions)[0]]
    lexicon = Lexicon.load()
    rows = []
    for paragraphs in sizes:
        note(f"{paragraphs:,} 段：建索引、問問題 ...")
        many = synthetic(models, paragraphs // PARAGRAPHS, lexicon)
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(many, questions, Path(folder) / "index"))
    return Report("search：規模", LINES, rows)


def measure(given: Iterator[Essay], questions: Sequence[str], folder: Path) -> Row:
    """Measure an answer as a chat shows it, the search in it alone, and plain tantivy's search, in milliseconds.

    Each time is taken when the questions come a second time, for ours remembers what the archive holds of a word.
    """
    many = numbered(list(given))
    start = time.perf_counter()
    matcher = matcher_over(many, folder)
    build = time.perf_counter() - start
    read, plain = reader_of(many), plain_tantivy(passages(many))

    def answer(question: str) -> None:
        for hit in matcher.find(question, Audience.GUEST, read, today=ASKED).hits[:SHOWN]:
            _ = hit.snippets

    def search(question: str) -> None:
        matcher.find(question, Audience.GUEST, lambda _ids: {}, today=ASKED)

    gc.collect()
    gc.freeze()  # the essays in memory are this benchmark's, not the bot's
    taken = {"": _times(answer, questions), "search_": _times(search, questions), "tantivy_": _times(plain, questions)}
    work = _times(answer, questions, time.thread_time)
    return {
        "paragraphs": sum(len(essay.paragraphs) for essay in many),
        "build": build,
        "megabytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "cpu_p99": percentile(work, 0.99),
        **{f"{name}p50": percentile(times, 0.5) for name, times in taken.items()},
        **{f"{name}p99": percentile(times, 0.99) for name, times in taken.items()},
    }


def _times(
    ask: Callable[[str], object], questions: Sequence[str], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    for question in questions:
        ask(question)
    times = []
    for question in questions:
        start = clock()
        ask(question)
        times.append(1000 * (clock() - start))
    return times
