"""What goes between the process that reads a file and the one that asked for it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from corpus.essay import Block, BlockKind, Essay, Hyperlink, Picture, Series, Table, Visibility
from corpus.intake.extracted import LeftOut, Reason
from corpus.intake.parsing import parse_apart, parse_replies
from corpus.intake.sandbox_protocol import Limits, ParseJob, ParseReply

ROOT = Path(__file__).parents[3]
READERS = ("corpus.intake.sandbox_worker", "corpus.intake.sources.reading_process")

WHOLE = Essay(
    "變壓器的「十年訂單」\u2028",
    (
        Block(BlockKind.HEADING, "誰先受惠"),
        Block(BlockKind.TEXT, "見這裡。\n第二行", links=(Hyperlink(1, 3, "https://example.com/a"),)),
        Block(BlockKind.TABLE, "單價：3", table=Table(("項目", "單價"), (("水冷板", "3"), ("", "𠀋")), "價目")),
        Block(BlockKind.PICTURE, "", picture=Picture("https://example.com/a.png", "圖")),
        Block(BlockKind.QUOTE, "別人說的", author="王小明"),
        Block(BlockKind.NOTE, "註", mark="1"),
    ),
    author="林怡君",
    source="產業週記",
    url="https://example.com/b",
    published=date(2026, 3, 5),
    tags=("電網", "重電"),
    further_reading=("另一篇",),
    visibility=Visibility.of_plans(("季訂", "年訂")),
    lead="前言",
    open_blocks=2,
    series=Series("電網", 3),
)


@pytest.mark.parametrize(
    "reply",
    [
        ParseReply((WHOLE, Essay("空", ())), (LeftOut("選單 | 首頁", Reason.MENU, essay=1, before=2),)),
        ParseReply(what="檔案壞了", do="請重新存檔"),
    ],
    ids=["what was read", "why it was not"],
)
def test_a_reply_comes_back_as_it_was(reply: ParseReply) -> None:
    assert reply.line.count(b"\n") == 1
    assert parse_replies().validate_json(reply.line) == reply


def test_a_job_comes_back_as_it_was() -> None:
    job = ParseJob("名字\n.pdf", "text/html", Limits(cpu_seconds=3))
    assert job.line.count(b"\n") == 1
    assert ParseJob.read(job.line) == job


@pytest.mark.slow
@pytest.mark.parametrize("replies", [0, 2])
def test_a_process_that_says_more_or_less_than_it_was_asked_is_not_believed(replies: int) -> None:
    job = ParseJob("a.txt", "", Limits())
    assert parse_apart(READERS[0], job.line + "一段話。".encode() * 20, replies, 60) is None


@pytest.mark.slow
def test_the_readers_start_without_what_only_their_askers_need() -> None:
    show = f"import sys, {', '.join(READERS)}; print(*{{'pydantic', 'sqlalchemy', 'markdown_it', 'yaml'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
