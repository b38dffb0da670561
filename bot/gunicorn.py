"""gunicorn's settings, for the Procfile and `luopan serve` alike."""

from __future__ import annotations

import os
import sys
from typing import Any

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = 2 if os.environ.get("REDIS_URL") else 1  # sessions live in the process where there is no Redis
threads = 8
worker_class = "gthread"
preload_app = workers > 1  # they share what is read once; a single one would only copy it, page by page
keepalive = 75
graceful_timeout = 20

TURN = 0.001  # seconds that a thread keeps the interpreter while others wait: a webhook must not wait for five answers


def post_fork(server: Any, _worker: Any) -> None:
    """Each process has database connections of its own, and answers what a dead one left."""
    sys.setswitchinterval(TURN)
    bot = server.app.wsgi().extensions["luopan"]
    bot.engine.dispose(close=False)
    bot.start()
