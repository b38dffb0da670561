"""Articles that come from outside: an address is offered, fetched, and becomes a draft, or a sentence that helps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.line.client import LineClient
from bot.migrate import all_metadata
from bot.outbound.quota import MessageQuota
from bot.services import build_services
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.intake import IntakeError
from corpus.library import ArchiveResources
from handlers.answer import Answer
from handlers.ask import Ask
from handlers.club.club import Club
from handlers.commands import router
from handlers.context import Context, FetchedEssays, Services
from handlers.identity import Chat, Place, Role

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://example.com/a"
ESSAY = Essay(
    "水冷板的毛利", (Block(BlockKind.TEXT, "單櫃價值約三萬美元,其中接頭與分歧管占四成,這是毛利最高的部分。"),), url=URL
)
FOUND = FetchedEssays((ESSAY,))

Say = Callable[..., Answer]


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """A moderator one to one; `arrival`: what is found outside, or the trouble with it."""
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    all_metadata().create_all(engine)
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
    assert offered.text == "要發這篇嗎?"
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
    doors = build_services(
        connect("sqlite://"), LineClient("http://127.0.0.1:1", "token"), lambda: MessageQuota("2026-11", 200, 0)
    )
    with pytest.raises(IntakeError):
        doors.essays_at(url)
