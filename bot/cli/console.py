"""The common parts of the commands: the application, how results and complaints are printed, the archive they open."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import program_version

if TYPE_CHECKING:
    from bot.config import Settings
    from corpus.library import ArchiveResources


class TerminalCommand(typer.core.TyperCommand):
    """A command that writes logs when it is really run, not only asked for its help."""

    def invoke(self, ctx: Any) -> Any:
        write_logs()
        return super().invoke(ctx)


class CommandGroup(typer.Typer):
    """Commands under one name; their help is plain text, which is there in half the time."""

    def __init__(self, name: str, help: str, *, runs_alone: bool = False) -> None:
        super().__init__(
            name=name,
            help=help,
            no_args_is_help=not runs_alone,
            invoke_without_command=runs_alone,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
        )

    def command(self, name: str | None = None, **more: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=TerminalCommand, **more)


app = CommandGroup("luopan", "羅盤：社群文章的 LINE 查詢機器人")

Files = Annotated[
    list[Path],
    typer.Argument(help="文字、Markdown、HTML、PDF、docx 檔，或存下來的信與網頁（eml、mhtml）", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="標準輸出只印 JSON，一行一個")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from bot.migrate import newest_schema

        typer.echo(f"luopan {program_version()}, schema {newest_schema()}, index tantivy {version('tantivy')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="版本、資料庫結構、索引", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """羅盤：社群文章的 LINE 查詢機器人"""


def write_logs() -> None:
    """Write warnings and worse to stderr."""
    from bot import logs

    logs.configure(logging.WARNING)  # `serve` and `worker` tell more


def complain(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


def show(as_json: bool, value: dict[str, Any], line: str) -> None:
    """Print one result: a JSON object a line, or a line for people."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else line)


@contextmanager
def opened() -> Iterator[tuple[Settings, ArchiveResources]]:
    """Open the archive that the settings name; an empty database is set up, one of another version is refused."""
    from bot.config import read_settings
    from bot.migrate import open_archive

    settings = read_settings()
    yield settings, open_archive(settings)
