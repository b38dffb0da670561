"""Digests at the front door: what comes, when, to whom, at what price, and what never comes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger.tables import outbox
from bot.line.client import Result, Sent
from bot.outbound.pusher import Pusher
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience, Visibility
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, EVE, bot_over, clock, coffee, cooling, pushes, said, seen


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    return bot_over(tmp_path)


@pytest.fixture
def prompt(tmp_path: Path) -> InProcessBot:
    """Where a due digest is pushed at once."""
    return bot_over(tmp_path, patience=0)


def go(place: InProcessBot, hour: int, minute: int = 0, day: int = 2) -> None:
    place.at(clock(hour, minute, day))
    place.tick()


# on time


def test_a_new_essay_comes_at_the_time_that_was_promised(prompt: InProcessBot) -> None:
    assert "已訂閱：散熱。有新文章的日子 08:30 送，沒新文章不打擾。" in said(prompt.say(ANN, ANN, "訂閱 散熱"))
    essay = prompt.publish(cooling())
    go(prompt, 8, 29)
    assert pushes(prompt) == []
    go(prompt, 8, 30)
    [push] = pushes(prompt)
    assert push.to == (ANN.id,)
    assert "今日摘要" in seen(prompt, ANN)
    assert essay.title in seen(prompt, ANN)
    assert "文章原文摘錄，非投資建議" in seen(prompt, ANN)


def test_a_slot_is_told_once_however_often_one_looks(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    for minute in (30, 30, 31, 45):
        go(prompt, 8, minute)
    go(prompt, 8, 30, day=3)
    assert len(pushes(prompt)) == 1


def test_without_news_nothing_comes(prompt: InProcessBot) -> None:
    prompt.publish(cooling())
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(coffee())
    prompt.publish(cooling(), news=False)
    go(prompt, 8, 30)
    assert pushes(prompt) == []


def test_a_patient_digest_waits_for_a_ride_before_it_is_pushed(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    place.publish(cooling())
    go(place, 8, 30)
    go(place, 8, 49)
    assert pushes(place) == []
    go(place, 8, 50)
    assert len(pushes(place)) == 1


def test_every_day_and_every_week_and_trading_days(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱 每週三 09:00")
    prompt.say(BEN, BEN, "訂閱 散熱")
    prompt.say(BEN, BEN, "交易日 08:30")
    prompt.say(EVE, EVE, "訂閱 散熱")
    told = {ANN: 0, BEN: 0, EVE: 0}
    for day in range(2, 10):
        prompt.publish(cooling())
        go(prompt, 9, day=day)
    for person in told:
        told[person] = sum(push.to == (person.id,) for push in pushes(prompt))
    assert told == {ANN: 1, BEN: 6, EVE: 8}, "2 to 9 March hold one Wednesday, six trading days, eight days"


def test_the_time_can_be_changed(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    assert "每日 20:00" in said(prompt.say(ANN, ANN, "每日 晚上八點"))
    prompt.publish(cooling())
    go(prompt, 19, 59)
    assert pushes(prompt) == []
    go(prompt, 20)
    assert len(pushes(prompt)) == 1


def test_who_subscribes_after_the_time_is_not_told_of_that_slot(prompt: InProcessBot) -> None:
    prompt.at(clock(8, 40))
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    go(prompt, 9)
    assert pushes(prompt) == []
    go(prompt, 8, 30, day=3)
    assert len(pushes(prompt)) == 1


def test_one_digest_holds_all_topics_and_names_of_a_chat(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱、咖啡")
    prompt.say(ANN, ANN, "追蹤 2330")
    titles = [prompt.publish(essay).title for essay in (cooling(), coffee())]
    go(prompt, 8, 30)
    assert len(pushes(prompt)) == 1
    assert all(title in seen(prompt, ANN) for title in titles)
    assert "新上架 2 篇：散熱、台積電 2330、咖啡" in seen(prompt, ANN)


def test_what_is_excluded_does_not_come(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱 不要水冷板")
    prompt.publish(cooling())
    other = prompt.publish(cooling(word="散熱片"))
    go(prompt, 8, 30)
    assert other.title in seen(prompt, ANN)
    assert "新上架 1 篇" in seen(prompt, ANN)


def test_everything_new_comes_to_who_asked_for_it(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 精選")
    titles = [prompt.publish(essay).title for essay in (cooling(), coffee())]
    go(prompt, 8, 30)
    assert all(title in seen(prompt, ANN) for title in titles)


def test_no_passage_comes_twice(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.say(ANN, ANN, "溫故")
    essay = prompt.publish(cooling())
    for day in range(2, 12):
        go(prompt, 8, 30, day=day)
    shown = seen(prompt, ANN)
    assert [shown.count(paragraph.text) for paragraph in essay.paragraphs] == [1, 1, 1]


def test_the_archive_speaks_where_it_was_wished_for_and_falls_silent_when_exhausted(prompt: InProcessBot) -> None:
    prompt.publish(cooling(), news=False)
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.say(ANN, ANN, "溫故")
    for day in range(2, 12):
        go(prompt, 8, 30, day=day)
    assert len(pushes(prompt)) == 3, "as many as the one essay has sentences"
    assert "沒有新文章，從舊文章選一段：散熱" in seen(prompt, ANN)


# groups ride


def test_a_group_is_told_when_somebody_speaks_and_it_costs_nothing(place: InProcessBot) -> None:
    promise = said(place.say(CLUB, ANN, "羅盤 訂閱 散熱"))
    assert "已訂閱：散熱。每日 08:30 之後，群裡有人說話時一起送。" in promise
    essay = place.publish(cooling())
    go(place, 8, 30)
    go(place, 12)
    assert essay.title not in seen(place, CLUB)
    place.say(CLUB, BEN, "今天天氣不錯")
    assert essay.title in seen(place, CLUB)
    assert "今日摘要" in seen(place, CLUB)
    assert place.platform.quota.used(place.clock.now) == 0
    assert [call.silent for call in place.platform.calls if call.accepted][-1]


def test_the_answer_to_a_question_comes_first_and_the_digest_after_it(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    essay = place.publish(cooling())
    go(place, 8, 30)
    messages = place.say(CLUB, BEN, "羅盤 說明")
    assert len(messages) == 2
    assert "說明" in said(messages[:1])
    assert essay.title in said(messages[1:])


def test_quick_replies_of_an_answer_stay_in_sight(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    place.publish(cooling())
    go(place, 8, 30)
    answer, digest = place.say(ANN, ANN, "早安")
    assert "quickReply" not in answer
    assert "今日摘要" in said([digest])
    assert [item["action"]["label"] for item in digest["quickReply"]["items"]] == ["最新文章", "主題", "說明"]


def test_a_full_answer_is_not_displaced(place: InProcessBot) -> None:
    from dataclasses import replace

    place.say(ANN, ANN, "訂閱 散熱")
    place.publish(cooling())
    go(place, 8, 30)
    pool = place.bot.pool
    respond = pool.respond

    def talkative(event: object, work: UnitOfWork) -> object:
        reply = respond(event, work)  # type: ignore[arg-type]
        return replace(reply, messages=reply.messages * 5) if reply else None

    pool.respond = talkative  # type: ignore[assignment]
    assert len(place.say(ANN, ANN, "早安")) == 5
    pool.respond = respond
    assert len(place.say(ANN, ANN, "早安")) == 2


def test_a_group_that_wants_it_on_time_is_pushed_at_its_price(prompt: InProcessBot) -> None:
    prompt.say(CLUB, ANN, "羅盤 訂閱 散熱")
    prompt.say(CLUB, ANN, "羅盤 準時送")
    prompt.publish(cooling())
    go(prompt, 8, 30)
    assert [push.cost for push in pushes(prompt)] == [100]


def test_a_digest_that_never_found_a_ride_is_merged_into_the_next(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    titles = []
    for day in (2, 3, 4):
        titles.append(place.publish(cooling()).title)
        go(place, 8, 30, day=day)
    place.say(CLUB, BEN, "早")
    assert [title for title in titles if title in seen(place, CLUB)] == titles
    assert "新上架 3 篇" in seen(place, CLUB)
    assert len([call for call in place.platform.calls if "今日摘要" in said(list(call.messages))]) == 1


def test_a_chat_with_only_digests_gets_them_and_can_still_manage_them(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    place.say(CLUB, ANN, "羅盤 只送摘要")
    place.publish(cooling())
    go(place, 8, 30)
    assert "今日摘要" in said(place.say(CLUB, BEN, "羅盤 散熱"))
    assert "1. 散熱" in said(place.say(CLUB, BEN, "羅盤 我的訂閱"))


# never


def test_nothing_comes_in_the_quiet_hours(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱 每日 07:30")
    prompt.say(ANN, ANN, "勿擾 22-08")
    prompt.publish(cooling())
    go(prompt, 7, 30)
    go(prompt, 7, 59)
    assert pushes(prompt) == []
    assert "今日摘要" not in said(prompt.say(ANN, ANN, "早安"))
    go(prompt, 8)
    assert len(pushes(prompt)) == 1


def test_what_is_due_in_a_quiet_evening_comes_in_the_morning(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱 每日 23:30")
    prompt.say(ANN, ANN, "勿擾 22-08")
    prompt.publish(cooling())
    go(prompt, 23, 30)
    go(prompt, 7, 59, day=3)
    assert pushes(prompt) == []
    go(prompt, 8, day=3)
    assert len(pushes(prompt)) == 1


def test_nothing_comes_during_a_pause_and_nothing_is_made_up_for_it(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    assert "暫停到 3/5（四）" in said(prompt.say(ANN, ANN, "暫停 3天"))
    missed = prompt.publish(cooling())
    for day in (2, 3, 4, 5, 6):
        go(prompt, 8, 30, day=day)
    assert pushes(prompt) == []
    fresh = prompt.publish(cooling())
    go(prompt, 8, 30, day=7)
    assert fresh.title in seen(prompt, ANN)
    assert missed.title not in seen(prompt, ANN)


def test_resuming_starts_from_now(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.say(ANN, ANN, "暫停")
    missed = prompt.publish(cooling())
    assert "不補送" in said(prompt.say(ANN, ANN, "恢復"))
    go(prompt, 8, 30)
    assert missed.title not in seen(prompt, ANN)


@pytest.mark.parametrize("stop", ["全部退訂", "退訂 散熱", "退訂 1", "暫停", "刪除我的資料 確定"])
def test_a_waiting_digest_is_stopped_by_a_word(place: InProcessBot, stop: str) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    essay = place.publish(cooling())
    go(place, 8, 30)
    place.say(ANN, ANN, stop)
    go(place, 9)
    assert pushes(place) == []
    assert essay.title not in seen(place, ANN)


def test_who_leaves_hears_no_more_and_returns_clean(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    place.publish(cooling())
    go(place, 8, 30)
    place.platform.unfollow(ANN)
    place.platform.leave(CLUB)
    go(place, 9)
    place.platform.follow(ANN)
    place.platform.join(CLUB)
    place.say(CLUB, BEN, "早")
    place.publish(cooling())
    go(place, 8, 30, day=3)
    go(place, 9, day=3)
    assert pushes(place) == []
    assert "今日摘要" not in seen(place, ANN) + seen(place, CLUB)
    assert "還沒有訂閱" in said(place.say(ANN, ANN, "我的訂閱"))


def test_members_only_text_comes_to_members_alone_and_to_no_group(prompt: InProcessBot) -> None:
    with UnitOfWork(prompt.bot.engine) as work:
        Club(work).memberships.grant(BEN.id, 1, prompt.clock.now)
        Club(work).memberships.grant(EVE.id, 30, prompt.clock.now)
        work.commit()
    for person in (ANN, BEN, EVE):
        prompt.say(person, person, "訂閱 散熱、精選")
    prompt.say(CLUB, EVE, "羅盤 訂閱 精選")
    essay = prompt.publish(cooling(visibility=Visibility.MEMBERS))
    go(prompt, 8, 30, day=4)
    prompt.say(CLUB, EVE, "早")
    secret = essay.paragraphs[0].text
    assert [secret in seen(prompt, chat) for chat in (ANN, BEN, EVE, CLUB)] == [False, False, True, False]
    assert len(pushes(prompt)) == 1


def test_an_essay_that_was_withdrawn_in_time_is_not_told(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    essay = place.publish(cooling())
    go(place, 8, 30)
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).withdraw(essay.id, place.clock.now)
        work.commit()
    go(place, 9)
    assert pushes(place) == []


# on demand


def test_today_tells_at_once_and_the_digest_need_not_come(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    essay = prompt.publish(cooling())
    assert essay.paragraphs[0].text in said(prompt.say(ANN, ANN, "今日"))
    go(prompt, 8, 30)
    assert pushes(prompt) == []
    again = said(prompt.say(ANN, ANN, "今天"))
    assert essay.title in again
    assert essay.paragraphs[0].text not in again


def test_the_week_is_told_to_whoever_asks(prompt: InProcessBot) -> None:
    titles = [prompt.publish(essay).title for essay in (cooling(), coffee())]
    week = said(prompt.say(ANN, ANN, "本週"))
    assert all(title in week for title in titles)
    assert "這一週沒有新文章" in said(prompt.say(ANN, ANN, "本週 ")) or "本週" in week


def test_today_without_a_subscription_offers_one(prompt: InProcessBot) -> None:
    assert "還沒有訂閱" in said(prompt.say(ANN, ANN, "今日"))


# the budget


def test_what_the_budget_forbids_waits_for_a_ride(tmp_path: Path) -> None:
    poor = bot_over(tmp_path, patience=0, monthly_limit=2)
    for person in (ANN, BEN, EVE):
        poor.say(person, person, "訂閱 散熱")
    essay = poor.publish(cooling())
    go(poor, 8, 30)
    assert len(pushes(poor)) == 1, "of two messages one is the moderators'"
    for person in (ANN, BEN, EVE):
        poor.say(person, person, "早安")
    assert all(essay.title in seen(poor, person) for person in (ANN, BEN, EVE))
    assert poor.platform.quota.used(poor.clock.now) == 1


def test_a_group_that_is_too_dear_rides(tmp_path: Path) -> None:
    poor = bot_over(tmp_path, patience=0, monthly_limit=110)
    poor.say(CLUB, ANN, "羅盤 訂閱 散熱")
    poor.say(CLUB, ANN, "羅盤 準時送")
    essay = poor.publish(cooling())
    go(poor, 8, 30)
    assert pushes(poor) == []
    poor.say(CLUB, BEN, "早")
    assert essay.title in seen(poor, CLUB)


def test_when_line_says_the_month_is_used_up_moderators_hear_of_it_once(tmp_path: Path) -> None:
    used_up = bot_over(tmp_path, patience=0, monthly_limit=None, owners=(EVE.id,))
    for person in (ANN, BEN):
        used_up.say(person, person, "訂閱 散熱")
    used_up.publish(cooling())
    used_up.platform.fail("429 monthly", next=2)
    go(used_up, 8, 30)
    go(used_up, 8, 31)
    assert pushes(used_up) == []
    assert "推播則數用完了" in said(used_up.say(EVE, EVE, "早安"))
    assert "推播則數用完了" not in said(used_up.say(EVE, EVE, "早安"))
    assert "今日摘要" in said(used_up.say(ANN, ANN, "早安"))


# wishes


def test_a_wish_is_kept_once(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "有文章再通知我 鈉離子電池")
    prompt.publish(coffee())
    prompt.tick()
    assert pushes(prompt) == []
    lines = "鈉離子電池的成本比鋰電池低三成，儲能案場今年開始採用鈉離子電池，量產良率超過九成。"
    from corpus.essay import Block, BlockKind, Essay

    essay = prompt.publish(Essay("鈉離子電池量產元年", (Block(BlockKind.TEXT, lines),)))
    prompt.tick()
    prompt.pass_by(minutes=5)
    prompt.tick()
    assert len(pushes(prompt)) == 1
    assert "你等的「鈉離子電池」有文章了" in seen(prompt, ANN)
    assert essay.title in seen(prompt, ANN)
    with UnitOfWork(prompt.bot.engine) as work:
        assert Club(work).gaps.alerts(ANN.id) == []


def test_a_wish_of_somebody_who_left_is_not_pushed(place: InProcessBot) -> None:
    place.say(ANN, ANN, "有文章再通知我 水冷板")
    place.publish(cooling())
    place.tick()
    place.platform.unfollow(ANN)
    place.pass_by(minutes=30)
    place.tick()
    assert pushes(place) == []


def test_who_does_not_exist_any_more_is_not_pushed_again(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.platform.chats.persons.pop(ANN.id)  # LINE knows no such receiver
    go(prompt, 8, 30)
    prompt.publish(cooling())
    go(prompt, 8, 30, day=3)
    assert [call.status for call in prompt.platform.calls if call.kind == "push"] == [400]


def come_back(place: InProcessBot) -> None:
    """ANN leaves, and follows anew."""
    place.platform.unfollow(ANN)
    place.platform.follow(ANN)


def test_a_push_that_waits_for_another_try_is_not_sent_to_who_left_and_came_back(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.platform.fail("500", next=1, on="push")
    go(prompt, 8, 30)
    come_back(prompt)
    prompt.pass_by(minutes=5)
    prompt.tick()
    assert pushes(prompt) == []
    assert "今日摘要" not in seen(prompt, ANN)


def test_a_reply_that_waits_for_another_try_is_not_sent_to_who_left_and_came_back(place: InProcessBot) -> None:
    place.publish(cooling("水冷板的一年"))
    place.platform.fail("500", next=1, on="reply")
    place.say(ANN, ANN, "本週")
    come_back(place)
    place.pass_by(seconds=5)
    place.answer()
    assert "水冷板的一年" not in seen(place, ANN)


def test_a_wish_from_before_a_return_is_forgotten(place: InProcessBot) -> None:
    place.say(ANN, ANN, "有文章再通知我 水冷板")
    come_back(place)
    place.publish(cooling())
    place.tick()
    assert "有文章了" not in said(place.say(ANN, ANN, "早安"))


def test_today_without_a_subscription_shows_each_passage_once(place: InProcessBot) -> None:
    essay = place.publish(cooling())
    shown = [said(place.say(ANN, ANN, "今日")) for _ in range(3)]
    assert all(essay.title in text for text in shown)
    assert [sum(passage.text in text for text in shown) for passage in essay.paragraphs] == [1, 1, 1]


# failures of LINE


@pytest.mark.parametrize("fault", ["500", "429 rate", "timeout"])
@pytest.mark.parametrize("after_accept", [False, True])
def test_a_failing_push_is_repeated_with_the_same_key_and_bytes(
    prompt: InProcessBot, fault: str, after_accept: bool
) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.platform.fail(fault, next=2, after_accept=after_accept, on="push")
    go(prompt, 8, 30)
    for _ in range(4):
        prompt.publish(cooling())  # must not find its way into what is frozen
        prompt.pass_by(seconds=20)
        prompt.tick()
    tried = [call for call in prompt.platform.calls if call.kind == "push"]
    assert len(tried) == 3
    assert len({call.retry_key for call in tried}) == 1
    assert tried[0].messages == tried[1].messages == tried[2].messages
    assert len(pushes(prompt)) == 1
    assert seen(prompt, ANN).count("今日摘要") == 1


def test_what_stays_ambiguous_for_a_day_is_unknown_and_never_resent(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.platform.fail("timeout", next=10_000, on="push")
    go(prompt, 8, 30)
    for _ in range(24):
        prompt.pass_by(hours=1)
        prompt.tick()
    prompt.platform.clear_failures()
    prompt.tick()
    assert pushes(prompt) == []
    with UnitOfWork(prompt.bot.engine) as work:
        from sqlalchemy import select

        from bot.ledger.tables import runs

        assert "unknown" in set(work.reader.execute(select(runs.c.state)).scalars())


def test_a_ride_that_was_refused_is_given_back_and_comes_later(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    essay = place.publish(cooling())
    go(place, 8, 30)
    send = place.bot.line.reply
    from bot.line.client import Refused

    place.bot.line.reply = lambda token, body: Refused(400, "Invalid reply token")  # type: ignore[method-assign]
    place.say(CLUB, BEN, "早")
    place.bot.line.reply = send  # type: ignore[method-assign]
    assert essay.title not in seen(place, CLUB)
    place.say(CLUB, BEN, "早安")
    assert seen(place, CLUB).count(essay.title) == 1
    assert essay.paragraphs[0].text in seen(place, CLUB)


def test_a_ride_whose_end_is_unclear_is_never_repeated(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    place.publish(cooling())
    go(place, 8, 30)
    place.platform.fail("timeout", next=100, after_accept=True, on="reply")
    place.say(CLUB, BEN, "早")
    for _ in range(12):
        place.pass_by(seconds=10)
        place.answer()
    place.platform.clear_failures()
    place.pass_by(minutes=1)
    place.answer()
    place.say(CLUB, BEN, "早安")
    assert seen(place, CLUB).count("今日摘要") == 1


# time


def test_a_worker_that_was_away_catches_up_within_the_window_and_no_later(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    first = prompt.publish(cooling())
    go(prompt, 14, 29)
    assert first.title in seen(prompt, ANN)
    second = prompt.publish(cooling())
    go(prompt, 14, 31, day=3)
    assert second.title not in seen(prompt, ANN), "six hours are over"
    go(prompt, 8, 30, day=4)
    assert second.title in seen(prompt, ANN), "but it is not forgotten"
    assert len(pushes(prompt)) == 2


def test_a_clock_that_jumps_tells_nothing_twice_and_forgets_nothing(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    titles = [prompt.publish(cooling()).title]
    go(prompt, 8, 30)
    titles.append(prompt.publish(cooling()).title)
    go(prompt, 8, 30, day=20)  # far ahead
    go(prompt, 8, 30)  # and back
    titles.append(prompt.publish(cooling()).title)
    for day in (3, 4):
        go(prompt, 8, 30, day=day)
    assert [seen(prompt, ANN).count(title) for title in titles] == [1, 1, 1]


def test_a_single_run_at_a_given_time_sends_what_is_due_then(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.say(CLUB, ANN, "羅盤 訂閱 散熱")
    prompt.publish(cooling())
    tomorrow = clock(8, 30, day=3)
    assert prompt.bot.worker.once(tomorrow) == 0, "what only rides is not unsent"
    assert prompt.bot.worker.once(tomorrow) == 0
    assert len(pushes(prompt)) == 1
    assert prompt.clock.now == clock(7)


def test_no_push_begins_that_another_worker_could_take_over_before_it_ends(prompt: InProcessBot) -> None:
    for one in (ANN, BEN, EVE):
        prompt.say(one, one, "訂閱 散熱")
    prompt.publish(cooling())
    bot, left = prompt.bot, list[float]()
    bot.worker.pusher = Pusher(
        bot.ledger, bot.line, bot.worker.pusher.composer, bot.quota_store, senders=1, clock=prompt.clock
    )

    def push_slowly(_to: str, _body: object, key: str) -> Result:
        with reading(bot.engine) as connection:
            until = connection.execute(select(outbox.c.lease_until).where(outbox.c.retry_key == key)).scalar_one()
        left.append(until - prompt.clock())
        prompt.pass_by(seconds=6)
        return Sent()

    bot.line.push = push_slowly  # type: ignore[method-assign]
    go(prompt, 8, 30)
    go(prompt, 8, 31)
    go(prompt, 8, 32)
    assert len(left) == 3
    assert min(left) >= 10, "seconds that a call may take"


def test_what_is_due_goes_out_before_alerts_are_searched_for(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    sent, plan = list[int](), prompt.bot.worker.alerts.plan

    def look(*given: Any) -> int:
        sent.append(len(pushes(prompt)))
        return plan(*given)

    prompt.bot.worker.alerts.plan = look  # type: ignore[method-assign]
    go(prompt, 8, 30)
    assert sent == [1]


def test_a_single_run_waits_for_what_line_did_not_take_at_first(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.platform.fail("500", next=4, on="push")

    def passing() -> float:
        prompt.pass_by(seconds=1)
        return prompt.clock()

    prompt.bot.worker.clock = passing
    assert prompt.bot.worker.once(clock(8, 30, day=3)) == 0
    assert len(pushes(prompt)) == 1


def test_a_single_run_says_what_it_could_not_send(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    prompt.bot.line.push = refuse  # type: ignore[method-assign]
    assert prompt.bot.worker.once(clock(8, 30)) == 1


def test_a_single_run_says_what_the_budget_refused(tmp_path: Path) -> None:
    poor = bot_over(tmp_path, patience=0, monthly_limit=0)
    poor.say(ANN, ANN, "訂閱 散熱")
    poor.publish(cooling())
    assert poor.bot.worker.once(clock(8, 30)) == 1
    assert pushes(poor) == []


def refuse(_to: str, _body: object, _key: str) -> Result:
    from bot.line.client import Refused

    return Refused(400, "The request body has 1 error(s)")


def test_a_single_run_may_be_set_to_the_past(prompt: InProcessBot) -> None:
    prompt.say(ANN, ANN, "訂閱 散熱")
    prompt.publish(cooling())
    assert prompt.bot.worker.once(clock(8, 30) - timedelta(days=40)) == 0
    assert len(pushes(prompt)) == 1


def test_quoting_a_digest_refers_to_its_essays(prompt: InProcessBot) -> None:
    prompt.say(CLUB, ANN, "羅盤 訂閱 散熱")
    essay = prompt.publish(cooling())
    go(prompt, 8, 30)
    prompt.say(CLUB, BEN, "早")
    digest = next(bubble for bubble in reversed(prompt.platform.history(CLUB)) if bubble.sender is None)
    heard = prompt.heard(prompt.platform.say(CLUB, BEN, "第 1 篇", quote=digest.id))
    assert essay.title in said(heard)
