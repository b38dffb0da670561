"""Talk about the bot gets the command that does it; what only looks like it is left to the archive."""

from __future__ import annotations

import pytest

from handlers.text.bot_words import bot_topic, fate_asked
from tests.support.phones import Cast, Phone

TALK = (
    """
不要再傳了|stop|先暫停一下|改成每天早上九點|要怎麼訂閱|取消|客服電話|我是會員嗎|怎麼投稿|what can you do|my subscriptions
unsubscribe me|怎麼用|你會做什麼|幾點會送
可以改時間嗎|太吵了|訂閱太多了|我訂了什麼|怎麼退訂|怎麼取消訂閱|可以不要每天送嗎|能不能晚一點傳|什麼時候送|通知怎麼關
怎麼關掉通知|我不想收到通知|推播可以關嗎|會員怎麼加入
會員多少錢|會員什麼時候到期|開通碼在哪裡|怎麼開通|你會記錄我說的話嗎|你存了什麼資料|怎麼刪除資料|我要聯絡版主
可以跟真人說嗎|怎麼收藏|我的收藏在哪|收藏怎麼看|怎麼追蹤|追蹤清單在哪裡
我追蹤了什麼|壞了嗎|好爛|你好笨|機器人壞掉了|怎麼沒反應|help me|how do I subscribe|how to use this
stop sending me messages|please pause|I want to unsubscribe|who is the admin|每天幾點送
我收不到通知|為什麼沒有收到摘要|按錯了|打錯了可以取消嗎|你有什麼功能|有哪些指令|怎麼設定提醒|晚上不要傳|改到晚上八點
""".strip()
    .replace("\n", "|")
    .split("|")
)
NOT_TALK = (
    """
訂閱制的商業模式|會員經濟|停電對晶圓廠的影響|台積電暫停擴廠|通知書|取消訂單|客服機器人產業|追蹤誤差是什麼|ETF 追蹤指數
隱私運算|資料中心|資料庫公司|Netflix 訂閱人數|會員制量販店
好市多會員費|電話會議重點|時間晶體|stop loss|Unsubscribe rate of Netflix|help desk software|停止升息|聯準會暫停升息
推播廣告|手機通知平台|投稿期刊|記憶體缺貨|編輯基因|基因編輯|客服外包
電信資費|早上盤前|每週營收|平日運量|功能性飲料|功能手機|選單式交易|指令集架構|說明會|法說會時間|RISC-V 指令集|建議售價
意見領袖行銷|回報率|年化回報|資格考|續費率|到期殖利率|取消關稅
關稅暫停 90 天|工廠休假|停工|睡眠經濟|半夜電價|垃圾處理|爛尾樓|廢棄物處理|笨重機械|當機原因 CrowdStrike|取消集點|紀錄片
data center|watch market|digest enzyme|Costco membership
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("said", TALK)
def test_talk_about_the_bot_is_known(said: str) -> None:
    assert bot_topic(said) is not None


@pytest.mark.parametrize("said", NOT_TALK)
def test_what_only_looks_like_it_is_left_alone(said: str) -> None:
    assert bot_topic(said) is None


@pytest.mark.parametrize(
    ("said", "offered"),
    [("不要再傳了", "退訂"), ("先暫停一下", "暫停 7天"), ("改成每天早上九點", "改時間"), ("要怎麼訂閱", "我的訂閱"), ("我是會員嗎", "會員"),
     ("怎麼投稿", "申請編輯"), ("stop sending me messages", "退訂"),
     ("my subscriptions", "訂閱 精選"), ("what can you do", "說明"), ("客服電話", "沒答到")],
)  # fmt: skip
def test_it_is_offered_the_command_and_nothing_is_searched(chat: Phone, said: str, offered: str) -> None:
    heard = chat(said)
    assert offered in heard.actions
    assert "還沒寫到" not in heard


@pytest.mark.parametrize(
    ("said", "command"),
    [("有什麼新的", "最新"), ("最近有哪些文章？", "最新"), ("推薦一篇", "最新"), ("文章多久更新", "最新"), ("what's new", "latest"),
     ("今天有什麼新的", "今日"), ("今天有什麼文章嗎", "今日"), ("這週有什麼", "本週"), ("這禮拜有什麼新文章", "本週"),
     ("有哪些主題", "主題"), ("你們有什麼類別", "主題"), ("有哪些題材可以看", "主題")],
)  # fmt: skip
def test_who_asks_what_there_is_sees_it(chat: Phone, said: str, command: str) -> None:
    assert chat(said).text == chat(command).text


@pytest.mark.parametrize("said", ["你是AI嗎", "你是機器人嗎？"])
def test_who_it_is_is_said(chat: Phone, said: str) -> None:
    assert "我是羅盤" in chat(said)


def test_a_complaint_gets_one_warm_line_and_a_group_none(chat: Phone, crowd: Phone) -> None:
    assert "抱歉，沒幫上忙" in chat("好爛")
    assert crowd("羅盤 你好爛").silent


@pytest.mark.parametrize(
    ("done", "undone"),
    [("訂閱 散熱", "已退訂：散熱"), ("追蹤 2330", "已取消追蹤：台積電 2330"), ("暫停 7天", "恢復了"), ("每日 09:10", "改好了：每日 08:30"),
     ("有文章再通知我 固態電池", "「固態電池」不通知了")],
)  # fmt: skip
def test_cancel_right_after_a_change_undoes_it_and_names_it(cast: Cast, done: str, undone: str) -> None:
    phone = cast.person()
    phone(done)
    assert undone in phone("取消")


def test_cancel_long_after_a_change_undoes_nothing(cast: Cast) -> None:
    phone = cast.person()
    phone("訂閱 散熱")
    phone("液冷")
    assert "要取消哪一個" in phone("取消")
    assert "1. 散熱" in phone("我的訂閱")


@pytest.mark.parametrize("said", ["訂閱 這個", "訂閱 怎麼用", "訂閱 你好嗎"])
def test_what_no_essay_could_hold_is_asked_about(cast: Cast, said: str) -> None:
    assert "要訂閱什麼？" in cast.person()(said)


@pytest.mark.parametrize(
    ("said", "offered"),
    [("我換手機了會員還在嗎", "會員"), ("換手機後訂閱會不會不見", "我的訂閱"), ("手機壞掉換新的 收藏還在嗎", "我的收藏"),
     ("我換了LINE帳號 會員可以轉過去嗎", "會員"), ("重灌以後自選還會在嗎", "自選"), ("封鎖你再解除訂閱還在嗎", "我的訂閱"),
     ("我搬家了電話換了 會員會不會失效", "會員"), ("刪掉聊天室紀錄會不見嗎", "隱私"), ("換平板登入看得到我的收藏嗎", "我的收藏"),
     ("我太太也想看 會員可以共用嗎", "會員")],
)  # fmt: skip
def test_who_asks_what_becomes_of_what_is_theirs_is_shown_it(chat: Phone, said: str, offered: str) -> None:
    assert offered in chat(said).actions


@pytest.mark.parametrize(
    "said",
    ["資料中心還在蓋嗎", "會員經濟還有用嗎", "會員制量販店還在成長嗎", "好市多換約之後會員還在成長嗎", "換機潮還在嗎", "手機漲價後需求還在嗎",
     "有追蹤誤差嗎"],
)  # fmt: skip
def test_what_becomes_of_others_is_a_question(said: str) -> None:
    assert fate_asked(said) is None


@pytest.mark.parametrize(
    ("said", "offered"),
    [("羅盤 我的訂閱", "訂閱 精選"), ("羅盤 訂閱", "訂閱 精選"), ("羅盤 怎麼退訂", "只送摘要"), ("羅盤 太吵了", "只送摘要"),
     ("羅盤 怎麼叫你閉嘴", "只送摘要"), ("羅盤 怎麼叫你離開", "掰掰羅盤"), ("羅盤 改時間", "每日 07:30"), ("羅盤 取消", "退訂"),
     ("羅盤 說明", "個股 2330")],
)  # fmt: skip
def test_a_group_is_offered_two_things_that_work_there(cast: Cast, said: str, offered: str) -> None:
    heard = cast.in_group()(said)
    assert offered in heard.postbacks
    assert len(heard.actions) <= 2


def test_who_has_subscriptions_is_not_told_that_there_are_none(cast: Cast) -> None:
    phone = cast.person()
    phone("訂閱 散熱")
    assert "要訂閱什麼？" in phone("訂閱")
