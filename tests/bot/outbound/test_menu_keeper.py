"""Who becomes a member or an editor is shown their rich menu, and loses it at the end of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from bot.cli.connect import connect_channel
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.platform import Platform
from bot.line.client import LineClient, LineError, Result
from bot.outbound.menu_keeper import EVERY, REST, MenuKeeper
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.tables import memberships
from handlers.identity import Role

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
MEMBER, EDITOR, OWNER = "Umember", "Ueditor", "Uowner"


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform("secret", "token", "http://127.0.0.1:9/callback")
    platform.address, stop = start_in_thread(platform)  # type: ignore[attr-defined]
    yield platform
    stop()


class Menus:
    """A keeper on its own clock, and what LINE shows."""

    def __init__(self, engine: Engine, platform: Platform) -> None:
        self.engine, self.platform, self.now = engine, platform, NOW
        self.line = LineClient(platform.address, "token")  # type: ignore[attr-defined]
        self.keeper = MenuKeeper(self.line, (OWNER,))
        self.calls: list[str] = []
        attempt = self.line._attempt

        def noted(path: str, body: bytes, headers: dict[str, str]) -> Result:
            self.calls.append(path)
            return attempt(path, body, headers)

        self.line._attempt = noted  # type: ignore[method-assign]

    def connect(self) -> None:
        list(connect_channel(self.line, "https://luopan.example", {}))

    def after(self, **later: float) -> dict[str, str]:
        """What members, editors and owners see after that time."""
        self.now += timedelta(**later) if later else EVERY
        self.calls.clear()
        with UnitOfWork(self.engine) as work:
            self.keeper.keep(work, self.now)
        menus = self.platform.richmenus
        shown = {user: menus.shown_to(user) or {"name": "none"} for user in (MEMBER, EDITOR, OWNER)}
        return {user: menu["name"].removeprefix("luopan ") for user, menu in shown.items()}


@pytest.fixture
def menus(engine: Engine, platform: Platform) -> Menus:
    return Menus(engine, platform)


def change(menus: Menus, change: object) -> None:
    with UnitOfWork(menus.engine) as work:
        change(Club(work))  # type: ignore[operator]
        work.commit()


def test_a_menu_comes_with_the_role_and_goes_with_it(menus: Menus) -> None:
    menus.connect()
    assert menus.after() == {MEMBER: "readers", EDITOR: "readers", OWNER: "reading"}
    change(menus, lambda club: club.memberships.grant(MEMBER, 7, menus.now))
    change(menus, lambda club: club.people.set_role(EDITOR, Role.EDITOR, menus.now))
    assert menus.after() == {MEMBER: "members", EDITOR: "reading", OWNER: "reading"}
    menus.after()
    assert menus.calls == []  # nothing has changed
    change(menus, lambda club: club.people.set_role(EDITOR, Role.GUEST, menus.now))
    assert menus.after(days=8) == {MEMBER: "readers", EDITOR: "readers", OWNER: "reading"}


def test_who_is_erased_is_shown_the_menu_of_everybody(menus: Menus) -> None:
    menus.connect()
    change(menus, lambda club: club.memberships.grant(MEMBER, None, menus.now))
    assert menus.after()[MEMBER] == "members"
    change(menus, lambda club: club.forget(MEMBER, menus.now))
    assert menus.after()[MEMBER] == "readers"


def test_menus_that_were_put_up_anew_are_shown_again(menus: Menus) -> None:
    assert menus.after()[OWNER] == "none"
    for _ in range(2):
        menus.connect()
        assert menus.after(minutes=10)[OWNER] == "reading"


def test_a_keeper_that_starts_anew_takes_back_what_ended_meanwhile(menus: Menus) -> None:
    menus.connect()
    change(menus, lambda club: club.memberships.grant(MEMBER, 7, menus.now))
    assert menus.after()[MEMBER] == "members"
    menus.keeper = MenuKeeper(menus.line)
    assert menus.after(days=8)[MEMBER] == "readers"


def test_line_is_left_alone_for_a_while_after_it_gave_no_answer(menus: Menus) -> None:
    menus.connect()

    def broken(_menu: str, _users: object) -> None:
        raise LineError(500, "")

    own, menus.line.show_own_menus = menus.line.show_own_menus, broken  # type: ignore[method-assign]
    menus.after()
    menus.line.show_own_menus = own  # type: ignore[method-assign]
    assert menus.after()[OWNER] == "readers"
    assert menus.calls == []
    assert menus.after(seconds=REST.total_seconds())[OWNER] == "reading"


def test_the_more_people_there_are_the_longer_it_rests_between_two_looks(menus: Menus) -> None:
    menus.connect()
    menus.keeper = MenuKeeper(menus.line, (OWNER,), many=1)
    change(menus, lambda club: club.memberships.grant(MEMBER, None, menus.now))
    assert menus.after()[MEMBER] == "members"
    change(menus, lambda club: club.people.set_role(EDITOR, Role.EDITOR, menus.now))
    assert menus.after()[EDITOR] == "readers"  # two people were there: a minute
    assert menus.after()[EDITOR] == "reading"


def test_everybody_is_read_however_many_values_a_statement_may_have(menus: Menus) -> None:
    users = {f"U{number:05}" for number in range(40_000)}  # SQLite takes 32,766, PostgreSQL 65,535
    with UnitOfWork(menus.engine) as work:
        rows = [{"user_id": user, "plan": "members", "until": NOW + REST, "since": NOW} for user in users]
        work.writer.execute(insert(memberships), rows)
        work.commit()
        assert Club(work).people.readers(NOW).keys() == users
