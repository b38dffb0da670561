"""plans of members, memberships of them, essays for them, and the open part of an essay"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_plans",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_member_plans")),
    )
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "plan", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_until"), "memberships", ["until"])
    op.execute(
        "INSERT INTO memberships (user_id, plan, until, since) "
        "SELECT user_id, 'members', member_until, since FROM people WHERE member_until IS NOT NULL"
    )
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("member_until")
    op.add_column("codes", sa.Column("plan", sa.String(length=32), nullable=True))
    op.add_column("essays", sa.Column("open_blocks", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not measure a text
        op.alter_column("essays", "visibility", type_=sa.Text())


def downgrade() -> None:
    op.drop_column("essays", "open_blocks")
    op.drop_column("codes", "plan")
    op.add_column("people", sa.Column("member_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE people SET member_until = (SELECT max(until) FROM memberships WHERE memberships.user_id = people.user_id)"
    )
    op.drop_table("memberships")
    op.drop_table("member_plans")
