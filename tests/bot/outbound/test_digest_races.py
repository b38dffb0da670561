"""Two at once: every race in the claim of a digest, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import build
from bot.dev.simulator.people import LinePerson
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.ledger import PUSH, claims
from bot.ledger import tables as t
from bot.line.client import Ambiguous, Refused, Result, Sent
from bot.line.events import LineEvent
from bot.outbound.pusher import Pusher
from bot.outbound.schedule import Schedule
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience, Essay, Visibility
from handlers.club.club import Club
from handlers.club.plans import Plan, Plans
from handlers.club.timetable import Timetable
from handlers.identity import Chat, Place
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, EVE, bot_over, clock, cooling, pushes, said, seen

ANNS = Chat(ANN.id, Place.PERSON)
DUE = clock(8, 30)


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[InProcessBot]:
    """ANN and the CLUB want to hear of cooling; it is half past eight, and nobody has looked yet."""
    place = bot_over(tmp_path, database_url, patience=0)
    place.say(ANN, ANN, "訂閱 散熱")
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    place.at(DUE)
    yield place
    place.archive.engine.dispose()


@pytest.fixture
def news(place: InProcessBot) -> Essay:
    return place.publish(cooling())


def another(place: InProcessBot) -> Pusher:
    """The pusher of another process."""
    bot = place.bot
    return Pusher(bot.ledger, bot.line, bot.worker.pusher.composer, bot.quota_store, clock=place.clock)


def plan(place: InProcessBot, at: datetime = DUE) -> int:
    with UnitOfWork(place.bot.engine) as work:
        return Schedule(place.zone, 0).plan(work, at, place.clock())


def rows(place: InProcessBot, chat: str = ANN.id) -> list[Any]:
    with reading(place.bot.engine) as connection:
        kept = select(t.outbox).where(t.outbox.c.kind == PUSH, t.outbox.c.chat == chat).order_by(t.outbox.c.id)
        return list(connection.execute(kept))


def states(place: InProcessBot, chat: str = ANN.id) -> list[str]:
    with reading(place.bot.engine) as connection:
        return list(connection.execute(select(t.runs.c.state).where(t.runs.c.chat == chat)).scalars())


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, let go together."""
    ready = Barrier(number)

    def start(_: int) -> Any:
        ready.wait(60)
        return act()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(start, range(number)))


# planning


def test_ten_workers_plan_a_slot_once(place: InProcessBot, news: Essay) -> None:
    assert sum(at_once(10, lambda: plan(place))) == 2
    assert states(place) == ["planned"]


def test_a_slot_that_was_planned_is_not_planned_by_a_worker_that_starts_later(place: InProcessBot, news: Essay) -> None:
    assert (plan(place), plan(place), plan(place, DUE + timedelta(hours=3))) == (2, 0, 0)


def test_a_new_slot_does_not_merge_a_digest_that_is_under_way(place: InProcessBot, news: Essay) -> None:
    plan(place)
    claimed = place.bot.worker.pusher._claim(DUE)[1]
    place.publish(cooling())
    plan(place, DUE + timedelta(days=1))
    assert [row.state for row in rows(place)] == ["pending", "waiting"]
    assert another(place)._claim(DUE + timedelta(days=1))[1] == [], (
        "what the first one tells is not known to have arrived"
    )
    place.bot.worker.pusher._settle(claimed, [Sent()])
    place.at(DUE + timedelta(days=1))
    place.tick()
    assert states(place) == ["sent", "sent"]


def test_merging_waits_for_a_claim_that_is_being_made(place: InProcessBot, news: Essay) -> None:
    plan(place)
    with ThreadPoolExecutor(1) as threads, UnitOfWork(place.bot.engine) as work:
        [waiting] = claims.claim_for_chat(work.writer, ANN.id, place.clock(), 5)
        [composed] = place.bot.worker.pusher.composer.compose_all(work, [waiting], DUE)
        claims.start_pushes(work.writer, [(waiting, composed, 1)], place.clock(), 15)  # type: ignore[list-item]
        later = threads.submit(plan, place, DUE + timedelta(days=1))
        work.commit()
        later.result()
    assert "pending" in [row.state for row in rows(place)], "what was claimed first is not deleted"


