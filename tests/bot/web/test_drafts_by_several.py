"""A draft in several hands: who types in it now, its review, and a trial, in the admin pages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from handlers.club.drafts import Draft, new_draft
from handlers.club.unsaved_forms import AT_WORK
from handlers.identity import Role
from tests.support.admin_site import COOLING, OWNER, Browser, Desk, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return open_desk(tmp_path_factory.mktemp("desk"), luopan_review=True)


def begun(desk: Desk, user: str) -> Draft:
    with desk.book() as (club, _):
        return club.drafts.begin(new_draft(user, desk.clock.at, essays=(COOLING,), visibility_chosen=True))


def send(browser: Browser, draft: Draft, does: str, **fields: str) -> str:
    """Press a button of the draft's form; what the next page says."""
    page = f"/desk/drafts/{draft.id}"
    stamp = browser.get(page).text.split('name="stamp" value="', 1)[1].split('"', 1)[0]
    form = {"stamp": stamp, "keep-1": "yes", "title-1": COOLING.title, "visibility-1": "public", "do": does, **fields}
    return browser.follow(browser.post(page, form, at=page)).text


def test_who_types_in_a_draft_is_seen_by_the_others_until_they_rest(desk: Desk) -> None:
    mine, theirs = desk.hire(Role.MODERATOR), desk.hire(Role.MODERATOR)
    draft = begun(desk, mine)
    page = f"/desk/drafts/{draft.id}"
    me, other = desk.browser(mine), desk.browser(theirs)
    assert "正在後台改這份" not in me.get(page).text
    other.post(f"/desk/unsaved/?page={page}/1", {"title": "打到一半"}, at=page)
    assert f"小{theirs[1:]}正在後台改這份" in me.get(page).text
    assert me.get(f"{page}/hands").text == f"小{theirs[1:]}正在後台改這份。"
    assert "正在後台改這份" not in other.get(page).text, "nobody is told of oneself"
    desk.clock.at += AT_WORK
    assert me.get(f"{page}/hands").text == ""
    saved = send(me, draft, "")
    assert "草稿存好了" in saved, "who types locks nothing"


def test_looking_who_types_is_no_visit(desk: Desk) -> None:
    user = desk.hire(Role.MODERATOR)
    draft = begun(desk, user)
    browser = desk.browser(user)
    for _ in range(14):
        desk.clock.at += timedelta(hours=1)
        last = browser.get(f"/desk/drafts/{draft.id}/hands")
    assert last.status_code == 401


def test_a_draft_is_submitted_sent_back_and_let_out_by_another(desk: Desk) -> None:
    writer, reviewer = desk.hire(Role.EDITOR), desk.hire(Role.MODERATOR)
    draft = begun(desk, writer)
    page = f"/desk/drafts/{draft.id}"
    here, there = desk.browser(writer), desk.browser(reviewer)
    assert "核准發布" not in here.get(page).text
    assert "送審了" in send(here, draft, "submit")
    assert "取消送審" in here.get(page).text
    assert "退回了" in there.follow(there.post(f"{page}/send-back", {"reason": "補出處"}, at=page)).text
    assert "退回了：補出處" in here.get(page).text
    send(here, draft, "submit")
    assert "核准發布" in there.get(page).text
    assert "上架了" in send(there, draft, "publish", way="quiet")
    audit = there.get("/desk/audit").text
    assert "核准發布" in audit
    assert "送審" in audit


def test_nobody_lets_out_their_own_by_a_form_that_was_kept(desk: Desk) -> None:
    writer = desk.hire(Role.MODERATOR)
    draft = begun(desk, writer)
    browser = desk.browser(writer)
    assert "現在發布" not in browser.get(f"/desk/drafts/{draft.id}").text
    assert "要由別人發布" in send(browser, draft, "publish", way="quiet")
    refused = browser.post(
        "/desk/essays/1/edit",
        {"title": "改", "body": "內文", "visibility": "public", "do": "publish", "stamp": stamp_of(browser)},
    )
    assert refused.status_code == 403


def stamp_of(browser: Browser) -> str:
    return browser.get("/desk/essays/1/edit").text.split('name="stamp" value="', 1)[1].split('"', 1)[0]


def test_a_trial_is_asked_for_at_a_draft(desk: Desk) -> None:
    user = desk.hire(Role.MODERATOR)
    browser, page = desk.browser(user), f"/desk/drafts/{begun(desk, user).id}"
    told = browser.follow(browser.post(f"{page}/trial", at=page)).text
    assert "只送給你：1 人 1 則，佔本月 200 則的" in told


def test_who_is_alone_has_to_tick_that_nobody_else_saw_it(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, luopan_review=True)
    with desk.book() as (club, _):
        for user, _role in club.people.staff(Role.MODERATOR):
            if user != OWNER and user not in club.people.owners:
                club.people.set_role(user, Role.GUEST, desk.clock.at)
    owner, draft = desk.browser(OWNER), begun(desk, OWNER)
    assert "自己核准" in owner.get(f"/desk/drafts/{draft.id}").text
    assert "要自己核准嗎" in send(owner, draft, "publish", way="quiet")
    assert "上架了" in send(owner, draft, "publish", way="quiet", alone="1")
    assert "自己核准" in owner.get("/desk/audit").text
