"""Which essays an audience may read whole, as a condition for the database: what is listed and counted, before the gate."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, false, or_, true, type_coerce

from corpus.essay import Audience
from corpus.storage.schema import essays


def readable_by(audience: Audience) -> ColumnElement[bool]:
    """Whether a visibility names one of the circles that this audience is in."""
    return true() if audience.reads_all else or_(false(), *map(names_circle, sorted(audience.circles)))


def names_circle(circle: str) -> ColumnElement[bool]:
    """Whether a visibility is for this circle, alone or among others."""
    listed = type_coerce("," + essays.c.visibility + ",", String)
    return (essays.c.visibility == circle) | listed.contains(f",{circle},", autoescape=True)
