"""what the worker looks for again and again is found by an index"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_people_role": ("people", "role"),
    "ix_paid_memberships_until": ("paid_memberships", "until"),
    "ix_codes_expires_at": ("codes", "expires_at"),
    "ix_codes_used_by": ("codes", "used_by"),
    "ix_chats_seen_at": ("chats", "seen_at"),
    "ix_chats_left_at": ("chats", "left_at"),
    "ix_opened_essays_at": ("opened_essays", "at"),
    "ix_misses_last_at": ("misses", "last_at"),
    "ix_wishes_revision": ("wishes", "revision"),
    "ix_audit_at": ("audit", "at"),
    "ix_drafts_changed": ("drafts", "state", "changed_at"),
}


def upgrade() -> None:
    for name, (table, *columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, *_columns) in INDEXES.items():
        op.drop_index(name, table_name=table)
