"""drafts that wait for somebody else's approval"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("drafts", sa.Column("returned_for", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("drafts", "returned_for")
    op.drop_column("drafts", "submitted_at")
