"""What the process that reads a file sends back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from corpus.essay import Essay

WALL_SECONDS = 20
MOST_OUTPUT = 64 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The essays, or what is wrong with the file and what to do about it."""

    essays: tuple[Essay, ...] = ()
    what: str = ""
    do: str = ""


@cache
def wire() -> TypeAdapter[Reply]:
    """How a Reply travels as JSON: checked on arrival, since a file that took over the process may have written it."""
    return TypeAdapter(Reply)
