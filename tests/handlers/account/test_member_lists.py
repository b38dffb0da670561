"""Members as a list: out as CSV, in again, reconciled; noted, found, prolonged and ended at the desk."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.member_codes import make_batch
from handlers.club.member_lists import as_csv, take_in
from handlers.club.members import Members
from handlers.club.people import Purpose
from handlers.identity import Role

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def club(engine: Engine) -> Club:
    with UnitOfWork(engine) as work:
        club = Club(work)
        club.memberships.add_plan("決策者", NOW)
        yield club


def plans(club: Club, user: str) -> set[str]:
    return set(club.people.standing(user, NOW).plans)


def test_a_list_grants_and_ends_and_says_what_it_could_not_do(club: Club) -> None:
    text = (
        "user,plan,until,note\n"
        "U1,決策者,2027-01-01,群組裡的小安\n"
        "U2,,2026-11-01,\n"
        "U3,沒有的,2027-01-01,\n"
        ",決策者,2027-01-01,\n"
        "U4,決策者,明年,\n"
        "U5,決策者,,\n"
    )
    found = list(take_in(club, text, NOW))
    assert [row.status for row in found] == ["granted", "ended", "refused", "refused", "refused", "granted"]
    assert plans(club, "U1") == plans(club, "U5") == {"決策者"}
    assert club.people.standing("U2", NOW).role is Role.GUEST
    assert club.memberships.of("U1")["決策者"] == datetime(2027, 1, 2, tzinfo=UTC)
    assert [row.number for row in found] == [2, 3, 4, 5, 6, 7]


def test_what_was_written_comes_in_again_as_it_was(club: Club, engine: Engine) -> None:
    list(take_in(club, "user,plan,until,note\nU1,決策者,2027-01-01,=1+1\nU2,members,永久,\n", NOW))
    written = as_csv(club)
    assert "'=1+1" in written
    for user in ("U1", "U2"):
        club.memberships.end(user, NOW)
    assert [row.status for row in take_in(club, written, NOW)] == ["granted", "granted"]
    assert plans(club, "U1") == {"決策者"}
    assert next(one.note for one in Members(club.people.work).running(NOW, 9) if one.user == "U1") == "=1+1"
    assert [row["plan"] for row in csv.DictReader(io.StringIO(written))] == ["決策者", "members"]


def test_a_platforms_list_gives_codes_and_ends_who_is_on_it_no_more(club: Club) -> None:
    first, second = take_in(club, "key,plan,until\ncus_1,決策者,2027-01-01\ncus_2,決策者,2027-01-01\n", NOW)
    for row, user in ((first, "U1"), (second, "U2")):
        spent = club.people.use_code(row.code, Purpose.MEMBER, user, NOW)
        assert spent is not None
        assert spent.payer_key is not None
        club.paid_memberships.bind(spent.payer_key, user, NOW)
    assert plans(club, "U1") == plans(club, "U2") == {"決策者"}
    again = list(take_in(club, "key,plan,until\ncus_2,決策者,2027-02-01\n", NOW, whole=True))
    assert [(row.who, row.status, row.code) for row in again] == [("cus_2", "granted", ""), ("cus_1", "ended", "")]
    assert (plans(club, "U1"), plans(club, "U2")) == (set(), {"決策者"})
    assert list(take_in(club, "", NOW, whole=True)) == []
    assert plans(club, "U2") == {"決策者"}, "an empty list says nothing of any plan"


def test_members_are_found_by_note_plan_and_the_batch_whose_code_they_used(club: Club) -> None:
    [(code, _)] = make_batch(club, NOW, count=1, days=30, valid=9, by="U9", plan="決策者", name="讀書會")
    club.people.use_code(code, Purpose.MEMBER, "U1", NOW)
    club.memberships.grant("U1", 30, NOW, "決策者")
    club.memberships.grant("U2", 30, NOW)
    club.people.set_note("U2", "100% 朋友", NOW)
    members = Members(club.people.work)

    def found(words: str) -> list[str]:
        return [one.user for one in members.running(NOW, 9, words=words)]

    assert found("讀書會") == found("決策者") == ["U1"]
    assert found("100%") == ["U2"]
    assert found("0%朋") == []
    (one,) = members.running(NOW, 9, words="U1")
    assert "讀書會" in one.batches[0]


def test_who_ends_soon_and_is_not_prolonged_is_known(club: Club) -> None:
    club.memberships.grant("U1", 6, NOW)
    club.memberships.grant("U2", 8, NOW)
    club.memberships.grant("U3", None, NOW)
    club.memberships.grant("U4", 6, NOW)
    club.people.set_role("U4", Role.EDITOR, NOW)
    assert [one.user for one in Members(club.people.work).ending(NOW, NOW + timedelta(days=7))] == ["U1"]
    club.memberships.grant("U1", 30, NOW)
    assert Members(club.people.work).ending(NOW, NOW + timedelta(days=7)) == []
