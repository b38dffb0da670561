"""Roles, and the one-time codes that grant them and memberships."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union,
    union_all,
    update,
)

from corpus.database import UnitOfWork, aware
from corpus.storage.prepared import Prepared
from corpus.storage.upsert import upsert
from corpus.visibility import ALL_MEMBERS
from handlers.club.tables import codes, held, people
from handlers.identity import Chat, Place, Role, Standing

LONGEST_NOTE = 500
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else


class Purpose(StrEnum):
    """The purpose of a one-time code."""

    CLAIM = "claim"  # the first owner
    EDITOR = "editor"  # 申請編輯, to be 核准ed by an owner
    MEMBER = "member"  # 開通
    EXPORT = "export"  # a one-time link to all that is kept of a person
    KEPT = "kept"  # a one-time link to a person's kept essays and passages, as Markdown
    ADMIN_LINK = "desk"  # a one-time link to the admin site


def utc(moment: datetime) -> datetime:
    """Return the form in which a moment is stored and compared."""
    return moment.astimezone(UTC)


def new_code(length: int = 10) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_hash(code: str) -> str:
    """Return the hash of a code, without regard to case, spaces and dashes."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SpentCode:
    """A spent code: the user it is bound to, and the membership that it opens for so many days (None: for good).

    A code with a `payer_key` opens the memberships that the payer's platform decided for that key.
    """

    user: str | None
    days: int | None
    plan: str = ALL_MEMBERS
    payer_key: str | None = None


