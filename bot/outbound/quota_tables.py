"""The tables of the month's messages."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Integer, String, Table

from corpus.database import metadata

months = Table(
    "months",  # the messages of a month
    metadata,
    Column("month", String(7), primary_key=True),  # 2026-11, as LINE counts it
    Column("most", Integer),  # null: no limit
    Column("used", Integer, nullable=False),  # as LINE last told
    Column("spent", Integer, nullable=False),  # by our own pushes
    Column("spent_since", Integer, nullable=False),  # of these, since LINE last told
    Column("exhausted", Boolean, nullable=False),  # LINE said so
    Column("read_at", Double, nullable=False),
)

member_counts = Table(
    "member_counts",
    metadata,
    Column("chat", String(128), primary_key=True),
    Column("members", Integer, nullable=False),
    Column("read_at", Double, nullable=False),
)
