"""Who watches a security, waits for it or looks it up hears nothing of what is only likened to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.essay import Block, BlockKind, Essay
from tests.corpus.analysis.test_figures_of_speech import lines
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, bot_over, clock, pushes, said, seen

FIGURES = [line for line in lines("figure") if "台積電" in line]
NEWS = [line for line in lines("news") if "台積電" in line]


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    place = bot_over(tmp_path, patience=0)
    place.say(ANN, ANN, "追蹤 2330")
    place.say(ANN, ANN, "訂閱 台積電")
    place.say(BEN, BEN, "有文章再通知我 台積電")
    return place


def publish(place: InProcessBot, sentences: list[str]) -> None:
    """An essay for each sentence, amid others."""
    for number, sentence in enumerate(sentences):
        around = "這一季的市場規模是三百億元，年增一成，主要的客戶在歐洲和日本，毛利率在四成上下。"
        blocks = tuple(Block(BlockKind.TEXT, text) for text in (f"{sentence}。", around))
        place.publish(Essay(f"產業觀察第{number}話", blocks))
    place.at(clock(8, 30))
    place.tick()
    place.pass_by(minutes=5)
    place.tick()


def test_likenesses_are_told_to_nobody(place: InProcessBot) -> None:
    publish(place, FIGURES)
    assert pushes(place) == []
    assert "還沒有文章" in said(place.say(ANN, ANN, "2330"))


def test_news_is_told_to_all_who_wait_for_it(place: InProcessBot) -> None:
    publish(place, NEWS)
    assert {push.to for push in pushes(place)} == {(ANN.id,), (BEN.id,)}
    assert f"{len(NEWS)} 篇" in said(place.say(ANN, ANN, "2330"))
    assert "你等的「台積電」有文章了" in seen(place, BEN)
