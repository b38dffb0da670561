"""What goes to the process that reads a file, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from corpus.essay import Essay
from corpus.intake.extracted import LeftOut


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take, and how much text may come of it."""

    cpu_seconds: int = 15
    wall_seconds: int = 20
    memory: int = 768 * 2**20  # bytes, on top of what Python and the parsers take
    output: int = 64 * 2**20  # bytes of the Reply
    characters: int = 2_000_000


@dataclass(frozen=True, slots=True)
class ParseJob:
    """One file to read: its name, what its sender calls it, and the limits. Its bytes follow."""

    name: str
    content_type: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class ParseReply:
    """The essays and what is in none of them, or what is wrong with the file and what to do about it."""

    essays: tuple[Essay, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    what: str = ""
    do: str = ""


@cache
def parse_jobs() -> TypeAdapter[ParseJob]:
    return TypeAdapter(ParseJob)


@cache
def parse_replies() -> TypeAdapter[ParseReply]:
    """How a Reply travels as JSON: checked on arrival, since a file that took over the process may have written it."""
    return TypeAdapter(ParseReply)
