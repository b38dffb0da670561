"""Tables of printed pages: lines below one another whose pieces stand apart, each under the piece above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.essay import Table
from corpus.intake.lines import width

WIDEST_CELL = 20.0  # in Han widths; what is longer is a line of a column of text
SHORT_CELL = 8.0
LEAST_LISTED = 0.5  # share of the cells that are short or hold a figure
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line that stands apart from the others; in points."""

    text: str
    x: float
    end: float

    @property
    def middle(self) -> float:
        return (self.x + self.end) / 2


Row = Sequence[Cell]


def tables_in(lines: Sequence[Row]) -> Iterator[tuple[range, Table]]:
    """Yield the places of the lines that are rows of one table, and the table."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _could_be_row(lines[end]):
            end += 1
        if (table := _table(lines[start:end])) is not None:
            yield range(start, end), table
        start = max(end, start + 1)


def _could_be_row(line: Row) -> bool:
    return len(line) > 1 and all(width(cell.text) <= WIDEST_CELL for cell in line)


def _table(lines: Sequence[Row]) -> Table | None:
    """Return the lines as rows under the columns of the fullest of them; None where they do not stand under one another."""
    cells = [cell for line in lines for cell in line]
    listed = sum(width(cell.text) <= SHORT_CELL or bool(_FIGURE.search(cell.text)) for cell in cells)
    if len(lines) < 2 or listed < LEAST_LISTED * len(cells):
        return None
    columns = max(lines, key=len)
    rows = [_row(line, columns) for line in lines]
    if any(row is None for row in rows):
        return None
    header, *body = (row for row in rows if row is not None)
    return Table(header, tuple(body))


def _row(line: Row, columns: Row) -> tuple[str, ...] | None:
    """Return a line's cells, each in the column that it stands nearest to; None where two would stand in one."""
    texts = [""] * len(columns)
    for cell in line:
        place = min(range(len(columns)), key=lambda at: min(_apart(cell, columns[at])))
        if texts[place]:
            return None
        texts[place] = cell.text
    return tuple(texts)


def _apart(cell: Cell, column: Cell) -> tuple[float, float, float]:
    """Return how far a cell is from standing flush left, flush right or centred in a column."""
    return abs(cell.x - column.x), abs(cell.end - column.end), abs(cell.middle - column.middle)
