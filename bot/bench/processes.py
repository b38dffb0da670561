"""The bot as real processes on this machine, with a database of their own, and what memory they take."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from bot.config import Settings

PATIENCE = 60.0  # seconds until a server that does not come up is given up
LOOK = 0.01


@contextmanager
def process(command: str, *options: str, settings: Settings, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`luopan command` with these settings, and nothing else of this environment; ended with the block. It logs into `folder`."""
    environment = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    with (folder / f"{command}.log").open("wb") as log:
        running = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "bot.cli", command, *options],
            cwd=folder,  # no .env here
            env={**kept, **environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=log,
            stderr=log,
        )
        try:
            yield running
        finally:
            running.terminate()
            running.wait()


def wait_until_up(running: subprocess.Popen[bytes], url: str) -> None:
    """Until /healthz answers. Raises RuntimeError when the process ends or nothing is heard for a minute."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and running.poll() is None:
        try:
            urllib3.request("GET", f"{url}/healthz", retries=False, timeout=1)
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(LOOK)
    raise RuntimeError(f"nothing answers at {url}; it ended with {running.poll()}")


def memory(*processes: subprocess.Popen[bytes]) -> float:
    """Megabytes of these processes and their children; what several of them share counts once (Linux' PSS)."""
    return sum(_pss(pid) for running in processes for pid in _family(running.pid)) / 1e6


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
