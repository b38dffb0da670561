"""Tables of the admin pages: drafts of essays, plans for a later time, and forms before they are saved."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, Index, Integer, String, Table, Text

from corpus.database import metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", String(64), nullable=False),  # the person who began it
    Column("state", String(16), nullable=False),  # open, ready, published, dropped
    Column("pieces", JSON, nullable=False),  # texts as they were pasted, in order
    Column("messages", JSON, nullable=False),  # LINE's ids of the messages they came with, in the same order
    Column("essays", JSON, nullable=False),  # found in the pieces; see corpus.storage.essay_json, and `another`
    Column("replaces", Integer),  # the essay that this draft corrects
    Column("corrects", String(64)),  # a fingerprint of what that essay said; see `content_hash`
    Column("origin", Text, nullable=False),  # the address or file it came from
    Column("walled", Boolean, nullable=False),  # only a teaser came through a login wall
    Column("visibility_chosen", Boolean, nullable=False),
    Column("undated_is_fine", Boolean, nullable=False),
    Column("left_out", JSON, nullable=False, server_default="[]"),  # [[text, reason, essay, before], ...]; see LeftOut
    Column("submitted_at", DateTime(timezone=True)),  # when its writer asked for it to be published; null: not yet
    Column("returned_for", Text, nullable=False, server_default=""),  # the reason why it was sent back
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("ix_drafts_user", "user_id", "state"),
    Index("ix_drafts_changed", "state", "changed_at"),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # publish, announce, push, correct
    Column("state", String(16), nullable=False),  # waiting, done, cancelled
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("user_id", String(64), nullable=False),  # the person who planned it
    Column("draft_id", Integer),
    Column("essays", JSON, nullable=False),  # [[essay id, event], ...]; see plans.Plan
    Column("chats", JSON, nullable=False),  # [[chat id, place], ...] of a push or correction
    Column("news", Boolean, nullable=False),
    Column("revision", Integer),  # the archive's, once the essays to be announced were published
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index("ix_plans_due", "state", "due_at"),
)

unsaved_forms = Table(
    "unsaved_forms",  # forms of the admin site as they are being typed
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("page", String(200), primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, index=True),
)
