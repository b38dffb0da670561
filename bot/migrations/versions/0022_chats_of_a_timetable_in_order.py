"""the chats of a timetable in order, so that the next thousand of them are found without sorting all"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_mailings_timetable", "mailings")
    op.create_index("ix_mailings_timetable", "mailings", ["days", "minute", "chat"])


def downgrade() -> None:
    op.drop_index("ix_mailings_timetable", "mailings")
    op.create_index("ix_mailings_timetable", "mailings", ["days", "minute"])
