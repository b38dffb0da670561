"""erasures, who asked which miss for a day, browsers that read, links opened, forms not saved yet; when a chat was last heard"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("chats", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE chats SET seen_at = CURRENT_TIMESTAMP")
    op.execute("UPDATE chats SET left_at = CURRENT_TIMESTAMP WHERE NOT active")
    op.create_table(
        "erasures",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "at", name=op.f("pk_erasures")),
    )
    op.create_table(
        "missed_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("message", sa.String(length=128), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_asks")),
    )
    for column in ("user_id", "message", "at"):
        op.create_index(op.f(f"ix_missed_asks_{column}"), "missed_asks", [column])
    op.create_table(
        "reader_browsers",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_reader_browsers")),
    )
    for column in ("user_id", "until"):
        op.create_index(op.f(f"ix_reader_browsers_{column}"), "reader_browsers", [column])
    op.create_table(
        "opened_links",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_opened_links")),
    )
    op.create_index(op.f("ix_opened_links_until"), "opened_links", ["until"])
    op.create_table(
        "unsaved_forms",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "page", name=op.f("pk_unsaved_forms")),
    )
    op.create_index(op.f("ix_unsaved_forms_changed_at"), "unsaved_forms", ["changed_at"])


def downgrade() -> None:
    for table in ("unsaved_forms", "opened_links", "reader_browsers", "missed_asks", "erasures"):
        op.drop_table(table)
    with op.batch_alter_table("chats") as batch_op:
        batch_op.drop_column("left_at")
        batch_op.drop_column("seen_at")
