"""`luopan bench digests`: ninety days of two communities, and a hundred thousand digests due at one moment."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from bot.dev.bench.report import Line, Row, Sheet
from tests.simulation.digest_load import rush
from tests.simulation.oracle import Tally
from tests.simulation.soak import BIG, SMALL, Community, Winter

WINTER = (
    Line("community", "社群"),
    Line("limit", "方案(每月則數)"),
    Line("digests", "送到的摘要"),
    Line("rode", "搭回覆的順風車"),
    Line("alone", "用別人說話的權杖單獨送"),
    Line("pushed", "推播"),
    Line("price", "每則都推播要花的則數"),
    Line("spent", "實際花的則數"),
    Line("share", "花費比例(%)", "≤ 10(大社群)"),
    Line("most_in_a_month", "最多的一個月", "≤ 方案"),
    Line("missed", "時限內該到而沒到", "0"),
    Line("doubled", "重複送", "0"),
    Line("repeated", "重複的段落", "0"),
    Line("leaked", "洩漏的會員內容", "0"),
    Line("unclear", "LINE 始終沒說有沒有收到"),
    Line("silent", "時限內沒人說話、也不能推播"),
    Line("skipped", "整個時限都沒有行程在跑"),
    Line("failures", "安排的 LINE 故障"),
    Line("crashes", "送到一半死掉的行程"),
)
RUSH = (
    Line("rows", "同時到期"),
    Line("planning", "計畫(秒)"),
    Line("sending", "凍結、送出、記帳(秒)"),
    Line("rate", "每秒幾則", "≥ 500"),
    Line("arrived", "收到的人", "= 到期的"),
    Line("doubled", "收到兩次的人", "0"),
    Line("memory_before", "記憶體高點:之前(MB)"),
    Line("memory_half", "一半時(MB)"),
    Line("memory_end", "結束時(MB)"),
)


def sheets(note: Callable[[str], None], *, days: int = 90, rows: int = 100_000, seed: int = 1) -> Iterator[Sheet]:
    """Two sheets; `note` is told what goes on."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # failures are planned here
    try:
        found = []
        for community in (BIG, SMALL):
            note(f"{community.name},{days} 天…")
            with tempfile.TemporaryDirectory() as folder:
                found.append(_row(community, Winter(community, Path(folder), days, seed).run()))
        yield Sheet("digests", WINTER, found)
        note(f"{rows} 則同時到期…")
        yield Sheet("rush", RUSH, [_rush(rows)])
    finally:
        structlog.configure(**before)


def _row(community: Community, tally: Tally) -> Row:
    spent = sum(tally.spent.values())
    return {
        "community": community.name,
        "limit": community.limit,
        "digests": tally.digests,
        "rode": tally.rode,
        "alone": tally.alone,
        "pushed": tally.pushed,
        "price": tally.price,
        "spent": spent,
        "share": 100 * spent / max(1, tally.price),
        "most_in_a_month": max(tally.spent.values(), default=0),
        "missed": tally.missed,
        "doubled": tally.doubled,
        "repeated": tally.repeated,
        "leaked": tally.leaked,
        "unclear": tally.unclear,
        "silent": tally.silent,
        "skipped": tally.skipped,
        "failures": tally.failures,
        "crashes": tally.crashes,
    }


def _rush(rows: int) -> Row:
    found = rush(rows)
    return {
        "rows": found.rows,
        "planning": found.planning,
        "sending": found.sending,
        "rate": found.rate,
        "arrived": found.arrived,
        "doubled": found.doubled,
        "memory_before": found.memory[0],
        "memory_half": found.memory[1],
        "memory_end": found.memory[2],
    }
