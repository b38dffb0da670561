"""No surface shows a guest or a group what is for members, while essays are published, corrected and withdrawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import build
from bot.config import Settings
from bot.envelope import Event
from bot.migrate import metadata_of_the_house
from corpus.database import Work, connect
from corpus.library import Archive
from handlers.ask import Chat, Place
from handlers.club.club import Club
from tests.canaries import Aviary

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Taipei"))
ESSAYS, QUESTIONS, DISTURBED_EVERY = 60, 700, 50


@pytest.fixture(scope="module")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aviary]:
    folder: Path = tmp_path_factory.mktemp("aviary")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/luopan.db",
        line_channel_secret="secret",
        line_channel_access_token="token",
        line_api_base="http://127.0.0.1:1",
        public_url="https://bot.example.com",
        luopan_rate=0,
    )
    engine = connect(settings.database_url)
    metadata_of_the_house().create_all(engine)
    aviary = Aviary(build(settings, Archive(engine, settings.index_folder)), random.Random(7))
    for n in range(ESSAYS):
        aviary.publish(n, NOW)
    yield aviary
    engine.dispose()


def test_no_guest_and_no_group_is_ever_sent_a_canary(aviary: Aviary) -> None:
    leaks: list[str] = []
    for place, question in enumerate(aviary.questions(QUESTIONS)):
        if place % DISTURBED_EVERY == 0:
            aviary.disturb(len(aviary.essays), NOW)
        leaks += aviary.leaks(question, NOW.timestamp())
    assert leaks == []


def test_no_page_shows_a_stranger_a_canary(aviary: Aviary) -> None:
    web = aviary.bot.app.test_client()
    for essay in list(aviary.essays)[:20]:
        for address in (f"/read/{essay}", f"/read/{essay}?p=1", f"/read/{essay}?t=forged", f"/desk/essays/{essay}"):
            assert "金絲雀" not in web.get(address, follow_redirects=True).text


def test_a_member_is_told_what_a_guest_is_not(aviary: Aviary) -> None:
    """The same questions do find canaries when a member asks: the cage is not empty."""
    with Work(aviary.bot.engine) as work:
        Club(work).people.grant_membership("Umember", None, NOW)
        work.commit()
        event = Event("Emember", "text", Chat("Umember", Place.PERSON), "Umember", NOW.timestamp(), text="液冷 毛利")
        reply = aviary.bot.conversation.respond(event, work)
    assert reply is not None
    assert "金絲雀" in str(reply.messages)
