"""Tables of a page: which hold data, which only lay the page out; their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from corpus.essay import Table
from corpus.intake.web.text_runs import TextRun, lowered, raised, squeezed

LONGEST_CELL = 120  # characters; a table whose cells are longer on the average lays out text
MOST_COLUMNS = 60
MOST_SPAN = 60

_BLOCKS = ("p", "ul", "ol", "h1", "h2", "h3", "h4", "article", "section", "blockquote", "form", "table")
_FIGURE = re.compile(r"[-+−▲▼(]?\s?(?:NT\$|US\$|\$)?[\d.,]*\d[\d.,]*\s?[%％倍元億萬千xX)]*")
_PARTS = ("br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt")
_CODE = ("script", "style", "noscript", "template")


def is_data_table(table: HtmlElement) -> bool:
    """Tell whether a table holds data: cells in rows and columns, each a short text and no part of a page."""
    if table.get("role") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 and not any(cell.tag == "th" for row in rows for cell in row):
        return False
    if not rows or max(map(len, rows)) < 2:
        return False
    cells = [cell for row in rows for cell in row]
    lengths = [len(squeezed("".join(cell.itertext()))) for cell in cells]
    filled = [length for length in lengths if length]
    if not filled or len(filled) < 0.3 * len(cells) or sum(filled) / len(filled) > LONGEST_CELL:
        return False
    return sum(1 for cell in cells if sum(1 for _ in islice(cell.iterdescendants(*_BLOCKS), 3)) > 2) < 0.2 * len(cells)


def table_of(table: HtmlElement) -> Table:
    """Return a table's cells by row and column; rows of headings at the top name the columns.

    A cell that spans rows stands in each, a heading that spans columns in each of them. What else spans columns stands in the first
    alone: a figure for two years together is neither year's.
    """
    grid = list(_grid(table))
    heads = 0
    while heads < len(grid) - 1 and grid[heads][0]:
        heads += 1
    rows = [cells for _, cells in grid]
    if not heads and len(rows) > 1 and _names_columns(rows):
        heads = 1
    widest = max(map(len, rows), default=0)
    rows = [row + [""] * (widest - len(row)) for row in rows]
    header = (
        tuple(" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows[:heads], strict=True))
        if heads
        else ()
    )
    caption = table.find("caption")
    said = squeezed("".join(caption.itertext())) if caption is not None else ""
    return Table(header, tuple(tuple(row) for row in rows[heads:] if any(row)), said)


def _grid(table: HtmlElement) -> Iterator[tuple[bool, list[str]]]:
    """Yield for each row whether it names the columns, and its cells by column."""
    hanging: dict[int, tuple[int, str]] = {}  # cells of rows above that reach down: rows left, text
    for row in table.iter("tr"):
        cells: list[str] = []
        in_head = row.getparent().tag == "thead"
        named = True
        given = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in given:
            _hang(cells, hanging)
            text, wide, deep = _cell_text(cell), _span(cell, "colspan"), _span(cell, "rowspan")
            named = named and cell.tag == "th"
            for extra in range(wide):
                shown = text if not extra or in_head or cell.tag == "th" else ""
                if deep > 1:
                    hanging[len(cells)] = (deep - 1, shown)
                cells.append(shown)
        _hang(cells, hanging)
        if given:
            yield (named or in_head), cells[:MOST_COLUMNS] + _beyond(cells)


def _beyond(cells: list[str]) -> list[str]:
    rest = " ".join(filter(None, cells[MOST_COLUMNS:]))
    return [rest] if rest else []


def _hang(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Fill the columns that a cell of a row above reaches down to."""
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(MOST_SPAN, int(value))) if re.fullmatch("[0-9]{1,4}", value) else 1


def _names_columns(rows: list[list[str]]) -> bool:
    """Tell whether the first row reads like names: no figures in it but in its column of names, figures under it."""
    first, rest = rows[0][1:], [cell for row in rows[1:] for cell in row[1:] if cell]
    figures = sum(1 for cell in rest if _FIGURE.fullmatch(cell))
    return bool(first) and all(first) and not any(map(_FIGURE.fullmatch, first)) and figures >= 0.5 * max(1, len(rest))


def _cell_text(cell: HtmlElement) -> str:
    """Return the text of a cell on one line."""
    run = TextRun()
    for event, element in _events(cell):
        if event == "text":
            run.add(element)
        else:
            run.add(" ")
    return run.text


def _events(cell: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield the texts of a cell with a break wherever an element of its own begins or ends."""
    stack: list[tuple[HtmlElement, Iterator[HtmlElement], str]] = [(cell, iter(cell), "")]
    yield "text", cell.text or ""
    while stack:
        element, children, script = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                if element.tag in _PARTS:
                    yield "break", ""
                yield "text", _shown(element.tail, stack[-1][2])
            continue
        if not isinstance(child.tag, str) or child.tag in _CODE:
            yield "text", _shown(child.tail, script)
            continue
        if child.tag in _PARTS:
            yield "break", ""
        inner = child.tag if child.tag in ("sup", "sub") else script
        yield "text", _shown(child.text, inner)
        stack.append((child, iter(child), inner))


def _shown(text: str | None, script: str) -> str:
    if not text:
        return ""
    return raised(text) if script == "sup" else lowered(text) if script == "sub" else text
