"""The essays that speak of a topic, and where: packed, for a great theme has thousands and a card reads eighty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

import numpy as np


@dataclass(frozen=True, slots=True)
class TopicOccurrence:
    """One essay that speaks of a topic, and where."""

    essay_id: int
    published: date | None
    weight: float  # mentions of a security, or the weight of a theme
    paragraphs: tuple[int, ...]


class TopicPlaces(Sequence[TopicOccurrence]):
    """Occurrences in the order given, some thirty bytes each.

    `rows`: essay id, day, weight, and the paragraphs as a JSON list of numbers, which is read when it is looked at.
    """

    def __init__(self, rows: Iterable[tuple[int, date | None, float, str]]) -> None:
        given = list(rows)
        self._ids = np.array([row[0] for row in given], np.int64)
        self._days = np.array([row[1].toordinal() if row[1] else 0 for row in given], np.int32)
        self._weights = np.array([row[2] for row in given], np.float32)
        self._paragraphs = "\n".join(row[3] for row in given)

    def __iter__(self) -> Iterator[TopicOccurrence]:
        return iter(self[:])  # the paragraphs are parted once, not for each

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> TopicOccurrence: ...
    @overload
    def __getitem__(self, place: slice) -> list[TopicOccurrence]: ...
    def __getitem__(self, place: int | slice) -> TopicOccurrence | list[TopicOccurrence]:
        wanted = range(len(self))[place]
        paragraphs = self._paragraphs.split("\n")
        found = [
            TopicOccurrence(
                int(self._ids[number]),
                date.fromordinal(int(self._days[number])) if self._days[number] else None,
                float(self._weights[number]),
                tuple(json.loads(paragraphs[number])),
            )
            for number in (wanted if isinstance(wanted, range) else [wanted])
        ]
        return found if isinstance(wanted, range) else found[0]

    @property
    def ids(self) -> list[int]:
        """The essays' ids."""
        return list(map(int, self._ids))

    @property
    def dated(self) -> int:
        """The number of dated essays."""
        return int(np.count_nonzero(self._days))

    def weight_by_day(self) -> dict[date, float]:
        """Return the weights of the dated essays, added up by day, earliest first."""
        days, places = np.unique(self._days, return_inverse=True)
        weights = np.bincount(places, self._weights)
        return {date.fromordinal(int(day)): float(w) for day, w in zip(days, weights, strict=True) if day}
