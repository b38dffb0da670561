"""Other programs read the archive: everybody its public essays, a member all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.config import FeedText
from bot.messages.links import Links
from bot.web.feeds import create_feeds
from corpus.essay import Block, BlockKind, Essay, Visibility
from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "只有會員看得到的第二段。"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as room:
        blocks = (Block(BlockKind.TEXT, "電網 <升級> & 變壓器。"), Block(BlockKind.TEXT, SECRET))
        public = Essay("公開的一篇", blocks, published=date(2026, 3, 5), author="林怡君", tags=("電網",))
        closed = Essay("會員的一篇", (*blocks, Block(BlockKind.TEXT, "三。")), visibility=Visibility.MEMBERS)
        room.stage.bot.archive.add([public, closed], datetime.now(room.stage.bot.settings.zone))
        yield room


def client(room: Newsroom) -> FlaskClient:
    return room.stage.bot.app.test_client()


def test_everybody_reads_the_leads_of_public_essays(room: Newsroom) -> None:
    answer = client(room).get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.text)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["公開的一篇"]
    assert next(feed.iter(f"{ATOM}summary")).text == "電網 <升級> & 變壓器。"
    assert "會員" not in answer.text and SECRET not in answer.text


def open_part(room: Newsroom, *, opened: int = 1, title: str = "開頭給大家的一篇") -> None:
    blocks = (Block(BlockKind.TEXT, "開頭人人可讀。"), Block(BlockKind.TEXT, "第二段。"), Block(BlockKind.TEXT, SECRET))
    essay = Essay(title, blocks, visibility=Visibility.of_plans(["決策者"]), open_blocks=opened, tags=("密",))
    room.stage.bot.archive.add([essay], datetime.now(room.stage.bot.settings.zone))


@pytest.mark.parametrize("text", list(FeedText))
def test_everybody_reads_the_open_part_of_a_members_essay_and_not_a_character_more(
    room: Newsroom, text: FeedText
) -> None:
    open_part(room, opened=2)
    bot = room.stage.bot
    settings = replace(bot.settings, luopan_feed=text)
    app = Flask("feeds", template_folder=bot.app.template_folder)
    app.register_blueprint(create_feeds(bot.archive, Links("secret", lambda: 0.0), settings, lambda: 0.0))
    answer = app.test_client().get("/feed.atom")
    assert answer.status_code == (404 if text is FeedText.OFF else 200)
    assert ("開頭人人可讀。" in answer.text) is (text is not FeedText.OFF)
    assert ("第二段。" in answer.text) is (text is FeedText.WHOLE)
    assert ("後面的段落會員才讀得到" in answer.text) is (text is not FeedText.OFF)
    assert answer.text.count(SECRET) == (text is FeedText.WHOLE)  # of the public essay
    assert "密" not in answer.text and "會員的一篇" not in answer.text


def test_a_member_of_another_plan_reads_the_open_part_in_a_feed_of_their_own(room: Newsroom) -> None:
    open_part(room)
    member = room.someone(Role.MEMBER)
    path = "/feed/" + member("我的RSS").text.rpartition("/feed/")[2].split()[0]
    entries = ElementTree.fromstring(client(room).get(path).text).iter(f"{ATOM}entry")
    [content] = [
        one.findtext(f"{ATOM}content") or "" for one in entries if "給大家" in (one.findtext(f"{ATOM}title") or "")
    ]
    assert "開頭人人可讀。" in content and SECRET not in content and "第二段。" not in content


def test_a_member_reads_all_of_it_at_an_address_of_their_own(room: Newsroom) -> None:
    member = room.someone(Role.MEMBER)
    link = member("我的RSS").text.split("http", 1)[1].split()[0]
    path = "/feed/" + link.rpartition("/feed/")[2]
    assert member.owner.id not in link
    answer = client(room).get(path)
    assert SECRET in answer.text and "會員的一篇" in answer.text
    assert "private" in answer.headers["Cache-Control"]
    assert client(room).get("/feed/" + "0" * 40 + ".atom").status_code == 404


def test_a_guest_is_given_no_feed_of_their_own(room: Newsroom) -> None:
    assert "/feed/" not in room.someone()("我的RSS").text


def test_what_has_not_changed_is_told_in_a_few_bytes(room: Newsroom) -> None:
    first = client(room).get("/feed.atom")
    again = client(room).get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_sitemap_lists_the_pages_of_public_essays(room: Newsroom) -> None:
    answer = client(room).get("/sitemap.xml").text
    assert answer.count("<loc>") == 1 and "/read/1</loc>" in answer
