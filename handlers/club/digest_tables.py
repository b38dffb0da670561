"""The Club's tables of digests: each chat's subscriptions, its digest settings and the passages it was shown.

Moments are epoch seconds.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Double, Index, Integer, String, Table, Text, UniqueConstraint

from corpus.database import metadata

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", String(128), nullable=False),
    Column("kind", String(8), nullable=False),  # topic, security
    Column("key", String(200), nullable=False),  # equal for the same topic; "2330.TWSE" of a security
    Column("name", Text, nullable=False),  # as it is shown, and as a person could type it
    Column("wanted", JSON, nullable=False),
    Column("without", JSON, nullable=False),
    Column("since", Integer, nullable=False),  # the archive's revision when it was made: older essays are not news
    Column("made_by", String(128), index=True),  # null once that person is forgotten
    Column("made_at", Double, nullable=False),
    UniqueConstraint("chat", "kind", "key"),
)

mailings = Table(
    "mailings",  # one for each chat that subscribed to something
    metadata,
    Column("chat", String(128), primary_key=True),
    Column("place", String(8), nullable=False),
    Column("days", String(8), nullable=False),  # daily, trading, or digits of weekdays
    Column("minute", Integer, nullable=False),
    Column("on_time", Boolean, nullable=False),  # 準時送
    Column("archive", Boolean, nullable=False),  # one passage from the archive where nothing is new
    Column("paused_until", Double),  # null: not paused
    Column("covered", Integer, nullable=False),  # the archive's revision that the last digest covered
    Column("since", Double, nullable=False),  # when days and minute were set: no slot before that
    Column("set_by", String(128), index=True),
    Index("ix_mailings_timetable", "days", "minute", "chat"),
)

shown = Table(
    "shown_passages",
    metadata,
    Column("chat", String(128), primary_key=True),
    Column("passage", String(32), primary_key=True),  # a hash
    Column("essay_id", Integer, nullable=False),
    Column("run", Integer, index=True),  # the run that showed it; null: it was asked for
)
