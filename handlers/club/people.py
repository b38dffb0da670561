"""Who may do what: roles, memberships and the one-time codes that grant them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from corpus.database import UnitOfWork
from handlers.club.tables import codes, people
from handlers.identity import Chat, Place, Role

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else
FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


class Purpose(StrEnum):
    CLAIM = "claim"  # the first owner
    EDITOR = "editor"  # 申請編輯, to be 核准ed by an owner
    MEMBER = "member"  # 開通
    DESK = "desk"  # a one-time link to the web desk


def aware(moment: datetime | None) -> datetime | None:
    """SQLite forgets time zones; everything is stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def utc(moment: datetime) -> datetime:
    """The form in which a moment is stored and compared."""
    return moment.astimezone(UTC)


def new_code(length: int = 10) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_hash(code: str) -> str:
    """Codes are compared without regard to case, spaces and dashes."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _role(row: Row[Any], at: datetime) -> Role:
    if row.role >= Role.EDITOR:
        return Role(row.role)
    until = aware(row.member_until)
    return Role.MEMBER if until is not None and until > at else Role.GUEST


# Asked at every event; made once, its compiled form is found at once.
_OF_USERS = select(people).where(people.c.user_id.in_(bindparam("users", expanding=True)))


class People:
    """Roles of signed user ids. A missing user id is a guest, whatever else is true."""

    def __init__(self, work: UnitOfWork, owners: tuple[str, ...] = ()) -> None:
        self.work = work
        self.owners = owners  # from the settings: owners from the start

    def role(self, user: str | None, at: datetime) -> Role:
        return Role.GUEST if user is None else self.roles([user], at)[user]

    def roles(self, users: Collection[str], at: datetime) -> dict[str, Role]:
        """As `role`, of several."""
        rows = self.work.reader.execute(_OF_USERS, {"users": list(users)})
        known = {row.user_id: _role(row, at) for row in rows} | dict.fromkeys(self.owners, Role.OWNER)
        return {user: known.get(user, Role.GUEST) for user in users}

    def still_has_role(self, user: str | None, role: Role, at: datetime) -> bool:
        """Within the transaction that acts: does this person still hold the role? A dismissal waits until it commits."""
        if user is None:
            return False
        self.work.writer.execute(select(people.c.user_id).where(people.c.user_id == user).with_for_update())
        return self.role(user, at) >= role

    def member_until(self, user: str) -> datetime | None:
        found = self.work.reader.execute(select(people.c.member_until).where(people.c.user_id == user)).scalar()
        return aware(found)

    def has_owner(self) -> bool:
        owners = select(func.count()).select_from(people).where(people.c.role >= Role.OWNER)
        return bool(self.owners) or bool(self.work.reader.execute(owners).scalar())

    def readers(self, at: datetime) -> set[str]:
        """Everybody who may read what is for members."""
        may = (people.c.role >= Role.EDITOR) | (people.c.member_until > utc(at))
        return {*self.owners, *self.work.reader.execute(select(people.c.user_id).where(may)).scalars()}

    def chats(self) -> list[Chat]:
        """One to one with everybody who holds a role or a membership, or once did."""
        return [Chat(user, Place.PERSON) for user in self.work.reader.execute(select(people.c.user_id)).scalars()]

    def staff(self) -> list[tuple[str, Role]]:
        """Everybody with a role at the desk, highest first."""
        rows = self.work.reader.execute(
            select(people.c.user_id, people.c.role).where(people.c.role >= Role.EDITOR).order_by(people.c.role.desc())
        )
        listed = [(user, Role.OWNER) for user in self.owners]
        return listed + [(user, Role(role)) for user, role in rows if user not in self.owners]

    def set_role(self, user: str, role: Role, at: datetime) -> None:
        """Give or take a role at the desk; MEMBER and below leave the membership as it is, and end all visits there."""
        kept = role if role >= Role.EDITOR else Role.GUEST
        if kept is Role.GUEST:
            self.work.writer.execute(delete(codes).where(codes.c.user_id == user, codes.c.purpose == Purpose.DESK))
        self._upsert(user, at, role=int(kept))

    def grant_membership(self, user: str, days: int | None, at: datetime) -> datetime:
        """Extend a membership by `days` from its end (or from now); None: for good."""
        running = self.member_until(user)
        start = running if running is not None and running > at else at
        until = FOR_GOOD if days is None or start == FOR_GOOD else utc(start + timedelta(days=days))
        self._upsert(user, at, member_until=until)
        return until

    def end_membership(self, user: str) -> bool:
        """End a membership now; False where there was none."""
        mine = (people.c.user_id == user) & people.c.member_until.is_not(None)
        return bool(self.work.writer.execute(update(people).where(mine).values(member_until=None)).rowcount)

    def make_code(
        self,
        purpose: Purpose,
        at: datetime,
        lifetime: timedelta,
        *,
        user: str | None = None,
        days: int | None = None,
        batch: str | None = None,
    ) -> str:
        """A new one-time code; only its hash is kept."""
        code = new_code()
        self.work.writer.execute(
            insert(codes).values(
                hash=code_hash(code),
                purpose=purpose,
                user_id=user,
                days=days,
                batch=batch,
                made_at=utc(at),
                expires_at=utc(at + lifetime),
            )
        )
        return code

    def use_code(self, code: str, purpose: Purpose, user: str, at: datetime) -> tuple[str | None, int | None] | None:
        """Spend a code once: (the user it is bound to, days), or None when it is unknown, spent or too old."""
        spent = self.work.writer.execute(
            update(codes)
            .where(
                codes.c.hash == code_hash(code),
                codes.c.purpose == purpose,
                codes.c.used_at.is_(None),
                codes.c.expires_at > utc(at),
            )
            .values(used_by=user, used_at=utc(at))
        )
        if not spent.rowcount:
            return None
        row = self.work.writer.execute(select(codes).where(codes.c.hash == code_hash(code))).one()
        return row.user_id, row.days

    def void_codes(self, purpose: Purpose, at: datetime) -> None:
        """No code of this purpose works any more."""
        unused = (codes.c.purpose == purpose) & codes.c.used_at.is_(None)
        self.work.writer.execute(update(codes).where(unused).values(used_at=utc(at)))

    def _upsert(self, user: str, at: datetime, **values: object) -> None:
        writer = self.work.writer
        if not writer.execute(update(people).where(people.c.user_id == user).values(values)).rowcount:
            writer.execute(insert(people).values({"user_id": user, "role": 0, "since": utc(at), **values}))
