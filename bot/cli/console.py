"""What the commands share: the application, how results and complaints are printed, the archive they open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.config import Settings, read_settings

if TYPE_CHECKING:
    from corpus.library import ArchiveResources

app = typer.Typer(
    name="luopan",
    help="羅盤:社群文章的 LINE 查詢機器人",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Files = Annotated[list[Path], typer.Argument(help="文字、Markdown、HTML、PDF 或 docx 檔", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="標準輸出只印 JSON,一行一個")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from bot.migrate import newest_schema

        typer.echo(f"luopan {version('luopan')}, schema {newest_schema()}, index tantivy {version('tantivy')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="版本、資料庫結構、索引", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """羅盤：社群文章的 LINE 查詢機器人"""


def complain(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


def show(as_json: bool, value: dict[str, Any], line: str) -> None:
    """One result: a JSON object a line, or a line for people."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else line)


@contextmanager
def opened() -> Iterator[tuple[Settings, ArchiveResources]]:
    """The archive that the settings name; an empty database is set up, one of another version is refused."""
    from bot.app import open_archive

    settings = read_settings()
    yield settings, open_archive(settings)
