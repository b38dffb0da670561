"""The findings of reading a source's post, beside its essay: lines left out, and doubts for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from corpus.essay import BlockKind, Essay
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.storage.essay_store import load
from corpus.storage.schema import essays, post_readings, source_posts
from corpus.storage.upsert import upsert


def keep(connection: Connection, post_id: int, found: Extracted) -> None:
    """Keep the findings of a post's newest reading. Its pictures are still to be looked for."""
    essay = found.essays[0]
    values: dict[str, Any] = {
        "left_out": [[line.text, line.reason, line.before] for line in found.left_out],
        "pieces": found.pieces,
        "lost_pictures": None if _pictures(essay) else 0,
    }
    upsert(connection, post_readings, {"post_id": post_id}, values)


def left_out(connection: Connection, post_ids: Sequence[int]) -> dict[int, list[LeftOut]]:
    """Return the lines left out of each of these posts, in their order; a post that left out nothing is missing."""
    query = select(post_readings.c.post_id, post_readings.c.left_out).where(post_readings.c.post_id.in_(post_ids))
    return {
        row.post_id: [LeftOut(text, Reason(reason), 0, before) for text, reason, before in row.left_out]
        for row in connection.execute(query)
        if row.left_out
    }


def without_a_look_at_pictures(connection: Connection, source_id: int, count: int) -> list[tuple[int, list[str]]]:
    """Return up to `count` posts whose pictures were not looked for yet, each with its pictures' addresses."""
    ours = (source_posts.c.source_id == source_id) & post_readings.c.lost_pictures.is_(None)
    query = (
        select(post_readings.c.post_id, source_posts.c.essay_id)
        .join(source_posts, source_posts.c.id == post_readings.c.post_id)
        .where(ours, source_posts.c.essay_id.is_not(None))
        .order_by(post_readings.c.post_id)
    )
    rows = connection.execute(query.limit(count)).all()
    held = load(connection, [row.essay_id for row in rows])
    return [(row.post_id, _pictures(held[row.essay_id]) if row.essay_id in held else []) for row in rows]


def keep_lost_pictures(connection: Connection, post_id: int, count: int) -> None:
    """Note how many of a post's pictures could not be had."""
    same = post_readings.c.post_id == post_id
    connection.execute(update(post_readings).where(same).values(lost_pictures=count))


def _essays_where(which: ColumnElement[bool]) -> ColumnElement[bool]:
    read = source_posts.join(post_readings, post_readings.c.post_id == source_posts.c.id)
    return essays.c.id.in_(select(source_posts.c.essay_id).select_from(read).where(which))


READ_AS_SEVERAL = _essays_where(post_readings.c.pieces > 1)
WITH_LOST_PICTURES = _essays_where(post_readings.c.lost_pictures > 0)


def _pictures(essay: Essay) -> list[str]:
    return [
        block.picture.url for block in essay.blocks if block.kind is BlockKind.PICTURE and block.picture is not None
    ]
