"""gunicorn's settings, for the Procfile and `luopan serve` alike; they come from the environment or `.env`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.config import WEBHOOKS_AT_ONCE, read_settings
from bot.errors import SettingsError
from bot.threads import save_memory

try:
    _settings = read_settings()
except SettingsError as error:
    raise SystemExit(str(error)) from error

bind = f"0.0.0.0:{_settings.port}"
# One is enough for a hundred events a second; sessions live in the process where there is no Redis.
workers = int(os.environ.get("WEB_CONCURRENCY") or 1) if _settings.redis_url else 1
threads = WEBHOOKS_AT_ONCE + 16  # all webhooks that are taken at once, and others beside them
worker_class = "bot.web.buffering_worker.BufferingWorker"
preload_app = workers > 1  # they share what is read once; a single one would only copy it, page by page
graceful_timeout = 25  # longer than a call to LINE; platforms kill after 30
umask = 0o077  # what it writes is for its own user
control_socket_disable = True  # nothing uses it, and a home folder may be read-only

_figures = ""  # a folder of our own
if workers > 1 and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    # Each process maps a file of figures in this folder, and /metrics of any process gives the sum. The folder is in memory
    # where that can be: on a full disk the system kills a process that touches a new page of its map, and its successor too.
    _memory = Path("/dev/shm")  # noqa: S108
    _figures = tempfile.mkdtemp(prefix="luopan-metrics-", dir=_memory if os.access(_memory, os.W_OK) else None)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _figures

TURN = 0.001  # seconds that a thread keeps the interpreter while others wait: a webhook must not wait for five answers


def post_fork(server: Any, _worker: Any) -> None:
    """Start a process that was forked off: with its own database connections, answering what a dead one left."""
    sys.setswitchinterval(TURN)
    save_memory()
    bot = server.app.wsgi().extensions["luopan"]
    bot.engine.dispose(close=False)
    bot.start()


def on_exit(_server: Any) -> None:
    """Remove the figures of this run."""
    if _figures:
        shutil.rmtree(_figures, ignore_errors=True)


def child_exit(_server: Any, worker: Any) -> None:
    """Keep what an ended process has counted; drop what it measured of itself."""
    if workers > 1:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
