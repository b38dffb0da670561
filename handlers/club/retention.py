"""The days for which each kind of thing is kept: the one table that the sweep reads and that 隱私 shows."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, exists, func, or_, select, update

from handlers.club.admin_tables import drafts, plans, unsaved_forms
from handlers.club.askers import LIFE
from handlers.club.digest_tables import mailings
from handlers.club.drafts import DraftStage
from handlers.club.people import Purpose, utc
from handlers.club.tables import (
    audit,
    chats,
    codes,
    memberships,
    missed_askers,
    missed_asks,
    misses,
    opened,
    opened_links,
    paid_memberships,
    payer_requests,
    people,
    reader_browsers,
)
from handlers.identity import Role

ASKED_DAYS = 1  # for which the asker of an unanswered question is kept


def _days(default: int, says: str) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True)
class Retention:
    """The days of each kind of thing, with its words in 隱私."""

    quoted: int = _days(1, "一則回覆答的是哪一題")
    shown: int = _days(30, "聊天室看過哪幾篇")
    missed: int = _days(180, "沒答到的題目（一天後就不知道是誰問的）")
    opened: int = _days(365, "看過的文章")
    deliveries: int = _days(60, "摘要和通知送出的紀錄")
    left: int = _days(30, "封鎖或離開後剩下的資料")
    inactive: int = _days(730, "沒再說話、也沒有訂閱和會員資格的人的資料")
    drafts: int = _days(90, "發布或刪除後的草稿原文")
    unsaved: int = _days(7, "後台還沒存的文字")
    plans: int = _days(90, "做完的排程和收件名單")
    visits: int = _days(30, "進後台、申請編輯和下載資料用的碼")
    audit: int = _days(730, "後台的操作紀錄")

    @classmethod
    def read(cls, text: str) -> Retention:
        """Read 「missed=90, audit=365」 over the defaults. Raises ValueError naming the part that cannot be read."""
        known = {one.name for one in fields(cls)}
        found: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in text.replace("，", ",").split(","))):
            name, _, days = (word.strip() for word in part.partition("="))
            if name not in known or not days.isdecimal() or int(days) < 1:
                raise ValueError(part)
            found[name] = int(days)
        if found.get("quoted", 1) > 1:
            raise ValueError("quoted")
        return replace(cls(), **found)

    def rows(self) -> list[tuple[str, str, int]]:
        """List (setting, its words, days), in the order of the table."""
        return [(one.name, one.metadata["says"], getattr(self, one.name)) for one in fields(self)]


def lasting(days: int) -> str:
    """Say so many days in words: 「24 小時」, 「30 天」."""
    return "24 小時" if days == 1 else f"{days} 天"


def sweep(connection: Connection, now: datetime, kept: Retention) -> None:
    """Delete the rows and texts that the Club has kept for long enough."""

    def before(days: int) -> datetime:
        return utc(now - timedelta(days=days))

    def ended(column: Column[Any], days: int, *which: ColumnElement[bool]) -> None:
        connection.execute(delete(column.table).where(column <= before(days), *which))

    ended(missed_asks.c.at, ASKED_DAYS)
    ended(missed_askers.c.at, LIFE.days)
    ended(misses.c.last_at, kept.missed)
    ended(payer_requests.c.at, kept.deliveries)
    ended(paid_memberships.c.until, kept.plans, paid_memberships.c.user_id.is_(None))
    ended(opened.c.at, kept.opened)
    ended(unsaved_forms.c.changed_at, kept.unsaved)
    ended(audit.c.at, kept.audit)
    of_one_person = codes.c.purpose.in_(
        (Purpose.CLAIM, Purpose.EDITOR, Purpose.ADMIN_LINK, Purpose.EXPORT, Purpose.KEPT)
    )
    ended(
        codes.c.expires_at,
        kept.visits,
        of_one_person,
        func.coalesce(codes.c.used_at, codes.c.expires_at) <= before(kept.visits),
    )
    ended(codes.c.expires_at, kept.visits, codes.c.payer_key.is_not(None), codes.c.used_at.is_(None))
    ended(plans.c.due_at, kept.plans, plans.c.state.in_(("done", "cancelled")))
    ended(drafts.c.changed_at, kept.drafts, drafts.c.state == DraftStage.DROPPED)
    published = (drafts.c.state == DraftStage.PUBLISHED) & (drafts.c.changed_at <= before(kept.drafts))
    connection.execute(update(drafts).where(published).values(pieces=[], messages=[]))
    for table in (opened_links, reader_browsers):
        connection.execute(delete(table).where(table.c.until <= utc(now)))


def gone(connection: Connection, now: datetime, kept: Retention) -> list[str]:
    """List the chats whose data have been kept for long enough: left, or silent for long; never somebody with a role."""
    left = chats.c.left_at <= utc(now - timedelta(days=kept.left))
    silent = chats.c.seen_at <= utc(now - timedelta(days=kept.inactive))
    silent &= ~exists().where(mailings.c.chat == chats.c.id)
    for table in (memberships, paid_memberships):
        silent &= ~exists().where(table.c.user_id == chats.c.id, table.c.until > utc(now))
    is_staff = exists().where(people.c.user_id == chats.c.id, people.c.role >= Role.EDITOR)
    return list(connection.execute(select(chats.c.id).where(or_(left, silent), ~is_staff)).scalars())
