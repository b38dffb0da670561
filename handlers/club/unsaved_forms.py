"""Forms of the admin site as they are being typed, before they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from corpus.database import UnitOfWork, aware
from corpus.storage.upsert import upsert
from handlers.club.admin_tables import unsaved_forms
from handlers.club.people import utc

MOST_FORMS = 20  # of one person; the oldest goes first
LONGEST_FORM = 500_000  # characters
AT_WORK = timedelta(minutes=2)  # since something was typed last; after that, somebody is at work no longer


@dataclass(frozen=True, slots=True)
class UnsavedForm:
    """The fields of a page's form when it was last heard of."""

    page: str
    fields: Mapping[str, str]
    at: datetime


class UnsavedForms:
    """The forms that editors are typing in."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def keep(self, user: str, page: str, fields: Mapping[str, str], at: datetime) -> bool:
        """Keep the fields of a form in place of those kept so far; False where they are too long."""
        if sum(map(len, fields.values())) > LONGEST_FORM:
            return False
        values = {"fields": dict(fields), "changed_at": utc(at)}
        if upsert(self.work.writer, unsaved_forms, {"user_id": user, "page": page}, values):
            for one in self.all_of(user)[MOST_FORMS:]:
                self.drop(user, one.page)
        return True

    def of(self, user: str, page: str) -> UnsavedForm | None:
        return next((one for one in self.all_of(user) if one.page == page), None)

    def all_of(self, user: str) -> list[UnsavedForm]:
        """List one person's forms, the latest first."""
        mine = select(unsaved_forms).where(unsaved_forms.c.user_id == user).order_by(unsaved_forms.c.changed_at.desc())
        return [
            UnsavedForm(row.page, row.fields, aware(row.changed_at) or row.changed_at)
            for row in self.work.reader.execute(mine)
        ]

    def at_work(self, draft: int, at: datetime) -> list[str]:
        """List the users who type in a draft at this moment, the latest first: this locks nothing, and ends by itself."""
        page = f"%/drafts/{draft}"
        here = unsaved_forms.c.page.like(page) | unsaved_forms.c.page.like(f"{page}/%")
        fresh = unsaved_forms.c.changed_at > utc(at - AT_WORK)
        typing = select(unsaved_forms.c.user_id).where(here, fresh).order_by(unsaved_forms.c.changed_at.desc())
        return list(dict.fromkeys(self.work.reader.execute(typing).scalars()))

    def drop(self, user: str, page: str) -> None:
        """Forget a form: it was saved, or is not wanted."""
        mine = (unsaved_forms.c.user_id == user) & (unsaved_forms.c.page == page)
        if self.work.reader.execute(select(unsaved_forms.c.page).where(mine)).first() is not None:
            self.work.writer.execute(delete(unsaved_forms).where(mine))
