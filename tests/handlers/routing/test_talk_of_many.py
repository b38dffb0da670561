"""Talk of four kinds of people: an aunt who dictates, a trader, an office worker in English, an editor."""

from __future__ import annotations

import re

import pytest

from tests.support.phones import Cast, Phone

MISSED = ("還沒寫到", "No essay", "第 1 篇", "Essay 1", "不太確定", "哪一篇")


@pytest.mark.parametrize(
    "said",
    ["我兒子叫我加的我也不知道要幹嘛", "都沒有聲音", "那個字可不可以大一點", "有人留言嗎", "PDF 版有嗎", "靠北有夠慢", "+1",
     "你們是哪一家公司", "這張圖看不清楚", "有 podcast 版嗎", "抱歉打錯", "你是不是 chatgpt", "sorry wrong chat",
     "never mind", "Is this free?", "do you have an app", "你們文章可以轉貼到臉書嗎", "字好小喔", "有沒有語音版",
     "晚餐吃什麼", "把他踢出去", "提醒我看盤", "歡迎新朋友", "how do i stop the daily msgs", "連結點不開",
     "文章可以印出來嗎", "中秋節快樂呀", "文章裡數字好像錯了", "下班後再傳", "我講的話會被看到嗎",
     "圖片都跑不出來", "可以翻成英文嗎", "我要當作者"],
)  # fmt: skip
def test_what_nothing_here_knows_and_hardly_says_anything_is_no_search(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert not heard.silent
    assert not any(word in heard for word in MISSED)


@pytest.mark.parametrize(
    "said",
    [
        "紀錄片",
        "颱風對農業的影響",
        "會員制量販店",
        "珍珠奶茶為什麼漲價",
        "2334",
        "nvdia 機器人",
        "我想看機器人的",
        "who supplies power transformers",
        "郵輪旅遊還有人搭嗎",
        "這篇說的翹曲是什麼",
        "X870E 一個月多少錢",
        "00992A 00981A 一直在買的是哪幾檔",
        "有沒有講鈉離子電池的",
        "你有寫過奶茶的文章嗎",
        "可可豆很貴",
        "他們的毛利率",
        "可以說一下翹曲嗎",
        "散熱也訂單滿了",
        "記憶體都訂不到貨",
        "文章裡有沒有提到漏水",
        "可以介紹鈉離子電池嗎",
    ],
)
def test_a_question_stays_one(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert "只會在社群的文章裡找" not in heard
    assert "1. " not in heard.text.partition("\n")[0]


@pytest.mark.parametrize("said", ["怎麼把字調大"])
def test_what_may_be_no_question_for_essays_is_shown_the_way_to_help_and_editors(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert "問我怎麼用按「說明」" in heard
    assert {"說明", "問編輯", "有文章再通知我"} <= set(heard.actions)


@pytest.mark.parametrize("said", ["棒球場", "鈉離子電池有寫嗎", "夜市小吃"])
def test_a_name_alone_or_a_known_word_is_said_not_to_be_written_about(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert "還沒寫到" in heard
    assert "問我怎麼用按「說明」" not in heard


@pytest.mark.parametrize(
    ("said", "offered"),
    [("我不小心按到了怎麼取消", "退訂"), ("有幾個訂閱者", "問編輯"), ("怎麼讓會員付錢", "會員"), ("為什麼我都沒收到", "我的訂閱"),
     ("半夜不要吵我", "勿擾 22-08"), ("會不會盜我的帳號", "隱私"), ("文章打錯字怎麼改", "問編輯"),
     ("send me a daily digest at 7:45", "每日 07:45"),
     ("change delivery time to 6pm", "每日 18:00"), ("don't send at night", "勿擾 22-08"),
     ("How do I use this?", "說明"), ("我有存哪些文章", "我的收藏"), ("剛才訂錯了改回來", "退訂"),
     ("how do i stop the daily msgs", "退訂"), ("weekly digest please", "每週一 08:30"), ("is my data safe", "隱私"), ("全退", "退訂"),
     ("what did I save", "我的收藏")],
)  # fmt: skip
def test_talk_about_the_bot_among_other_words_gets_its_command(cast: Cast, said: str, offered: str) -> None:
    heard = cast.person()(said)
    assert offered in heard.actions or "訂閱 精選" in heard.actions
    assert not any(word in heard for word in MISSED)


@pytest.mark.parametrize(
    ("said", "done"),
    [("自選加2308 2603", "已追蹤：台達電 2308、長榮 2603"), ("follow NVDA and TSLA", "Following: 輝達 NVDA、特斯拉 TSLA"),
     ("訂閱 散熱 每週", "已訂閱：散熱。每週一 08:30"), ("subscribe 低軌衛星 weekly", "已訂閱：低軌衛星。每週一 08:30"),
     ("subscribe to silicon photonics", "Subscribed: silicon photonics."), ("把台積電加進去", "已追蹤：台積電 2330"),
     ("幫我盯 2330", "已追蹤：台積電 2330"), ("幫我 subscribe 半導體", "已訂閱：半導體"),
     ("any essays by 林以晨", "林以晨寫了"), ("unsub 散熱", "這裡還沒有訂閱"), ("我不想再收到散熱的了", "沒有訂閱或追蹤「散熱」"),
     ("每天早上九點推一篇", "改好了：每日 09:00"), ("多追一檔長榮", "已追蹤：長榮 2603"), ("順便追蹤台達電", "已追蹤：台達電 2308"),
     ("衛星的也要訂", "已訂閱：衛星"), ("散熱跟記憶體都訂", "已訂閱：散熱、記憶體"), ("幫我把聯發科拿掉", "沒有訂閱或追蹤「聯發科」"),
     ("把散熱那個刪掉", "沒有訂閱或追蹤「散熱」"), ("2330 2317 都加進去", "已追蹤：台積電 2330、鴻海 2317"),
     ("幫我看著輝達", "已追蹤：輝達 NVDA"), ("電動車也加訂", "已訂閱：電動車"),
     ("刪掉自選裡的鴻海", "這裡還沒有追蹤"),
     ("有聯電的文章跟我說一聲", "有「聯電」的文章就通知你一次"),
     ("等有鈉電池再叫我", "有「鈉電池」的文章就通知你一次"), ("暫停到月底", "已暫停到"), ("一週一次就夠了", "哪幾天"),
     ("訂閱散熱 一週一次", "已訂閱：散熱。每週一 08:30"),
     ("每個交易日盤前8:30推給我", "改好了：交易日 08:30"),
     ("我要每個禮拜天看就好了", "改好了：每週日 08:30"), ("pause for a week please", "已暫停到"),
     ("remind me when there's something on 鈉電池", "有「鈉電池」的文章就通知你一次")],
)  # fmt: skip
def test_what_was_asked_for_is_done(cast: Cast, said: str, done: str) -> None:
    assert done in cast.person()(said)


@pytest.mark.parametrize(
    ("said", "offered"),
    [("我放假兩個禮拜 這段時間安靜點", "暫停 14天"), ("出國五天別吵我", "暫停 5天"), ("下禮拜一再開始送", r"暫停 到 \d\d/\d\d"),
     ("going to japan for 10 days, hold everything", "暫停 10天")],
)  # fmt: skip
def test_a_pause_is_offered_for_the_time_that_is_named(cast: Cast, said: str, offered: str) -> None:
    phone = cast.person()
    heard = phone(said)
    named = [label for label in heard.actions if re.fullmatch(offered, label)]
    assert "已暫停到" in phone.press(heard, named[0])


@pytest.mark.parametrize(
    ("said", "offered"),
    [("remove NVDA from my list", "取消追蹤 輝達"), ("散熱的可以不用再寄了 我都看過", "退訂 散熱液冷")],
)
def test_what_a_line_names_stands_on_the_buttons_the_deed_that_is_wanted_first(
    cast: Cast, said: str, offered: str
) -> None:
    assert next(iter(cast.person()(said).actions)) == offered


def test_nothing_is_offered_twice(cast: Cast) -> None:
    heard = cast.person()("出國七天別吵我")
    assert heard.text.count("暫停 7天") == 1


@pytest.mark.parametrize(
    ("before", "said", "done"),
    [("咖啡", "你幫我記一下這篇", "已收藏"), ("咖啡", "bookmark this", "Saved"), ("咖啡", "剛那篇存起來", "已收藏"),
     ("散熱", "第二篇幫我留著", "已收藏"),
     ("追蹤 2603", "自選拿掉2603", "已取消追蹤：長榮 2603"),
     ("追蹤 TSLA", "stop following TSLA", "已取消追蹤：特斯拉 TSLA")],
)  # fmt: skip
def test_what_is_in_hand_is_kept_or_let_go(cast: Cast, before: str, said: str, done: str) -> None:
    phone = cast.person()
    phone(before)
    assert done in phone(said)


@pytest.mark.parametrize(
    "said", ["全文咧", "再講清楚一點", "可以傳給我姊姊看嗎", "這篇可以 forward 給同事嗎", "show me the full article"]
)
def test_the_essay_in_hand_is_shown(cast: Cast, said: str) -> None:
    phone = cast.person()
    first = phone("最新").text.partition("\n")[0]
    assert "CDMO" in first or "CDMO" in phone("最新")
    assert "把藥廠當晶圓廠看" in phone(said)


@pytest.mark.parametrize("said", ["第三個", "我要看第三個", "3"])
def test_a_place_in_a_list_of_deeds_does_nothing_after_other_words(cast: Cast, said: str) -> None:
    phone = cast.person()
    assert list(phone("不要再傳了").actions)[2] == "暫停 7天"
    phone("剛剛那個不算")
    assert "暫停" not in phone(said)


def test_a_place_in_a_list_of_deeds_just_shown_is_pressed(cast: Cast) -> None:
    phone = cast.person()
    phone("不要再傳了")
    assert "已暫停" in phone("第三個")


def test_a_word_of_ours_within_another_word_is_not_ours(crowd: Phone) -> None:
    assert crowd("羅盤 今天停水嗎").silent


@pytest.mark.parametrize("said", ["不是這篇啦", "不是這個意思", "不對", "not this one"])
def test_who_was_misunderstood_is_helped_on_and_nothing_is_counted(cast: Cast, said: str) -> None:
    phone = cast.person()
    phone("散熱的瓶頸")
    assert "沒答到 散熱的瓶頸" in phone(said).postbacks


def test_a_page_is_turned_to(cast: Cast) -> None:
    phone = cast.person()
    first = phone("最新").text
    phone("更多")
    assert phone("回到第一頁").text == first
    assert phone("第2頁").text != first


def test_the_last_answer_is_given_again(cast: Cast) -> None:
    phone = cast.person()
    said = phone("衛星那個是在講什麼")
    assert phone("前面那個再給我看一次").text == said.text


@pytest.mark.parametrize(
    "said",
    [
        "股票要買哪一支比較好",
        "停損要設多少",
        "抄底時機到了沒",
        "明天會漲停嗎",
        "is TSMC a buy?",
        "will NVDA go up next week",
        "target price of 2330?",
    ],
)
def test_advice_in_other_words(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert "不看即時股價" in heard or "no live prices" in heard
    assert "一支" not in heard.text


@pytest.mark.parametrize(
    ("said", "name"), [("will NVDA go up next week", "輝達 NVDA"), ("target price of 2330?", "台積電 2330")]
)
def test_advice_in_english_is_followed_by_the_card(chat: Phone, said: str, name: str) -> None:
    assert name in chat(said)


@pytest.mark.parametrize("said", ["compare TSMC and NVDA", "台積電 輝達 比較", "TSMC vs NVDA"])
def test_two_are_compared_however_it_is_said(chat: Phone, said: str) -> None:
    assert "台積電 vs 輝達" in chat(said)


def test_a_word_behind_a_code_is_no_second_one(chat: Phone) -> None:
    assert "Grocery" not in chat("2330 go")


def test_a_command_said_twice_is_said_once(chat: Phone) -> None:
    assert chat("最新 最新").text == chat("最新").text


def test_names_in_capitals_are_no_english(chat: Phone) -> None:
    assert "第 1 篇" in chat("CPO CPO CPO")


@pytest.mark.parametrize("said", ["EV demand slowdown", "what is liquid cooling?"])
def test_an_answer_is_one_bubble(chat: Phone, said: str) -> None:
    assert len(chat(said).messages) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [("太多了啦 一個禮拜一次就好", "哪幾天"), ("看不懂啦 給我最新文章", "第 1 篇"), ("太吵了 先停三天", "已暫停到"), ("七點半傳可ㄇ", "每日 07:30")],
)  # fmt: skip
def test_a_wish_beside_a_complaint_is_the_wish(cast: Cast, said: str, told: str) -> None:
    heard = cast.person()(said)
    assert told in heard or told in heard.actions


@pytest.mark.parametrize(
    ("said", "offered"),
    [("編輯在嗎 文章數字怪怪的", "問編輯"), ("怎麼付費 卡片過期了", "會員"), ("字太多懶得看", "主題")],
)
def test_a_clause_about_us_makes_the_line_ours(cast: Cast, said: str, offered: str) -> None:
    assert offered in cast.person()(said).actions


@pytest.mark.parametrize("said", ["訂閱 經濟", "會員 制度 設計", "資料 中心 散熱"])
def test_keywords_with_one_of_ours_are_keywords(chat: Phone, said: str) -> None:
    assert "開通" not in chat(said).actions
    assert "隱私" not in chat(said).actions


@pytest.mark.parametrize(
    ("said", "offered"),
    [("為什麼昨天沒傳", "訂閱 精選"), ("上次存的文章在哪看", "我的收藏"), ("換新手機要重新加入會員嗎", "會員"), ("年費多少可以開發票嗎", "會員"),
     ("誰寫的文章啊", "作者")],
)  # fmt: skip
def test_more_talk_about_us_gets_its_command(cast: Cast, said: str, offered: str) -> None:
    heard = cast.person()(said)
    assert offered in heard.postbacks or "還沒有收藏" in heard


@pytest.mark.parametrize(
    ("said", "done"), [("我也要訂散熱", "已訂閱：散熱"), ("順便把2317也加進去", "已追蹤：鴻海 2317")]
)
def test_one_who_wants_it_too_gets_it(cast: Cast, said: str, done: str) -> None:
    assert done in cast.person()(said)


def test_a_time_of_day_in_a_groups_talk_is_not_ours(crowd: Phone) -> None:
    assert crowd("羅盤 晚上要不要喝酒").silent
