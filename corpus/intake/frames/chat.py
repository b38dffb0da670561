"""A chat as LINE exports it or as it is copied: the long messages are texts, the short ones talk about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.intake.dates import find_date
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, width
from corpus.intake.role import LineRole

LONG_MESSAGE = 60.0  # in Han widths; a shorter one is talk

_TITLE = re.compile(r"^\[LINE\].*(?:聊天記錄|聊天|chat)", re.IGNORECASE)
_SAVED = re.compile(r"^(?:儲存日期|Saved on)\s*[:：]", re.IGNORECASE)
_DAY = re.compile(
    r"^(?:\d{4}[./]\d{1,2}[./]\d{1,2}|[A-Z][a-z]{2}, \d{1,2}/\d{1,2}/\d{4})\s*[(（]?(?:(?:週|星期)?[一二三四五六日]|[A-Z][a-z]{2,8})?[)）]?$"
)
_MESSAGE = re.compile(r"^(?P<time>(?:上午|下午|凌晨|晚上)?\s?\d{1,2}:\d\d(?:\s?[AP]M)?)[\t ]+(?P<said>\S.*)$")
_HALF = re.compile(r"[上下]午|凌晨|晚上|[AP]M")


@dataclass
class _Message:
    day: date | None
    head: TextLine  # the line with the hour and the name
    name: str | None
    texts: list[TextLine] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return sum(width(line.text) for line in self.texts) >= LONG_MESSAGE


def read_chat(lines: Sequence[TextLine]) -> list[Piece]:
    """Return the long messages of a chat, each on its own; nothing where the lines are no chat."""
    is_export = _is_export(lines)
    if not is_export and not _is_copied(lines):
        return []
    head, messages = _messages(lines)
    if not is_export and len({message.is_long for message in messages}) < 2:
        return []  # the hours of a diary: in a chat some messages are long and some are talk
    pieces: list[Piece] = []
    waiting: list[TextLine] = head  # talk above the next long message
    for message in messages:
        if not message.is_long:
            waiting += [replace(line, role=LineRole.COMMENT) for line in (message.head, *message.texts)]
            continue
        framed = (*waiting, replace(message.head, role=LineRole.FRAME), *message.texts)
        pieces.append(Piece(framed, author=message.name, published=message.day, is_one=True))
        waiting = []
    if waiting:
        last = pieces.pop() if pieces else Piece(())
        pieces.append(replace(last, lines=(*last.lines, *waiting)))
    return pieces


def _is_export(lines: Sequence[TextLine]) -> bool:
    return bool(lines) and bool(_TITLE.match(lines[0].text) or (len(lines) > 1 and _SAVED.match(lines[1].text)))


def _is_copied(lines: Sequence[TextLine]) -> bool:
    """Tell whether lines begin with a message: under its day, or with the half of the day in its hour."""
    is_dated = bool(lines) and bool(_DAY.match(lines[0].text))
    first = _MESSAGE.match(lines[is_dated].text) if len(lines) > is_dated else None
    return first is not None and (is_dated or bool(_HALF.search(first["time"])))


def _messages(lines: Sequence[TextLine]) -> tuple[list[TextLine], list[_Message]]:
    head: list[TextLine] = []
    messages: list[_Message] = []
    day: date | None = None
    for line in lines:
        if _DAY.match(line.text) and (found := find_date(line.text)):
            day = found
            (messages[-1].texts if messages else head).append(replace(line, role=LineRole.FRAME))
        elif match := _MESSAGE.match(line.text):
            messages.append(_message(line, match, day))
        elif messages:
            messages[-1].texts.append(_unquoted(line, at_end=True))
        else:
            head.append(replace(line, role=LineRole.FRAME))
    return head, messages


def _message(line: TextLine, match: re.Match[str], day: date | None) -> _Message:
    """Return a message with its name and text, which a tab parts; where a copy lost it, the first blank."""
    name, _, said = match["said"].partition("\t" if "\t" in match["said"] else " ")
    head = replace(line, text=f"{match['time']} {name}")
    texts = [_unquoted(TextLine(said.strip(), gap=True), at_end=False)] if said.strip() else []
    return _Message(day, head, name.strip() or None, texts)


def _unquoted(line: TextLine, at_end: bool) -> TextLine:
    """Return a line of a message without the quotation mark in which one of several lines begins or ends."""
    text = line.text.removesuffix('"') if at_end else line.text.removeprefix('"')
    return replace(line, text=text or line.text)
