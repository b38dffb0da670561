"""The commands over the database as a whole: its schema, safe copies, and bringing one back."""

from __future__ import annotations

import re
import signal
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import app, complain
from bot.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.config import Settings

_SPAN = re.compile(r"(\d+)\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
NAME = "luopan-{at:%Y%m%d-%H%M%S}.gz"
NAMED = "luopan-[0-9]*-[0-9]*.gz"


@app.command()
def migrate() -> None:
    """把資料庫升到最新的結構。"""
    from bot.config import read_settings
    from bot.migrate import current_schema, newest_schema
    from bot.migrate import migrate as run

    engine = _engine(read_settings())
    before = current_schema(engine)
    changed = run(engine)
    typer.echo(f"資料庫從 {before or '空的'} 升到 {newest_schema()}。" if changed else "資料庫已是最新。")


@app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="備份檔或資料夾；不給就放資料庫旁邊的 backups", show_default=False)
    ] = None,
    every: Annotated[str, typer.Option("--every", help="一直備份下去，每隔多久一次：30m、12h、1d")] = "",
    keep: Annotated[int, typer.Option("--keep", help="資料夾裡留最新的幾份；0 全留", min=0)] = 0,
    check: Annotated[bool, typer.Option("--check", help="寫完還原到暫時的資料庫，確認拿得回來")] = False,
    empty_too: Annotated[bool, typer.Option("--empty-too", help="沒有文章的資料庫也備份")] = False,
) -> None:
    """把整個資料庫存成一個檔案，服務不用停；說裡面有什麼。"""
    from bot.config import read_settings

    settings = read_settings()
    wait = _span(every) if every else None
    engine = _existing(settings)
    target = target or settings.backup_folder
    in_folder = wait is not None or keep > 0 or target.is_dir() or target.suffix not in (".gz", ".bak")
    if wait is None:
        raise typer.Exit(0 if _back_up(settings, engine, target, in_folder, keep, check, empty_too) else 1)
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    while not stopping.wait(_until_due(target, wait)):
        if not _back_up(settings, engine, target, in_folder, keep, check, empty_too):
            stopping.wait(min(wait.total_seconds(), 600.0))  # then tried again


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="備份檔")],
    yes: Annotated[bool, typer.Option("--yes", help="不問就換掉（給程式用）")] = False,
    empty_too: Annotated[bool, typer.Option("--empty-too", help="備份裡沒有文章也還原")] = False,
) -> None:
    """用備份檔換掉現在的資料庫（先停服務）；先說兩邊各有什麼。"""
    from bot.cli.backup import BackupError, contents_of, read_contents
    from bot.cli.restore import restore as run
    from bot.config import read_settings
    from corpus.database import reading
    from corpus.storage.serving_lock import DatabaseInUseError, serving_nobody

    engine = _engine(read_settings())
    try:
        with serving_nobody(engine):
            given = read_contents(source)
            if not given.essays and not empty_too:
                raise BackupError("備份裡一篇文章也沒有")
            with reading(engine) as connection:
                now = contents_of(connection)
            typer.echo(f"現在：{now.line if now.schema else '空的資料庫'}\n備份：{given.line}")
            if not yes and not typer.confirm("用備份換掉現在的？"):
                complain("沒有還原；資料庫沒有變。")
                raise typer.Exit(1)
            restored = run(engine, source)
    except typer.Abort as error:
        complain("沒有人回答，沒有還原。在程式裡用的話加 --yes。")
        raise typer.Exit(1) from error
    except DatabaseInUseError as error:
        complain("服務還開著（luopan serve 或 worker），先停掉再還原；資料庫沒有變。")
        raise typer.Exit(1) from error
    except BackupError as error:
        complain(f"{source}：{error}；資料庫沒有變。")
        raise typer.Exit(1) from error
    typer.echo(f"已還原 {restored.essays} 篇文章、共 {restored.rows} 列。")


def _back_up(
    settings: Settings, engine: Engine, target: Path, in_folder: bool, keep: int, check: bool, empty_too: bool
) -> bool:
    """Make one backup and note it in the database; return False, after one clear line, when there is none."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.cli.backup import BackupError, note
    from bot.cli.backup import backup as run
    from bot.cli.restore import check as try_out

    at = datetime.now(settings.zone)
    file = target / NAME.format(at=at) if in_folder else target
    try:
        contents = run(engine, file, at, empty_too=empty_too)
        if check:
            try_out(file)
        note(engine, file, contents, at, checked=check)
    except (BackupError, SQLAlchemyError, OSError) as error:
        from bot.cli import plain_words

        complain(str(error) if isinstance(error, BackupError) else plain_words(error))
        return False
    typer.echo(f"已備份到 {file}：{contents.line}{'，還原試過，沒問題' if check else ''}")
    if in_folder and keep:
        for old in sorted(target.glob(NAMED))[:-keep]:
            old.unlink()
    return True


def _engine(settings: Settings) -> Engine:
    from corpus.database import connect

    if problems := settings.archive_problems():
        raise SettingsError("\n".join(problems))
    return connect(settings.database_url)


def _existing(settings: Settings) -> Engine:
    """Connect to the database that is to be copied; one that is not there is not made."""
    from sqlalchemy import make_url

    if problems := settings.archive_problems():
        raise SettingsError("\n".join(problems))
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        complain(
            f"這裡沒有資料庫：{Path(address.database or '').absolute()}。到服務的資料夾裡執行，或設定 DATABASE_URL。"
        )
        raise typer.Exit(1)
    return _engine(settings)


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text.strip())
    if not found or not int(found[1]):
        raise typer.BadParameter("--every 要像 30m、12h、1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _until_due(folder: Path, wait: timedelta) -> float:
    """Return the seconds until the next backup, from the newest in the folder on, also one of an earlier process."""
    newest = max((file.stat().st_mtime for file in folder.glob(NAMED)), default=0.0)
    return max(0.0, newest + wait.total_seconds() - datetime.now().timestamp())  # noqa: DTZ005
