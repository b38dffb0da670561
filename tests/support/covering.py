"""Which tests run through which line, seen once, so that a mutant meets only those that can notice it."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


@dataclass(slots=True)
class Covering:
    """The tests of each line, and the processor time of each test."""

    tests: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, file: Path, lines: Iterable[int], seconds: float) -> list[str]:
        """What runs through the lines; for lines that run at import, what runs through their file.

        Those of the file's own room come first, then its neighbours', and quick ones before slow ones, as many as take so many
        seconds.
        """
        found = set().union(*(self.tests[str(file), line] for line in lines))
        if not found:
            found = set().union(*(tests for (name, _), tests in self.tests.items() if name == str(file)))
        rooms = [f"tests/{folder}/" for folder in file.parents]
        order = sorted(found, key=lambda test: (-sum(map(test.startswith, rooms)), self.seconds[test], test))
        taken = accumulate(self.seconds[test] for test in order)
        return [test for test, so_far in zip(order, taken, strict=True) if so_far <= seconds or test == order[0]]


class Observer:
    """A plugin of pytest that notes for each passed test the lines of the files that it runs through."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.names = {str(file.absolute()): str(file) for file in files}
        self.seen = Covering()
        self._lines: set[tuple[str, int]] = set()
        self._failed = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        begun, self._lines, self._failed = time.process_time(), set(), False
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self._keep(item.nodeid, time.process_time() - begun)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or not report.passed

    def _keep(self, test: str, seconds: float) -> None:
        if self._failed:  # or skipped: it says nothing of a mutant
            return
        self.seen.seconds[test] = seconds
        for line in self._lines:
            self.seen.tests[line].add(test)

    def _enter(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        return self._note if frame.f_code.co_filename in self.names else None

    def _note(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            self._lines.add((self.names[frame.f_code.co_filename], frame.f_lineno))
        return self._note
