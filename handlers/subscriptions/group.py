"""只送摘要, 叫我才回, 主動幫忙, 掰掰羅盤: how talkative a group wants the bot."""

from __future__ import annotations

from functools import partial

from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.chats import Mode
from handlers.command import Command
from handlers.context import Context
from handlers.verb import Verb

NAMELESS_HERE = "LINE 沒有告訴我你是誰，請群裡其他人來設定。"
SAID = {
    Mode.ASKED: "好，只在被叫時回：打「羅盤」開頭或 @ 我。",
    Mode.HELPFUL: "好，看到 $代號、#主題 會主動回；其他照舊，被叫到才回。",
    Mode.DIGESTS: "好，只送摘要，其他都不說話。要恢復打「羅盤 只在被叫時回」。",
}


def set_mode(mode: Mode, ask: Ask, context: Context) -> Answer:
    """Set how much this group hears from the bot; everybody in it may whose id LINE tells."""
    if not ask.chat.is_group:
        return text_answer("這是群組的設定，請在群組裡打「羅盤 " + _WORDS[mode] + "」。")
    if ask.user is None:
        return error_answer(NAMELESS_HERE)
    context.club.chats.set_mode(ask.chat, mode, ask.at)
    return text_answer(SAID[mode])


def goodbye(ask: Ask, context: Context) -> Answer:
    """Leave the group with a goodbye, once that is confirmed."""
    if not ask.chat.is_group:
        return text_answer("一對一不用趕我走，封鎖就收不到了；要刪資料打「刪除我的資料」。")
    if ask.user is None:
        return error_answer(NAMELESS_HERE)
    if ask.text != "確定":
        return text_answer("要我離開這個群組嗎？", Button("離開群組", Verb.LEAVE.of("確定")))
    context.club.leave(ask.chat, ask.at)
    return Answer(text_answer("").outcome, text="這段時間謝謝大家，再見。", leave=True)


_WORDS = {Mode.ASKED: "只在被叫時回", Mode.HELPFUL: "主動幫忙", Mode.DIGESTS: "只送摘要"}

ASKED = Command(
    (Verb.QUIET, "叫我才回", "quiet"),
    "只在被叫時回",
    "群組：被叫到才說話（預設）",
    ("只在被叫時回",),
    partial(set_mode, Mode.ASKED),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
HELPFUL = Command(
    (Verb.HELPFUL, "helpful"),
    "主動幫忙",
    "群組：看到 $代號、#主題 也回",
    ("主動幫忙",),
    partial(set_mode, Mode.HELPFUL),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
DIGESTS = Command(
    (Verb.DIGESTS_ONLY, "digestsonly"),
    "只送摘要",
    "群組：只送訂閱的摘要",
    ("只送摘要",),
    partial(set_mode, Mode.DIGESTS),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
GOODBYE = Command(
    (Verb.LEAVE, "leave"), "掰掰羅盤", "群組：請羅盤離開", ("掰掰羅盤",), goodbye, allowed_in_quiet_mode=True
)
