"""Which tests run through which line, seen once, so that a mutant meets only those that can notice it."""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.live_code import LiveFunctions

TELL = "__tell__"


@dataclass(slots=True)
class Covering:
    """The tests of each line, those that name a file's module, and the processor time of each test."""

    tests: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    naming: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, file: Path, lines: Iterable[int], seconds: float) -> list[str]:
        """What runs through the lines; for lines that run at import, what names their module or runs through their file.

        Those of the file itself come first, then its room's, then its neighbours', and quick ones before slow ones, as many as
        take so many seconds.
        """
        found, naming = set().union(*(self.tests[str(file), line] for line in lines)), set[str]()
        if not found:
            naming = self.naming[str(file)]
            found = naming.union(*(tests for (name, _), tests in self.tests.items() if name == str(file)))
        near = [f"tests/{file.parent}/test_{file.stem}.py", *(f"tests/{folder}/" for folder in file.parents)]

        def order(test: str) -> tuple[bool, int, float, str]:
            return test not in naming, -sum(map(test.startswith, near)), self.seconds[test], test

        ordered = sorted(found, key=order)
        taken = accumulate(self.seconds[test] for test in ordered)
        return [test for test, so_far in zip(ordered, taken, strict=True) if so_far <= seconds or test == ordered[0]]


class Observer:
    """A plugin of pytest that notes for each passed test the statements of the files that it runs through."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files = tuple(files)
        self.seen = Covering()
        self._lines: set[tuple[str, int]] = set()
        self._failed = False

    def pytest_collection_finish(self) -> None:
        """Let every statement tell that it is reached: what else runs costs no more than ever."""
        alive = LiveFunctions()
        for file in self.files:
            tree = ast.fix_missing_locations(Marker(str(file)).visit(ast.parse(file.read_text())))
            for function in alive.take(compile(tree, str(file.absolute()), "exec")):
                function.__globals__[TELL] = self._note

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        begun, self._lines, self._failed = time.process_time(), set(), False
        try:
            return (yield)
        finally:
            self._keep(item, time.process_time() - begun)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or not report.passed

    def _keep(self, item: pytest.Item, seconds: float) -> None:
        if self._failed:  # or skipped: it says nothing of a mutant
            return
        test = item.nodeid
        self.seen.seconds[test] = seconds
        for line in self._lines.copy():  # threads of its own may still run
            self.seen.tests[line].add(test)
        named = [value for value in vars(getattr(item, "module", item)).values() if isinstance(value, ModuleType)]
        for file in self.files:
            if any(getattr(module, "__file__", None) == str(file.absolute()) for module in named):
                self.seen.naming[str(file)].add(test)

    def _note(self, file: str, line: int) -> None:
        self._lines.add((file, line))


class Marker(ast.NodeTransformer):
    """Puts before each statement of a function a call that tells its file and line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._depth = 0

    def visit(self, node: ast.AST) -> Any:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self._depth += is_function
        found = super().visit(node)
        self._depth -= is_function
        if not self._depth or not isinstance(node, ast.stmt):
            return found
        place: list[ast.expr] = [ast.Constant(self.file), ast.Constant(node.lineno)]
        call = ast.Expr(ast.Call(ast.Name(TELL, ast.Load()), place, []))
        return [ast.copy_location(call, node), found]
