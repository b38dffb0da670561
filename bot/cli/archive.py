"""The commands over the archive; each loads what it needs when it runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.console import Files, Json, app, complain, opened, show


@app.command()
def split(files: Files, as_json: Json = False) -> None:
    """把檔案切成一篇篇文章，只看不存。"""
    from bot.cli.import_files import parse_files
    from corpus.essay import BlockKind

    failed = False
    for file, found in parse_files(files, complain):
        failed |= found is None
        for number, essay in enumerate(found.essays if found else ()):
            left_out = [{"text": left.text, "reason": str(left.reason)} for left in found.of(number)] if found else []
            value = {
                "source": str(file),
                "title": essay.title,
                "published": essay.published.isoformat() if essay.published else None,
                "author": essay.author,
                "tags": list(essay.tags),
                "headings": list(essay.headings),
                "paragraphs": [
                    block.plain for block in essay.blocks if block.kind is not BlockKind.HEADING and block.plain
                ],
                "further_reading": list(essay.further_reading),
                "left_out": left_out,
            }
            dated = value["published"] or "日期未標示"
            show(
                as_json,
                value,
                f"{essay.title}\n  {dated}，{len(essay.headings)} 個小標，{len(essay.paragraphs)} 段，沒收進來 {len(left_out)} 行",
            )
    raise typer.Exit(1 if failed else 0)


@app.command()
def scan(files: Files, as_json: Json = False) -> None:
    """檔案裡有哪些個股與主題。"""
    from bot.cli.import_files import scan_files

    raise typer.Exit(_show_each(as_json, scan_files(files, complain)))


@app.command()
def add(
    files: Files,
    as_json: Json = False,
    backfill: Annotated[bool, typer.Option("--backfill", help="補舊文：不當新文章通知任何人")] = False,
    with_drafts: Annotated[bool, typer.Option("--with-drafts", help="匯出檔裡的草稿和頁面也收")] = False,
    members: Annotated[bool, typer.Option("--members", help="只給會員看全文")] = False,
    visibility: Annotated[
        str | None, typer.Option("--visibility", help="給誰看全文：public、members，或方案名稱（逗號分隔）")
    ] = None,
) -> None:
    """把檔案裡的文章加進資料庫；重複執行沒關係。"""
    from bot.cli.import_files import AddOptions, add_files
    from bot.cli.plans import chosen_visibility, known_plans

    with opened() as (settings, archive):
        now = datetime.now(settings.zone)
        plans = known_plans(archive.engine)
        chosen = chosen_visibility("members" if members and visibility is None else visibility, plans)
        options = AddOptions(news=not backfill, drafts=with_drafts, visibility=chosen, plans=plans)
        failed = _show_each(as_json, add_files(archive, files, now, complain, options))
    raise typer.Exit(failed)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="問題", show_default=False)] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="一行一題的檔案，或題庫 JSON")] = None,
    as_json: Json = False,
    members: Annotated[bool, typer.Option("--members", help="以會員身分問")] = False,
    ranked: Annotated[int, typer.Option(help="不管答不答得到，都列出前幾篇；量排序用", min=0, max=100)] = 0,
) -> None:
    """問一題，或一次問一整個檔案。"""
    from bot.cli.ask import QuestionRunner, questions_in

    if text is None and batch is None:
        raise typer.BadParameter("給一個問題，或用 --batch 指定檔案")
    with opened() as (settings, archive):
        asker = QuestionRunner(archive, settings, members=members)
        for question in questions_in(batch) if batch else [text or ""]:
            value = asker.ask(question, ranked)
            show(as_json, value, asker.line(value))


@app.command()
def digest(
    keys: Annotated[list[str], typer.Argument(help="代號，或主題的名稱", show_default=False)], as_json: Json = False
) -> None:
    """一檔個股或一個主題的重點原文。"""
    from bot.cli.ask import digest_of

    with opened() as (_, archive):
        for key in keys:
            value = digest_of(archive, key)
            lines = [f"・{s['text']}（〈{s['title']}〉）" for s in value["sentences"]]
            show(as_json, value, "\n".join([key, *lines]))


@app.command()
def refit(
    questions: Annotated[
        list[Path] | None, typer.Option("--questions", help="標好答案的題庫 JSON；可以給好幾次")
    ] = None,
    house_only: Annotated[bool, typer.Option("--house-only", help="只看這裡的題目，不加附的題庫")] = False,
    write: Annotated[bool, typer.Option("--write", help="寫下來；服務重開後照新的門檻")] = False,
    as_json: Json = False,
) -> None:
    """照題庫、沒答到的和答非所問，重算多有把握才回答。"""
    from bot.cli import calibrate

    with opened() as (settings, archive):
        try:
            judge, count = calibrate.calibrate(
                archive, questions or [], datetime.now(settings.zone), house_only=house_only
            )
        except (OSError, ValueError, KeyError) as error:
            complain(f"不能重算：{error}")
            raise typer.Exit(1) from error
        path = calibrate.save_thresholds(judge, archive) if write else None
    value = {"questions": count, "answer": judge.answer, "choices": judge.choices, "strict": judge.strict}
    line = f"{count} 題：一對一 {judge.answer:.2f} 回答、{judge.choices:.2f} 給選項；群組 {judge.strict:.2f} 回答"
    show(as_json, value, f"{line}\n{f'寫進 {path}' if path else '只算不寫；要寫加 --write'}")


def _show_each(as_json: bool, lines: Iterable[tuple[dict[str, Any] | None, str]]) -> bool:
    """Show what became of each file; return whether one of them could not be read."""
    failed = False
    for value, line in lines:
        if value is None:
            failed = True
        else:
            show(as_json, value, line)
    return failed
