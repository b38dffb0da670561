"""What an import has to tell an editor: what was left out of each post, which may be several essays, whose pictures are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.import_sources import SiteImport
from corpus.database import writing
from corpus.intake.sources.source import SourceRule, SourceState
from corpus.storage import source_store
from tests.support.admin_site import MODERATOR, Browser, Desk, open_desk
from tests.support.fake_wordpress import FakeSite, FakeWordPress

TWO = "".join(
    f"<h1>{title}</h1><p>作者：{author}</p><p>2026-03-0{day}</p>" + f"<p>{text * 12}</p>" * 5
    for title, author, day, text in (
        ("散熱的上半場", "林怡君", 1, "水冷板的訂單看到明年，"),
        ("電網的下半場", "陳柏翰", 2, "變壓器的交期拉長到兩年，"),
    )
)


@pytest.fixture
def fake() -> Iterator[FakeWordPress]:
    with FakeWordPress(FakeSite.of(8)) as fake:
        yield fake


@pytest.fixture
def desk(tmp_path: Path, fake: FakeWordPress) -> Desk:
    return open_desk(tmp_path, luopan_fetch_allow=fake.host)


def take_in(desk: Desk, fake: FakeWordPress) -> Browser:
    """Walk the whole site as the worker does."""
    sites = SiteImport(desk.bot.settings, desk.bot.archive)
    found = sites.discover(fake.url, SourceRule.SHELVE, ours=True, complain=lambda *_: None)
    assert found is not None and desk.bot.worker.keeper is not None
    with writing(desk.bot.engine) as connection:
        source_store.add(connection, replace(found, state=SourceState.WALKING, next_at=desk.clock.at))
    object.__setattr__(desk.bot.worker.keeper.manners, "sleep", lambda _: None)
    desk.bot.worker.keeper.look(desk.clock.at)
    return desk.browser(MODERATOR)


def test_what_was_left_out_of_each_post_stands_in_the_report_with_its_reason(desk: Desk, fake: FakeWordPress) -> None:
    fake.site.rest = False
    page = take_in(desk, fake).get("/desk/sources/1?state=kept").text
    assert page.count("沒收進來的") == 8
    assert "關於" in page and "（選單）" in page and "© 羅盤測試站" in page


def test_a_post_that_may_be_several_essays_can_be_found_by_that(desk: Desk, fake: FakeWordPress) -> None:
    fake.site.edit(3, TWO, fake.site.posts[3].modified)
    page = take_in(desk, fake).get("/desk/essays/?source=1&doubt=split").text
    assert "找到 1 篇" in page and fake.site.posts[3].title.split("&")[0] in page


def test_essays_whose_pictures_are_gone_can_be_found_by_that(desk: Desk, fake: FakeWordPress) -> None:
    fake.site.lost = {"/p/4.png"}
    page = take_in(desk, fake).get("/desk/essays/?source=1&doubt=pictures").text
    assert "找到 1 篇" in page and fake.site.posts[4].title.split("&")[0] in page
    assert fake.site.asked["/p/8.png"] == fake.site.asked["/p/4.png"] == 1


def test_relative_links_and_pictures_of_a_post_lead_to_its_site(desk: Desk, fake: FakeWordPress) -> None:
    fake.site.edit(
        5, fake.site.posts[5].html + '<p>上次寫在<a href="/2020/x/">這一篇</a>裡，這次接著寫。</p>', desk.clock.at
    )
    take_in(desk, fake)
    with desk.book() as (_, library):
        essays = {essay.title: essay for essay in library.latest(20)}
    blocks = essays[fake.site.posts[5].title].blocks
    assert [link.url for block in blocks for link in block.links] == [f"{fake.url}2020/x/"]
    blocks = essays[fake.site.posts[4].title].blocks
    assert [block.picture.url for block in blocks if block.picture] == [f"{fake.url}p/4.png"]
