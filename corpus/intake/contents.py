"""A table of contents in a plain text: lines in a row that stand there again below, each over a text of its own."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from corpus.intake.lines import TextLine, is_prose
from corpus.intake.role import LineRole

ENTRIES = 3  # at least
LEAST_SECTION = 20  # characters, of what stands under an entry below

_SIGNS = " \u3000•●○■□◆◇▪▫‧·・*#-–—>→0123456789.．、)）(（"  # before an entry, and before the page behind it


def without_contents(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines, the entries of tables of contents told as repeated: their headings say them again."""
    keys = list(map(_key, lines))
    again = {key for key, count in Counter(keys).items() if count > 1 and key}
    if len(again) < ENTRIES:
        return list(lines)
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if key in again:
            places[key].append(at)
    said = [0, *accumulate(len(line.text) for line in lines)]
    entries = set(_entries(keys, places, said))
    return [replace(line, role=LineRole.REPEATED) if at in entries else line for at, line in enumerate(lines)]


def _key(line: TextLine) -> str:
    """Return what an entry and its heading have in common; empty for a line that is neither."""
    return "" if line.role is not None or is_prose(line.text) else line.text.strip(_SIGNS)


def _entries(keys: Sequence[str], places: Mapping[str, Sequence[int]], said: Sequence[int]) -> Iterator[int]:
    """Yield the places of all entries. `said`: the characters of all text above each line."""
    at = 0
    while at < len(keys):
        end = _end(keys, at, places, said)
        if end - at >= ENTRIES:
            yield from range(at, end)
        at = max(end, at + 1)


def _end(keys: Sequence[str], start: int, places: Mapping[str, Sequence[int]], said: Sequence[int]) -> int:
    """Return the end of the entries that begin at a line: while each is said again below them, in their order and with text between."""
    above: int | None = None
    for at in range(start, len(keys)):
        found = places.get(keys[at], ())
        below = bisect_left(found, at + ENTRIES if above is None else above + 1)
        if below == len(found) or (above is not None and said[found[below]] - said[above + 1] < LEAST_SECTION):
            return at
        above = found[below]
    return len(keys)
