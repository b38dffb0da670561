"""Who comes in at the desk, how long they stay, and what keeps everybody else out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from corpus.database import UnitOfWork
from handlers.club.admin_sessions import AdminSessions
from handlers.club.people import People, Purpose
from handlers.identity import Role
from tests.support.admin_site import EDITOR, MEMBER, MODERATOR, OWNER, Browser, Desk, open_desk
from tests.support.phones import Cast

PAGES = {
    "/desk/essays/": Role.EDITOR,
    "/desk/essays/1": Role.EDITOR,
    "/desk/essays/1/edit": Role.EDITOR,
    "/desk/essays/1/versions/1": Role.EDITOR,
    "/desk/upload": Role.EDITOR,
    "/desk/unsaved/": Role.EDITOR,
    "/desk/drafts/": Role.EDITOR,
    "/desk/plans/": Role.EDITOR,
    "/desk/gaps": Role.EDITOR,
    "/desk/words/": Role.MODERATOR,
    "/desk/deliveries": Role.MODERATOR,
    "/desk/sources/": Role.MODERATOR,
    "/desk/members/": Role.MODERATOR,
    "/desk/audit": Role.MODERATOR,
    "/desk/people/": Role.OWNER,
    "/desk/operations": Role.OWNER,
}
ACTS = {
    "/desk/essays/1/withdraw": Role.MODERATOR,
    "/desk/essays/1/restore": Role.MODERATOR,
    "/desk/essays/1/push": Role.MODERATOR,
    "/desk/essays/1/notify": Role.MODERATOR,
    "/desk/essays/1/versions/1": Role.MODERATOR,
    "/desk/plans/1/cancel": Role.MODERATOR,
    "/desk/words/suggestion": Role.MODERATOR,
    "/desk/words/synonym": Role.MODERATOR,
    "/desk/members/codes": Role.MODERATOR,
    "/desk/members/codes/void": Role.MODERATOR,
    "/desk/people/approve": Role.OWNER,
    "/desk/people/role": Role.OWNER,
    "/desk/people/dismiss": Role.OWNER,
}
ROLES = {EDITOR: Role.EDITOR, MODERATOR: Role.MODERATOR, OWNER: Role.OWNER}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return open_desk(tmp_path_factory.mktemp("desk"), public_url="http://localhost")


@pytest.fixture(scope="module")
def visits(desk: Desk) -> dict[str, Browser]:
    return {user: desk.browser(user) for user in ROLES}


def test_a_link_preview_does_not_spend_the_link_and_a_press_spends_it_once(desk: Desk) -> None:
    code = desk.invite(MODERATOR)
    stranger = desk.stranger()
    for _ in range(3):
        assert "進後台" in stranger.get(f"/desk/enter?code={code}").text
    answer = stranger.post("/desk/enter", {"code": code}, at=f"/desk/enter?code={code}")
    assert "找文章" in stranger.follow(answer).text
    late = desk.stranger().post("/desk/enter", {"code": code}, at="/desk/enter")
    assert late.status_code == 403
    assert "用過了" in late.text


def test_a_link_is_good_for_five_minutes(desk: Desk) -> None:
    code = desk.invite(MODERATOR)
    desk.clock.at += timedelta(minutes=5, seconds=1)
    assert desk.stranger().post("/desk/enter", {"code": code}, at="/desk/enter").status_code == 403


@pytest.mark.parametrize("user", [MEMBER, "Unobody"])
def test_a_link_lets_nobody_in_who_has_no_role(desk: Desk, user: str) -> None:
    stranger = desk.stranger()
    assert stranger.post("/desk/enter", {"code": desk.invite(user)}, at="/desk/enter").status_code == 403
    assert stranger.get("/desk/essays/").status_code == 303


def test_a_code_for_something_else_opens_no_desk(desk: Desk) -> None:
    with desk.book() as (club, _):
        code = club.people.make_code(Purpose.EDITOR, desk.clock.at, timedelta(days=1), user=OWNER)
    assert desk.stranger().post("/desk/enter", {"code": code}, at="/desk/enter").status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("user", ROLES)
def test_each_page_is_for_its_role(desk: Desk, visits: dict[str, Browser], page: str, user: str) -> None:
    assert visits[user].get(page).status_code == (200 if ROLES[user] >= PAGES[page] else 403)
    assert desk.stranger().get(page).status_code == 303


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("user", ROLES)
def test_an_act_above_ones_role_is_refused_and_changes_nothing(
    desk: Desk, visits: dict[str, Browser], act: str, user: str
) -> None:
    if ROLES[user] >= ACTS[act]:
        return
    with desk.book() as (club, library):
        before = (library.revision(), club.people.staff(), len(club.audit.latest()))
    assert visits[user].post(act, {"sure": "確定", "role": "擁有者"}).status_code == 403
    with desk.book() as (club, library):
        assert (library.revision(), club.people.staff(), len(club.audit.latest())) == before


def test_every_form_needs_its_token(desk: Desk, visits: dict[str, Browser]) -> None:
    for act in (*ACTS, "/desk/upload", "/desk/preview", "/desk/unsaved/?page=/desk/upload", "/desk/leave"):
        assert visits[OWNER].client.post(act, data={"sure": "確定"}).status_code == 400
    assert desk.stranger().client.post("/desk/enter", data={"code": desk.invite(OWNER)}).status_code == 400


@pytest.mark.parametrize("page", [*PAGES, "/desk/enter", "/desk/essays/999"])
def test_a_page_runs_no_script_but_the_desks_own(visits: dict[str, Browser], page: str) -> None:
    answer = visits[OWNER].get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.text) is None


def test_the_cookie_is_for_a_draft_alone(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, public_url="https://bot.example.com")
    stranger = desk.stranger()
    home = "https://bot.example.com"
    token = re.search(r'value="([^"]+)"', stranger.client.get("/desk/enter?code=x", base_url=home).text)
    assert token is not None
    form = {"code": desk.invite(OWNER), "csrf_token": token[1]}
    forged = stranger.client.post("/desk/enter", data=form, base_url=home, headers={"Referer": "https://evil.example/"})
    assert forged.status_code == 400
    answer = stranger.client.post("/desk/enter", data=form, base_url=home, headers={"Referer": f"{home}/desk/enter"})
    cookie = answer.headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"):
        assert part in cookie


def test_a_proxy_that_passes_on_no_host_costs_no_form(tmp_path: Path) -> None:
    """The bot sees its own address as Host; the browser says where it is."""
    desk = open_desk(tmp_path, public_url="https://bot.example.com")
    inside = "https://127.0.0.1:8000"  # X-Forwarded-Proto was believed, Host was not passed on
    for said in ({"Referer": "https://bot.example.com/desk/enter"}, {"Origin": "https://bot.example.com"}):
        stranger = desk.stranger()
        token = re.search(r'value="([^"]+)"', stranger.client.get("/desk/enter?code=x", base_url=inside).text)
        assert token is not None
        form = {"code": desk.invite(OWNER), "csrf_token": token[1]}
        assert stranger.client.post("/desk/enter", data=form, base_url=inside, headers=said).status_code == 303
        evil = {"Origin": "https://evil.example"}
        assert stranger.client.post("/desk/enter", data=form, base_url=inside, headers=evil).status_code == 400


def test_a_visit_ends_with_the_role_and_does_not_come_back_with_it(desk: Desk) -> None:
    user = desk.hire(Role.EDITOR)
    browser = desk.browser(user)
    with desk.book() as (club, _):
        club.people.set_role(user, Role.GUEST, desk.clock.at)
    assert browser.get("/desk/essays/").status_code == 303
    with desk.book() as (club, _):
        club.people.set_role(user, Role.OWNER, desk.clock.at)
    assert browser.get("/desk/essays/").status_code == 303


def test_a_lower_role_holds_with_the_next_request(desk: Desk) -> None:
    user = desk.hire(Role.MODERATOR)
    browser = desk.browser(user)
    with desk.book() as (club, _):
        club.people.set_role(user, Role.EDITOR, desk.clock.at)
    assert browser.get("/desk/audit").status_code == 403
    assert browser.get("/desk/essays/").status_code == 200


def test_a_visit_lives_while_one_works_and_ends_twelve_hours_later(desk: Desk) -> None:
    browser = desk.browser(EDITOR)
    for _ in range(4):
        desk.clock.at += timedelta(hours=11)
        assert browser.get("/desk/essays/").status_code == 200
    desk.clock.at += timedelta(hours=12)
    assert browser.get("/desk/essays/").status_code == 303


def test_no_visit_lasts_longer_than_a_week(desk: Desk) -> None:
    browser = desk.browser(EDITOR)
    for _ in range(16):
        desk.clock.at += timedelta(hours=10)
        assert browser.get("/desk/essays/").status_code == 200
    desk.clock.at += timedelta(hours=8)
    assert browser.get("/desk/essays/").status_code == 303


def test_logging_out_ends_a_copied_cookie_too(desk: Desk) -> None:
    browser = desk.browser(EDITOR)
    copied = browser.client.get_cookie("luopan_desk", path="/desk")
    assert copied is not None
    browser.post("/desk/leave")
    thief = desk.stranger()
    thief.client.set_cookie("luopan_desk", copied.value, path="/desk")
    assert thief.get("/desk/essays/").status_code == 303


def test_a_live_part_of_an_ended_visit_takes_the_whole_page_to_the_entrance(desk: Desk) -> None:
    answer = desk.stranger().get("/desk/essays/", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/desk/enter")


def test_a_stranger_can_send_little(desk: Desk) -> None:
    stranger = desk.stranger()
    assert stranger.post("/desk/enter", {"code": "x" * 70_000}, at="/desk/enter").status_code == 413


def test_forgetting_a_person_ends_their_visits(desk: Desk) -> None:
    user = desk.hire(Role.EDITOR)
    browser = desk.browser(user)
    with desk.book() as (club, _):
        club.forget(user, desk.clock.at)
    assert browser.get("/desk/essays/").status_code == 303


def test_a_visit_begins_once_on_every_database(engine: Engine) -> None:
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with UnitOfWork(engine) as work:
        visits = AdminSessions(work)
        code = visits.invite(OWNER, at)
        begun = visits.begin(code, at)
        assert begun is not None
        assert begun[1] == OWNER
        assert visits.begin(code, at) is None
        assert visits.visitor(begun[0], at) == OWNER
        People(work).set_role(OWNER, Role.GUEST, at)
        assert visits.visitor(begun[0], at) is None


def test_backstage_gives_editors_a_link_one_to_one(cast: Cast) -> None:
    editor, guest = cast.person(), cast.person()
    bot = cast.stage.bot
    with UnitOfWork(bot.engine) as work:
        People(work).set_role(editor.owner.id, Role.EDITOR, _now(cast))
        work.commit()
    link = editor("後台").actions["打開後台"]["uri"]
    assert link.startswith(f"{bot.settings.public_url}/desk/enter?code=")
    client = bot.app.test_client()
    page = client.get(link.removeprefix(bot.settings.public_url))
    assert "進後台" in page.text
    assert "打開後台" not in guest("後台").actions


def test_backstage_in_a_group_gives_no_link(cast: Cast) -> None:
    member = cast.in_group()
    with UnitOfWork(cast.stage.bot.engine) as work:
        People(work).set_role(member.owner.id, Role.OWNER, _now(cast))
        work.commit()
    heard = member("羅盤 後台")
    assert "一對一" in heard
    assert "/desk/" not in str(heard.messages)


def _now(cast: Cast) -> datetime:
    return datetime.now(cast.stage.bot.settings.zone)
