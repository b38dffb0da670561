"""A post of a forum of PTT's kind: head, quotations, signature, what readers add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.intake.dates import find_date
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, is_prose
from corpus.intake.role import LineRole
from corpus.language.traditional import to_traditional

SIGNATURE = 7  # lines of a signature, which a forum sets between two rules
_HEAD_LINES = 12  # among which the head is looked for
_HEAD = re.compile(
    r"^作者\s*[:：]?\s*(?P<author>\S+?)\s*(?:[(（](?P<nick>[^\n]*?)[)）])?\s*(?:(?:看板|站內)\s*[:：]?\s*\S+?\s*)?"
    r"標題\s*[:：]?\s*(?P<title>[^\n]+?)\s*(?:(?:看板|站內)\s*[:：]?\s*\S+?\s*)?時間\s*[:：]?\s*(?P<time>[^\n]*\d{4}[^\n]*)"
)
_FIELDS = 4
_FIELD = re.compile(
    r"^(?:作者\s*[:：]\s*(?P<author>\w+).*|標題\s*[:：]\s*(?P<title>\S.*)|時間\s*[:：]\s*(?P<time>\S.*)|(?:看板|站內)\s*[:：]\s*\S+)$"
)
_FIELD_STARTS = "作標标時时看站"
_KIND = re.compile(r"^\[[^\]]{1,6}\]\s*")  # of the post: 標的, 心得
_QUOTING = re.compile(r"^※?\s*引述\s*《.*》.*[:：]$|^※\s*引述")
_FOOT = re.compile(r"^※\s*(?:發信站|文章網址|編輯|轉錄者?)\s*[:(：（]")
_ADDED = re.compile(r"^(?:推|噓|→)\s*\w+\s*[:：]")
_SIGNATURE = re.compile(r"^-{2}$")
_APP = re.compile(r"^-{3,}$")
_SENT_FROM = re.compile(r"^(?:sent from|\S*從我的)", re.IGNORECASE)


def read_forum(lines: Sequence[TextLine]) -> list[Piece]:
    """Return the post that the lines are, if a forum's head, foot or quotations show that they are one."""
    head, end = _head(lines)
    if head is None and not any(_QUOTING.match(line.text) or _FOOT.match(line.text) for line in lines):
        return []
    framed = [replace(line, role=LineRole.FRAME) for line in lines[:end]] + list(_body(lines[end:]))
    if head is None:
        return [Piece(tuple(framed), is_one=True)]
    author = head["author"]
    title = _KIND.sub("", head["title"]) or head["title"]
    return [Piece(tuple(framed), title, author, find_date(head["time"]), is_one=True)]


def _head(lines: Sequence[TextLine]) -> tuple[dict[str, str] | None, int]:
    """Return the head, and where the lines below it begin: in one line, in three, or each word in a line of its own."""
    for start in range(min(3, len(lines))):
        if not lines[start].text.startswith("作者"):
            continue
        for end in range(start + 1, min(len(lines), start + _HEAD_LINES) + 1):
            text = "\n".join(line.text for line in lines[start:end])
            if (match := _HEAD.match(to_traditional(text))) and find_date(match["time"]):
                return _as_written(match, text), end
    return _fields(lines)


def _as_written(match: re.Match[str], text: str) -> dict[str, str]:
    """Return what a match of the folded text names, as the text itself writes it."""
    return {name: text[slice(*match.span(name))] for name, said in match.groupdict().items() if said}


def _field(line: TextLine) -> re.Match[str] | None:
    return _FIELD.match(to_traditional(line.text)) if line.text[0] in _FIELD_STARTS else None


def _fields(lines: Sequence[TextLine]) -> tuple[dict[str, str] | None, int]:
    """Return the head as an app or a mirror copies it, a field a line in any order, and where the lines below it begin.

    A title without its label stands right above the other fields, perhaps under the mirror's name.
    """
    start = next((at for at, line in enumerate(lines[:_FIELDS]) if _field(line)), None)
    if start is None or any(is_prose(line.text) for line in lines[:start]):
        return None, 0
    found = {"title": lines[start - 1].text} if start else {}
    end = start
    while end < min(len(lines), start + _FIELDS) and (match := _field(lines[end])):
        found |= {name: said for name, said in _as_written(match, lines[end].text).items() if said}
        end += 1
    is_head = {"author", "title", "time"} <= found.keys() and find_date(found["time"])
    return (found, end) if is_head else (None, 0)


def _body(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    foot = _foot_at(lines)
    quoting = False
    for at, line in enumerate(lines):
        if at >= foot:
            yield replace(line, role=LineRole.COMMENT if _ADDED.match(line.text) else LineRole.FRAME)
        elif _QUOTING.match(line.text) or line.text.startswith((":", "：")):
            quoting = True
            yield replace(line, role=LineRole.QUOTED)
        elif quoting and line.text.startswith(">"):
            yield replace(line, role=LineRole.QUOTED)
        else:
            yield line


def _foot_at(lines: Sequence[TextLine]) -> int:
    """Return the place where the signature begins, or the forum's last lines, or an app's line; replies stand below."""
    foot = next((at for at, line in enumerate(lines) if _FOOT.match(line.text) or _ADDED.match(line.text)), len(lines))
    signature = next((at for at in range(foot - 1, -1, -1) if _SIGNATURE.match(lines[at].text)), foot)
    above = next(
        (at for at in range(signature - 1, max(0, signature - SIGNATURE) - 1, -1) if _SIGNATURE.match(lines[at].text)),
        None,
    )
    if above is not None and not any(is_prose(line.text) for line in lines[above:signature]):
        signature = above
    if signature > 1 and _SENT_FROM.match(lines[signature - 1].text):
        signature -= 2 if _APP.match(lines[signature - 2].text) else 1
    return signature
