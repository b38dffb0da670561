"""`luopan source`: whole sites into the archive with one line, and kept up from then on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from bot.cli.console import CommandGroup, Json, app, complain, opened, show
from corpus.intake.sources.source import SourceRule

source_app = CommandGroup("source", "整個網站收進來，之後自己跟著更新")
app.add_typer(source_app)

MOMENTS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S.%f%z")
Address = Annotated[str, typer.Argument(help="網站的網址", show_default=False)]
Rule = Annotated[
    SourceRule | None, typer.Option("--rule", help="之後的新文章：draft 先當草稿、shelve 只上架、publish 上架並通知")
]


@source_app.command()
def add(
    url: Address,
    rule: Rule = None,
    yes: Annotated[bool, typer.Option("--yes", help="不問，直接收進來")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="這是我的網站：不必照 robots.txt")] = False,
    as_json: Json = False,
) -> None:
    """先看網站有什麼，再把全部文章收進來；中斷了再打一次就會接下去。"""
    from bot.cli import import_sources

    with opened() as (settings, archive):
        sites = import_sources.SiteImport(settings, archive)
        known = sites.find(url) or sites.discover(url, rule or SourceRule.DRAFT, ours=ours, complain=complain)
        if known is None:
            raise typer.Exit(1)
        if known.id == 0 and not (yes or _agreed()):
            complain("沒有收。要收進來請加 --yes")
            raise typer.Exit(0)
        source = sites.take_in(known, rule, ours=ours)
        refused = sites.walk([source], datetime.now(settings.zone), as_json, complain)
    raise typer.Exit(1 if refused else 0)


@source_app.command("list")
def list_sources(as_json: Json = False) -> None:
    """有哪些來源，各收了幾篇，下次什麼時候看。"""
    from bot.cli import import_sources

    with opened() as (settings, archive):
        for value, line in import_sources.SiteImport(settings, archive).listed():
            show(as_json, value, line)


@source_app.command()
def sync(
    url: Annotated[str | None, typer.Argument(help="只看這個來源", show_default=False)] = None,
    now: Annotated[datetime | None, typer.Option("--now", formats=list(MOMENTS), help="當作是這個時刻")] = None,
    as_json: Json = False,
) -> None:
    """現在就看來源有什麼新的、改過的、拿掉的。"""
    from bot.cli import import_sources

    with opened() as (settings, archive):
        sites = import_sources.SiteImport(settings, archive)
        found = sites.find(url) if url else None
        if url and found is None:
            complain(f"{url}：沒有這個來源。先打 luopan source add {url}")
            raise typer.Exit(1)
        moment = now or datetime.now(settings.zone)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=settings.zone)
        refused = sites.walk([found] if found else sites.every(), moment, as_json, complain)
    raise typer.Exit(1 if refused else 0)


@source_app.command()
def remove(url: Address, as_json: Json = False) -> None:
    """不再跟這個來源；已經收進來的文章還在。"""
    from bot.cli import import_sources

    with opened() as (settings, archive):
        if not import_sources.SiteImport(settings, archive).remove(url, as_json):
            complain(f"{url}：沒有這個來源。")
            raise typer.Exit(1)
    (complain if as_json else typer.echo)("不再跟這個來源了；文章都還在。")


def _agreed() -> bool:
    import sys

    return sys.stdin.isatty() and typer.confirm("收進來？", err=True)
