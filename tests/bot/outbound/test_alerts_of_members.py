"""有文章再通知我: a guest hears of a members' essay by what everybody may read of it, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.database import UnitOfWork
from corpus.essay import Block, BlockKind, Essay, Visibility
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, bot_over, seen

OPEN = "鈉離子電池的成本比鋰電池低三成，儲能案場今年開始採用鈉離子電池，量產良率超過九成。"
HIDDEN = "固態電解質的界面阻抗降到十歐姆，固態電解質的供應商只有兩家，明年擴產三倍。"


def secret(opened: int) -> Essay:
    blocks = (Block(BlockKind.TEXT, OPEN), Block(BlockKind.TEXT, HIDDEN))
    return Essay("電池月報", blocks, visibility=Visibility.MEMBERS, open_blocks=opened, lead="")


@pytest.fixture
def town(tmp_path: Path) -> InProcessBot:
    """ANN is a guest, BEN a member; both wait for what is open and for what is not."""
    town = bot_over(tmp_path, patience=0)
    with UnitOfWork(town.bot.engine) as work:
        Club(work).memberships.grant(BEN.id, None, town.clock.now)
        work.commit()
    for someone in (ANN, BEN):
        town.say(someone, someone, "有文章再通知我 鈉離子電池")
        town.say(someone, someone, "有文章再通知我 固態電解質")
    return town


def later(town: InProcessBot) -> None:
    for _ in range(2):
        town.tick()
        town.pass_by(minutes=5)


def test_the_open_part_grants_a_guests_wish_and_the_rest_does_not(town: InProcessBot) -> None:
    town.publish(secret(opened=1))
    later(town)
    assert "你等的「鈉離子電池」有文章了" in seen(town, ANN)
    assert "量產良率超過九成" in seen(town, ANN)
    assert "你等的「固態電解質」" not in seen(town, ANN)
    assert "界面阻抗" not in seen(town, ANN)
    assert "界面阻抗" in seen(town, BEN)


def test_an_essay_with_nothing_open_grants_members_only(town: InProcessBot) -> None:
    town.publish(secret(opened=0))
    later(town)
    assert "有文章了" not in seen(town, ANN)
    assert "你等的「鈉離子電池」有文章了" in seen(town, BEN)