def _rights(who: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Return the query for plans and roles of the users of whom `who` holds: (user, plan, until, role); a row has either a plan or a role."""
    plans = select(held.c.user_id, held.c.plan, held.c.until, literal(0).label("role")).where(who(held.c.user_id))
    return union_all(plans, select(people.c.user_id, literal(""), null(), people.c.role).where(who(people.c.user_id)))


# Built once: `_OF_USER` is asked at every event; the compiled forms of the others are found in the cache.
_OF_USER = Prepared(_rights(lambda user: user == bindparam("user")))
_OF_ALL = _rights(lambda _user: true())
_OF_USERS = _rights(lambda user: user.in_(bindparam("users", expanding=True)))


def _standing(role: int, plans: set[str]) -> Standing:
    return Standing(
        Role(role) if role >= Role.EDITOR else Role.MEMBER if plans else Role.GUEST, frozenset(plans - {ALL_MEMBERS})
    )


class People:
    """Roles of signed user ids. A missing user id is a guest, whatever else is true."""

    def __init__(self, work: UnitOfWork, owners: tuple[str, ...] = ()) -> None:
        self.work = work
        self.owners = owners  # from the settings: owners from the start

    def role(self, user: str | None, at: datetime) -> Role:
        return self.standing(user, at).role

    def standing(self, user: str | None, at: datetime) -> Standing:
        if user is None:
            return Standing()
        return self._standings([user], at, _OF_USER.rows(self.work.reader, user=user))[user]

    def standings(self, users: Collection[str], at: datetime) -> dict[str, Standing]:
        """Return the standing of each of these users."""
        return self._standings(users, at, self.work.reader.execute(_OF_USERS, {"users": list(users)}))

    def _standings(self, users: Collection[str], at: datetime, rights: Iterable[Any]) -> dict[str, Standing]:
        roles, plans = dict.fromkeys(self.owners, int(Role.OWNER)), defaultdict[str, set[str]](set)
        for user, plan, until, role in rights:
            if not plan:
                roles.setdefault(user, role)
            elif (aware(until) or at) > at:
                plans[user].add(plan)
        return {user: _standing(roles.get(user, 0), plans[user]) for user in users}

    def still_has_role(self, user: str | None, role: Role, at: datetime) -> bool:
        """Tell whether a person still holds the role, within the transaction that acts: a dismissal waits until it commits."""
        if user is None:
            return False
        self.work.writer.execute(select(people.c.user_id).where(people.c.user_id == user).with_for_update())
        return self.role(user, at) >= role

    def has_owner(self) -> bool:
        owners = select(func.count()).select_from(people).where(people.c.role >= Role.OWNER)
        return bool(self.owners) or bool(self.work.reader.execute(owners).scalar())

    def known(self, at: datetime) -> dict[str, Standing]:
        """Return the standing of everybody who holds a role or a membership, or once did."""
        rights = self.work.reader.execute(_OF_ALL).all()
        return self._standings({*self.owners, *(row.user_id for row in rights)}, at, rights)

    def readers(self, at: datetime) -> dict[str, Standing]:
        """Return the standing of everybody who may read more than a guest."""
        return {user: one for user, one in self.known(at).items() if one.role > Role.GUEST}

    def chats(self) -> list[Chat]:
        """List the one-to-one chats with everybody who holds a role or a membership, or once did."""
        known = union(select(people.c.user_id), select(held.c.user_id))
        return [Chat(user, Place.PERSON) for user in self.work.reader.execute(known).scalars()]

    def staff(self, least: Role = Role.EDITOR) -> list[tuple[str, Role]]:
        """List everybody with this role in editing or a higher one, the highest first."""
        rows = self.work.reader.execute(
            select(people.c.user_id, people.c.role).where(people.c.role >= least).order_by(people.c.role.desc())
        )
        listed = [(user, Role.OWNER) for user in self.owners]
        return listed + [(user, Role(role)) for user, role in rows if user not in self.owners]

    def set_role(self, user: str, role: Role, at: datetime) -> None:
        """Give or take a role in editing; MEMBER and below leave the membership as it is, and end all visits to the admin site."""
        kept = role if role >= Role.EDITOR else Role.GUEST
        if kept is Role.GUEST:
            self.work.writer.execute(
                delete(codes).where(codes.c.user_id == user, codes.c.purpose == Purpose.ADMIN_LINK)
            )
        self._upsert(user, at, role=int(kept))

    def set_note(self, user: str, note: str, at: datetime) -> None:
        """Keep the moderators' note on a person."""
        self._upsert(user, at, note=note[:LONGEST_NOTE])

    def note_of(self, user: str) -> str:
        return self.work.reader.execute(select(people.c.note).where(people.c.user_id == user)).scalar() or ""

    def make_code(
        self,
        purpose: Purpose,
        at: datetime,
        lifetime: timedelta,
        *,
        user: str | None = None,
        plan: str | None = None,
        days: int | None = None,
        batch: str | None = None,
        payer_key: str | None = None,
        code: str = "",
    ) -> str:
        """Keep the hash of a new one-time code, and return the code. `code`: one that was made already."""
        code = code or new_code()
        self.work.writer.execute(
            insert(codes).values(
                hash=code_hash(code),
                purpose=purpose,
                user_id=user,
                plan=plan,
                days=days,
                batch=batch,
                payer_key=payer_key,
                made_at=utc(at),
                expires_at=utc(at + lifetime),
            )
        )
        return code

    def use_code(self, code: str, purpose: Purpose, user: str, at: datetime) -> SpentCode | None:
        """Spend a code once; None when it is unknown, spent or too old."""
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
        return SpentCode(row.user_id, row.days, row.plan or ALL_MEMBERS, row.payer_key)

    def payer_key(self, code: str) -> str | None:
        """Return the payer's key that a code opens, spent or not; None where there is no such code."""
        known = select(codes.c.payer_key).where(codes.c.hash == code_hash(code), codes.c.purpose == Purpose.MEMBER)
        return self.work.reader.execute(known).scalar()

    def applicant(self, code: str, at: datetime) -> str | None:
        """Return the user who applied for an editor's role with this code; None where it is unknown, spent or too old."""
        fresh = (codes.c.purpose == Purpose.EDITOR) & codes.c.used_at.is_(None) & (codes.c.expires_at > utc(at))
        asked = select(codes.c.user_id).where(codes.c.hash == code_hash(code), fresh)
        return self.work.reader.execute(asked).scalar()

    def void_codes(self, purpose: Purpose, at: datetime) -> None:
        """Void all unused codes of this purpose."""
        unused = (codes.c.purpose == purpose) & codes.c.used_at.is_(None)
        self.work.writer.execute(update(codes).where(unused).values(used_at=utc(at)))

    def _upsert(self, user: str, at: datetime, **values: object) -> None:
        upsert(self.work.writer, people, {"user_id": user}, values, first={"role": 0, "since": utc(at)})
