"""A mail as it is pasted or saved: its fields, what it answers to, its signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.intake.dates import find_date, is_recent
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, is_prose, width
from corpus.intake.role import LineRole

_FIELD = re.compile(
    r"^\**(?P<name>寄件者|寄件人|發件人|收件者|收件人|副本|密件副本|主旨|主題|日期|傳送時間|寄件日期|附件|回覆至"
    r"|from|to|cc|bcc|subject|date|sent|reply-to|attachments?)\**\s*[:：]\**\s*(?P<said>.*)$",
    re.IGNORECASE,
)
_SUBJECTS, _SENDERS = ("主旨", "主題", "subject"), ("寄件者", "寄件人", "發件人", "from")
_DATES = ("日期", "傳送時間", "寄件日期", "date", "sent")
_FORWARDED = re.compile(
    r"^-{2,}\s*(?:forwarded message|original message|轉寄的?郵件|原始郵件|原始訊息|已轉寄的郵件)\s*-{2,}$"
    r"|^begin forwarded message:?$|^開始轉寄郵件.?$",
    re.IGNORECASE,
)
_ANSWERING = re.compile(r"^on\b.{6,120}\bwrote:$|^.{4,80}(?:寫道|於.{4,40}寫道|寫了)\s*[:：]$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|轉寄|轉發|回覆|答覆)\s*[:：]\s*)+", re.IGNORECASE)
_MAILBOX = re.compile(r"\s*[<＜\[(]?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[>＞\])]?")
_SENDER = re.compile(r"[^<>@]{1,40}<[\w.+-]+@[\w-]+(?:\.[\w-]+)+>")
_FOR = re.compile(r"(?:寄給|to)\s", re.IGNORECASE)
_SHOWN = 5  # lines to the sender's
LONGEST_NOTE = 60.0  # in Han widths; more above a forwarded mail is what the mail says
_HEAD_LINES = 8
_LEAST_FIELDS = 2


def read_mail(lines: Sequence[TextLine]) -> list[Piece]:
    """Return the mail that the lines are, if they begin with its fields or as a mail program shows it; else nothing."""
    end, fields = _head(lines)
    if inner := _forwarded(lines, end):
        return inner
    if len(fields) < _LEAST_FIELDS:
        return _shown(lines)
    title = without_prefix(_of(fields, _SUBJECTS)) or None
    author = sender_name(_of(fields, _SENDERS))
    framed = [*(replace(line, role=LineRole.FRAME) for line in lines[:end]), *_body(_signed(lines[end:], author))]
    return [Piece(tuple(framed), title, author, find_date(_of(fields, _DATES)), is_one=True)]


def _shown(lines: Sequence[TextLine]) -> list[Piece]:
    """Return the mail as a mail program shows it: its subject, its sender with the mailbox, its day, for whom it is."""
    sender = next((at for at in range(1, min(len(lines) - 1, _SHOWN)) if _SENDER.fullmatch(lines[at].text)), None)
    if sender is None or not (day := find_date(lines[sender + 1].plain)) or is_prose(lines[0].text):
        return []
    end = sender + 2 + sum(bool(_FOR.match(line.text)) for line in lines[sender + 2 : sender + 3])
    framed = [replace(line, role=LineRole.FRAME) for line in lines[:end]]
    name = sender_name(lines[sender].text)
    return [Piece((*framed, *_body(lines[end:])), without_prefix(lines[0].text), name, day, is_one=True)]


def without_prefix(subject: str) -> str:
    """Return a subject without the marks of an answer and of a mail handed on: Re, Fwd, 轉寄."""
    return _PREFIX.sub("", subject).strip()


def sender_name(sender: str) -> str | None:
    """Return the name of a sender without the mailbox; None where there is none."""
    return _MAILBOX.sub("", sender).strip(" \"'“”") or None


def _forwarded(lines: Sequence[TextLine], end: int) -> list[Piece]:
    """Return the mail that this one only hands on, under hardly a word of its own and whatever a mail program shows of it."""
    at = next((at for at in range(end, len(lines)) if _FORWARDED.match(lines[at].text)), len(lines))
    if (
        at == len(lines)
        or sum(width(line.text) for line in lines[end:at]) >= LONGEST_NOTE
        or not (inner := read_mail(lines[at:]))
    ):
        return []
    above = [
        replace(line, role=LineRole.FRAME if place < end else LineRole.COMMENT) for place, line in enumerate(lines[:at])
    ]
    return [replace(inner[0], lines=(*above, *inner[0].lines))]


def _head(lines: Sequence[TextLine]) -> tuple[int, dict[str, str]]:
    """Return the end of the head, and its fields; a line of a mail program may stand above them."""
    fields: dict[str, str] = {}
    end = 0
    for at, line in enumerate(lines):
        if at - end > (_HEAD_LINES if fields else 2):
            break
        if _FORWARDED.match(line.text):
            end, fields = at + 1, {}
        elif match := _FIELD.match(line.text):
            fields[match["name"].lower()] = match["said"]
            end = at + 1
        elif at > end or (fields and line.gap):
            break
    return end, fields


def _of(fields: dict[str, str], names: Sequence[str]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _signed(lines: Sequence[TextLine], author: str | None) -> Iterator[TextLine]:
    """Yield the lines, those above the text told that say once more who sent it, and on which day."""
    first = next((at for at, line in enumerate(lines) if is_prose(line.text)), len(lines))
    for at, line in enumerate(lines):
        is_said_again = at < first and (line.text == author or is_recent(line.plain))
        yield replace(line, role=LineRole.FRAME) if is_said_again else line


def _body(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    below: LineRole | None = None
    for line in lines:
        below = (
            LineRole.QUOTED if _FORWARDED.match(line.text) else below or (LineRole.FRAME if line.text == "--" else None)
        )
        if below is not None:
            yield replace(line, role=line.role or below)
        elif line.text.startswith(">") or _ANSWERING.match(line.text):
            yield replace(line, role=LineRole.QUOTED)
        else:
            yield line
