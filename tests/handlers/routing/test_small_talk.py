"""Lines that ask nothing of the archive get one short line, or the command they speak of; never a search, never a miss."""

from __future__ import annotations

import pytest

from tests.support.phones import Cast, Phone

TALK = (
    """
我是朋友介紹來的|可以講簡單一點嗎|不要那麼早啦|剛剛那個不算|晚安 明天見|怎麼退出|我的資料會不會外洩|你會不會偷看我的訊息|我已經匯款了
訊息太多了可以少一點嗎|一個禮拜一次就好|怎麼都不理我|念給我聽|字太小了|這個要錢嗎|方案有哪些|怎麼續約|你幾歲|你叫什麼名字|你吃飽沒|講個笑話
今天天氣如何|生日快樂|新年快樂|閉嘴|我愛你|ㄏㄏ|XDDD|QQ|ㄅ|測試|what is this bot|stop sending me stuff|do you store my messages?|thx bro|ok got it
""".strip()
    .replace("\n", "|")
    .split("|")
)
QUESTIONS = """
你知道集點為什麼打不膩嗎|我想知道長榮為什麼還要造船|你們有寫過咖啡嗎|我想看勒索軟體的文章|碳化矽跟我說說|翹曲|氣冷|這個月的文章|你覺得公仔有用嗎
""".strip().split("|")


@pytest.mark.parametrize("said", TALK)
def test_talk_is_answered_in_a_line_and_never_searched(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert not heard.silent
    assert not any(word in heard for word in ("還沒寫到", "No essay", "第 1 篇", "不太確定", "哪一篇"))


@pytest.mark.parametrize("said", QUESTIONS)
def test_a_question_to_us_is_a_question(chat: Phone, said: str) -> None:
    assert "文章原文摘錄" in chat(said)


@pytest.mark.parametrize("said", ["羅盤 講個笑話", "羅盤，我愛你", "羅盤 你幾歲", "羅盤 生日快樂", "羅盤 你吃飽沒"])
def test_a_group_hears_nothing_of_it(crowd: Phone, said: str) -> None:
    assert crowd(said).silent


def test_what_nobody_could_know_is_left_to_the_archive_at_a_press(cast: Cast) -> None:
    phone = cast.person()
    heard = phone("不要那麼快")
    assert "還沒寫到" not in heard
    assert phone.press(heard, "在文章裡找").messages


@pytest.mark.parametrize(
    "said",
    ["現在進場會不會太晚", "套牢了怎麼辦", "大盤會崩嗎", "台積電目標價", "10萬塊怎麼投資", "幫我選三檔", "台積電漲到1500通知我",
     "2330跌破1000提醒我"],
)  # fmt: skip
def test_every_way_to_ask_for_advice_or_a_price(chat: Phone, said: str) -> None:
    assert "不看即時股價" in chat(said)


@pytest.mark.parametrize(
    "said", ["這篇誰寫的", "什麼時候寫的", "出處", "有原文link嗎", "這篇在講什麼", "有圖嗎", "那篇的重點是什麼"]
)
def test_what_is_asked_of_the_essay_in_hand_shows_it(cast: Cast, said: str) -> None:
    phone = cast.person()
    assert "忘了" in phone(said)
    phone("最新")
    phone("第 2 篇")
    assert "先進封裝不再只有一條路" in phone(said)


@pytest.mark.parametrize("said", ["存這篇", "收藏這篇", "存 這篇"])
def test_this_essay_is_the_one_that_was_opened(cast: Cast, said: str) -> None:
    phone = cast.person()
    phone("最新")
    phone("第 2 篇")
    assert "已收藏〈先進封裝不再只有一條路" in phone(said)


def test_a_letter_of_zhuyin_in_the_middle_is_its_word(chat: Phone) -> None:
    assert chat("台積電ㄉ產能").text == chat("台積電的產能").text
