"""The lines that moderators add to the lexicon at run time, in the syntax of its files: appended to, and struck out."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select

from corpus.storage.prepared import Prepared
from corpus.storage.schema import lexicon_lines

LONGEST = 1_000  # characters of a line


class LineKind(StrEnum):
    """The file of corpus/lexicon that a line would stand in."""

    SYNONYM = "synonym"  # synonyms.txt: 「液冷 = 水冷」
    ALIAS = "alias"  # aliases.tsv: code, sort and name with tabs between them
    THEME = "theme"  # themes.toml: a whole entry
    WORD = "word"  # a term to keep whole; the files hold those as parts of the others


Lines = dict[LineKind, tuple[str, ...]]


def revision(connection: Connection) -> int:
    """Return a number that grows with every line that is added or struck out; 0 while there are none."""
    return _REVISION.scalar(connection) or 0


_REVISION = Prepared(select(func.max(lexicon_lines.c.id)))


def active_lines(connection: Connection) -> Lines:
    """Return the lines that hold now, by kind, oldest first."""
    found: dict[LineKind, dict[str, None]] = defaultdict(dict)
    columns = (lexicon_lines.c.kind, lexicon_lines.c.line, lexicon_lines.c.stands)
    for kind, line, stands in connection.execute(select(*columns).order_by(lexicon_lines.c.id)):
        found[LineKind(kind)].pop(line, None)
        if stands:
            found[LineKind(kind)][line] = None
    return {kind: tuple(lines) for kind, lines in found.items()}


def write(connection: Connection, kind: LineKind, line: str, at: datetime, by: str, *, stands: bool = True) -> bool:
    """Add a line, or strike it out with `stands` False; return False where that changes nothing.

    Raises ValueError for a line that is longer than `LONGEST`: a cut one would say something else.
    """
    if len(line) > LONGEST:
        raise ValueError(len(line))
    if (line in active_lines(connection).get(kind, ())) == stands:
        return False
    values = {"kind": kind, "line": line, "stands": stands, "changed_at": at, "changed_by": by}
    connection.execute(insert(lexicon_lines).values(values))
    return True