# claiming


def test_two_workers_push_a_row_once(place: InProcessBot, news: Essay) -> None:
    plan(place)
    workers = iter([place.bot.worker.pusher, another(place), another(place)])
    at_once(3, lambda: next(workers).push_all(DUE))
    assert len(pushes(place)) == 1
    assert states(place) == ["sent"]


def test_a_claimed_digest_does_not_ride(place: InProcessBot, news: Essay) -> None:
    plan(place)
    outgoing_messages = place.bot.worker.pusher._claim(DUE)[1]
    assert "今日摘要" not in said(place.say(ANN, ANN, "早安"))
    place.bot.worker.pusher._finish(place.bot.worker.pusher._start(outgoing_messages))
    assert seen(place, ANN).count("今日摘要") == 1


def test_a_digest_that_rides_is_not_pushed(place: InProcessBot, news: Essay) -> None:
    plan(place)
    reply = place.bot.line.reply
    claimed: list[Any] = []

    def slow(token: str, body: bytes) -> Result:
        claimed.extend(another(place)._claim(DUE)[1])  # while the reply is on its way
        return reply(token, body)

    place.bot.line.reply = slow  # type: ignore[method-assign]
    place.say(ANN, ANN, "早安")
    assert claimed == []
    assert pushes(place) == []
    assert seen(place, ANN).count("今日摘要") == 1


def test_two_replies_at_once_carry_a_digest_once(place: InProcessBot, news: Essay) -> None:
    plan(place)
    at_once(2, lambda: place.say(CLUB, ANN, "早"))
    place.answer()
    assert seen(place, CLUB).count("今日摘要") == 1


def test_asking_for_today_while_the_digest_is_on_its_way_tells_nothing_twice(place: InProcessBot, news: Essay) -> None:
    plan(place)
    outgoing_messages = place.bot.worker.pusher._claim(DUE)[1]
    told = said(place.say(ANN, ANN, "今日"))
    assert not any(paragraph.text in told for paragraph in news.paragraphs)
    place.bot.worker.pusher._finish(place.bot.worker.pusher._start(outgoing_messages))
    assert sum(seen(place, ANN).count(paragraph.text) for paragraph in news.paragraphs) == 2


def stop_subscription(place: InProcessBot, _news: Essay) -> None:
    with UnitOfWork(place.bot.engine) as work:
        book = Club(work).subscriptions
        book.remove(book.of(ANNS))
        work.commit()


def stop_membership(place: InProcessBot, _news: Essay) -> None:
    with UnitOfWork(place.bot.engine) as work:
        Club(work).memberships.end(ANN.id, place.clock.now)
        work.commit()


def withdraw(place: InProcessBot, news: Essay) -> None:
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).withdraw(news.id, place.clock.now)
        work.commit()


def hide(place: InProcessBot, news: Essay) -> None:
    with UnitOfWork(place.bot.engine) as work:
        library = place.archive.library(work, Audience.MEMBER)
        library.change(replace(news, visibility=Visibility.MEMBERS), place.clock.now)
        work.commit()


def block(place: InProcessBot, _news: Essay) -> None:
    place.platform.unfollow(ANN)


def pause(place: InProcessBot, _news: Essay) -> None:
    with UnitOfWork(place.bot.engine) as work:
        book = Club(work).subscriptions
        kept = book.settings_of(ANNS)
        assert kept is not None
        book.keep(replace(kept, paused_until=1e11))
        work.commit()


@pytest.mark.parametrize("happens", [stop_subscription, withdraw, hide, block, pause])
def test_what_happens_between_plan_and_claim_counts(
    place: InProcessBot, news: Essay, happens: Callable[[InProcessBot, Essay], None]
) -> None:
    plan(place)
    happens(place, news)
    place.bot.worker.pusher.push_all(DUE)
    assert pushes(place) == []
    assert news.paragraphs[0].text not in seen(place, ANN)
    assert states(place)[0] in ("stopped", "empty")


