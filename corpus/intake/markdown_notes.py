"""Footnotes of a Markdown text, and lines that look like addresses for its links and are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NOTE = re.compile(r"^ {0,3}\[\^(?P<name>[^\]\s]{1,40})\]:[ \t]*(?P<said>.*)$")
_MARK = re.compile(r"\[\^(?P<name>[^\]\s]{1,40})\](?!:)")
_DEFINED = re.compile(r"^( {0,3})\[(?P<label>[^\]^]{1,80})\]:(?!\s*(?:<|https?:|mailto:|/|#|\.{1,2}/)\S*)")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


def with_notes(text: str) -> str:
    """Return the text with its footnotes at its end and their marks raised: what a reader of the page would see."""
    if "]:" not in text:
        return text
    lines, notes = _parted(text.split("\n"))
    if not notes:
        return "\n".join(lines)
    marks = {name: str(number) for number, name in enumerate(notes, 1)}
    body = _MARK.sub(lambda match: _raised(match, marks), "\n".join(lines))
    below = (f'<div id="note-{marks[name]}">\n\n{said}\n\n</div>' for name, said in notes.items())
    return body + "\n\n" + "\n\n".join(below) + "\n"


def _parted(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the lines without the footnotes, and the footnotes by name; an indented line below a footnote belongs to it."""
    kept: list[str] = []
    notes: dict[str, str] = {}
    name = ""
    for line, is_code in _with_fences(lines):
        match = None if is_code else _NOTE.match(line)
        if match and match["name"] not in notes:
            name = match["name"]
            notes[name] = match["said"]
        elif name and line.startswith(("  ", "\t")) and line.strip():
            notes[name] += f"\n{line.strip()}"
        else:
            name = name if not line.strip() else ""
            kept.append(line if is_code else _DEFINED.sub(r"\1\\[\g<label>]:", line))
    return kept, notes


def _with_fences(lines: list[str]) -> Iterator[tuple[str, bool]]:
    inside = False
    for line in lines:
        is_fence = bool(_FENCE.match(line))
        inside ^= is_fence
        yield line, inside or is_fence


def _raised(match: re.Match[str], marks: dict[str, str]) -> str:
    number = marks.get(match["name"])
    return match[0] if number is None else f'<sup><a href="#note-{number}">{number}</a></sup>'
