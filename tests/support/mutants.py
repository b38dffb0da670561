"""`make mutants`: small faults put into the rooms that must lose nothing, and whether their tests notice.

A mutant is one change of one place: a comparison, a truth value, a number, a statement; none of what is only logged, nor of
what cannot matter to anybody (see `Mutator`). Each runs the fast tests, those of
erasure and the stories and ten seeds, as far as they run through its line, in a child of a process that has imported what no
mutant is in; who hangs is noticed.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from pathlib import Path
from random import Random
from types import CodeType, FunctionType
from typing import Any

import pytest

from bot.dev.bench.processes import redis_server
from tests.support.covering import Covering, Observer
from tests.support.digest_bot import ANN, bot_over, cooling
from tests.support.live_code import LiveFunctions
from tests.support.postgres import postgres_server

ROOMS = ("ledger", "inbound", "outbound")
TESTS = ("tests/bot", "tests/handlers", "tests/corpus/intake/sources")
FAST = "not slow and not kill and not postgres and not browser"
SOAK = "tests/simulation/test_soak.py::test_three_days_pass_whatever_the_seed"
WHOLE = ("tests/test_erasure.py", "tests/test_stories.py", *(f"{SOAK}[{seed}]" for seed in range(2, 12)))
START = 2.0  # seconds of processor time that a test needs besides its own: what the first one sets up for all
PATIENCE = 5  # times that and what was measured: then it runs for ever
IDLE = 10  # times that by the clock: then it waits for ever, and not only for its turn on a busy machine
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
    """The `number`-th change of a file, within the lines given."""

    file: Path
    number: int
    lines: range
    what: str

    def tree(self) -> ast.Module:
        tree = Mutator(self.number).visit(ast.parse(self.file.read_text()))
        return ast.fix_missing_locations(tree)  # type: ignore[no-any-return]

    def code(self) -> CodeType:
        """The mutated module, compiled."""
        return compile(self.tree(), str(self.file.absolute()), "exec")

    @property
    def module(self) -> str:
        return ".".join(self.file.with_suffix("").parts).removesuffix(".__init__")

    def is_within(self, statement: ast.stmt) -> bool:
        return statement.lineno <= self.lines[-1] <= (statement.end_lineno or 0)

    def __str__(self) -> str:
        return f"{self.file}:{self.lines[-1]}: {self.what}"


UNSEEN = {("strict", True), ("lasting", False)}


class Mutator(ast.NodeTransformer):
    """Makes the `wanted`-th change, and lists them all.

    Left as they are: how classes and tables are declared, what is only logged, and UNSEEN keywords: `strict=True`, which can
    only raise where something else is wrong, and `lasting=False`, which only spares a wait for the disk.
    """

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.changes: list[tuple[range, str]] = []
        self._statement = 0

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.stmt):
            self._statement = node.lineno
        return super().visit(node)

    def _is_mine(self, node: Any, what: str) -> bool:
        self.changes.append((range(min(self._statement, node.lineno), node.lineno + 1), what))
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

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        is_unseen = isinstance(node.value, ast.Constant) and (node.arg, node.value.value) in UNSEEN
        return node if is_unseen else self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        said = ast.unparse(node)
        if said.startswith(("log.", "faults.")):
            return node
        self.generic_visit(node)
        is_call = isinstance(node.value, ast.Call) and not said.startswith("metrics.")
        return ast.Pass() if is_call and self._is_mine(node, f"{said[:60]} removed") else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [self.visit(one) for one in node.body]  # how it is decorated makes it no other
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return node  # of a table or a value: its default is its own affair


def mutants_of(file: Path) -> Iterator[Mutant]:
    mutator = Mutator()
    mutator.visit(ast.parse(file.read_text()))
    yield from (Mutant(file, number, lines, what) for number, (lines, what) in enumerate(mutator.changes))


class End(StrEnum):
    """What became of a mutant."""

    FAILED = "noticed"
    HUNG = "hung"
    PASSED = "unnoticed"


class MutantRunner:
    """A plugin of pytest that lets each mutant meet its tests in a fork of the process that has collected them."""

    def __init__(self, mutants: Iterable[Mutant], covering: Covering, seconds: float) -> None:
        self.mutants = mutants
        self.covering = covering
        self.seconds = seconds
        self.ends: list[End] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        warm()
        self.alive = LiveFunctions()
        gc.freeze()
        for mutant in self.mutants:
            self.ends.append(self._end_of(mutant))
            print(f"{self.ends[-1]}: {mutant}", file=sys.__stderr__, flush=True)
            for left in Path(session.config.option.basetemp).iterdir():
                shutil.rmtree(left, ignore_errors=True)
        return True

    def _end_of(self, mutant: Mutant) -> End:
        """What its tests say in a process of their own; the processes that they leave behind end with it."""
        tests = [test for test in self.covering.of(mutant.file, mutant.lines, self.seconds) if test in self.items]
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.setpgid(0, 0)
                say_nothing()
                status = self._run(mutant, [self.items[test] for test in tests])
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if -status in (signal.SIGPROF, signal.SIGALRM):
            return End.HUNG
        return End.FAILED if status else End.PASSED

    def _run(self, mutant: Mutant, items: list[pytest.Item]) -> int:
        """Become the mutant and run; 0 when no test failed."""
        self._become(mutant)
        for item, following in zip(items, [*items[1:], None], strict=True):
            longest = PATIENCE * (START + self.covering.seconds[item.nodeid])
            signal.setitimer(signal.ITIMER_PROF, longest)
            signal.alarm(int(IDLE * longest))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                return 1
        return 0

    def _become(self, mutant: Mutant) -> None:
        code, module = mutant.code(), sys.modules[mutant.module]
        functions = self.alive.take(code)
        changed = {function.__name__ for function in functions if function.__name__ == function.__qualname__}
        anew = dict(vars(module))
        for statement in mutant.tree().body:  # what the module makes as it is loaded, of what has changed
            if isinstance(statement, ast.Assign) and (changed & _used(statement) or mutant.is_within(statement)):
                exec(compile(ast.Module([statement], []), code.co_filename, "exec"), anew)
                changed |= (names := {target.id for target in statement.targets if isinstance(target, ast.Name)})
                for name in names:
                    for one in [
                        one for one in sys.modules.values() if getattr(one, name, None) is getattr(module, name)
                    ]:
                        setattr(one, name, anew[name])
        self._take_defaults(mutant.module, code)

    def _take_defaults(self, module: str, code: CodeType) -> None:
        """Take over the defaults of the module's functions, which may come from what the module makes as it is loaded."""
        anew: dict[str, Any] = {"__name__": module}
        exec(code, anew)
        for (file, path, _), functions in self.alive.by_name.items():
            if file == code.co_filename and (made := _at(anew, path)) is not None:
                for function in functions:
                    function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


