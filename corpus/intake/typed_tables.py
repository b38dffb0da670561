"""Tables in a plain text: rows whose cells are parted by tabs, as a browser or a spreadsheet copies them, by Markdown's bars, or,
where they are figures under a header, by blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.essay import Table
from corpus.intake.lines import TextLine, width

WIDEST_CELL = 60.0  # in Han widths; what is longer is told, not listed
_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?")
_FIGURE = re.compile(r"[-+(]?[$¥€]?\d[\d,.]*\s?(?:%|％|倍|[元億萬兆]+|x)?\)?|[-–—]+|n/?a", re.IGNORECASE)
_TIME = re.compile(
    r"(?:fy)?(?:19|20)\d\d(?:[/.-]?\d{1,2}|年|[ef]|\s?q[1-4])?|\d{3}年|(?:[1-4]q|q[1-4])(?:\d\d)?|\d{1,2}月|第[一二三四]季",
    re.IGNORECASE,
)
_LONGEST_ROW = 100  # characters
_BAR = re.compile(r"(?<!\\)\|")


def table_at(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """Return the table that begins with a line, and where the lines below it begin; None where none does."""
    first = lines[start]
    if first.role is not None:
        return None
    if not ("\t" in first.text or "|" in first.text):
        return _spaced(lines, start)
    end = start + 1
    while end < len(lines) and not lines[end].gap and lines[end].role is None:
        end += 1
    block = lines[start:end]
    return _barred(block, start) or _tabbed(block, start)


def _figures(text: str) -> tuple[str, ...]:
    """Return the figures that a row ends in, parted by blanks: 8,670 and 10,500 of 「營收 8,670 10,500」; none of prose."""
    parts = text.split() if len(text) <= _LONGEST_ROW else []
    label = next((at for at in range(len(parts), 0, -1) if not _FIGURE.fullmatch(parts[at - 1])), 0)
    return tuple(parts[label:])


def _spaced(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """Return the table of rows with a label and a figure for each column of the header; a single row only where the columns are times."""
    header = tuple(lines[start].text.split())
    rows: list[tuple[str, ...]] = []
    if len(header) < 2 or any(_FIGURE.fullmatch(name) and not _TIME.fullmatch(name) for name in header):
        return None
    for at in range(start + 1, len(lines)):
        row = _row(lines[at])
        if len(row) < 3 or len(header) not in (len(row) - 1, len(row)) or (rows and len(row) != len(rows[0])):
            break
        if not rows and all(map(_TIME.fullmatch, row[1:])):  # the header itself, under a title
            break
        rows.append(row)
    if len(rows) < 2 and not (rows and all(map(_TIME.fullmatch, header[len(header) + 1 - len(rows[0]) :]))):
        return None
    return Table(header if len(header) == len(rows[0]) else ("", *header), tuple(rows)), start + 1 + len(rows)


def _row(line: TextLine) -> tuple[str, ...]:
    """Return a label and the figures behind it; nothing where there is a gap above, or no label."""
    figures = () if line.gap or line.role is not None else _figures(line.text)
    label = " ".join(line.text.split()[: -len(figures)]) if figures else ""
    return (label, *figures) if label else ()


def _tabbed(lines: Sequence[TextLine], start: int) -> tuple[Table, int] | None:
    """Return the table of two rows or more of as many cells; the header may lack the first one, which is often empty."""
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
    """Return the table of rows between bars under a header and a rule."""
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
