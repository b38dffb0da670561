"""the audit no longer quotes the questions that were taken off the list"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE audit SET detail = '' WHERE action = 'settle'")


def downgrade() -> None:
    pass
