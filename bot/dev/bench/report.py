"""The report of a benchmark: rows of figures, as a table for people or as JSON objects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

Row = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: its key in a row, its name, and what it should be."""

    key: str
    name: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A benchmark's rows, which stand side by side; the first line's figure is their heading."""

    name: str
    lines: Sequence[Column]
    rows: Sequence[Row]

    def table(self) -> Table:
        heading, *lines = self.lines
        table = Table(title=self.name, title_justify="left")
        table.add_column(heading.name)
        for row in self.rows:
            table.add_column(str(row[heading.key]), justify="right")
        table.add_column("目標")
        for line in lines:
            table.add_row(line.name, *(_written(row.get(line.key, "")) for row in self.rows), line.target)
        return table

    def json(self) -> list[str]:
        return [json.dumps({"bench": self.name, **row}, ensure_ascii=False) for row in self.rows]


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time that `share` of all of them stay within."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _written(figure: str | int | float) -> str:
    if isinstance(figure, float):
        return f"{figure:,.1f}" if figure >= 10 else f"{figure:.2f}"
    return f"{figure:,}" if isinstance(figure, int) else figure