def test_a_membership_that_ends_between_plan_and_claim_counts(place: InProcessBot) -> None:
    with UnitOfWork(place.bot.engine) as work:
        Club(work).memberships.grant(ANN.id, 30, place.clock.now)
        work.commit()
    secret = place.publish(cooling(visibility=Visibility.MEMBERS))
    plan(place)
    stop_membership(place, secret)
    place.bot.worker.pusher.push_all(DUE)
    assert pushes(place) == []


def test_quiet_hours_set_between_plan_and_claim_count(place: InProcessBot, news: Essay) -> None:
    plan(place)
    with UnitOfWork(place.bot.engine) as work:
        chats = Club(work).chats
        chats.keep(replace(chats.get(ANNS), quiet_from=8 * 60, quiet_until=9 * 60), place.clock.now)
        work.commit()
    place.bot.worker.pusher.push_all(DUE)
    assert pushes(place) == []
    place.at(clock(9))
    place.tick()
    assert len(pushes(place)) == 1


# dying


def test_a_worker_that_dies_before_it_sends_is_followed_by_another(place: InProcessBot, news: Essay) -> None:
    plan(place)
    place.bot.worker.pusher._claim(DUE)
    another(place).push_all(DUE)
    assert pushes(place) == [], "the lease holds"
    place.pass_by(seconds=16)
    another(place).push_all(DUE)
    assert len(pushes(place)) == 1


def test_a_worker_that_dies_after_it_sent_is_not_repeated(place: InProcessBot, news: Essay) -> None:
    plan(place)
    [outgoing] = place.bot.worker.pusher._claim(DUE)[1]
    place.bot.worker.pusher._send(outgoing)
    place.pass_by(seconds=16)
    another(place).push_all(DUE)
    tried = [call for call in place.platform.calls if call.kind == "push"]
    assert [call.status for call in tried] == [200, 409]
    assert tried[0].messages == tried[1].messages
    assert states(place) == ["sent"]
    assert seen(place, ANN).count("今日摘要") == 1


def test_what_comes_to_its_turn_too_late_is_not_sent_but_taken_again(place: InProcessBot, news: Essay) -> None:
    plan(place)
    outgoing_messages = place.bot.worker.pusher._claim(DUE)[1]
    place.pass_by(seconds=6)  # a call may take ten seconds, the lease holds for fifteen
    place.bot.worker.pusher._finish(place.bot.worker.pusher._start(outgoing_messages))
    assert not pushes(place)
    assert states(place) == ["planned"]
    place.pass_by(seconds=2)
    place.bot.worker.pusher.push_all(DUE)
    assert len(pushes(place)) == 1
    assert states(place) == ["sent"]


def test_a_web_process_that_dies_with_a_digest_aboard_is_followed_by_another(place: InProcessBot, news: Essay) -> None:
    plan(place)
    reply = place.bot.line.reply
    place.bot.line.reply = die  # type: ignore[method-assign]
    with pytest.raises(Dead):
        place.say(CLUB, BEN, "早")
        place.answer()
    place.bot.line.reply = reply  # type: ignore[method-assign]
    place.pass_by(seconds=16)
    place.answer()
    assert seen(place, CLUB).count("今日摘要") == 1
    assert states(place, CLUB.id) == ["sent"]


class Dead(BaseException):
    pass


def die(_token: str, _body: bytes) -> Result:
    raise Dead


MONTHLY = "You have reached your monthly limit."
TOLD_LATE = [Refused(429, MONTHLY), Refused(400, "The request body is not valid."), Refused(0), Ambiguous("500")]


@pytest.mark.parametrize("told_late", TOLD_LATE, ids=["monthly", "final", "not sent", "unclear"])
def test_a_slow_worker_whose_lease_ran_out_does_not_undo_what_another_settled(
    place: InProcessBot, news: Essay, told_late: Result
) -> None:
    plan(place)
    slow = place.bot.worker.pusher._claim(DUE)[1]
    place.pass_by(seconds=16)
    another(place).push_all(DUE)
    place.bot.worker.pusher._settle(slow, [told_late])
    assert states(place) == ["sent"]
    assert_told_once(place)


