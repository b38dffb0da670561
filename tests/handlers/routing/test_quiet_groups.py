"""What a group is spared: answers to its own talk, buttons that lead nowhere, settings changed by nobody known."""

from __future__ import annotations

import pytest

from bot.dev.simulator.people import group, person
from tests.support.phones import Cast, Phone


def quoted(phone: Phone, text: str) -> bool:
    """Whether the bot keeps silent to a reply to its last bubble."""
    bubble = [said for said in phone.stage.platform.history(phone.chat_id) if said.sender is None][-1]
    return phone(text, quote=bubble.id).silent


@pytest.mark.parametrize(
    "talk",
    [
        "真假？",
        "太扯了吧？",
        "晚上吃什麼？",
        "你們怎麼看？",
        "有人買嗎？",
        "我呢？",
        "那呢",
        "你覺得呢？",
        "87",
        "毛利很高嗎？",
    ],
)
def test_talk_about_a_bubble_is_not_for_us(cast: Cast, talk: str) -> None:
    phone = cast.in_group()
    phone("羅盤 散熱")
    assert quoted(phone, talk)


@pytest.mark.parametrize("asked", ["那台達電呢", "液冷滲透率多少？", "更多", "為什麼要改用碳化矽？"])
def test_a_follow_up_or_a_clear_question_about_a_bubble_is(cast: Cast, asked: str) -> None:
    phone = cast.in_group()
    phone("羅盤 散熱")
    assert not quoted(phone, asked)


@pytest.mark.parametrize("typed", ["羅盤 隱私", "羅盤 收藏", "羅盤 散熱", "羅盤 2330", "羅盤 台灣房價", "羅盤 說明"])
def test_every_button_in_a_group_works_there(cast: Cast, typed: str) -> None:
    phone = cast.in_group()
    phone("羅盤 液冷")
    heard = phone(typed)
    for label, action in heard.actions.items():
        if action["type"] == "postback":
            assert "請一對一跟我說" not in phone.press(heard, label), label
            assert not action["data"].startswith(("收藏", "有文章再通知我", "我的")), label


def test_a_miss_is_one_line(crowd: Phone) -> None:
    (message,) = crowd("羅盤 台灣房價").messages
    assert message["type"] == "text"


def test_a_call_with_nothing_to_say_gets_one_line_of_help(cast: Cast) -> None:
    for heard in (cast.in_group()("羅盤"), cast.in_group()(" ", mention=True)):
        (message,) = heard.messages
        assert "羅盤 說明" in message["text"]
        assert "\n" not in message["text"]


@pytest.mark.parametrize("said", ["羅盤 早安 大家好", "羅盤 謝謝大家", "羅盤 你覺得呢", "羅盤 好的，收到"])
def test_small_talk_is_silence_also_when_it_calls(crowd: Phone, said: str) -> None:
    assert crowd(said).silent


@pytest.mark.parametrize("said", ["！問題來了", "！開通費", "！主題樂園", "！查水表"])
def test_a_word_that_begins_like_a_command_does_not_call(crowd: Phone, said: str) -> None:
    assert crowd(said).silent


def test_wrong_tells_how_to_say_it(crowd: Phone) -> None:
    assert "例如「沒答到 散熱」" in crowd("羅盤 答非所問")


def test_on_time_names_its_price(cast: Cast) -> None:
    phone = cast.in_group(cast.group(size=30))
    assert "每次 30 則（群組 30 人）" in phone("羅盤 準時送")


def test_who_is_unknown_sets_nothing_and_sends_nobody_away(cast: Cast) -> None:
    ghost = person("無名氏", hides_id=True)
    crowd = group("沒名字的群組", (ghost,))
    cast.stage.platform.add(ghost, crowd)
    phone = Phone(cast.stage, ghost, crowd)
    for typed in ("羅盤 主動幫忙", "羅盤 只送摘要", "羅盤 掰掰羅盤", "羅盤 掰掰羅盤 確定"):
        assert "LINE 沒有告訴我你是誰" in phone(typed)
    assert phone("$2330").silent
    assert cast.stage.platform.chats.group(crowd.id).joined


def test_a_helpful_group_hears_a_name_after_the_sign(cast: Cast) -> None:
    phone = cast.in_group()
    phone("羅盤 主動幫忙")
    assert "台積電 2330" in phone("$台積電")
    assert "剛剛答過了" in phone("$TSM")
    assert "特斯拉 TSLA" in phone("$TSLA 怎麼看")


@pytest.mark.parametrize(
    "forms", [("羅盤 2330", "!台積電", "@羅盤 個股 台積電", "羅盤 $TSM"), ("羅盤 主題 散熱", "!#液冷", "羅盤 #散熱")]
)
def test_a_repeat_by_any_form_of_the_command_is_one_line(cast: Cast, forms: tuple[str, ...]) -> None:
    where = cast.group()
    first, *others = (cast.in_group(where, place % 3)(typed) for place, typed in enumerate(forms))
    assert "剛剛答過了" not in first
    assert all("剛剛答過了" in heard for heard in others)


def test_the_same_passage_found_by_other_words_is_one_line(cast: Cast) -> None:
    where = cast.group()
    assert "剛剛答過了" not in cast.in_group(where, 0)("羅盤 345 千伏 變壓器 交期")
    assert "剛剛答過了" in cast.in_group(where, 1)("羅盤 變壓器 345 千伏 的交期")


@pytest.mark.parametrize("talk", ["羅盤你好笨", "羅盤針壞了", "羅盤座是哪個星座", "羅盤 你好爛", "羅盤真好笑哈哈"])
def test_jokes_and_insults_with_the_name_in_them_are_silence(crowd: Phone, talk: str) -> None:
    assert crowd(talk).silent


@pytest.mark.parametrize("call", ["羅盤散熱", "羅盤2330", "羅盤，散熱", "羅盤 液冷", "羅盤說明"])
def test_the_name_calls_before_a_space_a_comma_or_something_known(crowd: Phone, call: str) -> None:
    assert not crowd(call).silent


def test_who_wants_it_out_of_the_group_is_told_how(crowd: Phone) -> None:
    assert "掰掰羅盤" in crowd("羅盤 退出群組").actions


@pytest.mark.parametrize(
    "said", ["羅盤 最爛的機器人", "羅盤 晚餐吃什麼", "羅盤 下次聚餐約哪", "羅盤 把他踢出去", "羅盤 歡迎新朋友"]
)
def test_what_a_group_says_among_itself_is_no_miss(crowd: Phone, said: str) -> None:
    assert crowd(said).silent
