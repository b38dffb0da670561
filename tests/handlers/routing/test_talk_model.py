"""What a line is probably about: measured on writers of whom the model saw nothing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from handlers.answer import Outcome
from handlers.identity import Role
from handlers.text.bot_words import BotTopic
from handlers.text.talk_model import (
    ARCHIVE,
    CHAT,
    TABLE,
    LabelledLine,
    TalkModel,
    counted,
    likely_topics,
    talk_lines,
    talk_model,
)
from handlers.text.work_words import WORK_WORDS
from handlers.verb import Verb
from tests.support.newsroom import Newsroom
from tests.support.phones import Cast, Phone
from tests.support.sample_stage import sample_stage

OTHERS = Path(__file__).with_name("lines_of_others.tsv")
# What an answer to a line offers that speaks of it, and the command that is shown at once.
OFFERED = {
    BotTopic.LEAVE: "掰掰羅盤", BotTopic.GROUP: "邀進群組|Invite me", BotTopic.TRUST: "不自己寫看法|of my own|作者",
    BotTopic.SUMMARY: "只引原文|do not summarise", BotTopic.COMPLAINT: "抱歉|Sorry|問編輯", BotTopic.QUIET: "勿擾",
    BotTopic.STOP: "退訂|暫停", BotTopic.PAUSE: "暫停|恢復", BotTopic.UNDO: "取消|退訂", BotTopic.ALERT: "通知|提醒",
    BotTopic.MEMBER: "會員|開通|Member", BotTopic.PRIVACY: "隱私|我的資料", BotTopic.EDITOR: "問編輯|申請編輯",
    BotTopic.SAVED: "收藏|[Ss]aved", BotTopic.WATCH: "追蹤|自選", BotTopic.SUBSCRIBE: "訂閱", BotTopic.TIME: "改時間|每日|平日|哪個時間",
    BotTopic.HELP: "說明|直接打", BotTopic.MINE: "訂閱", BotTopic.WATCHED: "自選|追蹤", BotTopic.OPENED: "看過的文章", BotTopic.TODAY: "今日",
    BotTopic.WEEK: "本週", BotTopic.NEW_ESSAYS: "最新", BotTopic.THEMES: "主題",
}  # fmt: skip
AT_ONCE = {
    BotTopic.MINE: Verb.SUBSCRIPTIONS, BotTopic.WATCHED: Verb.WATCHLIST, BotTopic.OPENED: Verb.HISTORY, BotTopic.TODAY: Verb.TODAY,
    BotTopic.WEEK: Verb.WEEK, BotTopic.NEW_ESSAYS: Verb.LATEST, BotTopic.THEMES: Verb.THEME,
}  # fmt: skip


def lines_of_others() -> list[LabelledLine]:
    rows = OTHERS.read_text("utf-8").splitlines()
    return [LabelledLine(*row.split("\t")) for row in rows if not row.startswith("#")]


def test_the_table_is_that_of_the_lines() -> None:
    assert np.array_equal(np.load(TABLE), counted(talk_lines()))


def test_every_label_is_a_topic_or_a_command() -> None:
    labels = set(talk_model().labels)
    assert {ARCHIVE, CHAT, *BotTopic} <= labels
    assert {Verb[label.upper().replace(" ", "_")] for label in labels - {ARCHIVE, CHAT, *BotTopic}} <= set(WORK_WORDS)


def test_an_editors_work_is_for_editors() -> None:
    assert likely_topics("那篇錯了我想讓大家先看不到", True)[0].topic is Verb.WITHDRAW
    assert not any(isinstance(one.topic, Verb) for one in likely_topics("那篇錯了我想讓大家先看不到", False))


def test_no_line_of_others_is_the_models() -> None:
    assert not {line.said for line in lines_of_others()} & {line.said for line in talk_lines()}


def test_a_long_text_is_no_talk(cast: Cast) -> None:
    assert "退訂" in cast.person()("不要再一直傳訊息吵我了啦").actions
    assert "退訂" not in cast.person()("不要再一直傳訊息吵我了啦" * 12).actions


@pytest.mark.slow
def test_a_writer_left_out_is_understood() -> None:
    lines = talk_lines()
    seen = Counter[str]()
    for writer in sorted({line.writer for line in lines}):
        model = TalkModel(counted(line for line in lines if line.writer != writer))
        for line in (line for line in lines if line.writer == writer):
            odds = model.odds(line.said)
            best = sorted(set(odds) - {ARCHIVE}, key=lambda label: -odds[label])
            if line.label == ARCHIVE:
                seen.update(asked=1, taken_for_talk=odds[best[0]] > 5)
            else:
                seen.update(said=1, right=best[0] == line.label, near=line.label in best[:3], kept=odds[best[0]] > 0)
    assert seen["right"] >= 0.74 * seen["said"]
    assert seen["near"] >= 0.86 * seen["said"]
    assert seen["kept"] >= 0.9 * seen["said"]
    assert seen["taken_for_talk"] <= 0.05 * seen["asked"]


@pytest.mark.slow
def test_lines_of_others_are_understood(tmp_path: Path) -> None:
    with sample_stage(tmp_path) as stage:
        room = Newsroom(stage)
        owner = room.someone(Role.OWNER)
        heard, right = Counter[str](), Counter[str]()
        for line in lines_of_others()[::3]:  # a third, for the time it takes
            of = line.label if line.label in (ARCHIVE, CHAT) else "talk" if line.label in set(BotTopic) else "work"
            phone = owner if of == "work" else room.cast.person()
            heard[of] += 1
            right[of] += _is_right(line, phone)
    shares = {of: round(right[of] / heard[of], 3) for of in heard}
    assert shares["talk"] >= 0.9, shares
    assert shares["work"] >= 0.9, shares
    assert shares[ARCHIVE] >= 0.97, shares
    assert shares[CHAT] >= 0.9, shares


def _is_right(line: LabelledLine, phone: Phone) -> bool:
    """Tell whether a line is answered as what it is."""
    heard = phone(line.said)
    outcome = next(reversed(phone.stage.outcomes.values()))
    is_miss, is_found = outcome is Outcome.NOT_COVERED, outcome in (Outcome.ANSWER, Outcome.CHOICES)
    if line.label == ARCHIVE:
        return outcome not in (Outcome.SAID, Outcome.SILENCE)
    if line.label == CHAT:
        return not (is_miss or is_found)
    if line.label not in set(BotTopic):
        command = Verb[line.label.upper().replace(" ", "_")]
        return command in heard.postbacks or heard.text == phone(command).text
    topic = BotTopic(line.label)
    if topic in AT_ONCE and heard.text == phone(AT_ONCE[topic]).text:
        return True
    return not (is_miss or is_found) and re.search(OFFERED[topic], heard.text) is not None
