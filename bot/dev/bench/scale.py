"""`luopan bench scale`: what an index and a question cost in archives of several sizes, in processor time."""

from __future__ import annotations

import json
import tempfile
import time
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from bot.dev.bench.report import Column, Report, Row, percentile
from bot.dev.bench.synthetic import PARAGRAPHS, synthetic
from corpus.essay import Audience, Essay
from corpus.lexicon.securities import Lexicon
from corpus.search.labelled import ASKED, labelled_archives, matcher_over, read_questions
from corpus.storage.essay_json import to_json, version_of

SIZES = (10_000, 100_000, 1_000_000)  # paragraphs
SHOWN = 3  # essays of which a chat shows the snippets

LINES = (
    Column("paragraphs", "段落"),
    Column("build", "建索引（處理器秒）"),
    Column("build_seconds", "建索引（秒）"),
    Column("building", "建完多用的記憶體（MB）"),
    Column("megabytes", "索引（MB）", "≤ 1,000"),
    Column("p50", "沒問過的一題 p50（處理器毫秒）"),
    Column("p99", "沒問過的一題 p99", "≤ 150"),
    Column("again_p50", "再問一次 p50"),
    Column("again_p99", "再問一次 p99"),
    Column("search_p50", "只到排名 p50"),
    Column("search_p99", "只到排名 p99"),
    Column("asking", "問完多用的記憶體（MB）"),
)


def run(note: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Report:
    """Ask archives of synthetic essays all the questions that come with the code, each archive in a process of its own."""
    rows = []
    for paragraphs in sizes:
        note(f"{paragraphs:,} 段：建索引、問問題 ...")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
            rows.append(one.submit(measure, paragraphs).result())
    return Report("scale", LINES, rows)


def measure(paragraphs: int) -> Row:
    """Measure an index of so many paragraphs, an answer as a chat shows it, and the search in it alone."""
    archives = labelled_archives()
    models = [essay for archive in archives for essay in archive.essays()]
    questions = [question.text for archive in archives for question in read_questions(archive.questions)[0]]
    with tempfile.TemporaryDirectory(prefix="luopan-bench") as name:
        folder = Path(name)
        with EssayFile(folder / "essays") as essays:
            made = essays.keep(synthetic(models, paragraphs // PARAGRAPHS, Lexicon.load()))
            matcher_over([], folder / "small")  # reads the dictionaries
            before, start, processor = _own_memory(), time.perf_counter(), time.process_time()
            matcher = matcher_over(made, folder / "index")
            took, worked = time.perf_counter() - start - essays.seconds, time.process_time() - processor - essays.worked
            built = _own_memory()

            def answer(question: str) -> None:
                for hit in matcher.find(question, Audience.GUEST, essays.read, today=ASKED).hits[:SHOWN]:
                    _ = hit.snippets

            def search(question: str) -> None:
                matcher.find(question, Audience.GUEST, lambda _ids: {}, today=ASKED)

            times = {
                name: _times(ask, questions) for name, ask in (("", answer), ("again_", answer), ("search_", search))
            }
            return {
                "paragraphs": PARAGRAPHS * essays.count,
                "build": worked,
                "build_seconds": took,
                "building": built - before,
                "megabytes": sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()) / 1e6,
                "asking": _own_memory() - built,
                **{f"{name}p50": percentile(taken, 0.5) for name, taken in times.items()},
                **{f"{name}p99": percentile(taken, 0.99) for name, taken in times.items()},
            }


class EssayFile:
    """Essays on disk as the store keeps them, so that a million paragraphs need no memory. `seconds`, `worked`: what making them took."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._ends = array("Q", [0])
        self.seconds = self.worked = 0.0

    def __enter__(self) -> EssayFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def count(self) -> int:
        return len(self._ends) - 1

    def keep(self, essays: Iterable[Essay]) -> Iterator[Essay]:
        """Yield the essays with ids from 1, each once it is kept."""
        start, processor = time.perf_counter(), time.thread_time()
        for number, essay in enumerate(essays, 1):
            self._file.write(json.dumps(to_json(essay)).encode())
            self._ends.append(self._file.tell())
            self.seconds += time.perf_counter() - start
            self.worked += time.thread_time() - processor
            yield replace(essay, id=number, revision=number)
            start, processor = time.perf_counter(), time.thread_time()

    def read(self, ids: Collection[int]) -> dict[int, Essay]:
        return {number: self._read(number) for number in ids}

    def _read(self, number: int) -> Essay:
        start, end = self._ends[number - 1 : number + 1]
        self._file.seek(start)
        return version_of(json.loads(self._file.read(end - start)), number, number)


def _times(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Return the milliseconds of processor time that each question takes."""
    times = []
    for question in questions:
        start = time.thread_time()
        ask(question)
        times.append(1000 * (time.thread_time() - start))
    return times


def _own_memory() -> float:
    """Return the megabytes that this process has for itself, mapped files left out."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("RssAnon"))
