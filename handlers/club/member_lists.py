"""Members as a list that people and platforms exchange: CSV with the columns user, key, plan, until, since, note."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from corpus.database import aware
from corpus.visibility import ALL_MEMBERS, plan_name
from handlers.club.club import Club
from handlers.club.memberships import FOR_GOOD
from handlers.club.paid_memberships import PaidChange
from handlers.club.people import Purpose
from handlers.club.tables import memberships, paid_memberships, people

COLUMNS = ("user", "key", "plan", "until", "since", "note")
CODE_LIFE = timedelta(days=90)
MOST_ROWS = 100_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon a cell that begins with one of them


@dataclass(frozen=True, slots=True)
class ListRow:
    """The result of one row. `code`: a new one, for a key that is nobody's yet."""

    number: int
    status: str  # granted, ended, refused
    who: str
    plan: str
    code: str = ""
    why: str = ""


def as_csv(club: Club) -> str:
    """Write every membership, the running and the ended."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    reader = club.people.work.reader
    notes = {row.user_id: row.note for row in reader.execute(select(people.c.user_id, people.c.note))}
    for table in (memberships, paid_memberships):
        for row in reader.execute(select(table).order_by(table.c.until)):
            key = row.key if table is paid_memberships else ""
            moments = (_written(row.until), _written(row.since))
            rows.writerow(map(_cell, (row.user_id or "", key, row.plan, *moments, notes.get(row.user_id, ""))))
    return written.getvalue()


def take_in(club: Club, text: str, at: datetime, *, whole: bool = False, gives_codes: bool = True) -> Iterator[ListRow]:
    """Take in a list that was made at `at`; yield the result of each row.

    `whole`: in each plan that the list has keys of, the running keys that it lacks end.
    """
    plans = {ALL_MEMBERS, *club.memberships.plans()}
    club.paid_memberships.lock()
    listed: dict[str, set[str]] = {}
    for number, said in enumerate(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))), 2):
        row = {str(name or "").strip().lower(): str(value or "").strip() for name, value in said.items()}
        if number > MOST_ROWS:
            yield ListRow(number, "refused", "", "", why="檔案太長")
            return
        plan = plan_name(row.get("plan", "")) or ALL_MEMBERS
        known = plan in plans
        result = (
            _row(club, number, row, plan, at, gives_codes) if known else _refused(number, row, plan, "沒有這個方案")
        )
        if result.status != "refused" and row.get("key"):
            listed.setdefault(plan, set()).add(_plain(row["key"]))
        yield result
    for plan, keys in listed.items() if whole else ():
        for key in club.paid_memberships.running(plan, at):
            if key not in keys:
                club.paid_memberships.decide(PaidChange(key, plan, at, at), at)
                yield ListRow(0, "ended", key, plan, why="不在名單上")


def _row(club: Club, number: int, row: Mapping[str, str], plan: str, at: datetime, gives_codes: bool) -> ListRow:
    user, key = _plain(row.get("user", "")), _plain(row.get("key", ""))
    until = _moment(row.get("until", ""), at)
    if until is None:
        return _refused(number, row, plan, "until 看不懂，例如 2027-01-01")
    status = "granted" if until > at else "ended"
    if key:
        return _keyed(club, number, PaidChange(key, plan, until, at), status, gives_codes)
    if not user or len(user) > 64:
        return _refused(number, row, plan, "要有 user 或 key")
    club.memberships.set_until(user, plan, until, at)
    if row.get("note"):
        club.people.set_note(user, _plain(row["note"]), at)
    return ListRow(number, status, user, plan)


def _keyed(club: Club, number: int, change: PaidChange, status: str, gives_codes: bool) -> ListRow:
    key, at = change.key, change.decided_at
    if len(key) > 200:
        return ListRow(number, "refused", key[:40], change.plan, why="key 太長")
    club.paid_memberships.decide(change, at)
    is_new = gives_codes and status == "granted" and club.paid_memberships.owner(key) is None
    code = club.people.make_code(Purpose.MEMBER, at, CODE_LIFE, plan=change.plan, payer_key=key) if is_new else ""
    return ListRow(number, status, key, change.plan, code)


def _refused(number: int, row: Mapping[str, str], plan: str, why: str) -> ListRow:
    return ListRow(number, "refused", row.get("user") or row.get("key") or "", plan, why=why)


def _moment(text: str, at: datetime) -> datetime | None:
    """Read the end of a membership: a day counts to its end, an empty text or 永久 is for good; None for any other text."""
    if text in ("", "永久", "長期"):
        return FOR_GOOD
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    if len(text) <= len("2027-01-01"):
        moment += timedelta(days=1)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=at.tzinfo)
    return min(moment.astimezone(UTC), FOR_GOOD)


def _written(moment: datetime) -> str:
    known = aware(moment) or moment
    return "永久" if known >= FOR_GOOD else known.astimezone(UTC).isoformat()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    """Take off the sign that keeps a spreadsheet from reckoning a cell."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
