"""by which message somebody waits for an answer, so that taking it back lets go"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wishes", sa.Column("message", sa.String(64), nullable=True))
    op.create_index("ix_wishes_message", "wishes", ["message"])


def downgrade() -> None:
    op.drop_index("ix_wishes_message", "wishes")
    op.drop_column("wishes", "message")
