"""`luopan serve`: gunicorn over the application, with the settings of `bot.gunicorn`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication

from bot import gunicorn as defaults
from bot.config import Settings

if TYPE_CHECKING:
    from flask import Flask  # for the process that serves: the one above it needs none of it

NAMES = (
    "workers",
    "threads",
    "worker_class",
    "graceful_timeout",
    "umask",
    "control_socket_disable",
    "post_fork",
    "child_exit",
)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without a command line of its own."""

    def __init__(self, settings: Settings, bind: str, with_worker: bool) -> None:
        self.settings = settings
        self.bind = bind
        self.with_worker = with_worker
        super().__init__()

    def load_config(self) -> None:
        for name in NAMES:
            self.cfg.set(name, getattr(defaults, name))
        self.cfg.set("bind", self.bind)
        workers = 2 if self.settings.redis_url and not self.with_worker else 1
        self.cfg.set("workers", workers)
        self.cfg.set("preload_app", workers > 1)

    def load(self) -> Flask:
        from bot.app import create_app

        return create_app(self.settings, with_worker=self.with_worker)


def serve(settings: Settings, *, host: str, port: int | None, with_worker: bool) -> None:
    """Serve until stopped; `with_worker`: one process also sends the digests."""
    Server(settings, f"{host}:{settings.port if port is None else port}", with_worker).run()
