"""`luopan`: the operator's and tester's tool."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import logs
from bot.config import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from corpus.library import Archive

app = typer.Typer(name="luopan", help="羅盤:社群文章的 LINE 查詢機器人", no_args_is_help=True, add_completion=False)

Files = Annotated[list[Path], typer.Argument(help="文字、Markdown、HTML、PDF 或 docx 檔", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="標準輸出只印 JSON,一行一個")]


TIMES = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S.%f%z"]


class Bench(StrEnum):
    """What `luopan bench` can measure."""

    HOUSE = "house"
    SEARCH = "search"
    SCAN = "scan"
    DIGESTS = "digests"
    CANARIES = "canaries"


def main() -> None:
    """Entry point: settings that cannot work are told in plain words."""
    logs.configure(logging.WARNING)  # `serve` and `worker` tell more
    try:
        app()
    except SettingsError as error:
        complain(*str(error).splitlines())
        raise SystemExit(2) from error


def complain(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


def show(as_json: bool, value: dict[str, Any], line: str) -> None:
    """One result: a JSON object a line, or a line for people."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else line)


@contextmanager
def opened() -> Iterator[tuple[Settings, Archive]]:
    """The archive that the settings name, migrated."""
    from bot.app import open_archive

    settings = read_settings()
    yield settings, open_archive(settings)


# The archive


@app.command()
def split(files: Files, as_json: Json = False) -> None:
    """把檔案切成一篇篇文章,只看不存。"""
    from bot.shelving import essays_of
    from corpus.essay import Kind

    failed = False
    for file, essays in essays_of(files, complain):
        failed |= essays is None
        for essay in essays or ():
            value = {
                "source": str(file),
                "title": essay.title,
                "published": essay.published.isoformat() if essay.published else None,
                "author": essay.author,
                "tags": list(essay.tags),
                "headings": list(essay.headings),
                "paragraphs": [one.plain for one in essay.blocks if one.kind is not Kind.HEADING and one.plain],
                "further_reading": list(essay.further_reading),
            }
            dated = value["published"] or "日期未標示"
            show(as_json, value, f"{essay.title}\n  {dated},{len(essay.headings)} 個小標,{len(essay.paragraphs)} 段")
    raise typer.Exit(1 if failed else 0)


@app.command()
def scan(files: Files, as_json: Json = False) -> None:
    """檔案裡有哪些個股與主題。"""
    from bot.shelving import scanned

    failed = False
    for value, line in scanned(files, complain):
        if value is None:
            failed = True
            continue
        show(as_json, value, line)
    raise typer.Exit(1 if failed else 0)


@app.command()
def add(
    files: Files,
    as_json: Json = False,
    backfill: Annotated[bool, typer.Option("--backfill", help="補舊文:不當新文章通知任何人")] = False,
) -> None:
    """把檔案裡的文章加進資料庫;重複執行沒關係。"""
    from bot.shelving import add_files

    failed = False
    with opened() as (settings, archive):
        for value, line in add_files(archive, files, datetime.now(settings.zone), complain, news=not backfill):
            if value is None:
                failed = True
                continue
            show(as_json, value, line)
    raise typer.Exit(1 if failed else 0)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="問題", show_default=False)] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="一行一題的檔案,或題庫 JSON")] = None,
    as_json: Json = False,
    members: Annotated[bool, typer.Option("--members", help="以會員身分問")] = False,
) -> None:
    """問一題,或一次問一整個檔案。"""
    from bot.asking import Asker, questions_in

    if text is None and batch is None:
        raise typer.BadParameter("給一個問題,或用 --batch 指定檔案")
    with opened() as (settings, archive):
        asker = Asker(archive, settings, members=members)
        for question in questions_in(batch) if batch else [text or ""]:
            value = asker.ask(question)
            show(as_json, value, asker.line(value))


@app.command()
def digest(
    keys: Annotated[list[str], typer.Argument(help="代號,或主題的名稱", show_default=False)], as_json: Json = False
) -> None:
    """一檔個股或一個主題的重點原文。"""
    from bot.asking import digest_of

    with opened() as (_, archive):
        for key in keys:
            value = digest_of(archive, key)
            lines = [f"・{s['text']}(〈{s['title']}〉)" for s in value["sentences"]]
            show(as_json, value, "\n".join([key, *lines]))


@app.command()
def migrate() -> None:
    """把資料庫升到最新的結構。"""
    with opened():
        typer.echo("資料庫已是最新。")


# The bot


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="埠號,預設取自 PORT")] = None,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="同一個行程也送摘要")] = False,
    host: Annotated[str, typer.Option(help="監聽位址")] = "0.0.0.0",  # noqa: S104
) -> None:
    """開網頁行程:收 LINE 的訊息、回答、給閱讀頁。"""
    from bot.server import serve as run

    run(read_settings(), host=host, port=port, with_worker=with_worker)


@app.command()
def worker(
    now: Annotated[
        datetime | None, typer.Option(help="把排程撥到這個時間,例如 2026-11-23T08:30", formats=TIMES)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="到期的都送完就結束;有沒送出的,結束碼是 1")] = False,
) -> None:
    """排程與寄送:計畫到期的摘要、送出、收尾;要開幾個都可以。"""
    from bot.running import work

    raise typer.Exit(work(read_settings(), now, once=once))


@app.command()
def quota(as_json: Json = False) -> None:
    """這個月的推播則數。"""
    from bot.running import month

    value, line = month(read_settings())
    show(as_json, value, line)


