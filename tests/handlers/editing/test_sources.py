"""A moderator brings a whole site in from LINE or the desk, and it is kept up from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.dev.local import local_bot
from corpus.database import connect
from corpus.library import ArchiveResources
from handlers.identity import Role
from tests.support.fake_wordpress import FakeSite, FakeWordPress, make_post
from tests.support.newsroom import Newsroom
from tests.support.schemas import create_tables


@pytest.fixture
def site() -> FakeSite:
    return FakeSite.of(8)


@pytest.fixture
def fake(site: FakeSite) -> Iterator[FakeWordPress]:
    with FakeWordPress(site) as fake:
        yield fake


@pytest.fixture
def room(tmp_path: Path, fake: FakeWordPress) -> Iterator[Newsroom]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/luopan.db", luopan_rate=0, luopan_fetch_allow=fake.host)
    engine = connect(settings.database_url)
    create_tables(engine)
    with local_bot(settings, ArchiveResources(engine, settings.index_folder)) as stage:
        yield Newsroom(stage)
    engine.dispose()


def look(room: Newsroom, **later: float) -> None:
    """Let the worker look at what is due after that time."""
    keeper = room.stage.bot.worker.keeper
    assert keeper is not None
    keeper.look(datetime.now(room.stage.bot.settings.zone) + timedelta(**later))


def test_a_site_is_shown_before_it_is_taken_in(room: Newsroom, fake: FakeWordPress) -> None:
    phone = room.someone(Role.MODERATOR)
    heard = phone(f"來源 {fake.url}")
    assert "找到 8 篇" in heard and "收進來會像這樣" in heard
    look(room, hours=1)
    assert "找到 8 篇，還沒收" in phone("來源")


def test_a_site_comes_in_and_is_kept_up_and_tells_nobody(room: Newsroom, fake: FakeWordPress, site: FakeSite) -> None:
    phone = room.someone(Role.MODERATOR)
    assert "開始收" in phone.press(phone(f"來源 {fake.url}"), "收進來")
    look(room, minutes=1)
    assert "8 篇，跟著更新" in phone("來源 1")
    assert room.news() == []
    assert any("收好了" in words for words in room.heard(phone)), "with the next reply"
    site.posts[9] = make_post(9, datetime.now(room.stage.bot.settings.zone))
    look(room, hours=7)
    phone("早安")
    assert any("1 篇新的或改過的放進草稿" in words for words in room.heard(phone))
    assert site.posts[9].title in phone("草稿")


def test_what_becomes_of_new_posts_is_a_rule_of_the_source(room: Newsroom, fake: FakeWordPress, site: FakeSite) -> None:
    phone = room.someone(Role.MODERATOR)
    phone.press(phone(f"來源 {fake.url}"), "收進來")
    look(room, minutes=1)
    assert "直接上架並通知" in phone("來源 1 通知")
    site.posts[9] = make_post(9, datetime.now(room.stage.bot.settings.zone))
    look(room, hours=7)
    assert room.news() == [site.posts[9].title]


def test_a_source_that_was_given_up_leaves_its_essays(room: Newsroom, fake: FakeWordPress, site: FakeSite) -> None:
    phone = room.someone(Role.MODERATOR)
    phone.press(phone(f"來源 {fake.url}"), "收進來")
    look(room, minutes=1)
    assert "都還在" in phone("來源 1 移除")
    assert "還沒有來源" in phone("來源")
    with room.work() as work:
        assert room.stage.bot.archive.library(work, "member").size() == 8  # type: ignore[arg-type]


def test_a_site_that_fails_for_a_day_is_told_of_once(room: Newsroom, fake: FakeWordPress, site: FakeSite) -> None:
    phone = room.someone(Role.MODERATOR)
    phone.press(phone(f"來源 {fake.url}"), "收進來")
    look(room, minutes=1)
    site.trouble.is_down = True
    keeper = room.stage.bot.worker.keeper
    assert keeper is not None
    object.__setattr__(keeper.manners, "sleep", lambda _: None)
    for hours in (7, 20, 33, 46, 59):
        look(room, hours=hours)
    phone("早安")
    assert sum("讀不到已經超過一天" in words for words in room.heard(phone)) == 1


def test_only_a_moderator_brings_a_site_in(room: Newsroom, fake: FakeWordPress) -> None:
    assert "找到" not in room.someone(Role.EDITOR)(f"來源 {fake.url}").text
