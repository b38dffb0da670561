"""Headings and paragraphs out of the lines of printed pages: a page says by size and place what a text says by marks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.essay import Block, BlockKind, Table
from corpus.intake.leveled import StyledBlock
from corpus.intake.lines import LONGEST_HEADING, bullet, is_numbered, is_prose, width
from corpus.intake.pdf_tables import Cell, tables_in
from corpus.intake.unwrap import first_word

LARGER = 1.12  # a heading's letters, in letters of the body
SMALLER = 0.85  # what stands at a page's edge in such letters is no part of the text
LOOSER = 1.3  # the distance to the next paragraph, in distances between lines
INDENT = 3.0  # letters; lines whose left edges differ by less may be of one column
FULL = 0.2  # of a column's lines end where it ends
SHORT_OF = 4  # letters by which a full line may miss the right margin; by more where a longer word follows

_PAGE_NUMBER = re.compile(r"\W*(?:第\s*|page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?(?:\s*頁)?\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# Fonts of browsers give radicals for the characters that look like them; of the supplement NFKC knows next to none.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
) | {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))}
# Spaces that are none: beside full-width punctuation, and where Chinese meets a bracket, a change of font reads as one.
_PADDED = re.compile(
    r" +(?=[\u3000-\u303f\uff00-\uffef])|(?<=[\u3000-\u303f\uff00-\uffef]) +"
    r"|(?<=[\u3400-\u9fff]) +(?=\()|(?<=\)) +(?=[\u3400-\u9fff])|(?<= ) +"
)


SPACED_PAIRS, SPACED = 2, 0.5  # as many neighbours, and this share of them apart, and a line is letter-spaced
VERTICAL = 0.7  # share of lines of one character on a page set from top to bottom
_WIDE_PAIR = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) ?(?=[\u3000-\u9fff\uff00-\uffef])")
_SPACED_PAIR = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_SPACED_FIGURES = re.compile(r"(?<![^\W_])[A-Za-z\d](?: [A-Za-z\d.,%](?![^\W_])){2,}")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed: where it begins and ends, its baseline, the height of its letters; in points.

    `cells` are its pieces where some stand apart.
    """

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False
    cells: tuple[Cell, ...] = ()

    def saying(self, text: str) -> PrintedLine:
        return replace(self, text=text)


def tightened(text: str) -> str:
    """Return a line without the blanks that letter-spacing leaves between its characters."""
    pairs = len(_WIDE_PAIR.findall(text))
    if pairs < SPACED_PAIRS or len(_SPACED_PAIR.findall(text)) < SPACED * pairs:
        return text
    return _SPACED_FIGURES.sub(lambda match: match[0].replace(" ", ""), _SPACED_PAIR.sub("", text))


