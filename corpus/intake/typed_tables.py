"""Tables in a plain text: rows whose cells are parted by tabs, as a browser or a spreadsheet copies them, or by Markdown's bars."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.essay import Table
from corpus.intake.lines import TextLine, width

WIDEST_CELL = 60.0  # in Han widths; what is longer is told, not listed
_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?")
_BAR = re.compile(r"(?<!\\)\|")


def table_at(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """The table that begins with a line, and where the lines below it begin; None where none does."""
    first = lines[start]
    if first.role is not None or not ("\t" in first.text or "|" in first.text):
        return None
    end = start + 1
    while end < len(lines) and not lines[end].gap and lines[end].role is None:
        end += 1
    block = lines[start:end]
    return _barred(block, start) or _tabbed(block, start)


def _tabbed(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """Two rows or more of as many cells; the header may lack the first one, which is often empty."""
    rows: list[tuple[str, ...]] = []
    for line in lines:
        cells = tuple(cell.strip() for cell in line.text.split("\t"))
        if len(cells) < 2 or max(map(width, cells)) > WIDEST_CELL:
            break
        rows.append(cells)
    if len(rows) < 2:
        return None
    most = max(map(len, rows))
    if len(rows[0]) == most - 1:
        rows[0] = ("", *rows[0])
    if any(len(row) != most for row in rows):
        return None
    return Table(rows[0], tuple(rows[1:])), start + len(rows)


def _barred(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """Rows between bars under a header and a rule."""
    if len(lines) < 3 or "|" not in lines[0].text or not _RULE.fullmatch(lines[1].text):
        return None
    rows = []
    for line in lines[2:]:
        if not _BAR.search(line.text):
            break
        rows.append(_cells(line.text))
    return (Table(_cells(lines[0].text), tuple(rows)), start + 2 + len(rows)) if rows else None


def _cells(row: str) -> tuple[str, ...]:
    inside = row.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace(r"\|", "|") for cell in _BAR.split(inside))
