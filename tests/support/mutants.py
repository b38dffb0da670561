"""`make mutants`: small faults put into the rooms that must lose nothing, and whether their tests notice.

A mutant is one change of one place: a comparison, a truth value, a number, a statement. Each runs the fast tests of its
room in a child of a process that has imported what the rooms import; a child that hangs is counted as noticed.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

TESTS = {  # by room: those that know it best come first
    "ledger": ("tests/bot/ledger", "tests/bot/outbound", "tests/bot/inbound"),
    "inbound": ("tests/bot/inbound",),
    "outbound": ("tests/bot/outbound",),
}
MOST_SECONDS = 240  # of processor time: an endless loop
FAST = "not slow and not kill and not postgres and not browser"
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `number`-th change of a file."""

    file: Path
    number: int
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class Mutator(ast.NodeTransformer):
    """Makes the `wanted`-th change, and lists them all."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.changes: list[tuple[int, str]] = []

    def _is_mine(self, node: Any, what: str) -> bool:
        self.changes.append((node.lineno, what))
        return len(self.changes) - 1 == self.wanted

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for place, sign in enumerate(node.ops):
            if (other := SWAPS.get(type(sign))) and self._is_mine(node, f"{type(sign).__name__} -> {other.__name__}"):
                node.ops[place] = other()  # type: ignore[call-overload]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return self._swapped(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        return self._swapped(node)

    def _swapped(self, node: Any) -> ast.AST:
        self.generic_visit(node)
        other = SWAPS.get(type(node.op))
        if other and self._is_mine(node, f"{type(node.op).__name__} -> {other.__name__}"):
            node.op = other()
        return node  # type: ignore[no-any-return]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._is_mine(node, "not removed") else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            return ast.Constant(not node.value) if self._is_mine(node, f"{node.value} flipped") else node
        if isinstance(node.value, int | float):
            return ast.Constant(node.value + 1) if self._is_mine(node, f"{node.value} + 1") else node
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        is_call = isinstance(node.value, ast.Call) and not ast.unparse(node).startswith(("log.", "metrics."))
        return ast.Pass() if is_call and self._is_mine(node, f"{ast.unparse(node)[:60]} removed") else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return node  # of a table or a value: its default is its own affair


def mutants_of(file: Path) -> Iterator[Mutant]:
    mutator = Mutator()
    mutator.visit(ast.parse(file.read_text()))
    yield from (Mutant(file, number, line, what) for number, (line, what) in enumerate(mutator.changes))


class MutantFinder(MetaPathFinder, Loader):
    """Imports the mutant in place of its file."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = ".".join(mutant.file.with_suffix("").parts).removesuffix(".__init__")

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.mutant.file.absolute(), loader=self)

    def exec_module(self, module: ModuleType) -> None:
        tree = Mutator(self.mutant.number).visit(ast.parse(self.mutant.file.read_text()))
        exec(compile(ast.fix_missing_locations(tree), str(self.mutant.file), "exec"), module.__dict__)


def is_noticed(mutant: Mutant) -> bool:
    """Whether a test of its room fails, or hangs."""
    child = os.fork()
    if child == 0:
        _run(mutant)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _run(mutant: Mutant) -> None:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.meta_path.insert(0, MutantFinder(mutant))
    status = 1
    try:
        status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", FAST, *TESTS[mutant.file.parent.name]])
    finally:
        os._exit(int(status))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", default=",".join(TESTS))
    parser.add_argument("--sample", type=int, default=150, help="how many of all mutants")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    import linebot.v3.shop  # noqa: F401

    import handlers.commands  # noqa: F401  what every child would import, and no mutant is in

    files = [file for room in wanted.rooms.split(",") for file in sorted(Path("bot", room).glob("*.py"))]
    found = [mutant for file in files for mutant in mutants_of(file)]
    chosen = Random(wanted.seed).sample(found, min(wanted.sample, len(found)))
    survivors = []
    for mutant in sorted(chosen, key=str):
        if not is_noticed(mutant):
            survivors.append(mutant)
            print(f"unnoticed: {mutant}", flush=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} noticed, out of {len(found)}")


if __name__ == "__main__":
    main()
