"""a correction knows what the essay said that it corrects, and a plan what it put on the shelf"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("corrects", sa.String(length=64), nullable=True))
    op.add_column("plans", sa.Column("revision", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("plans") as batch_op:
        batch_op.drop_column("revision")
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.drop_column("corrects")
