"""Tables typed into a plain text: what is a row of figures, and what is prose."""

from __future__ import annotations

import pytest

from corpus.essay import Table
from corpus.intake.lines import TextLine
from corpus.intake.typed_tables import table_at


def _table(text: str) -> Table | None:
    lines = [TextLine(line, gap=False) for line in text.splitlines()]
    found = table_at(lines, 0)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (
            "項目 2023 2024\n營收 8,670 10,500\n毛利率 7.9% 8.0%",
            ["營收　2023：8,670　2024：10,500", "毛利率　2023：7.9%　2024：8.0%"],
        ),
        ("Q1 Q2 Q3\n營收 100 120 130", ["營收　Q1：100　Q2：120　Q3：130"]),
        (
            "公司 股價 漲幅\n台積電 900 +2.3%\n聯發科 1,200 -1%",
            ["台積電　股價：900　漲幅：+2.3%", "聯發科　股價：1,200　漲幅：-1%"],
        ),
        (
            "項目 2024 2025E\n每股盈餘 (元) 4.08 —\n股利 2 3",
            ["每股盈餘 (元)　2024：4.08　2025E：—", "股利　2024：2　2025E：3"],
        ),
    ],
)
def test_figures_apart_by_blanks_under_a_header_are_a_table(typed: str, lines: list[str]) -> None:
    table = _table(typed)
    assert table is not None
    assert table.text.splitlines() == lines


@pytest.mark.parametrize(
    "prose",
    [
        "這三年的財報 重點整理\n項目 2023 2024\n營收 8,670 10,500",  # a title above the header
        "營收 100 120\n毛利 30 40",  # nothing names the columns
        "今天的想法 有兩個\n大盤 100 200",  # one row under words
        "項目 2023 2024\n營收 8,670",
        "台積電 聯電 日月光\n三家都漲",
    ],
)
def test_other_lines_are_none(prose: str) -> None:
    assert _table(prose) is None
