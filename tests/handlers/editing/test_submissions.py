"""Articles that come from outside: an address is offered, fetched, and becomes a draft, or a sentence that helps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.line.client import LineClient
from bot.outbound.quota import MessageQuota
from bot.services import DisplayNames, build_services
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.intake import IntakeError
from corpus.library import ArchiveResources
from handlers.answer import Answer, Button, Link
from handlers.ask import Ask
from handlers.club.club import Club
from handlers.commands import router
from handlers.context import Context, FetchedEssays, Services
from handlers.identity import Chat, Place, Role
from tests.support.schemas import create_tables

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://example.com/a"
ESSAY = Essay(
    "水冷板的毛利",
    (Block(BlockKind.TEXT, "單櫃價值約三萬美元，其中接頭與分歧管占四成，這是毛利最高的部分。"),),
    url=URL,
)
FOUND = FetchedEssays((ESSAY,))

Say = Callable[..., Answer]


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """A moderator one to one; `arrival`: what is found outside, or the trouble with it."""
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    create_tables(engine)
    archive, routes = ArchiveResources(engine, tmp_path / "index"), router()

    def say(text: str, arrival: FetchedEssays | IntakeError = FOUND, session: Answer | None = None) -> Answer:
        def essays_at(_url: str) -> FetchedEssays:
            if isinstance(arrival, IntakeError):
                raise arrival
            return arrival

        with UnitOfWork(engine) as work:
            club = Club(work)
            club.people.set_role("U1", Role.MODERATOR, NOW)
            work.commit()
            ask = Ask(text, Chat("U1", Place.PERSON), "U1", NOW, Role.MODERATOR)
            if session is not None and session.session is not None:
                ask = Ask(text, ask.chat, ask.user, NOW, ask.role, session.session)
            library = archive.library(work, Audience.MEMBER)
            answer = routes.answer(ask, Context(library, club, NOW, lambda *_: "", Services(essays_at=essays_at)))
            work.commit()
        return answer

    return say


def test_a_bare_address_is_offered_and_becomes_a_draft(say: Say) -> None:
    offered = say(URL)
    assert offered.text == "要發這篇嗎？"
    draft = say(offered.buttons[0].says)
    assert dict(draft.rows)["標題"] == "水冷板的毛利"


def test_an_address_may_be_the_first_thing_that_is_pasted(say: Say) -> None:
    draft = say(URL, session=say("發文"))
    assert dict(draft.rows)["標題"] == "水冷板的毛利"


def test_a_teaser_is_told_from_an_article(say: Say) -> None:
    assert "要登入才看得到全文" in say(f"發文 {URL}", FetchedEssays((ESSAY,), walled=True)).text


def test_what_is_refused_outside_gets_the_sentence_of_the_one_who_refused_it(say: Say) -> None:
    trouble = IntakeError("這個網址指向內部網路", URL, "請換成公開的網址")
    refused = say(f"發文 {URL}", trouble)
    assert refused.text == str(trouble)
    assert say("草稿").text == "沒有草稿。"


def test_an_address_that_no_button_can_hold_is_refused(say: Say) -> None:
    assert "太長" in say(URL + "a" * 300).text


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost:8000/desk/", "http://169.254.169.254/latest", "https://[::1]/"]
)
def test_the_real_door_opens_to_no_address_within(url: str) -> None:
    line = LineClient("http://127.0.0.1:1", "token")
    doors = build_services(connect("sqlite://"), line, lambda: MessageQuota("2026-11", 200, 0), DisplayNames(line))
    with pytest.raises(IntakeError):
        doors.essays_at(url)


def test_a_title_and_its_address_together_are_an_address(say: Say) -> None:
    offered = say(f"水冷板的毛利 | 某某網\n{URL}")
    assert offered.text == "要發這篇嗎？"
    assert dict(say(offered.buttons[0].says).rows)["標題"] == "水冷板的毛利"


def test_several_addresses_become_one_draft_and_the_same_one_is_read_once(say: Say) -> None:
    offered = say(f"{URL}\nhttps://example.com/b\n{URL}")
    assert offered.text == "要發這 2 篇嗎？"
    assert dict(say(offered.buttons[0].says).rows)["篇數"] == "2 篇"


def test_the_same_address_again_shows_the_draft_that_it_became(say: Say) -> None:
    first = say(f"發文 {URL}")
    again = say(f"發文 {URL}", IntakeError("這一頁打不開", URL, "請把文章內容直接貼過來"))
    assert "這個網址已經在草稿" in again.text
    assert again.rows == first.rows


def test_an_address_in_the_middle_of_a_draft_is_read_and_the_draft_stays(say: Say) -> None:
    begun = say("發文")
    pasted = say("水冷板的毛利\n\n單櫃價值約三萬美元。", session=begun)
    draft = say(URL, session=pasted)
    assert dict(draft.rows)["標題"] == "水冷板的毛利"
    assert "收到 1 則" in say("草稿 1").text


def test_what_is_no_text_is_no_piece_of_a_draft(say: Say) -> None:
    begun = say("發文")
    say("", session=begun)
    assert "貼上來" in say("草稿 1").text


def test_lines_left_out_are_told_listed_and_put_back_where_they_stood(say: Say) -> None:
    page = "水冷板的毛利\n2026-03-04\n\n首頁 財經\n分享\n單櫃價值約三萬美元。\n下載新聞APP\n接頭與分歧管占四成，這是毛利最高的部分。\n版權所有"
    draft = say("完成", session=say(page, session=say("發文")))
    assert dict(draft.rows)["沒收進來的"].startswith("4 行：「首頁 財經」、「分享」")
    listed = say("沒收進來的")
    assert "下載新聞APP（廣告）" in listed.text
    back = next(
        button for button in listed.buttons if button.says.startswith("放回去") and "APP" in _line(listed, button)
    )
    assert "放回去了：「下載新聞APP」" in say(back.says).text
    assert say(back.says).text == "這一行已經放回去了。"
    assert dict(say("草稿 1").rows)["沒收進來的"].startswith("3 行")


def _line(listed: Answer, button: Button | Link) -> str:
    number = button.says.rpartition(" ")[2]
    return next(line for line in listed.text.split("\n") if line.startswith(f"{number}. "))


def test_a_mark_of_a_members_text_is_a_question_to_the_editor(say: Say) -> None:
    page = "水冷板的毛利\n2026-03-04\n\n單櫃價值約三萬美元，接頭與分歧管占四成。\n\n以下內容限付費會員\n\n這是毛利最高的部分。"
    draft = say("完成", session=say(page, session=say("發文")))
    assert "原文標著會員專屬，先不公開" in draft.text
    assert [button.says for button in draft.buttons][:2] == ["公開 1", "會員專屬 1"]
