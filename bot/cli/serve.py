"""`luopan serve`: gunicorn over the application, with the settings of `bot.gunicorn`, as the Procfile has it."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from bot.config import Settings


def serve(settings: Settings, *, host: str, port: int | None, with_worker: bool) -> NoReturn:
    """Serve until stopped; `with_worker`: one process also sends the digests.

    This process becomes gunicorn: what a command line has loaded would stay in it and in what it forks, some 20 MB.
    """
    bind = f"{host}:{settings.port if port is None else port}"
    application = f"bot.app:create_app(with_worker={with_worker})"
    if with_worker:
        os.environ["WEB_CONCURRENCY"] = "1"
    command = ["-m", "gunicorn", "--config", "python:bot.gunicorn", "--bind", bind, application]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606  with arguments of our own, in no shell
