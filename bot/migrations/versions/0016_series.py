"""essays that belong to a series"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("essays", sa.Column("series", sa.Text(), nullable=True))
    op.add_column("essays", sa.Column("series_part", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_essays_series"), "essays", ["series"])


def downgrade() -> None:
    op.drop_index(op.f("ix_essays_series"), "essays")
    op.drop_column("essays", "series_part")
    op.drop_column("essays", "series")
