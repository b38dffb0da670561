"""Runs the worker: what `luopan worker` does."""

from __future__ import annotations

import signal
from datetime import datetime
from threading import Thread

import typer

from bot import logs
from bot.app import build, freeze_gc
from bot.config import Settings
from bot.errors import SettingsError
from bot.migrate import open_archive


def run_worker(settings: Settings, now: datetime | None, *, once: bool) -> int:
    """Run the worker; the exit status: 1 when something that was due is unsent at the end of a single run."""
    logs.configure()
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    bot = build(settings, open_archive(settings, serving=True))
    bot.serving.hold()
    Thread(target=bot.line.learn_about_itself, daemon=True).start()
    worker = bot.worker
    freeze_gc()
    if not once and now is None:
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        worker.run()
        return 0
    moment = now or datetime.now(settings.zone)
    left = worker.once(moment if moment.tzinfo else moment.replace(tzinfo=settings.zone))
    if left:
        typer.echo(f"{left} 則到期而沒有送出。", err=True)
    return 1 if left else 0
