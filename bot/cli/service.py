"""The commands over the running bot; each loads what it needs when it runs."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import Json, app, complain, opened, show

TIMES = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S.%f%z"]


class Bench(StrEnum):
    """The parts that `luopan bench` can measure."""

    HOUSE = "house"
    SEARCH = "search"
    SCAN = "scan"
    SCALE = "scale"


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="埠號，預設取自 PORT")] = None,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="同一個行程也送摘要")] = False,
    host: Annotated[str, typer.Option(help="監聽位址")] = "0.0.0.0",  # noqa: S104
) -> None:
    """開網頁行程：收 LINE 的訊息、回答、給閱讀頁。"""
    from bot.cli.serve import serve as run
    from bot.config import read_settings

    run(read_settings(), host=host, port=port, with_worker=with_worker)


@app.command()
def worker(
    now: Annotated[
        datetime | None, typer.Option(help="把排程撥到這個時間，例如 2026-11-23T08:30", formats=TIMES)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="到期的都送完就結束；有沒送出的，結束碼是 1")] = False,
) -> None:
    """排程與寄送：計畫到期的摘要、送出、收尾；要開幾個都可以。"""
    from bot.cli.worker import run_worker
    from bot.config import read_settings

    raise typer.Exit(run_worker(read_settings(), now, once=once))


@app.command()
def quota(as_json: Json = False) -> None:
    """這個月的推播則數。"""
    from bot.cli.quota import quota_report
    from bot.config import read_settings

    value, line = quota_report(read_settings())
    show(as_json, value, line)


@app.command()
def simulator(
    port: Annotated[int, typer.Option(help="模擬器的埠號")] = 8080,
    callback: Annotated[str, typer.Option(help="機器人的 webhook")] = "http://127.0.0.1:8000/callback",
    quota: Annotated[int, typer.Option(help="一個月的則數")] = 200,
) -> None:
    """這台機器上的 LINE：有聊天頁，也有機器人要用的 API。"""
    from bot.config import read_settings
    from bot.dev.simulator.app import serve as run
    from bot.dev.simulator.platform import Platform

    settings = read_settings()
    platform = Platform(settings.line_channel_secret, settings.line_channel_access_token, callback, monthly_limit=quota)
    typer.echo(f"模擬器：http://127.0.0.1:{port}/")
    run("127.0.0.1", port, platform)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="聊天頁的埠號；被占用時換一個")] = 8080,
) -> None:
    """範例文章、機器人和模擬器一次開好，在瀏覽器裡聊。"""
    from bot.cli.demo import run_demo

    run_demo(port)


@app.command()
def chat(
    group: Annotated[bool, typer.Option("--group", help="在群組裡說話")] = False,
    user: Annotated[str, typer.Option(help="以誰的身分說話")] = "小安",
    as_json: Annotated[
        bool, typer.Option("--json", help="從標準輸入讀「小安: 說明」「[投資群] 美玲: @羅盤 2330」，每行印一個 JSON")
    ] = False,
) -> None:
    """在終端機裡聊天，走的是同一扇門。"""
    from bot.cli.chat import ScriptError, replies, run_chat
    from bot.config import read_settings

    if not as_json:
        run_chat(read_settings(), group=group, user=user)
        return
    try:
        for value in replies(read_settings(luopan_rate=0), sys.stdin):  # a script types faster than people do
            show(True, value, "")
            sys.stdout.flush()
    except ScriptError as error:
        complain(str(error))
        raise typer.Exit(2) from error


@app.command()
def connect(as_json: Json = False) -> None:
    """把 LINE 頻道接好：設定並測試 webhook 網址，放上圖文選單；可以重複執行。"""
    from bot.cli.connect import connect_channel
    from bot.config import read_settings
    from bot.line.client import line_client
    from bot.migrate import open_archive
    from corpus.database import UnitOfWork
    from handlers.club.club import Club

    settings = read_settings()
    if problems := [*settings.line_problems(), *([] if settings.public_url else ["沒有 PUBLIC_URL"])]:
        complain(*problems)
        raise typer.Exit(2)
    with UnitOfWork(open_archive(settings).engine) as work:
        readers = Club(work, settings.owners).people.readers(datetime.now(settings.zone))
    roles = {user: standing.role for user, standing in readers.items()}
    findings = list(connect_channel(line_client(settings), settings.public_url, roles))
    for finding in findings:
        show(as_json, {"ok": finding.ok, "what": finding.what, "do": finding.do}, finding.line)
    raise typer.Exit(0 if all(finding.ok is not False for finding in findings) else 1)


@app.command()
def doctor(
    as_json: Json = False,
    event: Annotated[str, typer.Option(help="一個事件的 webhookEventId：為什麼回了或沒回")] = "",
) -> None:
    """檢查設定和 LINE 頻道，說清楚哪裡要改。"""
    from bot.cli.checks_of_event import check_event
    from bot.cli.doctor import examine
    from bot.config import read_settings

    findings = [check_event(read_settings(), event)] if event else examine()
    for finding in findings:
        show(as_json, {"ok": finding.ok, "what": finding.what, "do": finding.do}, finding.line)
    raise typer.Exit(0 if all(finding.ok is not False for finding in findings) else 1)


@app.command()
def codes(
    count: Annotated[int, typer.Option(help="幾組", min=1, max=1000)] = 10,
    days: Annotated[int | None, typer.Option(help="會員資格幾天；不給就是長期", min=1)] = None,
    valid: Annotated[int, typer.Option(help="幾天內要開通", min=1, max=3650)] = 90,
    plan: Annotated[str | None, typer.Option(help="哪一個方案；不給就是一般會員")] = None,
    name: Annotated[str, typer.Option(help="這一批的名字")] = "",
    as_json: Json = False,
) -> None:
    """做一批會員開通碼：一組一行，只會印這一次。"""
    from bot.cli.plans import known_plans
    from corpus.visibility import plan_name
    from handlers.club.member_codes import make_codes

    with opened() as (settings, archive):
        chosen = plan_name(plan) if plan else None
        if plan and chosen not in known_plans(archive.engine):
            complain(f"沒有這個方案：{plan}。先用 luopan plans add 新增。")
            raise typer.Exit(2)
        made = make_codes(
            archive.engine, datetime.now(settings.zone), count=count, days=days, valid=valid, plan=chosen, name=name
        )
        for code, until in made:
            show(as_json, {"code": code, "plan": chosen, "days": days, "use_before": until.isoformat()}, code)


@app.command()
def bench(
    what: Annotated[list[Bench] | None, typer.Argument(help="量什麼；不給就是 house scan", show_default=False)] = None,
    pages: Annotated[list[Path] | None, typer.Option("--pages", help="用這些頁面，不用範例；可以給好幾次")] = None,
    essays: Annotated[int, typer.Option(help="合成幾篇來量大的資料庫；0 就不量", min=0)] = 10_000,
    questions: Annotated[Path | None, typer.Option("--questions", help="search 用的題庫 JSON，配 --pages")] = None,
    sets: Annotated[
        Path | None, typer.Option("--sets", help="search：這個資料夾裡的題庫，每一份都用沒看過它的校準來量")
    ] = None,
    most: Annotated[int, typer.Option("--most", help="--sets 每份最多幾題；0 是全部", min=0)] = 0,
    fit: Annotated[bool, typer.Option("--fit", help="--sets 量之前，把全部題庫校準出的權重寫進程式")] = False,
    peers: Annotated[bool, typer.Option(help="也量其他做法")] = True,
    paragraphs: Annotated[
        list[int] | None,
        typer.Option("--paragraphs", help="scale：幾段的資料庫；可以給好幾次，不給就是一萬、十萬、一百萬", min=100),
    ] = None,
    as_json: Json = False,
) -> None:
    """量效能：回覆要多久、開機多快、用多少記憶體、讀文章多快。"""
    from rich.console import Console

    from bot.dev.bench import SearchSets, run

    given = SearchSets(questions, sets, most, fit, peers)
    for sheet in run(what or [Bench.HOUSE, Bench.SCAN], pages or [], essays, complain, given, paragraphs or ()):
        if as_json:
            typer.echo("\n".join(sheet.json()))
        else:
            Console().print(sheet.table())
