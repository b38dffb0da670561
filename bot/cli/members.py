"""Members as a list on the command line: out as CSV, and in again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import CommandGroup, Json, app, complain, opened, show

member_app = CommandGroup("members", "會員名單：匯出，或照名單開通與結束")
app.add_typer(member_app)

SAID = {"granted": "開通", "ended": "結束", "refused": "沒有照辦"}


@member_app.command("export")
def export() -> None:
    """印出全部會員資格（CSV）。"""
    from corpus.database import UnitOfWork
    from handlers.club.club import Club
    from handlers.club.member_lists import as_csv

    with opened() as (_, archive), UnitOfWork(archive.engine) as work:
        typer.echo(as_csv(Club(work)), nl=False)


@member_app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="CSV：user 或 key、plan、until、note", show_default=False)],
    whole: Annotated[
        bool, typer.Option("--whole", help="這是整份名單：檔案裡的方案，不在名單上的 key 立刻結束（每天對一次帳）")
    ] = False,
    as_json: Json = False,
) -> None:
    """照名單開通與結束；還沒有人認領的 key 會給一組開通碼。"""
    from corpus.database import UnitOfWork
    from handlers.club.club import Club
    from handlers.club.member_lists import take_in as read

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        complain(f"讀不到名單：{file}（{type(error).__name__}）")
        raise typer.Exit(1) from error
    refused = False
    with opened() as (settings, archive), UnitOfWork(archive.engine) as work:
        for row in list(read(Club(work), text, datetime.now(settings.zone), whole=whole)):
            refused |= row.status == "refused"
            code = f"：開通 {row.code}" if row.code else ""
            show(as_json, asdict(row), f"{SAID[row.status]} {row.who} {row.plan}{row.why and f'（{row.why}）'}{code}")
        work.commit()
    raise typer.Exit(1 if refused else 0)
