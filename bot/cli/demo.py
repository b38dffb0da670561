"""The bot with a LINE platform on this machine: what `luopan demo` does."""

from __future__ import annotations

import contextlib
import threading
from datetime import datetime

import typer

from bot.app import first_owner_code, warm
from bot.cli.import_files import AddOptions, add_files
from bot.config import read_settings
from bot.dev.local import local_bot
from bot.migrate import open_archive
from bot.threads import save_memory
from corpus.search.labelled import SAMPLES


def run_demo(port: int) -> None:
    """Run the sample archive, the bot and the chat page, until interrupted."""
    settings = read_settings()
    save_memory()
    typer.echo("準備資料庫與範例文章…")
    archive = open_archive(settings, serving=True)
    now = datetime.now(settings.zone)
    for value, line in add_files(
        archive, [SAMPLES], now, lambda text: typer.echo(text, err=True), AddOptions(news=False)
    ):
        if value is not None and value["status"] == "added":
            typer.echo(f"  {line}")
    with local_bot(settings, archive, port=port) as stage:
        warm(stage.bot)
        stage.bot.worker.start()  # digests, schedules and pushes go out here, too
        typer.echo(f"聊天頁：{stage.page}/   （機器人在 {stage.bot.settings.public_url}，Ctrl+C 結束）")
        if code := first_owner_code(stage.bot):
            typer.echo(f"還沒有擁有者：一對一跟羅盤說「認領 {code}」就是擁有者。")
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
        stage.bot.worker.stop()
