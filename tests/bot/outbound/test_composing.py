"""What is checked once more when a delivery goes out: whether there still is something to tell, and whether this chat may hear it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.ledger import CORRECTION, TRIAL, Delivery, plan_deliveries
from bot.ledger.tables import runs
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from handlers.club.club import Club
from handlers.club.drafts import new_draft
from handlers.identity import Chat, Place, Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, bot_over, coffee, cooling, pushes, seen

ANNS = Chat(ANN.id, Place.PERSON)


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    return bot_over(tmp_path, patience=0)


def deliver(place: InProcessBot, kind: str, subject: str) -> str:
    """How a delivery to ANN that is due now ends."""
    with UnitOfWork(place.bot.engine) as work:
        run = Delivery(kind, ANNS, f"{kind} {subject}", subject=subject, push_at=place.clock())
        plan_deliveries(work.writer, [run], place.clock())
        work.commit()
    place.tick()
    with reading(place.bot.engine) as connection:
        return str(connection.execute(select(runs.c.state).where(runs.c.kind == kind)).scalar_one())


@pytest.mark.parametrize(
    ("writer", "role", "which", "end"),
    [
        (ANN, Role.EDITOR, "1 0", "sent"),
        (ANN, Role.EDITOR, "1 1", "stopped"),
        (ANN, Role.MEMBER, "1 0", "stopped"),
        (BEN, Role.EDITOR, "1 0", "stopped"),
        (BEN, Role.MODERATOR, "1 0", "sent"),
        (BEN, Role.MODERATOR, "9 0", "stopped"),
    ],
    ids=["one's own", "no such essay", "an editor no more", "another's", "a moderator", "no such draft"],
)
def test_a_trial_is_sent_to_whoever_may_see_the_draft(
    place: InProcessBot, writer: object, role: Role, which: str, end: str
) -> None:
    with UnitOfWork(place.bot.engine) as work:
        club = Club(work)
        if role >= Role.EDITOR:
            club.people.set_role(ANN.id, role, place.clock.now)
        draft = new_draft(writer.id, place.clock.now, essays=(cooling("草稿裡的水冷板"),))  # type: ignore[attr-defined]
        assert club.drafts.begin(draft).id == 1
        work.commit()
    assert deliver(place, TRIAL, which) == end
    assert ("草稿裡的水冷板" in seen(place, ANN)) == (end == "sent")


def test_a_correction_tells_the_places_that_changed_or_that_it_was_withdrawn(place: InProcessBot) -> None:
    essay = place.publish(cooling("水冷板的一年"), news=False)
    places = tuple(replace(block, text=block.text.replace("液冷", "氣冷")) for block in essay.blocks)
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).change(replace(essay, blocks=places), place.clock.now)
        work.commit()
    assert deliver(place, CORRECTION, str(essay.id)) == "sent"
    assert "〈水冷板的一年〉改過了" in seen(place, ANN)
    assert "氣冷散熱的滲透率" in seen(place, ANN)


def test_a_correction_of_what_was_withdrawn_says_so(place: InProcessBot) -> None:
    essay = place.publish(cooling("水冷板的一年"), news=False)
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).withdraw(essay.id, place.clock.now)
        work.commit()
    assert deliver(place, CORRECTION, str(essay.id)) == "sent"
    assert "〈水冷板的一年〉已經撤回" in seen(place, ANN)


def test_a_correction_of_nothing_known_ends(place: InProcessBot) -> None:
    assert deliver(place, CORRECTION, "99") == "stopped"


@pytest.mark.parametrize("which", [0, 1], ids=["before", "after"])
def test_what_changed_is_not_told_where_one_of_both_is_for_members(place: InProcessBot, which: int) -> None:
    essay = place.publish(cooling("水冷板的一年", (Visibility.MEMBERS, Visibility.PUBLIC)[which]), news=False)
    changed = replace(essay, visibility=(Visibility.PUBLIC, Visibility.MEMBERS)[which])
    places = (replace(essay.blocks[0], text="鎢鉬均熱片取代了它。"), *essay.blocks[1:])
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).change(replace(changed, blocks=places), place.clock.now)
        work.commit()
    assert deliver(place, CORRECTION, str(essay.id)) == "sent"
    assert "改過了" in seen(place, ANN)
    assert essay.paragraphs[0].text[:12] not in seen(place, ANN)


def test_an_alert_for_a_company_is_for_a_new_essay_that_names_it(place: InProcessBot) -> None:
    older = place.publish(cooling("舊的水冷板"), news=False)
    place.say(BEN, BEN, "有文章再通知我 2330")
    place.publish(coffee())
    place.tick()
    assert pushes(place) == []
    newer = place.publish(cooling("新的水冷板"))
    place.tick()
    assert newer.title in seen(place, BEN)
    assert older.title not in seen(place, BEN)


def test_a_long_wish_is_repeated_by_its_beginning(place: InProcessBot) -> None:
    question = "鈉離子電池的成本什麼時候會比磷酸鐵鋰電池的成本更低"
    assert len(question) == 25
    place.say(BEN, BEN, f"有文章再通知我 {question}")
    lines = "鈉離子電池的成本明年就會比磷酸鐵鋰電池的成本低三成，鈉離子電池的量產良率超過九成。"
    place.publish(Essay("鈉離子電池量產元年", (Block(BlockKind.TEXT, lines),)))
    place.tick()
    assert f"你等的「{question[:24]}」有文章了" in seen(place, BEN)
