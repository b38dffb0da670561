"""Who wants it twice a day is told the truth, with the times to choose from; nothing of that is searched or subscribed to."""

from __future__ import annotations

import pytest

from handlers.ask import Ask
from handlers.club.timetable import read_timetable
from handlers.identity import Chat, Place
from handlers.subscriptions.digest_settings import ONCE, ONCE_A_WEEK
from handlers.subscriptions.how_often import asks_how_often
from tests.support.phones import Phone

TWICE = """每天兩次|每天送兩次|一天兩次|可以一天送兩次嗎|早晚各一次|改成一天兩次|一天可以送幾次|每天三次|多送一次|每日兩次
每天早上8點和晚上8點|每日 08:30 和 20:00|每日 8:30、18:00|改時間 兩次|我想要一天收兩次|能不能每天傳兩次？|一天送一次就好|每天早晚各一次
每天兩則|可以多傳幾次嗎""".replace("\n", "|").split("|")
OTHERS = """一天兩次的班機|藥一天吃兩次|電池一年充幾次|營收連三次創高|兩次升息|一天產能多少|每天三千片|第二次收購|多次收購|聯準會降息幾次
送貨一天兩次的物流公司|一次性獲利|早晚溫差|三次方|收發器出貨""".replace("\n", "|").split("|")


@pytest.mark.parametrize("typed", TWICE)
def test_several_times_a_day_are_answered_truthfully(chat: Phone, typed: str) -> None:
    assert ONCE in chat(typed)


@pytest.mark.parametrize("typed", ["每週兩次", "一週送兩次可以嗎", "每星期三次"])
def test_several_times_a_week_are_a_choice_of_days(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert ONCE_A_WEEK in heard
    assert all(read_timetable(says) for says in heard.postbacks)


@pytest.mark.parametrize("typed", OTHERS)
def test_what_only_looks_like_it_is_left_alone(typed: str) -> None:
    from datetime import datetime

    assert not asks_how_often(Ask(typed, Chat("U1", Place.PERSON), "U1", datetime.now().astimezone()))


@pytest.mark.parametrize("typed", ["訂閱 散熱 每天兩次", "訂閱 散熱 每日 08:30 和 20:00"])
def test_a_subscription_keeps_its_subject_free_of_the_times(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "已訂閱：散熱。" in heard
    assert ONCE in heard
    assert chat("我的訂閱").text.count("兩次") == chat("我的訂閱").text.count("20:00") == 0


@pytest.mark.parametrize("typed", ["每週一和週四", "每週一、四", "每週一跟四 08:30", "每星期一和星期四"])
def test_days_are_joined_as_people_join_them(typed: str) -> None:
    table = read_timetable(typed)
    assert table is not None and table.days == "03"