@app.command()
def simulator(
    port: Annotated[int, typer.Option(help="模擬器的埠號")] = 8080,
    callback: Annotated[str, typer.Option(help="機器人的 webhook")] = "http://127.0.0.1:8000/callback",
    quota: Annotated[int, typer.Option(help="一個月的則數")] = 200,
) -> None:
    """這台機器上的 LINE:有聊天頁,也有機器人要用的 API。"""
    from bot.simulator.app import serve as run
    from bot.simulator.platform import Platform

    settings = read_settings()
    platform = Platform(settings.line_channel_secret, settings.line_channel_access_token, callback, monthly_limit=quota)
    typer.echo(f"模擬器:http://127.0.0.1:{port}/")
    run("127.0.0.1", port, platform)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="聊天頁的埠號;被占用時換一個")] = 8080,
) -> None:
    """範例文章、機器人和模擬器一次開好,在瀏覽器裡聊。"""
    from bot.stage import run_demo

    run_demo(port)


@app.command()
def chat(
    group: Annotated[bool, typer.Option("--group", help="在群組裡說話")] = False,
    user: Annotated[str, typer.Option(help="以誰的身分說話")] = "小安",
) -> None:
    """在終端機裡聊天,走的是同一扇門。"""
    from bot.stage import run_chat

    run_chat(read_settings(), group=group, user=user)


@app.command()
def doctor(as_json: Json = False) -> None:
    """檢查設定和 LINE 頻道,說清楚哪裡要改。"""
    from bot.doctor import examine

    findings = examine()
    for finding in findings:
        show(as_json, {"ok": finding.ok, "what": finding.what, "do": finding.do}, finding.line)
    raise typer.Exit(0 if all(finding.ok is not False for finding in findings) else 1)


@app.command()
def codes(
    count: Annotated[int, typer.Option(help="幾組", min=1, max=1000)] = 10,
    days: Annotated[int | None, typer.Option(help="會員資格幾天;不給就是長期", min=1)] = None,
    valid: Annotated[int, typer.Option(help="幾天內要開通", min=1, max=3650)] = 90,
    as_json: Json = False,
) -> None:
    """做一批會員開通碼:一組一行,只會印這一次。"""
    from bot.membership import make_codes

    with opened() as (settings, archive):
        for code, until in make_codes(archive.engine, datetime.now(settings.zone), count=count, days=days, valid=valid):
            show(as_json, {"code": code, "days": days, "use_before": until.isoformat()}, code)


@app.command()
def bench(
    what: Annotated[list[Bench] | None, typer.Argument(help="量什麼;不給就是 house scan", show_default=False)] = None,
    pages: Annotated[list[Path] | None, typer.Option("--pages", help="用這些頁面,不用範例;可以給好幾次")] = None,
    essays: Annotated[int, typer.Option(help="合成幾篇來量大的資料庫;0 就不量", min=0)] = 10_000,
    questions: Annotated[Path | None, typer.Option("--questions", help="search 用的題庫 JSON,配 --pages")] = None,
    as_json: Json = False,
) -> None:
    """量效能:回覆要多久、開機多快、用多少記憶體、讀文章多快。"""
    from rich.console import Console

    from bot.bench import run

    for sheet in run(what or [Bench.HOUSE, Bench.SCAN], pages or [], essays, complain, questions):
        if as_json:
            typer.echo("\n".join(sheet.json()))
        else:
            Console().print(sheet.table())


@app.command()
def refit(
    questions: Annotated[
        list[Path] | None, typer.Option("--questions", help="標好答案的題庫 JSON;可以給好幾次")
    ] = None,
    house_only: Annotated[bool, typer.Option("--house-only", help="只看這裡的題目,不加附的題庫")] = False,
    write: Annotated[bool, typer.Option("--write", help="寫下來;服務重開後照新的門檻")] = False,
    as_json: Json = False,
) -> None:
    """照題庫、沒答到的和答非所問,重算多有把握才回答。"""
    from bot import refitting

    with opened() as (settings, archive):
        try:
            judge, count = refitting.refit(archive, questions or [], datetime.now(settings.zone), house_only=house_only)
        except (OSError, ValueError, KeyError) as error:
            complain(f"不能重算:{error}")
            raise typer.Exit(1) from error
        path = refitting.keep(judge, archive) if write else None
    value = {"questions": count, "answer": judge.answer, "choices": judge.choices, "strict": judge.strict}
    line = f"{count} 題:一對一 {judge.answer:.2f} 回答、{judge.choices:.2f} 給選項;群組 {judge.strict:.2f} 回答"
    show(as_json, value, f"{line}\n{f'寫進 {path}' if path else '只算不寫;要寫加 --write'}")


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="備份檔")]) -> None:
    """把整個資料庫存成一個檔案,服務不用停。"""
    from bot.safekeeping import backup as run

    with opened() as (_, archive):
        run(archive.engine, target)
    typer.echo(f"已備份到 {target}")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="備份檔")]) -> None:
    """用備份檔換掉現在的資料庫(先停服務)。"""
    from bot.safekeeping import BackupError
    from bot.safekeeping import restore as run

    with opened() as (_, archive):
        try:
            count = run(archive.engine, source)
        except BackupError as error:
            complain(f"{source}:{error};資料庫沒有變。")
            raise typer.Exit(1) from error
    typer.echo(f"已還原 {count} 列")


if __name__ == "__main__":
    main()
