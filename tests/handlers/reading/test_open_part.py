"""Of an essay with a mark in it everybody finds and reads what stands above, and its members the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, said

OPEN = "水冷板的需求在今年會大幅成長，台積電的先進封裝需要更好的散熱，供應鏈正在調整產能。"
CLOSED = "真正的關鍵是藍色鯨魚：奇鋐的產能利用率已經到九成，明年第一季會再擴產兩成。"
ESSAY = Essay(
    "散熱的新秩序",
    (Block(BlockKind.TEXT, OPEN), Block(BlockKind.HEADING, "鯨魚的下一步"), Block(BlockKind.TEXT, CLOSED)),
    visibility=Visibility.of_plans(["決策者"]),
    open_blocks=1,
)


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    """ANN is a member of the essay's plan, BEN of another."""
    place = bot_over(tmp_path)
    with UnitOfWork(place.bot.engine) as work:
        Club(work).memberships.grant(ANN.id, None, place.clock.now, "決策者")
        Club(work).memberships.grant(BEN.id, None, place.clock.now, "分析者")
        work.commit()
    place.publish(ESSAY)
    return place


@pytest.mark.parametrize("asked", ["水冷板的需求", "讀 1", "最新", "散熱的新秩序"])
def test_the_open_part_is_quoted_to_everybody_and_the_rest_to_nobody_else(place: InProcessBot, asked: str) -> None:
    place.platform.join(CLUB)
    for told in (said(place.say(BEN, BEN, asked)), said(place.say(CLUB, ANN, f"羅盤 {asked}"))):
        assert OPEN[:20] in told
        assert "決策者專屬" in told
        assert "鯨魚" not in told


@pytest.mark.parametrize("asked", ["藍色鯨魚", "奇鋐的產能利用率", "奇鋐"])
def test_the_rest_is_found_by_its_members_alone(place: InProcessBot, asked: str) -> None:
    assert CLOSED[:14] in said(place.say(ANN, ANN, asked))
    place.platform.join(CLUB)
    for told in (said(place.say(BEN, BEN, asked)), said(place.say(CLUB, ANN, f"羅盤 {asked}"))):
        assert CLOSED[:14] not in told


def test_the_page_shows_the_open_part_and_then_the_wall(place: InProcessBot) -> None:
    page = place.bot.app.test_client().get("/read/1").text
    assert OPEN in page
    assert "鯨魚" not in page
    assert page.index(OPEN) < page.index("以下是決策者專屬內容")


@pytest.mark.parametrize("asked", ["2330", "主題 散熱"])
def test_a_card_quotes_the_open_part_to_everybody_and_names_nothing_of_the_rest(
    place: InProcessBot, asked: str
) -> None:
    place.platform.join(CLUB)
    for told in (said(place.say(BEN, BEN, asked)), said(place.say(CLUB, ANN, f"羅盤 {asked}"))):
        assert OPEN[:12] in told
        assert "鯨魚" not in told and "奇鋐" not in told


def test_a_theme_counts_an_essay_whose_open_part_is_about_it_and_a_security_of_the_rest_none(
    place: InProcessBot,
) -> None:
    with UnitOfWork(place.bot.engine) as work:
        guest, editor = (place.bot.archive.library(work, eyes) for eyes in (Audience.GUEST, Audience.EDITOR))
        assert [tally.essays for tally in guest.subjects.theme_tallies() if tally.name == "散熱液冷"] == [1]
        assert {tally.key for tally in guest.subjects.security_tallies()} == {"2330.TWSE"}
        assert {tally.key for tally in editor.subjects.security_tallies()} == {"2330.TWSE", "3017.TWSE"}
        essay = guest.read([1])[1]
        assert "3017.TWSE" not in guest.subjects.subject_keys([essay])[1]


def test_a_digest_of_a_theme_quotes_the_open_part_to_who_may_not_read_on(place: InProcessBot) -> None:
    place.say(BEN, BEN, "訂閱 散熱")
    told = said(place.say(BEN, BEN, "今日"))
    assert "散熱的新秩序" in told and OPEN[:12] in told
    assert "鯨魚" not in told and "奇鋐" not in told
