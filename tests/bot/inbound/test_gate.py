"""The gate: the bot speaks when it is spoken to, and a group's own talk is none of its business."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.inbound.gate import ChatLookups, Gate
from bot.line.events import LineEvent, read
from handlers.club.chats import Mode
from tests.support.line_events import ANN, GROUP, event, mention, said, source, words


def hear(raw: dict[str, Any], mode: Mode = Mode.ASKED, talking: bool = False) -> str | None:
    memory = ChatLookups(lambda _chat: mode, lambda _chat, message: message == "ours", lambda _chat, _user: talking)
    [found] = read(json.dumps({"events": [raw]}).encode())
    assert isinstance(found, LineEvent)
    return Gate(words("散熱", "2330", "大量", "$2330", "＄ 2330", "#散熱"), memory).addressed_text(found)


@pytest.mark.parametrize("text", ["散熱", "2330", "GG", "早安", "", "羅盤 散熱"])
def test_one_to_one_everything_is_for_us(text: str) -> None:
    assert hear(said(text)) == text.removeprefix("羅盤 ")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("羅盤散熱", "散熱"),
        ("羅盤 散熱", "散熱"),
        ("羅盤　散熱", "散熱"),
        ("羅盤，散熱", "散熱"),
        ("羅盤，散熱", "散熱"),
        ("羅盤：散熱", "散熱"),
        (" 羅盤2330", "2330"),
        ("@羅盤 散熱", "散熱"),
        ("＠羅盤 散熱", "散熱"),
        ("羅盤！散熱", "散熱"),
        ("罗盘 散热", "散热"),
        ("luopan 2330", "2330"),
        ("Luopan2330", "2330"),
        ("羅盤", ""),
        ("羅盤？", ""),
    ],
)
def test_the_prefix_calls_us_in_a_group(typed: str, asked: str) -> None:
    assert hear(said(typed, group=GROUP)) == asked


TALK = [
    "GG",
    "2330",
    "大量",
    "散熱",
    "$2330",
    "#5G",
    "更多",
    "為什麼",
    "台積電會漲嗎？",
    "我買了羅盤",
    "luopanda 好可愛",
]
NOISE = ["", "!", "!GG", "！快跑", "@All 早安", "?", "😀"]


@pytest.mark.parametrize("text", TALK + NOISE)
def test_other_group_talk_is_met_with_silence(text: str) -> None:
    assert hear(said(text, group=GROUP)) is None


def in_vain(*_asked: object) -> Any:
    """Answer for a database that nobody should ask."""
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("GG", None), ("散熱", None), ("我買了羅盤", None), ("那台灣呢", None), ("哈哈", "ours"), ("2330", "ours")],
)
def test_most_talk_of_a_group_costs_no_look_at_the_database(text: str, quoted: str | None) -> None:
    [found] = read(json.dumps({"events": [said(text, group=GROUP, quotedMessageId=quoted)]}).encode())
    assert isinstance(found, LineEvent)
    assert Gate(words("散熱", "2330"), ChatLookups(in_vain, in_vain, in_vain)).addressed_text(found) is None


@pytest.mark.parametrize("text", ["！散熱", "！散熱", "! 散熱", " ！散熱"])
def test_an_exclamation_mark_calls_us_before_a_known_name(text: str) -> None:
    assert hear(said(text, group=GROUP)) == "散熱"


def test_a_mention_is_found_by_utf16_places_and_taken_out() -> None:
    assert hear(said("🍎 @投資小幫手 台積電 資本支出", group=GROUP, mention=mention(3, 6))) == "🍎   台積電 資本支出"
    assert hear(said("台積電 @投資小幫手", group=GROUP, mention=mention(4, 6))) == "台積電"


def test_the_names_of_others_who_are_mentioned_are_no_part_of_the_question() -> None:
    both = {"mentionees": [*mention(4, 3)["mentionees"], *mention(0, 3, isSelf=False)["mentionees"]]}
    assert hear(said("@小明 @羅盤 散熱", group=GROUP, mention=both)) == "散熱"


@pytest.mark.parametrize("mentionee", [{"isSelf": False}, {"type": "all", "isSelf": None}])
def test_a_mention_of_somebody_else_is_not_for_us(mentionee: dict[str, Any]) -> None:
    assert hear(said("@All 早安", group=GROUP, mention=mention(0, 4, **mentionee))) is None


def test_a_mention_beyond_the_end_of_the_text_is_still_a_mention() -> None:
    assert hear(said("散熱", group=GROUP, mention=mention(90, 4))) == "散熱"


def test_our_buttons_are_for_us_wherever_they_are_pressed() -> None:
    for chat in (source(), source(group=GROUP), source(user=None, group=GROUP)):
        assert hear(event("postback", chat, postback={"data": "找 散熱 第2頁"})) == "找 散熱 第2頁"


@pytest.mark.parametrize(
    ("text", "quoted", "asked"),
    [
        ("更多", "ours", "更多"),
        ("這是真的嗎？", "ours", "這是真的嗎？"),
        ("那台灣呢", "ours", "那台灣呢"),
        ("那台灣呢", "another's", None),
        ("哈哈", "ours", None),
        ("2330", "ours", None),
        ("更多", "another's", None),
    ],
)
def test_a_quoted_bubble_of_ours_counts_with_a_follow_up_or_a_clear_question(
    text: str, quoted: str, asked: str | None
) -> None:
    assert hear(said(text, group=GROUP, quotedMessageId=quoted)) == asked


def test_only_the_asker_may_say_more_without_calling_us() -> None:
    assert hear(said("更多", group=GROUP), talking=True) == "更多"
    assert hear(said("更多", group=GROUP), talking=False) is None
    assert hear(said("更多", user=None, group=GROUP), talking=True) is None
    assert hear(said("為什麼", group=GROUP), talking=True) is None


def test_a_helpful_chat_hears_signs_but_no_other_talk() -> None:
    assert hear(said("$2330", group=GROUP), Mode.HELPFUL) == "$2330"
    assert hear(said("＄ 2330", group=GROUP), Mode.HELPFUL) == "＄ 2330"
    assert hear(said("#散熱", group=GROUP), Mode.HELPFUL) == "#散熱"
    assert hear(said("散熱還會缺貨嗎？", group=GROUP), Mode.HELPFUL) is None
    assert hear(said("$$$", group=GROUP), Mode.HELPFUL) is None
    assert hear(said("2330", group=GROUP), Mode.HELPFUL) is None


@pytest.mark.parametrize("text", ["羅盤散熱", "！散熱", "$2330", "更多"])
def test_a_chat_that_wants_digests_only_is_left_in_peace(text: str) -> None:
    assert hear(said(text, group=GROUP, quotedMessageId="ours"), Mode.DIGESTS, talking=True) is None


def test_a_chat_that_wants_digests_only_can_still_be_managed() -> None:
    assert hear(said("羅盤 叫我才回", group=GROUP), Mode.DIGESTS) == "叫我才回"
    assert hear(said("叫我才回", group=GROUP), Mode.DIGESTS) is None


def test_in_standby_nobody_is_answered_but_comings_and_goings_are_noted() -> None:
    assert hear({**said("散熱"), "mode": "standby"}) is None
    for kind in ("follow", "join", "unfollow", "leave"):
        assert hear({**event(kind, source(group=GROUP)), "mode": "standby"}) == ""


@pytest.mark.parametrize("kind", ["follow", "join", "unfollow", "leave"])
def test_comings_and_goings_are_for_us(kind: str) -> None:
    assert hear(event(kind, source(group=GROUP))) == ""


@pytest.mark.parametrize(
    "kind", ["memberJoined", "memberLeft", "beacon", "videoPlayComplete", "accountLink", "undefined"]
)
def test_other_events_are_not(kind: str) -> None:
    assert hear(event(kind, source(group=GROUP))) is None


@pytest.mark.parametrize("kind", ["file", "sticker", "image"])
def test_files_and_stickers_are_for_us_one_to_one_only(kind: str) -> None:
    message = {"type": kind, "id": "1", "fileName": "a.pdf"}
    assert hear(event("message", source(ANN), message=message)) == ""
    assert hear(event("message", source(ANN, GROUP), message=message)) is None
