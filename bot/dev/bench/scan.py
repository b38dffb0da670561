"""`luopan bench scan`: how fast securities and themes are read out of text, and what their lexicons cost, in processor time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bot.dev.bench.report import Column, Report, Row
from corpus.essay import Essay
from corpus.intake import essays_in_file, read_text
from corpus.intake.paths import expand_paths
from corpus.search.labelled import SAMPLES

AT_LEAST = 3.0  # seconds of reading, for a steady figure

LINES = (
    Column("archive", "文字"),
    Column("megabytes", "大小（MB）"),
    Column("securities", "找個股（MB/處理器秒）", "≥ 2"),
    Column("themes", "認主題（MB/處理器秒）", "≥ 2"),
    Column("load_seconds", "載入詞庫（處理器秒）", "≤ 0.5"),
    Column("load_memory", "詞庫的記憶體（MB）", "≤ 60"),
)


def run(pages: Sequence[Path]) -> Report:
    """Measure over `pages` (the samples, if none), in a new process, where nothing is loaded yet."""
    files = expand_paths(pages or [SAMPLES])
    texts = [read_text(file.read_bytes(), file.name) for file in files]
    essays = [essay for file in files for essay in essays_in_file(file)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return Report("scan", LINES, [one.submit(measure, texts, essays).result()])


def measure(texts: Sequence[str], essays: Sequence[Essay]) -> Row:
    """Measure loading and reading in this process."""
    from corpus.analysis.themes import Themes, detect
    from corpus.analysis.tickers import scan
    from corpus.language.text import fold
    from corpus.lexicon.securities import Lexicon

    fold("羅盤")  # loads the converter, whose cost is not the lexicon's
    memory, start = _resident(), time.process_time()
    lexicon, themes = Lexicon.load(), Themes.load()
    scan("", lexicon)  # makes the automaton of its names
    load_seconds, load_memory = time.process_time() - start, _resident() - memory
    size = sum(len(text.encode()) for text in texts)
    body = sum(len(essay.body.encode()) for essay in essays)
    return {
        "archive": "頁面",
        "megabytes": size / 1e6,
        "securities": _rate(size, lambda: [scan(text, lexicon) for text in texts]),
        "themes": _rate(body, lambda: [detect(essay, themes) for essay in essays]),
        "load_seconds": load_seconds,
        "load_memory": load_memory,
    }


def _rate(size: int, read: Callable[[], object]) -> float:
    """Measure the megabytes a second of processor time, the first time left out."""
    read()
    rounds, start = 0, time.process_time()
    while (seconds := time.process_time() - start) < AT_LEAST:
        read()
        rounds += 1
    return rounds * size / 1e6 / seconds


def _resident() -> float:
    """Return the megabytes of this process that lie in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS"))
