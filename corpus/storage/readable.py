"""The essays that an audience may read whole, as a condition for the database: for lists and counts, before the gate."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, false, or_, true, type_coerce

from corpus.essay import Audience
from corpus.storage.schema import essays


def readable_by(audience: Audience) -> ColumnElement[bool]:
    """Return the condition that an essay's visibility names a circle that this audience is in."""
    return true() if audience.reads_all else or_(false(), *map(names_circle, sorted(audience.circles)))


def names_circle(circle: str) -> ColumnElement[bool]:
    """Return the condition that an essay's visibility names this circle, alone or among others."""
    listed = type_coerce("," + essays.c.visibility + ",", String)
    return (essays.c.visibility == circle) | listed.contains(f",{circle},", autoescape=True)
