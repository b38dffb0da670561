"""Passages that people keep: by place and fingerprint, never a copy of the words, with a note."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from corpus.database import UnitOfWork, aware
from corpus.essay import Essay, Paragraph
from corpus.storage.upsert import upsert
from handlers.club.people import utc
from handlers.club.tables import kept_passages

MOST = 1_000  # of one person


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A paragraph that somebody kept. `fingerprint`: of its words at that time."""

    essay_id: int
    paragraph: int
    fingerprint: str
    note: str
    at: datetime

    def within(self, essay: Essay) -> Paragraph | None:
        """Find the paragraph in an essay as its reader may see it; None where its words are changed, gone or not for this reader."""
        same = [one for one in essay.paragraphs if fingerprint(one.text) == self.fingerprint]
        return min(same, key=lambda one: abs(one.index - self.paragraph), default=None)


def fingerprint(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]


class KeptPassages:
    """The passages that people keep."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def keep(self, user: str, essay_id: int, paragraph: Paragraph, note: str, at: datetime) -> bool:
        """Keep a paragraph, or give one that is kept another note; False when it was kept already."""
        told = {"fingerprint": fingerprint(paragraph.text)} | ({"note": note} if note else {})
        place = {"user_id": user, "essay_id": essay_id, "paragraph": paragraph.index}
        return upsert(self.work.writer, kept_passages, place, told, first={"note": "", "at": utc(at)})

    def let_go(self, user: str, essay_id: int, paragraph: int | None = None) -> bool:
        """Let go of a passage, or of all of an essay; False where there was none."""
        gone = self.work.writer.execute(delete(kept_passages).where(*_which(user, essay_id, paragraph)))
        return bool(gone.rowcount)

    def count(self, user: str) -> int:
        query = select(func.count()).select_from(kept_passages).where(kept_passages.c.user_id == user)
        return self.work.reader.execute(query).scalar_one()

    def of(self, user: str) -> list[KeptPassage]:
        """List the passages that a person keeps, the latest first."""
        table = kept_passages
        query = select(table).where(table.c.user_id == user).order_by(table.c.at.desc(), table.c.paragraph)
        return [
            KeptPassage(row.essay_id, row.paragraph, row.fingerprint, row.note, aware(row.at) or row.at)
            for row in self.work.reader.execute(query)
        ]


def _which(user: str, essay_id: int, paragraph: int | None) -> tuple[ColumnElement[bool], ...]:
    table = kept_passages
    place = (table.c.user_id == user, table.c.essay_id == essay_id)
    return place if paragraph is None else (*place, table.c.paragraph == paragraph)
