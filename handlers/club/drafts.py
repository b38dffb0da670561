"""Drafts: essays on their way into the archive, kept with every piece that comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from corpus.database import UnitOfWork, aware
from corpus.essay import Block, BlockKind, Essay
from corpus.intake.extracted import LeftOut, Reason
from corpus.storage.essay_json import content_hash, from_json, to_json
from handlers.club.admin_tables import drafts
from handlers.club.people import utc


class DraftStage(StrEnum):
    """The stage that a draft has reached."""

    OPEN = "open"  # pieces are still coming
    READY = "ready"  # understood; may be previewed, changed and published
    PUBLISHED = "published"
    DROPPED = "dropped"


MOST_LEFT_OUT = 2_000  # lines that a draft keeps to be put back
ALIVE = (DraftStage.OPEN, DraftStage.READY)


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft: a pasted text, a page or a file with the essays found in it, or a correction of an essay."""

    id: int
    user: str
    stage: DraftStage
    changed_at: datetime
    pieces: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()  # LINE's ids of the messages that the pieces came with
    essays: tuple[Essay, ...] = ()
    replaces: int | None = None
    corrects: str | None = None  # a fingerprint of what the replaced essay said then
    is_another: bool = False  # somebody said that its essays are none of those in the archive, however alike
    origin: str = ""
    walled: bool = False
    visibility_chosen: bool = False
    undated_is_fine: bool = False
    left_out: tuple[LeftOut, ...] = ()  # lines of its texts that are in none of its essays
    submitted_at: datetime | None = None  # when its writer asked for it to be published
    returned_for: str = ""  # why it was sent back since

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for somebody who may publish it."""
        return self.submitted_at is not None and not self.returned_for

    @property
    def text(self) -> str:
        """All pieces in the order in which they came."""
        return "\n".join(self.pieces)

    @property
    def title(self) -> str:
        if self.essays:
            return self.essays[0].title
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "（空白）")[:40]

    def with_piece(self, piece: str, message: str) -> Draft:
        return replace(self, pieces=(*self.pieces, piece), messages=(*self.messages, message))

    def without_piece(self, place: int) -> Draft:
        pieces, messages = list(self.pieces), list(self.messages)
        del pieces[place], messages[place]
        return replace(self, pieces=tuple(pieces), messages=tuple(messages))

    def with_line_back(self, place: int) -> Draft:
        """Return the draft with a left-out line back where it stood; the left-out lines below it move on."""
        line = self.left_out[place]
        number = min(line.essay, len(self.essays) - 1)
        essay = self.essays[number]
        before = min(line.before, len(essay.blocks))
        blocks = (*essay.blocks[:before], Block(BlockKind.TEXT, line.text), *essay.blocks[before:])
        moved = [_moved(later, number, before) for later in self.left_out[place + 1 :]]
        rest = (*self.left_out[:place], replace(line, reason=Reason.BACK), *moved)
        opened = essay.open_blocks + (before < essay.open_blocks)
        return replace(self.with_essay(number, replace(essay, blocks=blocks, open_blocks=opened)), left_out=rest)

    def with_essay(self, place: int, *essays: Essay) -> Draft:
        """Return the draft with these essays, if any, in place of one of its own."""
        return replace(self, essays=(*self.essays[:place], *essays, *self.essays[place + 1 :]))

    def without_essay(self, place: int) -> Draft:
        """Return the draft without one of its essays; the lines left out of that go to the end of the one above, else to the top."""
        above = len(self.essays[place - 1].blocks) if place else 0
        left_out = tuple(
            replace(line, essay=max(0, place - 1), before=above)
            if line.essay == place
            else replace(line, essay=line.essay - (line.essay > place))
            for line in self.left_out
        )
        return replace(self.with_essay(place), left_out=left_out)

    def with_joined(self, place: int) -> Draft:
        """Return the draft with one of its essays, title and all, at the end of the one above it."""
        above, essay = self.essays[place - 1 : place + 1]
        title = Block(BlockKind.HEADING, essay.title)
        whole = replace(above, blocks=(*above.blocks, title, *essay.blocks))
        left_out = tuple(
            replace(line, essay=place - 1, before=len(above.blocks) + 1 + line.before)
            if line.essay == place
            else replace(line, essay=line.essay - (line.essay > place))
            for line in self.left_out
        )
        return replace(self.with_essay(place).with_essay(place - 1, whole), left_out=left_out)


def _moved(line: LeftOut, essay: int, before: int) -> LeftOut:
    return replace(line, before=line.before + 1) if line.essay == essay and line.before >= before else line


class DraftEndedError(Exception):
    """A draft was published or dropped by somebody else in the meantime."""


class Drafts:
    """The drafts of all editors."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def begin(self, draft: Draft) -> Draft:
        """Keep a new draft; return it with its id."""
        values = _columns(draft) | {"made_at": utc(draft.changed_at)}
        number = self.work.writer.execute(insert(drafts).values(values).returning(drafts.c.id)).scalar_one()
        return replace(draft, id=number)

    def keep(self, draft: Draft, at: datetime) -> Draft:
        """Keep a draft as it is now. Raises DraftEndedError when it was published or dropped meanwhile."""
        kept = replace(draft, changed_at=at)
        alive = (drafts.c.id == draft.id) & drafts.c.state.in_(ALIVE)
        if not self.work.writer.execute(update(drafts).where(alive).values(_columns(kept))).rowcount:
            raise DraftEndedError(draft.id)
        return kept

    def reopen(self, draft: Draft) -> Draft:
        """Let a draft that was published be changed again."""
        published = (drafts.c.id == draft.id) & (drafts.c.state == DraftStage.PUBLISHED)
        self.work.writer.execute(update(drafts).where(published).values(state=DraftStage.READY))
        return replace(draft, stage=DraftStage.READY)

    def get(self, draft_id: int) -> Draft | None:
        row = self.work.reader.execute(select(drafts).where(drafts.c.id == draft_id)).one_or_none()
        return _draft(row) if row is not None else None

    def current(self, user: str) -> Draft | None:
        """Return the draft that this person worked on last."""
        return next(iter(self.alive(user, 1)), None)

    def submitted(self, since: datetime) -> list[Draft]:
        """List the submitted drafts that are not over, or that were published since, for word of them."""
        told = drafts.c.state.in_(ALIVE) | (
            (drafts.c.state == DraftStage.PUBLISHED) & (drafts.c.changed_at >= utc(since))
        )
        query = select(drafts).where(drafts.c.submitted_at.is_not(None), told).order_by(drafts.c.id)
        return [_draft(row) for row in self.work.reader.execute(query)]

    def alive(self, user: str | None = None, limit: int = 20) -> list[Draft]:
        """List the unpublished drafts of one person or of everybody, the latest first."""
        query = select(drafts).where(drafts.c.state.in_(ALIVE)).order_by(drafts.c.changed_at.desc(), drafts.c.id.desc())
        query = query if user is None else query.where(drafts.c.user_id == user)
        return [_draft(row) for row in self.work.reader.execute(query.limit(limit))]


