"""sites that are walked and kept up, and essays known by their address"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from corpus.intake.sources.addresses import address_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("essays", sa.Column("address_key", sa.String(length=300), nullable=False, server_default=""))
    op.create_index("ix_essays_address_key", "essays", ["address_key"])
    essays = sa.table("essays", sa.column("id"), sa.column("url"), sa.column("address_key"))
    bind = op.get_bind()
    for essay_id, url in bind.execute(sa.select(essays.c.id, essays.c.url).where(essays.c.url.is_not(None))).all():
        bind.execute(essays.update().where(essays.c.id == essay_id).values(address_key=address_key(url)))
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doors", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("synced_at", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("owner_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("key", name="uq_sources_key"),
    )
    op.create_index("ix_sources_next_at", "sources", ["next_at"])
    op.create_table(
        "source_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("modified", sa.String(length=40), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("shelved", sa.String(length=64), nullable=False),
        sa.Column("essay_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("id", name="pk_source_posts"),
    )
    op.create_index("ux_source_posts_key", "source_posts", ["source_id", "key"], unique=True)
    op.create_index("ix_source_posts_number", "source_posts", ["source_id", "number"])
    op.create_index("ix_source_posts_essay_id", "source_posts", ["essay_id"])


def downgrade() -> None:
    op.drop_table("source_posts")
    op.drop_table("sources")
    op.drop_index("ix_essays_address_key", "essays")
    with op.batch_alter_table("essays") as batch_op:
        batch_op.drop_column("address_key")
