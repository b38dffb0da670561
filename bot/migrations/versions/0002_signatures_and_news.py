"""essays keep the signature of what they say, and news is found at once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("essays", sa.Column("signature", sa.LargeBinary(), nullable=True))
    op.create_index("ix_essays_born", "essays", ["born"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_essays_born", table_name="essays")
    with op.batch_alter_table("essays") as batch_op:
        batch_op.drop_column("signature")
