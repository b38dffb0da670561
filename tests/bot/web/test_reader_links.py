"""A reader's own link: it lets one browser in, within ten minutes, as one person, and says so to everybody else."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import logs
from bot.messages.links import Links
from handlers.identity import Role
from tests.support.admin_site import LEAD, MEMBER, SECRET, Desk, open_desk

OTHER = "Uother"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path, public_url="http://127.0.0.1:9")


def link(desk: Desk, user: str = MEMBER) -> str:
    essay = essay_of(desk)
    links: Links = desk.bot.conversation.links
    return f"/read/{essay}?p=0&t={links.token(essay, user)}"


def essay_of(desk: Desk) -> int:
    with desk.book() as (_, library):
        return next(essay.id for essay in library.latest(9) if "會員" in essay.title)


def browser(desk: Desk) -> FlaskClient:
    return desk.bot.app.test_client()


def opened(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address, follow_redirects=True)


def test_the_first_browser_reads_all_and_goes_on_reading_without_the_link(desk: Desk) -> None:
    mine = browser(desk)
    answer = opened(mine, link(desk))
    assert SECRET in answer.text
    assert "t=" not in answer.request.query_string.decode(), "what is passed on opens nothing"
    desk.clock.at += timedelta(days=7)
    assert SECRET in opened(mine, f"/read/{essay_of(desk)}").text


def test_another_browser_is_told_that_it_is_anothers(desk: Desk) -> None:
    address = link(desk)
    opened(browser(desk), address)
    page = opened(browser(desk), address).text
    assert SECRET not in page
    assert LEAD in page
    assert "別人的" in page


def test_after_ten_minutes_a_link_lets_nobody_in_but_who_is_known_already(desk: Desk) -> None:
    known, late = browser(desk), browser(desk)
    opened(known, link(desk))
    address = link(desk)
    desk.clock.at += timedelta(minutes=10)
    assert SECRET in opened(known, address).text
    page = opened(late, address).text
    assert SECRET not in page
    assert "超過十分鐘" in page


def test_after_the_membership_the_browser_reads_as_a_guest(desk: Desk) -> None:
    mine = browser(desk)
    opened(mine, link(desk))
    desk.clock.at += timedelta(days=29)
    assert SECRET in opened(mine, f"/read/{essay_of(desk)}").text
    with desk.book() as (club, _):
        club.memberships.end(MEMBER, desk.clock.at)
    page = opened(mine, f"/read/{essay_of(desk)}").text
    assert SECRET not in page
    assert "不是會員" in page


def test_after_an_erasure_neither_link_nor_browser_know_anybody_and_nothing_is_written(desk: Desk) -> None:
    mine, address = browser(desk), link(desk)
    opened(mine, link(desk))
    with desk.book() as (club, _):
        club.forget(MEMBER, desk.clock.at)
    for client in (mine, browser(desk)):
        page = opened(client, address).text
        assert SECRET not in page
        assert "別人的" in page
    with desk.book() as (club, _):
        assert club.bookmarks.opened(MEMBER) == []


def test_a_link_of_somebody_else_is_said_to_be_one(desk: Desk) -> None:
    mine = browser(desk)
    with desk.book() as (club, _):
        club.people.set_role(OTHER, Role.GUEST, desk.clock.at)
    opened(mine, link(desk, OTHER))
    page = opened(mine, link(desk)).text
    assert SECRET not in page
    assert "別人的" in page


def test_a_browser_is_known_for_thirty_days(desk: Desk) -> None:
    with desk.book() as (club, _):
        club.memberships.grant(MEMBER, None, desk.clock.at)
    mine = browser(desk)
    opened(mine, link(desk))
    desk.clock.at += timedelta(days=30) - timedelta(seconds=1)
    assert SECRET in opened(mine, f"/read/{essay_of(desk)}").text
    desk.clock.at += timedelta(seconds=1)
    assert SECRET not in opened(mine, f"/read/{essay_of(desk)}").text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "gAAAAA"])
def test_a_forged_token_opens_the_page_of_a_guest(desk: Desk, token: str) -> None:
    page = opened(browser(desk), f"/read/{essay_of(desk)}?t={token}")
    assert page.status_code == 200
    assert SECRET not in page.text


def test_no_id_of_lines_is_written_to_a_log_by_whoever_opens_a_link(
    desk: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    user = "U" + "0123456789abcdef" * 2
    logs.configure(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    with desk.book() as (club, _):
        club.people.set_role(user, Role.EDITOR, desk.clock.at)
    page = opened(browser(desk), link(desk, user))
    said = capsys.readouterr()
    logs.configure(logging.WARNING)
    assert SECRET in page.text
    for text in (said.out, said.err, caplog.text, page.text, str(page.headers), page.request.url):
        assert user[1:] not in text


def test_no_id_of_lines_stands_in_an_address(desk: Desk) -> None:
    user = "U" + "0123456789abcdef" * 2
    address = link(desk, user)
    assert user not in address
    assert user[1:] not in address
