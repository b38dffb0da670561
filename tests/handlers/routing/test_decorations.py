"""Commands as people type them: with signs, emoji, particles, thanks and quotation marks around them, in either script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.language.segment import Segmenter
from corpus.language.text import fold, simplify
from handlers.ask import Ask
from handlers.club.people import ALPHABET
from handlers.commands import router
from handlers.identity import Chat, Place
from handlers.routing.route import ParsedCommand
from handlers.text.decorations import undecorated
from tests.support.phones import Cast, Phone

COMMANDS = (
    """
說明|最新|更多|下一頁|主題|訂閱|我的訂閱|全部退訂|今日|本週|恢復|自選|我的收藏|看過的文章|隱私|我的資料|會員|等通知
改時間|準時送|叫我才回|主動幫忙|只送摘要|勿擾|暫停|訂閱 散熱|退訂 散熱|追蹤 2330|取消追蹤 2330|找 液冷|主題 散熱
每日 08:30|暫停 7天|勿擾 22-08|收藏 2|讀 2|延伸 1|有文章再通知我 鈉離子電池|個股 2330|第 2 篇
""".strip()
    .replace("\n", "|")
    .split("|")
)
DECORATIONS = (
    """
{}。|{}!|{}！|{}~|{}～|{}…|{}...|{}😂|{}❤️|{} 👍🏻|{}(love)|{}()|{}\u200b|\ufeff{}|{}喔|{}吧|{}啦|{}欸|{}呢|{} 謝謝|{}謝謝你|請{}|請幫我{}
「{}」|『{}』|“{}”|{}，謝謝！|{} 🙏 感恩|{} XD|{}?|😂{}|{}、|麻煩{}|{} please|幫我{}一下|{}QQ|～{}～|/{}|{}哈哈|{}^_^
{}ㄅ|{}唄|{}耶|{}咧|{}(•̀ᴗ•́)و|{}(=ﾟωﾟ)ﾉ|{}（拜託）|〔{}〕|{}→|{}ok|1. {}|{} tks|{}!!1|{}笑死|{}蟹蟹|請問{}|不好意思，{}|你好，{}|早安 {}|・{}|`{}`|{}嘞
{} 3Q|{}0.0|{}@@|{}（笑）|{}～♡|{}der|{}ㄛ|{}ㄟ|欸{}|{}餒|{}。。。|{}〜|※{}|★{}★|【{}】|<{}>|{}!!!???|{}💯💯|{}🇹🇼|{}（急）|急 {}
{} 感謝大大|{} thanks a lot
各位好 {}|{} 感恩您|麻煩一下 {}|勞煩{}|請您{}|{}T_T
{}QAQ|(1) {}
{}嗚嗚|{}齁|{}蛤|{}吼|{}一下下|大大{}|老師 {}|小編 {}
小幫手 {}|羅盤 {}|{}╰(*°▽°*)╯|👉 {} 👈|{}－－|可以幫我{}嗎
羅盤、{}|欸羅盤 {} 一下|好了 {}|{}，快點|那就{}好了|嗯嗯，{}|對了 {}|{}，馬上
""".strip()
    .replace("\n", "|")
    .split("|")
)


DICTIONARY = Segmenter()


def is_word(text: str) -> bool:
    return DICTIONARY.has(fold(text))


ROUTER = router(is_word)


def called(text: str) -> ParsedCommand:
    return ROUTER.call(Ask(text, Chat("U1", Place.PERSON), "U1", datetime(2026, 11, 28, tzinfo=UTC)))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_decorated_command_is_the_plain_one(command: str) -> None:
    plain = called(command)
    assert plain.command.words[:1] != ("找",) or command.startswith("找")
    for decoration in DECORATIONS:
        heard = called(decoration.format(command))
        assert (heard.command, heard.rest) == (plain.command, plain.rest), decoration.format(command)
    heard = called(simplify(command))
    assert (heard.command, heard.rest) == (plain.command, plain.rest), simplify(command)


@pytest.mark.parametrize("text", ["為什麼 訂閱 散熱", "不要 訂閱 散熱", "訂閱 散熱 沒有", "誰 訂閱 散熱"])
def test_words_that_refuse_or_ask_are_no_decoration(text: str) -> None:
    plain = called("訂閱 散熱")
    assert (called(text).command, called(text).rest) != (plain.command, plain.rest)


@pytest.mark.parametrize("text", ["BRK.B", "$TSLA", "#5G", "2330.TW", "C++", "3%", "酒吧", "薩摩耶", "QQQ", "BRK/B", "Disney+",
                                  "台積電(2330)", "感恩節", "阿拉伯(OPEC)"])  # fmt: skip
def test_signs_that_belong_to_a_name_stay(text: str) -> None:
    assert undecorated(text, is_word) == text


@pytest.mark.parametrize("text", ["😂", "謝謝", "吧", "!!!", "()", "？", "。"])
def test_decorations_alone_stay_what_they_are(text: str) -> None:
    assert undecorated(text, is_word) == text


COURTEOUS = [
    "給我看{}",
    "我想看{}",
    "可以{}嗎",
    "{}可以嗎",
    "{}好嗎",
    "{}給我",
    "{}好了",
    "please {}",
    "想{}",
    "能不能幫我{}",
]


@pytest.mark.parametrize(
    "command", ["說明", "最新", "今日", "我的訂閱", "訂閱 散熱", "追蹤 2330", "每日 08:30", "暫停 7天", "讀 2"]
)
def test_a_command_asked_for_with_courtesy_is_the_plain_one(command: str) -> None:
    plain = called(command)
    for courtesy in COURTEOUS:
        heard = called(courtesy.format(command))
        assert (heard.command, heard.rest) == (plain.command, plain.rest), courtesy.format(command)


@pytest.mark.parametrize(
    "typed",
    ["2330。", "台積電！", "「2330」", "2330😂", "台积电喔", "$TSM～", "拜託 2330", "2330怎麼看", "請問台積電近況如何"],
)
def test_a_decorated_name_gives_the_card(chat: Phone, typed: str) -> None:
    assert "台積電 2330" in chat(typed).text.splitlines()[0]


def test_lines_own_emoji_are_read_from_the_event(cast: Cast) -> None:
    phone = cast.person()
    platform = phone.stage.platform
    said = platform.say(phone.chat_id, phone.owner.id, "訂閱 鈉離子（brown thumbs）", emojis=((6, 14),))
    assert "(brown" not in phone.hear(said)
    assert "鈉離子" in phone("我的訂閱")
    assert "(brown" not in phone("我的訂閱")


@pytest.mark.parametrize("typed", ["訂閱 散熱😂", "訂閱散熱喔", "請幫我訂閱散熱，謝謝", "订阅 散热", "訂閱 散熱 拜託"])
def test_a_subject_never_holds_a_decoration_and_is_read_back(cast: Cast, typed: str) -> None:
    phone = cast.person()
    assert "已訂閱" in phone(typed)
    assert "1. 散熱\n" in phone("我的訂閱").text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("谢谢", "不客氣"), ("再见", "再見"), ("你是谁", "我是羅盤"), ("可以买吗", "不看即時股價"), ("台积电现在多少", "不看即時股價"),
     ("什么股票可以买", "不看即時股價"), ("目标价多少", "不看即時股價"), ("还有吗", "忘了"), ("为什么", "忘了")],
)  # fmt: skip
def test_simplified_talk_is_understood(chat: Phone, typed: str, expected: str) -> None:
    assert expected in chat(typed)


@given(code=st.text(alphabet=ALPHABET, min_size=10, max_size=10))
@example(code="8MG4H9FDTT")
@example(code="ABCDEFGHTT")
@example(code="S9KS47Q6TY")
@example(code="9Q82XXT3XD")
@example(code="5MMXXFH53Q")
def test_the_last_letters_of_a_code_are_its_own(code: str) -> None:
    for command in ("開通", "認領", "核准"):
        assert called(f"{command} {code}").rest == code
