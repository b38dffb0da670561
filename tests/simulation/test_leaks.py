"""No surface shows a guest or a group what is for members, while essays are published, corrected and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from corpus.database import UnitOfWork, connect
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.library import ArchiveResources, Library
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.simulation.leak_fixtures import LeakArchive, canaries_in
from tests.simulation.leak_test import LeakTest, Tally
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, said
from tests.support.schemas import lay_schema

SECRET = Essay(
    "電池月報",
    (
        Block(BlockKind.TEXT, "大立光（3008）的鏡頭訂單能見度到明年，電池月報以大立光為本期封面，大立光營收年增三成。"),
        Block(BlockKind.TEXT, "大立光股價在法說會後上漲，機殼與鏡頭的毛利率都回到四成。"),
    ),
    tags=("大立光",),
    url="https://essays.example/lens",
    visibility=Visibility.MEMBERS,
    lead="本期談一家公司的轉機。",
)
OPEN = replace(SECRET, title="電池週報", url=None, tags=(), visibility=Visibility.PUBLIC)


class Unlocked(ArchiveResources):
    """An archive whose gate is broken: everybody reads all."""

    def library(self, work: UnitOfWork, audience: Audience) -> Library:
        return super().library(work, Audience.EDITOR)


class PlansMixedUp(ArchiveResources):
    """An archive whose gate knows no plans: every member reads all."""

    def library(self, work: UnitOfWork, audience: Audience) -> Library:
        return super().library(work, Audience.GUEST if audience == Audience.GUEST else Audience.EDITOR)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> LeakTest:
    lived = LeakTest(tmp_path_factory.mktemp("aviary"), essays=20, questions=220)
    lived.run()
    return lived


@pytest.fixture(scope="module")
def tally(days: LeakTest) -> Tally:
    return days.tally


@pytest.fixture
def here(tmp_path: Path) -> InProcessBot:
    """ANN is a member, BEN is none; the only essay that names 大立光 is for members."""
    here = bot_over(tmp_path)
    with UnitOfWork(here.bot.engine) as work:
        Club(work).memberships.grant(ANN.id, None, here.clock.now)
        work.commit()
    here.publish(SECRET)
    return here


def test_no_guest_and_no_group_ever_sees_a_canary(tally: Tally) -> None:
    assert tally.told == []
    assert tally.seen == 0


def test_a_member_who_asks_the_same_does_see_canaries(tally: Tally) -> None:
    assert tally.member_saw > 10


def test_messages_pages_logs_and_sessions_were_all_looked_at(tally: Tally) -> None:
    assert min(tally.messages, tally.pages, tally.logged, tally.kept) > 50
    assert tally.pushed
    assert tally.changes >= 20


def test_feeds_downloads_and_the_list_of_pages_were_looked_at_too(days: LeakTest) -> None:
    looked_at = {"GET /feed.atom", "GET /feed/….atom", "GET /sitemap.xml", "GET /read/…", "push to a person"}
    assert looked_at <= days.surfaces.keys()
    assert days.surfaces["POST /my-data"] + days.surfaces["POST /my-data/kept"] > 0


@pytest.mark.parametrize("kind", [Unlocked, PlansMixedUp])
def test_a_broken_gate_is_noticed(tmp_path: Path, kind: type[ArchiveResources]) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    lay_schema(url)
    broken = kind(connect(url), tmp_path / "index")
    tally = LeakTest(tmp_path, essays=10, questions=40, archive=broken).run()
    assert tally.seen > 10


def test_a_canary_is_known_however_it_is_written() -> None:
    assert canaries_in("「青石零零四二版零七」和 KESTREL0042V07") == {(42, 7)}
    assert canaries_in("青石零零四二、kestrel42") == set()


def test_every_line_of_a_canary_essay_but_title_and_lead_holds_one(tmp_path: Path) -> None:
    here = bot_over(tmp_path)
    aviary = LeakArchive(here.archive, Random(1))
    aviary.open(0, 3, here.clock.now)
    with UnitOfWork(here.bot.engine) as work:
        essays = here.archive.library(work, Audience.EDITOR).latest()
    for essay in essays:
        assert all(map(canaries_in, (*(block.text for block in essay.blocks), *essay.tags, *essay.further_reading)))
        assert not canaries_in(f"{essay.title}{essay.lead}{essay.author}")


def test_what_only_an_essay_for_members_names_is_not_written_about_for_others(here: InProcessBot) -> None:
    assert "還沒有文章" in said(here.say(BEN, BEN, "3008"))
    assert "還沒有文章" in said(here.say(CLUB, ANN, "羅盤 3008"))
    assert "法說會" in said(here.say(ANN, ANN, "3008"))


def test_tags_and_the_address_of_an_essay_for_members_are_for_members(here: InProcessBot) -> None:
    assert "大立光" not in said(here.say(BEN, BEN, "最新"))
    assert "essays.example" not in str(here.say(CLUB, BEN, "羅盤 電池月報"))
    assert "大立光" not in here.bot.app.test_client().get("/read/1").text


def test_further_reading_does_not_tell_what_a_locked_essay_is_about(here: InProcessBot) -> None:
    here.publish(OPEN)
    assert "關鍵字" in said(here.say(ANN, ANN, "延伸 1"))
    assert "關鍵字" not in said(here.say(BEN, BEN, "延伸 1"))
    assert "關鍵字" not in said(here.say(BEN, BEN, "延伸 2"))


def test_an_essay_turned_members_only_is_closed_with_the_next_question(here: InProcessBot) -> None:
    opened = here.publish(OPEN)
    assert "法說會" in said(here.say(BEN, BEN, "3008"))
    with UnitOfWork(here.bot.engine) as work:
        library = here.archive.library(work, Audience.MEMBER)
        library.change(replace(opened, visibility=Visibility.MEMBERS), here.clock.now)
        work.commit()
    assert "還沒有文章" in said(here.say(BEN, BEN, "3008"))
    assert "法說會" not in said(here.say(BEN, BEN, "第 1 篇"))