@pytest.mark.parametrize("told_late", TOLD_LATE, ids=["monthly", "final", "not sent", "unclear"])
def test_a_slow_worker_whose_lease_ran_out_leaves_the_row_to_whoever_sends_it_now(
    place: InProcessBot, news: Essay, told_late: Result
) -> None:
    plan(place)
    slow = place.bot.worker.pusher._claim(DUE)[1]
    place.pass_by(seconds=16)
    second = another(place)
    under_way = second._claim(DUE)[1]
    place.bot.worker.pusher._settle(slow, [told_late])
    place.pass_by(seconds=3)
    assert another(place)._claim(DUE)[1] == [], "the second one's lease holds"
    assert [row.unclear for row in rows(place)] == [True], "the first one may have sent it"
    second._finish(second._start(under_way))
    assert states(place) == ["sent"]
    assert_told_once(place)


def assert_told_once(place: InProcessBot) -> None:
    place.say(ANN, ANN, "早安")
    plan(place, DUE + timedelta(days=1))
    place.at(DUE + timedelta(days=1))
    place.tick()
    assert seen(place, ANN).count("今日摘要") == 1


# riding


def test_a_refused_ride_is_composed_anew_with_what_came_meanwhile(place: InProcessBot, news: Essay) -> None:
    plan(place)
    reply = place.bot.line.reply
    place.bot.line.reply = lambda _token, _body: Refused(400, "Invalid reply token")  # type: ignore[method-assign]
    place.say(CLUB, BEN, "早")
    place.bot.line.reply = reply  # type: ignore[method-assign]
    second = place.publish(cooling())
    place.say(CLUB, BEN, "早")
    assert all(essay.title in seen(place, CLUB) for essay in (news, second))
    assert "新上架 2 篇" in seen(place, CLUB)


def test_a_question_that_is_taken_back_leaves_the_digest_to_the_next(place: InProcessBot, news: Essay) -> None:
    plan(place)
    place.platform.fail("429 rate", next=1, on="reply")
    post = place.platform.say(CLUB, BEN, "羅盤 說明")
    place.platform.unsend(post.message_id)
    place.pass_by(seconds=20)
    place.answer()
    place.say(CLUB, BEN, "早")
    assert seen(place, CLUB).count("今日摘要") == 1


def test_a_revived_reply_does_not_take_back_its_former_rider(place: InProcessBot, news: Essay) -> None:
    plan(place)
    place.platform.fail("429 rate", next=20, on="reply")
    post = place.platform.say(CLUB, BEN, "羅盤 說明")
    for _ in range(6):
        place.pass_by(seconds=10)
        place.answer()
    place.platform.clear_failures()
    place.say(CLUB, BEN, "早")
    place.platform.redeliver(post.id)
    place.answer()
    assert seen(place, CLUB).count("今日摘要") == 1
    assert "說明" in said(place.heard(post))


# 今日, whose answer does not arrive


def fail_today(place: InProcessBot, *, after_accept: bool = False) -> WebhookDelivery:
    """ANN asks for the news, and LINE fails until her token is used up: without doing anything, or after it was done."""
    place.platform.fail("500" if after_accept else "429 rate", next=20, after_accept=after_accept, on="reply")
    post = place.platform.say(ANN, ANN, "今日")
    for _ in range(6):
        place.pass_by(seconds=10)
        place.answer()
    place.platform.clear_failures()
    return post


def test_what_today_could_not_say_comes_with_the_digest(place: InProcessBot, news: Essay) -> None:
    plan(place)
    fail_today(place)
    place.tick()
    assert news.title in said(list(pushes(place)[-1].messages))
    assert sorted(states(place)) == ["dropped", "sent"]


def test_what_today_could_not_say_is_said_when_it_is_asked_again(place: InProcessBot, news: Essay) -> None:
    fail_today(place)
    assert "新上架 1 篇" in said(place.say(ANN, ANN, "今日"))
    plan(place)
    place.tick()
    assert pushes(place) == []


def test_a_today_that_line_may_have_shown_is_not_told_again(place: InProcessBot, news: Essay) -> None:
    plan(place)
    fail_today(place, after_accept=True)
    place.tick()
    assert pushes(place) == []
    assert sorted(states(place)) == ["empty", "unknown"]