def unsend(connection: Connection, messages: Collection[str]) -> None:
    """Forget the pieces that came with messages which their writer took back; the essays made of them stay."""
    rows = connection.execute(select(drafts).where(drafts.c.state.in_(ALIVE))).all()
    for draft in map(_draft, rows):
        held = [at for at, message in enumerate(draft.messages) if message in messages]
        for place in reversed(held):
            draft = draft.without_piece(place)
        if held:
            kept = {"pieces": list(draft.pieces), "messages": list(draft.messages)}
            connection.execute(update(drafts).where(drafts.c.id == draft.id).values(kept))


def new_draft(user: str, at: datetime, **known: Any) -> Draft:
    """Return a draft that is not kept yet; it is ready where its essays are known."""
    return Draft(0, user, DraftStage.READY if known.get("essays") else DraftStage.OPEN, at, **known)


def new_correction(user: str, at: datetime, essay: Essay, corrected: Essay) -> Draft:
    """Return a draft, not kept yet, that will replace an essay by its corrected form."""
    known = {"replaces": essay.id, "corrects": content_hash(essay), "visibility_chosen": True, "undated_is_fine": True}
    return new_draft(user, at, essays=(corrected,), **known)


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        "user_id": draft.user,
        "state": draft.stage,
        "pieces": list(draft.pieces),
        "messages": list(draft.messages),
        "essays": [to_json(essay) | ({"another": True} if draft.is_another else {}) for essay in draft.essays],
        "replaces": draft.replaces,
        "corrects": draft.corrects,
        "origin": draft.origin,
        "walled": draft.walled,
        "visibility_chosen": draft.visibility_chosen,
        "undated_is_fine": draft.undated_is_fine,
        "left_out": [[line.text, line.reason, line.essay, line.before] for line in draft.left_out[:MOST_LEFT_OUT]],
        "submitted_at": utc(draft.submitted_at) if draft.submitted_at else None,
        "returned_for": draft.returned_for,
        "changed_at": utc(draft.changed_at),
    }


def _draft(row: Any) -> Draft:
    return Draft(
        id=row.id,
        user=row.user_id,
        stage=DraftStage(row.state),
        changed_at=aware(row.changed_at) or row.changed_at,
        pieces=tuple(row.pieces),
        messages=tuple(row.messages),
        essays=tuple(replace(from_json(kept), id=row.replaces or 0) for kept in row.essays),
        replaces=row.replaces,
        corrects=row.corrects,
        is_another=any("another" in kept for kept in row.essays),
        origin=row.origin,
        walled=row.walled,
        visibility_chosen=row.visibility_chosen,
        undated_is_fine=row.undated_is_fine,
        left_out=tuple(LeftOut(text, Reason(reason), essay, before) for text, reason, essay, before in row.left_out),
        submitted_at=aware(row.submitted_at),
        returned_for=row.returned_for,
    )
