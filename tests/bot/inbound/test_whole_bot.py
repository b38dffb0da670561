"""Gate and conversation as the application wires them: the community's day, and comings while another module answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dev.simulator.people import person
from corpus.database import UnitOfWork
from corpus.search.finding import Finding
from handlers.club.club import Club
from handlers.identity import Chat
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, coffee, cooling, said

MEI = person("美玲")
NEW_YEAR_IN_TAIPEI = datetime(2026, 12, 31, 17, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    return InProcessBot(tmp_path, NEW_YEAR_IN_TAIPEI, persons=(MEI, ANN, BEN), groups=(CLUB,))


def is_active(place: InProcessBot) -> bool:
    with UnitOfWork(place.bot.engine) as work:
        return Club(work).chats.get(Chat.of_id(MEI.id)).active


def test_the_gate_reckons_with_the_community_s_day(place: InProcessBot) -> None:
    assert place.bot.gate.words.asks_after("28Q1有哪些受惠？"), "2028 is next year in Taipei already"
    place.at(datetime(2026, 12, 31, 15, tzinfo=UTC))
    assert not place.bot.gate.words.asks_after("28Q1有哪些受惠？")


def test_who_comes_back_while_another_module_answers_is_noted_and_not_greeted(place: InProcessBot) -> None:
    place.heard(place.platform.unfollow(MEI))
    assert not is_active(place)
    place.platform.standby = True
    assert place.heard(place.platform.follow(MEI)) == []
    assert is_active(place)


def test_who_comes_is_greeted(place: InProcessBot) -> None:
    place.platform.unfollow(MEI)
    assert place.heard(place.platform.follow(MEI)) != []


def test_who_still_speaks_is_not_forgotten_as_somebody_silent(place: InProcessBot) -> None:
    """Two years after the last word, not after the first."""

    def waits_after(days: int) -> bool:
        place.pass_by(days=days)
        place.bot.ledger.sweep(place.clock())
        with UnitOfWork(place.bot.engine) as work:
            return bool(Club(work).gaps.alerts(MEI.id))

    place.say(MEI, MEI, "有文章再通知我 鯨魚的遷徙路線")
    assert waits_after(400)
    place.say(MEI, MEI, "說明")
    assert waits_after(729)
    assert not waits_after(2)


def test_what_a_message_left_behind_is_forgotten_with_it(place: InProcessBot) -> None:
    """The person's session there, and what searches had found."""
    conversation, archive = place.bot.conversation, place.archive
    chat = Chat.of_id(MEI.id)
    place.publish(coffee(), news=False)
    place.say(MEI, MEI, "最新")
    archive.findings.put("a question", Finding("not_covered", 0.0))
    assert conversation.sessions.get(chat, MEI.id).command
    conversation.forget(chat, MEI.id)
    assert not conversation.sessions.get(chat, MEI.id).command
    assert archive.findings.get("a question") is None


def test_the_same_question_of_another_in_a_group_is_pointed_to_its_answer(place: InProcessBot) -> None:
    """For ten minutes; to the essay and paragraph that stood first, and only where something was found."""
    essay = place.publish(cooling("水冷板的一年"), news=False)
    other = place.publish(coffee(), news=False)
    asked = f"羅盤 找 {essay.paragraphs[1].text[-14:-1]}"
    assert essay.paragraphs[1].text in said(place.say(CLUB, ANN, asked))
    again = said(place.say(CLUB, BEN, asked))
    assert "剛剛答過了" in again
    assert essay.title in again
    assert f"/read/{essay.id}?p=1#p1" in again
    assert other.title not in again
    for _ in range(2):
        assert "剛剛答過了" not in said(place.say(CLUB, ANN, "羅盤 找 鯨魚的遷徙路線"))
    assert "剛剛答過了" not in said(place.say(ANN, ANN, asked))
    place.pass_by(minutes=10)
    assert "剛剛答過了" not in said(place.say(CLUB, BEN, asked))
