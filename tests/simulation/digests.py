"""`luopan bench digests`: ninety days of two communities, and a hundred thousand digests due at one moment."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.dev.bench.report import Column, Report, Row
from tests.simulation.digest_load import LINES, row, run_digest_load
from tests.simulation.oracle import Tally
from tests.simulation.soak import BIG, SMALL, SoakProfile, SoakTest
from tests.support.log_lines import kept_by

WINTER = (
    Column("community", "社群"),
    Column("limit", "方案（每月則數）"),
    Column("digests", "送到的摘要"),
    Column("rode", "跟著回覆送"),
    Column("alone", "用別人說話的權杖單獨送"),
    Column("pushed", "推播"),
    Column("price", "每則都推播要花的則數"),
    Column("spent", "實際花的則數"),
    Column("share", "花費比例（%）", "≤ 10（大社群）"),
    Column("most_in_a_month", "最多的一個月", "≤ 方案"),
    Column("missed", "時限內該到而沒到", "0"),
    Column("doubled", "重複送", "0"),
    Column("repeated", "重複的段落", "0"),
    Column("leaked", "洩漏的會員內容", "0"),
    Column("unclear", "LINE 始終沒說有沒有收到"),
    Column("silent", "時限內沒人說話、也不能推播"),
    Column("skipped", "整個時限都沒有行程在跑"),
    Column("failures", "安排的 LINE 故障"),
    Column("crashes", "送到一半死掉的行程"),
)


def sheets(note: Callable[[str], None], *, days: int = 90, rows: int = 100_000, seed: int = 1) -> Iterator[Report]:
    """Two sheets; `note` is told what goes on."""
    with kept_by(lambda _line: None):  # failures are planned here
        found = []
        for community in (BIG, SMALL):
            note(f"{community.name}，{days} 天…")
            with tempfile.TemporaryDirectory() as folder:
                found.append(_row(community, SoakTest(community, Path(folder), days, seed).run()))
        yield Report("digests", WINTER, found)
        note(f"{rows} 則同時到期…")
        yield Report("rush", LINES, [row(run_digest_load(rows))])


def _row(community: SoakProfile, tally: Tally) -> Row:
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
