"""Messages to the process that reads a file, and from it: values, each a line of JSON.

That process writes them without pydantic, whose import would be a third of its life; whoever started it reads them with it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date

from corpus.essay import Essay
from corpus.intake.extracted import LeftOut


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reading one file, and of the text that may come of it."""

    cpu_seconds: int = 15
    wall_seconds: int = 20
    memory: int = 768 * 2**20  # bytes, on top of what Python and the parsers take
    output: int = 64 * 2**20  # bytes of the ParseReply
    characters: int = 2_000_000


@dataclass(frozen=True, slots=True)
class ParseJob:
    """One file to read: its name, what its sender calls it, and the limits. Its bytes follow."""

    name: str
    content_type: str
    limits: Limits

    @classmethod
    def read(cls, line: bytes) -> ParseJob:
        """Return the job that a `line` holds."""
        job = json.loads(line)
        return cls(job["name"], job["content_type"], Limits(**job["limits"]))

    @property
    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class ParseReply:
    """The essays and what is in none of them, or what is wrong with the file and what to do about it."""

    essays: tuple[Essay, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    what: str = ""
    do: str = ""

    @property
    def line(self) -> bytes:
        return json.dumps(self, default=_plain).encode() + b"\n"


def _plain(value: object) -> object:
    """Return a value that JSON does not know in the words that it knows."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value))
