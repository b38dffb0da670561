"""gunicorn's settings, for the Procfile and `luopan serve` alike."""

from __future__ import annotations

import os
import sys
from typing import Any

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = 2 if os.environ.get("REDIS_URL") else 1  # sessions live in the process where there is no Redis
threads = 8
worker_class = "gthread"
preload_app = True
keepalive = 75
graceful_timeout = 20

SWITCH = 0.005  # seconds that a thread keeps the interpreter: the webhook's waits for it at every turn


def post_fork(server: Any, _worker: Any) -> None:
    """Each process has database connections of its own, and answers what a dead one left."""
    sys.setswitchinterval(SWITCH)
    bot = server.app.wsgi().extensions["luopan"]
    bot.engine.dispose(close=False)
    bot.start()
