"""A post as a social site shows it: a name and perhaps a handle above, counters below, what others say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, takewhile

from corpus.intake.boilerplate import role_of
from corpus.intake.dates import find_date, is_day_and_hour, is_stamp, recent_day
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, is_prose, width
from corpus.intake.role import LineRole

LONGEST_NAME = 16.0  # in Han widths
HEAD_LINES = 5  # from the name to the hour
ABOVE = 8  # lines of the site's above the first name
COUNTERS = 3  # one below the other, under the first post: it ends above them

_HANDLE = re.compile(r"@[A-Za-z0-9_.]{2,30}")
_BESIDE = re.compile(
    r"[·•∙⋅]|(?:[·•∙⋅]\s)?(?:作者|追蹤|follow(?:ing)?|(?:已驗證|verified).{0,9})", re.IGNORECASE
)  # lines beside a name
_SURE = re.compile(r"[·•∙⋅]|^@|^\d+\s?(?:分鐘|小時|天|週|[mhdw])$")  # marks of a head: no title stands over them
_UNNAMED = re.compile(r"匿名|\S{2,12}(?:大學|科大|高中)")  # who wrote it, where nobody is named
_ABOVE_ITS_BOARD = re.compile(
    rf"{_UNNAMED.pattern}|[a-z0-9_.]{{3,30}}"
)  # a writer's name, under which that of a board or subject may stand
_FIGURE = re.compile(r"[\d,.]+\s?[KMkm萬千]?(?:\s?/\s?\d+)?")
_COUNTED = re.compile(
    r"(?:所有心情|[\d,.]+\s?[萬k]?\s?[則次個人]?)?\s?(?:讚|回覆|留言|回應|分享|轉發|喜歡|愛心|收藏|查看|瀏覽|傳送|views?|likes?|repl(?:y|ies)|reposts?|comments?)?\s?[\d,.]*[:：]?"
    r"|[則次](?:查看|瀏覽|回覆|轉發)|.{1,16}和其他\s?[\d,.]+\s?人",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a post: where it begins, where the text below it begins, and whose post it is."""

    start: int
    end: int
    name: str


def read_status(lines: Sequence[TextLine], today: date | None = None) -> list[Piece]:
    """Return the post that the lines are, if a name stands at their top over a handle, or over a day as only social sites write it.

    `today`: the day on which they were copied; without it 「3 小時」 is no day.
    """
    first = next(_heads(lines[: ABOVE + HEAD_LINES], surely=True), None)
    if first is None or any(is_prose(line.text) for line in lines[: first.start]):
        return []
    heads = [first, *_heads(lines, first.end)]
    framed = tuple(_framed(lines, heads))
    said = [line.plain for line in lines[first.start : first.end]] + [
        line.plain for line in framed if line.role in (None, LineRole.FRAME) and not is_prose(line.text)
    ]
    ago = (recent_day(plain, today) for plain in said) if today else ()
    published = next(filter(None, (*map(find_date, said), *ago)), None)
    return [Piece(framed, author=first.name, published=published, is_one=True)]


def _heads(lines: Sequence[TextLine], start: int = 0, surely: bool = False) -> Iterator[_Head]:
    """Yield the heads of posts. `surely`: only those that cannot be a title over a day."""
    for at in range(start, len(lines)):
        marked = bool(_HANDLE.fullmatch(lines[at].text)) or is_stamp(lines[at].plain)
        if at < start or not (marked or is_day_and_hour(lines[at].plain)):
            continue
        named = _named_above(lines, at, start)
        if named is None or not (marked or _is_unnamed(lines[:named], lines[named])):
            continue
        end = at + 1
        while end < len(lines) and (_BESIDE.fullmatch(lines[end].plain) or is_stamp(lines[end].plain)):
            end += 1
        if not surely or not marked or any(_SURE.search(line.plain) for line in lines[named:end]):
            yield _Head(named, end, lines[named].text)
            start = end


def _named_above(lines: Sequence[TextLine], at: int, top: int) -> int | None:
    """Find the name above a handle or an hour: the nearest one, or the one over it if that stands above its board."""
    above = reversed(range(max(top, at + 1 - HEAD_LINES), at))
    labels = takewhile(lambda place: not is_prose(lines[place].text), above)
    names = (place for place in labels if _could_name(lines[place]))
    nearest, over = next(names, None), next(names, None)
    return over if over is not None and _ABOVE_ITS_BOARD.fullmatch(lines[over].plain) else nearest


def _is_unnamed(above: Sequence[TextLine], name: TextLine) -> bool:
    """Tell whether 「匿名」 or a school stands for who wrote it, and no title above."""
    return bool(_UNNAMED.fullmatch(name.plain)) and all(width(line.text) < LONGEST_NAME / 2 for line in above)


def _could_name(line: TextLine) -> bool:
    plain = line.plain
    if _BESIDE.fullmatch(plain) or _FIGURE.fullmatch(plain) or is_prose(plain) or width(plain) > LONGEST_NAME:
        return False
    return bool(_ABOVE_ITS_BOARD.fullmatch(plain)) or role_of(plain) is LineRole.CONTENT


def _framed(lines: Sequence[TextLine], heads: Sequence[_Head]) -> Iterator[TextLine]:
    """Yield the lines, the frame's own told by role; posts of others above the counters are quoted, below them they answer."""
    author = heads[0].name
    yield from (replace(line, role=LineRole.FRAME) for line in lines[: heads[0].start])
    counted = answered = False
    for head, below in zip(heads, [*(head.start for head in heads[1:]), len(lines)], strict=True):
        answered = answered or (counted and head.name != author)
        of_others = LineRole.COMMENT if answered else None if head.name == author else LineRole.QUOTED
        yield from (replace(line, role=of_others or LineRole.FRAME) for line in lines[head.start : head.end])
        text = lines[head.end : below]
        end, counters = _counters(text, least=1 if counted else COUNTERS)
        yield from (replace(line, role=of_others) if of_others else line for line in _without_counts(text[:end]))
        yield from (replace(line, role=of_others or LineRole.FRAME) for line in text[end:counters])
        yield from (replace(line, role=LineRole.COMMENT) for line in text[counters:])
        counted = counted or end < len(text)


def _counters(lines: Sequence[TextLine], least: int) -> tuple[int, int]:
    """Return the start and the end of the first run of `least` counters or more; where there is none, the number of lines twice.

    A run of figures alone counts only at the end of the lines.
    """
    start = 0
    for counts, group in groupby(lines, _counts):
        run = list(group)
        end = start + len(run)
        if counts and len(run) >= least and (end == len(lines) or any(map(_is_counted, run))):
            return start, end
        start = end
    return len(lines), len(lines)


def _counts(line: TextLine) -> bool:
    """Tell whether a line is a counter: a figure, what is counted, or both."""
    return bool(_COUNTED.fullmatch(line.plain) or _FIGURE.fullmatch(line.plain))


def _without_counts(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Yield the lines; a figure right above its label, as above 「Views」, is told as the counter that it is."""
    for at, line in enumerate(lines):
        is_counter = _FIGURE.fullmatch(line.plain) and any(map(_is_counted, lines[at + 1 : at + 2]))
        yield replace(line, role=LineRole.FRAME) if is_counter else line


def _is_counted(line: TextLine) -> bool:
    return bool(_COUNTED.fullmatch(line.plain)) and not _FIGURE.fullmatch(line.plain)