def test_a_today_that_is_delivered_again_is_answered_anew(place: InProcessBot, news: Essay) -> None:
    post = fail_today(place)
    second = place.publish(cooling())
    place.platform.redeliver(post.id)
    place.answer()
    assert all(essay.title in said(place.heard(post)) for essay in (news, second))
    assert "新上架 2 篇" in said(place.heard(post))
    plan(place)
    place.tick()
    assert pushes(place) == []


def test_a_today_that_was_taken_back_leaves_the_news_to_the_digest(place: InProcessBot, news: Essay) -> None:
    plan(place)
    place.platform.fail("429 rate", next=1, on="reply")
    post = place.platform.say(ANN, ANN, "今日")
    place.platform.unsend(post.message_id)
    place.pass_by(seconds=20)
    place.answer()
    place.tick()
    assert news.title in said(list(pushes(place)[-1].messages))


def test_a_digest_waits_until_it_is_known_whether_today_arrived(place: InProcessBot, news: Essay) -> None:
    plan(place)
    place.platform.fail("429 rate", next=1, on="reply")
    place.platform.say(ANN, ANN, "今日")
    place.tick()
    assert pushes(place) == []
    place.pass_by(seconds=20)
    place.answer()
    place.tick()
    assert pushes(place) == []
    assert sorted(states(place)) == ["empty", "sent"]


def test_a_process_that_was_started_anew_remembers_all(place: InProcessBot, news: Essay) -> None:
    plan(place)
    again = build(place.bot.settings, place.archive, line=place.bot.line, clock=place.clock)
    again.worker.tick(DUE)
    place.tick()
    assert len(pushes(place)) == 1


@pytest.mark.parametrize("way", ["ride", "push"])
def test_two_digests_that_wait_in_a_chat_tell_the_news_once(place: InProcessBot, news: Essay, way: str) -> None:
    plan(place)
    place.platform.fail("429 rate", next=9, on="reply")
    place.platform.say(ANN, ANN, "早安")  # the first digest is aboard, so that the second one does not take it back
    with UnitOfWork(place.bot.engine) as work:
        book = Club(work).subscriptions
        kept = book.settings_of(ANNS)
        assert kept is not None
        book.keep(replace(kept, timetable=Timetable("daily", 8 * 60 + 31)))
        work.commit()
    place.publish(cooling())
    plan(place, clock(8, 31))
    place.pass_by(seconds=61)
    place.platform.clear_failures()
    place.answer()
    assert sorted(row.state for row in rows(place)) == ["waiting", "waiting"], "the reply is proven not to have arrived"
    if way == "ride":
        place.say(ANN, ANN, "早安")
    place.tick()
    assert seen(place, ANN).count("今日摘要") == 1
    assert sorted(states(place)) == ["merged", "sent"]


# two moderators


@pytest.mark.parametrize("deed", ["推播", "通知更正"])
def test_two_moderators_who_confirm_in_the_same_instant_send_once(
    tmp_path: Path, database_url: str, deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bot_over(tmp_path, database_url, patience=0, owners=(ANN.id, BEN.id))
    place.say(EVE, EVE, "訂閱 散熱")
    essay = place.publish(cooling())
    place.say(EVE, EVE, "今日")  # shown to EVE, who would hear of a correction
    for moderator in (ANN, BEN):
        place.say(moderator, moderator, f"{deed} {essay.id}")
    both, make = Barrier(2), Plans.make

    def make_side_by_side(self: Plans, plan: Plan, at: datetime) -> Plan:
        with suppress(BrokenBarrierError):  # with the lock nobody comes: the other still waits for it
            both.wait(0.5)
        return make(self, plan, at)

    monkeypatch.setattr(Plans, "make", make_side_by_side)

    def confirm(who: LinePerson) -> None:
        said_at, text = place.clock(), f"{deed} {essay.id} 確定"
        event = LineEvent(f"by {who.name}", "text", Chat(who.id, Place.PERSON), who.id, said_at, text=text)
        with UnitOfWork(place.bot.engine) as work:
            place.bot.conversation.respond(event, work)
            work.commit()

    moderators = iter((ANN, BEN))
    at_once(2, lambda: confirm(next(moderators)))
    with UnitOfWork(place.bot.engine) as work:
        assert len(Club(work).plans.waiting()) == 1
    place.archive.engine.dispose()