def upright(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Return the lines of a page; where it is set from top to bottom, its columns as lines, turned as if set from left to right."""
    alone = sum(len(line.text) == 1 for line in lines)
    if len(lines) < 8 or alone < VERTICAL * len(lines):
        return list(lines)
    columns: list[list[PrintedLine]] = [[lines[0]]]
    for above, below in pairwise(lines):
        if abs(above.x - below.x) <= above.size / 2 and below.y < above.y:
            columns[-1].append(below)
        else:
            columns.append([below])
    return [_turned(column) for column in columns]


def _turned(column: Sequence[PrintedLine]) -> PrintedLine:
    first, last = column[0], column[-1]
    text = "".join(line.text for line in column)
    return replace(first, text=text, x=-first.y, end=last.size - last.y, y=first.x)


def ordinary(text: str) -> str:
    """Return a text with ordinary characters where a font has radicals and compatibility forms."""
    return text.translate(_RADICALS)


def blocks_of(pages: Sequence[Sequence[PrintedLine]]) -> list[StyledBlock]:
    """Return the headings and paragraphs of pages, in order; running heads, feet and page numbers are left out."""
    body = _body_size([line for page in pages for line in page])
    lines = [line for page in _without_edges(pages, body) for line in page]
    found = list(tables_in([line.cells for line in lines]))
    sizes = sorted({_rounded(line.size) for line in lines if line.size > LARGER * body}, reverse=True)
    levels = {size: level for level, size in enumerate(sizes)}
    tables = {id(lines[places[0]]): table for places, table in found}
    return [
        _as_table(tables[id(block[0])]) if id(block[0]) in tables else _mark(block, levels)
        for block in _grouped(lines, {id(lines[at]): places[0] for places, _ in found for at in places})
    ]


def _as_table(table: Table) -> StyledBlock:
    return StyledBlock(table.text, BlockKind.TABLE, block=Block(BlockKind.TABLE, table.text, table=table))


def edges_of(pages: Sequence[Sequence[PrintedLine]]) -> list[str]:
    """Return the running heads, feet and page numbers, as they stand."""
    kept = _without_edges(pages, _body_size([line for page in pages for line in page]))
    return [
        line.text
        for page, inside in zip(pages, kept, strict=True)
        for line in page
        if not any(line is one for one in inside)
    ]


def _body_size(lines: Sequence[PrintedLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _without_edges(pages: Sequence[Sequence[PrintedLine]], body: float) -> Iterator[Sequence[PrintedLine]]:
    """Yield the pages less what stands at their upper and lower edge for the printer's sake: at most two lines each."""
    edges = Counter(key for page in pages for key in {_key(line) for line in (*page[:2], *page[-2:])})
    for page in pages:
        start, end = 0, len(page)
        while start < min(2, end) and _is_edge(page[start], edges, body):
            start += 1
        while end > max(start, len(page) - 2) and _is_edge(page[end - 1], edges, body):
            end -= 1
        yield page[start:end]


def _key(line: PrintedLine) -> str:
    return _DIGITS.sub("#", line.text)


def _is_edge(line: PrintedLine, edges: Counter[str], body: float) -> bool:
    is_repeated = edges[_key(line)] > 1 and not is_prose(line.text)
    return is_repeated or line.size < SMALLER * body or bool(_PAGE_NUMBER.fullmatch(line.text))


def _grouped(lines: Sequence[PrintedLine], tables: Mapping[int, int]) -> Iterator[list[PrintedLine]]:
    """Yield the lines of each block: a line goes on in the next unless space, size, indent or its own end says otherwise.

    `tables`: for the rows of tables, which one they are of.
    """
    if not lines:
        return
    leads = [_lead(above, below) for above, below in pairwise(lines) if _alike(above, below)]
    loose = LOOSER * median([lead for lead in leads if lead > 0] or [1.0])
    columns = _columns(lines)
    block = [lines[0]]
    for above, below in pairwise(lines):
        table = tables.get(id(above))
        goes_on = table is not None or (_goes_on(block, below, columns) and _lead(above, below) <= loose)
        if goes_on and table == tables.get(id(below)):
            block.append(below)
        else:
            yield block
            block = [below]
    yield block


@dataclass(frozen=True, slots=True)
class _Column:
    """The left and the right edge of a column."""

    left: float
    right: float


def _columns(lines: Sequence[PrintedLine]) -> dict[int, _Column]:
    """Return each line's column, by size and left edge: as wide as its lines are as a rule, not as a headline across the page is."""
    beside: dict[tuple[float, int], list[PrintedLine]] = defaultdict(list)
    for line in lines:
        for step in (-1, 0, 1):
            beside[_rounded(line.size), _stop(line) + step].append(line)
    return {id(line): _column(beside[_rounded(line.size), _stop(line)]) for line in lines}


def _stop(line: PrintedLine) -> int:
    return round(line.x / (INDENT * line.size)) if line.size else 0


def _column(lines: Sequence[PrintedLine]) -> _Column:
    ends = sorted((line.end for line in lines), reverse=True)
    rights = [end for end in ends if sum(abs(end - other) <= lines[0].size for other in ends) >= FULL * len(ends)]
    return _Column(min(line.x for line in lines), max(rights, default=ends[0]))


def _goes_on(block: Sequence[PrintedLine], below: PrintedLine, columns: dict[int, _Column]) -> bool:
    above = block[-1]
    if not _alike(above, below) or bullet(below.text) is not None or is_numbered(below.text):
        return False
    is_item = bullet(block[0].text) is not None or is_numbered(block[0].text)
    indents = (line.x - columns[id(line)].left for line in block)
    is_indented = below.x - columns[id(below)].left > min(indents) + above.size / 2
    short_of = max(SHORT_OF, first_word(below.text)) * above.size
    return above.end > columns[id(above)].right - short_of and (is_item or not is_indented)


def _lead(above: PrintedLine, below: PrintedLine) -> float:
    """Return the distance from one baseline down to the next, in heights of the letters; negative where a page or a column begins."""
    return (above.y - below.y) / above.size if above.size else 0.0


def _alike(above: PrintedLine, below: PrintedLine) -> bool:
    return _rounded(above.size) == _rounded(below.size)


def _mark(block: Sequence[PrintedLine], levels: dict[float, int]) -> StyledBlock:
    text = block[0].text
    for line in block[1:]:
        text += line.text if _HAN.match(text[-1]) or _HAN.match(line.text) else f" {line.text}"
    text = _PADDED.sub("", text)
    level = levels.get(_rounded(block[0].size)) if width(text) <= LONGEST_HEADING else None
    if level is None and (item := bullet(text)) is not None:
        return StyledBlock(item, BlockKind.BULLET)
    kind = BlockKind.NUMBERED if level is None and is_numbered(text) else BlockKind.TEXT
    return StyledBlock(text, kind, level, all(line.bold for line in block))
