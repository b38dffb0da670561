"""What is kept of a person is told whole, handed over once, and erased by them or by an owner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine

from bot.ledger.erasure import ALL_RULES
from corpus.database import UnitOfWork, reading
from handlers.account.my_data import EXPORT_LIFE
from handlers.club.club import Club
from handlers.club.personal_data import KINDS, personal_data
from handlers.club.plans import Plan, PlanKind, Plans
from handlers.club.retention import Retention
from handlers.identity import Chat, Place, Role
from tests.support.newsroom import COOLING, Newsroom, draft, newsroom, published
from tests.support.phones import Heard
from tests.test_erasure import USER, fill

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("data")) as room:
        published(room.someone(Role.MODERATOR), COOLING)
        yield room


def link(heard: Heard) -> str:
    return str(heard.actions["打開"]["uri"]).partition("//")[2].partition("/")[2].replace("&openExternalBrowser=1", "")


def hand_over(room: Newsroom, asked: Heard) -> tuple[int, str]:
    page = room.stage.bot.app.test_client().post("/my-data", data={"code": link(asked).partition("code=")[2]})
    return page.status_code, page.text


def holds(room: Newsroom, user: str) -> dict[str, list[dict[str, object]]]:
    with reading(room.stage.bot.engine) as connection:
        return personal_data(connection, user, ALL_RULES)


def test_every_place_that_an_erasure_empties_has_its_words_and_its_time() -> None:
    tables = {column.table.name for rule in ALL_RULES for column in rule.people}
    assert tables == {*KINDS}
    assert {kind.setting for kind in KINDS.values()} - {""} <= {name for name, _, _ in Retention().rows()}


def test_whatever_names_a_person_is_in_what_is_handed_over(engine: Engine) -> None:

    fill(engine)
    with reading(engine) as connection:
        held = personal_data(connection, USER, ALL_RULES)
    assert {*held} == {*KINDS}
    assert "hash" not in json.dumps(held)


def test_a_plan_of_ones_own_that_is_also_for_oneself_is_told_once(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        made, told = Plans(work), (Chat(USER, Place.PERSON),)
        mine = made.make(Plan(0, PlanKind.TRIAL, NOW, USER, chats=told), NOW)
        made.make(Plan(0, PlanKind.PUSH, NOW, "Uother", chats=told), NOW)
        work.commit()
    with reading(engine) as connection:
        held = personal_data(connection, USER, ALL_RULES)["plans"]
    assert [(row.get("id"), row["kind"]) for row in held] == [(mine.id, "trial"), (None, "push")]


def test_my_data_tells_what_is_kept_and_for_how_long(room: Newsroom) -> None:
    phone = room.someone()
    phone("水冷板")
    phone("訂閱 鯨落紀元")
    told = phone("我的資料")
    assert "1 個主題" in told
    for table in holds(room, phone.owner.id):
        assert KINDS[table].says in told or table in ("people", "mailings", "subscriptions", "saved_essays")
    assert "最多 30 天" in told


def test_a_link_hands_it_over_once_and_a_preview_spends_nothing(room: Newsroom) -> None:
    phone = room.someone()
    phone("有文章再通知我 鯨落紀元")
    asked = phone("下載我的資料")
    assert phone.owner.id not in link(asked)
    preview = room.stage.bot.app.test_client().get(f"/{link(asked)}")
    assert "只能用一次" in preview.text
    assert "no-store" in preview.headers["Cache-Control"]
    status, text = hand_over(room, asked)
    assert status == 200
    assert json.loads(text)["等通知的題目"][0]["question"] == "鯨落紀元"
    assert hand_over(room, asked)[0] == 403


def test_after_ten_minutes_the_link_hands_nothing_over(room: Newsroom) -> None:
    phone = room.someone()
    late, in_time = phone("下載我的資料"), phone("下載我的資料")
    made = datetime.now(UTC)
    with time_machine.travel(made + EXPORT_LIFE - timedelta(seconds=30)):
        assert hand_over(room, in_time)[0] == 200
    with time_machine.travel(made + EXPORT_LIFE):
        assert hand_over(room, late)[0] == 403


def test_after_an_erasure_the_link_hands_nothing_over(room: Newsroom) -> None:
    phone = room.someone()
    phone("有文章再通知我 鯨落紀元")
    asked = phone("下載我的資料")
    phone("刪除我的資料 確定")
    assert hand_over(room, asked)[0] == 403


def owners(room: Newsroom) -> list[str]:
    with room.work() as work:
        return [user for user, role in Club(work).people.staff() if role is Role.OWNER]


def test_the_only_owner_is_told_what_ends_and_hands_over_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    with newsroom(tmp_path_factory.mktemp("owner")) as room:
        owner, heir = room.someone(Role.OWNER), room.someone()
        number = draft(owner)
        owner(f"排程 {number} 明天 08:30")
        asked = owner("刪除我的資料")
        for told in ("不再是擁有者", "1 份草稿", "1 件事會取消"):
            assert told in asked
        refused = owner.press(asked, "確定刪除")
        assert "唯一的擁有者" in refused
        assert owners(room) == [owner.owner.id]
        code = heir("申請編輯").text.split("核准 ", 1)[1].split()[0]
        owner.press(owner(f"核准 {code} 擁有者"), "確定，當擁有者")
        assert "都刪掉了" in owner("刪除我的資料 確定")
        assert owners(room) == [heir.owner.id]
        assert "都刪掉了" in heir.press(heir("刪除我的資料 確定"), "不交接，照樣刪除")
        assert owners(room) == []


def test_an_owner_removes_a_person_on_request(room: Newsroom) -> None:
    owner, someone = room.someone(Role.OWNER), room.someone()
    someone("訂閱 鯨落紀元")
    asked = owner(f"刪除個人資料 {someone.owner.id}")
    assert someone.owner.name in asked
    assert holds(room, someone.owner.id)
    assert "都刪掉了" in owner.press(asked, "確定刪除")
    assert holds(room, someone.owner.id) == {}
    moderator = room.someone(Role.MODERATOR)
    assert "先「解任」" in owner(f"刪除個人資料 {moderator.owner.id} 確定")
    assert "擁有者才能做" in moderator(f"刪除個人資料 {someone.owner.id} 確定")
    assert "打「刪除我的資料」" in owner(f"刪除個人資料 {owner.owner.id}")


def test_nobody_keeps_the_name_of_who_was_erased(room: Newsroom) -> None:
    someone, owner = room.someone(), room.someone(Role.OWNER)
    names = room.stage.bot.conversation.outside
    assert names.name_of(someone.owner.id) == someone.owner.name
    owner(f"刪除個人資料 {someone.owner.id} 確定")
    cache = names.forget_name.__self__._known  # type: ignore[attr-defined]
    assert cache.get(someone.owner.id) is None


def test_a_code_of_a_membership_is_said_to_stay_and_the_others_for_how_long(room: Newsroom) -> None:
    phone = room.someone()
    phone("申請編輯")
    assert "最多 30 天，開通碼到你刪除為止" in phone("我的資料")
