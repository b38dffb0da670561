"""Runs the worker: what `luopan worker` does."""

from __future__ import annotations

import signal
from datetime import datetime
from threading import Thread

import typer

from bot import logs
from bot.config import Settings
from bot.errors import SettingsError
from bot.migrate import open_archive
from bot.outbound.sender import build_sender
from bot.threads import freeze_gc, save_memory
from corpus.storage.serving_lock import ServingLock


def run_worker(settings: Settings, now: datetime | None, *, once: bool) -> int:
    """Run the worker; return the exit status: 1 when something that was due is unsent at the end of a single run."""
    logs.configure()
    save_memory()
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    sender = build_sender(settings, open_archive(settings, serving=True))
    serving = ServingLock(sender.archive.engine)
    serving.hold()
    Thread(target=sender.line.learn_about_itself, daemon=True).start()
    worker = sender.worker
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