def _used(statement: ast.Assign) -> set[str]:
    """Return the names from which an assignment makes its value."""
    return {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}


def _at(names: dict[str, Any], path: str) -> FunctionType | None:
    """The function of this qualified name."""
    first, *more = path.split(".")
    found = names.get(first)
    for name in more:
        found = getattr(found, name, None)
    return found if isinstance(found, FunctionType) else None


def observe(files: Iterable[Path], result: Path) -> Covering:
    """Run all that may notice something once, unharmed; kept in a file, since it happens in a child."""

    def run() -> int:
        observer = Observer(files)
        run_tests(TESTS, "-m", FAST, plugins=[observer])
        run_tests(WHOLE, plugins=[observer])
        result.write_bytes(pickle.dumps(observer.seen))
        return 0

    if not result.exists():
        in_child(run)
    found = pickle.loads(result.read_bytes())
    assert isinstance(found, Covering)
    return found


@contextmanager
def servers() -> Iterator[None]:
    """A Redis and a PostgreSQL that all children share: who is killed leaves none behind."""
    with redis_server() as redis, postgres_server() as postgres:
        os.environ |= {"TEST_REDIS_URL": redis, "TEST_DATABASE_URL": postgres}
        yield


def run_tests(paths: Iterable[str], *options: str, plugins: Sequence[object]) -> int:
    return int(pytest.main(["-q", "-p", "no:cacheprovider", *options, *paths], plugins=plugins))


def warm() -> None:
    """Load and lay what each child would otherwise load and lay anew; no thread of Python's lives on."""
    with tempfile.TemporaryDirectory() as folder:
        here = bot_over(Path(folder))
        here.publish(cooling())
        here.say(ANN, ANN, "液冷散熱的滲透率有多少")
        here.bot.engine.dispose()


def say_nothing() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def in_child(run: Callable[[], int]) -> None:
    """Run it in a fork, which says nothing."""
    child = os.fork()
    if child == 0:
        say_nothing()
        status = 1
        try:
            status = run()
        finally:
            os._exit(status)
    os.waitpid(child, 0)


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's, at 95 %."""
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return middle - half, middle + half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--sample", type=int, default=300, help="how many of all mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time for the tests of one mutant")
    parser.add_argument("--covering", type=Path, help="a file that keeps which test runs through which line")
    parser.add_argument("--only", help="mutants whose line begins so")
    wanted = parser.parse_args()
    files = [file for room in ROOMS for file in sorted(Path("bot", room).glob("*.py")) if "tables" not in file.name]
    found = [mutant for file in files if file.parent.name in wanted.rooms.split(",") for mutant in mutants_of(file)]
    chosen = Random(wanted.seed).sample(found, min(wanted.sample, len(found)))
    if wanted.only:
        chosen = [mutant for mutant in found if str(mutant).startswith(wanted.only)]
    with servers(), tempfile.TemporaryDirectory() as folder:
        covering = observe(files, wanted.covering or Path(folder, "covering"))
        runner = MutantRunner(chosen, covering, wanted.seconds)
        run_tests([*TESTS, *WHOLE], "-s", plugins=[runner])
    noticed = len(runner.ends) - runner.ends.count(End.PASSED)
    low, high = interval(noticed, len(runner.ends))
    hung = runner.ends.count(End.HUNG)
    print(f"{noticed} of {len(runner.ends)} noticed ({low:.1%} to {high:.1%} of all {len(found)}), {hung} of them hung")


if __name__ == "__main__":
    main()
