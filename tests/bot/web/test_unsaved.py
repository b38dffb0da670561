"""What is typed at the admin site and not saved is kept: after the visit, over a refusal, until it is saved or not wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from handlers.club.drafts import Draft, new_draft
from handlers.club.unsaved_forms import LONGEST_FORM, MOST_FORMS, UnsavedForms
from handlers.identity import Role
from tests.support.admin_site import COOLING, MEMBERS, MODERATOR, Browser, Desk, open_desk

WORDS = "寫了一個下午的一段，\n還有第二行。"
EDIT = "/desk/essays/1/edit"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return open_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(running: Desk) -> Iterator[Desk]:
    began = running.clock.at
    yield running
    running.clock.at = began


@pytest.fixture
def user(desk: Desk) -> str:
    return desk.hire(Role.EDITOR)


def page_with(browser: Browser, page: str, **fields: str) -> dict[str, str]:
    """The form of an essay as somebody has changed it."""
    stamp = browser.get(page).text.split('name="stamp" value="', 1)[1].split('"', 1)[0]
    return {"title": "液冷散熱的下一步", "visibility": "public", "stamp": stamp, "body": WORDS, **fields}


def type_in(browser: Browser, page: str, fields: dict[str, str]) -> TestResponse:
    return browser.post(f"/desk/unsaved/?page={page}", fields)


def begun(desk: Desk, user: str, *essays: object) -> Draft:
    with desk.book() as (club, _):
        return club.drafts.begin(new_draft(user, desk.clock.at, essays=essays or (COOLING,), visibility_chosen=True))


def enter_again(desk: Desk, browser: Browser, user: str) -> TestResponse:
    """Come in by a new link, in the same browser."""
    return browser.follow(browser.post("/desk/enter", {"code": desk.invite(user)}, at="/desk/enter"))


def test_a_form_sent_after_the_visit_stands_there_again_after_the_next_entry(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    form, token = page_with(browser, EDIT), browser.token(EDIT)
    desk.clock.at += timedelta(hours=13)
    sent = browser.client.post(EDIT, data={"csrf_token": token, **form})
    assert sent.location == "/desk/enter"
    assert "字都在" in browser.follow(sent).text
    page = enter_again(desk, browser, user)
    assert page.request.path == EDIT
    assert WORDS in page.text
    assert "都放回來了" in page.text
    assert f'value="{form["stamp"]}"' in page.text


def test_a_form_of_an_earlier_visit_sent_after_the_next_entry_is_kept_too(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    form, token = page_with(browser, EDIT), browser.token(EDIT)
    enter_again(desk, browser, user)
    refused = browser.client.post(EDIT, data={"csrf_token": token, **form})
    assert refused.status_code == 400
    assert "字都留著" in refused.text
    assert WORDS in browser.get(EDIT).text


def test_what_a_lost_role_refuses_is_kept_for_when_it_comes_back(desk: Desk) -> None:
    user = desk.hire(Role.MODERATOR)
    browser = desk.browser(user)
    form = page_with(browser, EDIT, do="publish")
    with desk.book() as (club, _):
        club.people.set_role(user, Role.EDITOR, desk.clock.at)
    refused = browser.post(EDIT, form)
    assert refused.status_code == 403
    assert "字都留著" in refused.text
    with desk.book() as (club, _):
        club.people.set_role(user, Role.GUEST, desk.clock.at)
        club.people.set_role(user, Role.MODERATOR, desk.clock.at)
    enter_again(desk, browser, user)
    assert WORDS in browser.get(EDIT).text


def test_what_was_typed_is_there_in_another_browser_and_goes_when_it_is_saved(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    form = page_with(browser, EDIT)
    assert type_in(browser, EDIT, form).get_json() == {"at": "10:00"}
    elsewhere = desk.browser(user)
    assert WORDS in elsewhere.get(EDIT).text
    assert "還沒存" in elsewhere.get("/desk/essays/").text
    saved = elsewhere.follow(elsewhere.post(EDIT, form))
    assert f'<meta name="saved" content="{EDIT}">' in saved.text
    assert WORDS not in browser.get(EDIT).text
    assert "還沒存" not in browser.get("/desk/essays/").text


def test_what_is_not_wanted_is_thrown_away(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    type_in(browser, EDIT, page_with(browser, EDIT))
    page = browser.follow(browser.post(f"/desk/unsaved/drop?page={EDIT}"))
    assert page.request.path == EDIT
    assert WORDS not in page.text


def test_typing_again_what_is_saved_leaves_nothing_to_put_back(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    before = browser.get(EDIT).text
    body = before.split('name="body"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0].strip()
    known = {"published": "2026-05-14", "author": "林怡君", "source": "產業週記", "tags": "散熱", "body": body}
    type_in(browser, EDIT, page_with(browser, EDIT, **known))
    assert '<div class="told restored" hidden' in browser.get(EDIT).text


def test_a_text_that_is_being_pasted_is_kept_and_so_is_an_essay_of_a_draft(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    type_in(browser, "/desk/upload", {"text": WORDS, "url": ""})
    assert WORDS in browser.get("/desk/upload").text
    page = f"/desk/drafts/{begun(desk, user).id}/1"
    type_in(browser, page, page_with(browser, page))
    assert WORDS in browser.get(page).text


def test_the_list_of_a_draft_stands_as_it_was_typed(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    draft = begun(desk, user, COOLING, MEMBERS)
    page = f"/desk/drafts/{draft.id}"
    typed = {
        "title-1": "改到一半的標題",
        "keep-1": "yes",
        "title-2": MEMBERS.title,
        "join-2": "yes",
        "visibility-1": "public",
    }
    type_in(browser, page, {"stamp": draft.changed_at.isoformat(), **typed})
    shown = browser.get(page).text
    assert 'value="改到一半的標題"' in shown
    assert 'name="keep-1" value="yes" checked' in shown
    assert 'name="keep-2" value="yes" checked' not in shown
    assert 'name="join-2" value="yes" checked' in shown


def test_words_of_a_draft_that_somebody_deleted_can_still_be_read(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    draft = begun(desk, user)
    page = f"/desk/drafts/{draft.id}/1"
    form, other = page_with(browser, page), desk.browser(MODERATOR)
    other.post(f"/desk/drafts/{draft.id}/drop")
    assert "字都留著" in browser.post(page, form).text
    listed = browser.get("/desk/unsaved/").text
    assert WORDS in listed
    browser.post(f"/desk/unsaved/drop?page={page}&list=1")
    assert WORDS not in browser.get("/desk/unsaved/").text


def test_an_older_words_stamp_stays_so_that_nobody_is_overwritten_unseen(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    draft = begun(desk, user)
    page = f"/desk/drafts/{draft.id}/1"
    type_in(browser, page, page_with(browser, page))
    with desk.book() as (club, _):
        club.drafts.keep(draft, desk.clock.at + timedelta(minutes=1))
    stamp = browser.get(page).text.split('name="stamp" value="', 1)[1].split('"', 1)[0]
    assert "別人也改了" in browser.post(page, page_with(browser, page) | {"stamp": stamp}).text


def test_only_forms_are_kept_and_only_ones_own_are_shown(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    for page in ("/desk/essays/", "/desk/people/approve", "/read/1", "https://example.com/", ""):
        assert type_in(browser, page, {"body": "x"}).status_code == 400
    assert type_in(browser, EDIT, {"body": "x" * (LONGEST_FORM + 1)}).status_code == 413
    type_in(browser, EDIT, page_with(browser, EDIT))
    assert WORDS not in desk.browser(desk.hire(Role.OWNER)).get(EDIT).text


def test_autosaving_is_working(desk: Desk, user: str) -> None:
    browser = desk.browser(user)
    form, token = page_with(browser, EDIT), browser.token(EDIT)
    for _ in range(3):
        desk.clock.at += timedelta(hours=8)
        kept = browser.client.post(f"/desk/unsaved/?page={EDIT}", data={"csrf_token": token, **form})
        assert kept.status_code == 200
    desk.clock.at += timedelta(hours=13)
    late = browser.client.post(f"/desk/unsaved/?page={EDIT}", data={"csrf_token": token, **form})
    assert (late.status_code, late.headers.get("Set-Cookie")) == (401, None)


def test_the_oldest_of_many_goes(desk: Desk) -> None:
    with desk.book() as (club, _):
        forms = UnsavedForms(club.people.work)
        for number in range(MOST_FORMS + 3):
            forms.keep("Umany", f"/desk/drafts/{number}/1", {"body": "x"}, desk.clock.at + timedelta(minutes=number))
        kept = {one.page for one in forms.all_of("Umany")}
    assert len(kept) == MOST_FORMS
    assert "/desk/drafts/0/1" not in kept
