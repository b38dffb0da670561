"""What people do on the simulated platform reaches the bot as LINE's webhooks do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.dev.simulator.other_endpoints import followers
from bot.dev.simulator.people import BOT, group, person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.richmenus import RichMenus

SECRET = "channel-secret"
NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)


class Bot:
    """Takes webhooks, keeps them, and answers with the status it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[bytes, Mapping[str, str]]] = []

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        self.received.append((body, headers))
        return self.status

    @property
    def event(self) -> dict[str, Any]:
        """The latest event."""
        (event,) = json.loads(self.received[-1][0])["events"]
        return dict(event)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def line(bot: Bot) -> Platform:
    return Platform(SECRET, "token", bot, clock=lambda: NOON)


def test_a_webhook_is_signed_over_its_raw_bytes(line: Platform, bot: Bot) -> None:
    line.say("小安", "小安", "散熱")
    body, headers = bot.received[0]
    expected = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    assert headers["X-Line-Signature"] == expected
    assert json.loads(body)["destination"] == BOT.id


def test_a_text_comes_with_all_that_line_sends(line: Platform, bot: Bot) -> None:
    delivery = line.say("小安", "小安", "散熱")
    event = bot.event
    message = event.pop("message")
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", event.pop("webhookEventId"))
    assert event.pop("replyToken")
    assert event == {
        "type": "message",
        "mode": "active",
        "timestamp": 1772683200000,
        "source": {"type": "user", "userId": line.chats.person("小安").id},
        "deliveryContext": {"isRedelivery": False},
    }
    assert message["text"] == "散熱"
    assert message["id"] == delivery.message_id
    assert message["quoteToken"]
    assert message["markAsReadToken"]


def test_every_group_message_goes_to_the_bot(line: Platform, bot: Bot) -> None:
    line.say("投資讀書會", "美玲", "大家早")
    source = {"type": "group", "groupId": line.chats.group("投資讀書會").id, "userId": line.chats.person("美玲").id}
    assert bot.event["source"] == source
    assert "mention" not in bot.event["message"]


def test_mentions_count_in_utf16_units(line: Platform, bot: Bot) -> None:
    line.say("投資讀書會", "美玲", "🍎 @羅盤 問 @阿哲 @All", mention=True)
    assert bot.event["message"]["mention"]["mentionees"] == [
        {"index": 3, "length": 3, "type": "user", "userId": BOT.id, "isSelf": True},
        {"index": 9, "length": 3, "type": "user", "userId": line.chats.person("阿哲").id, "isSelf": False},
        {"index": 13, "length": 4, "type": "all"},
    ]


def test_the_bots_name_typed_by_hand_is_no_mention(line: Platform, bot: Bot) -> None:
    line.say("投資讀書會", "美玲", "@羅盤 散熱")
    assert "mention" not in bot.event["message"]


def test_a_mention_is_put_in_front_where_it_is_missing(line: Platform, bot: Bot) -> None:
    line.say("投資讀書會", "美玲", "散熱", mention=True)
    assert bot.event["message"]["text"] == "@羅盤 散熱"


def test_line_may_withhold_the_user_id_in_a_group(bot: Bot) -> None:
    shy = person("匿名", hides_id=True)
    line = Platform(SECRET, "token", bot, persons=(shy,), groups=(group("小群", (shy,)),))
    line.say("小群", "匿名", "散熱")
    assert "userId" not in bot.event["source"]


def test_a_quote_gives_the_id_and_never_the_text(line: Platform, bot: Bot) -> None:
    first = line.say("投資讀書會", "美玲", "散熱")
    line.say("投資讀書會", "阿哲", "這篇呢", quote=first.message_id)
    assert bot.event["message"]["quotedMessageId"] == first.message_id
    assert "散熱" not in json.dumps(bot.event, ensure_ascii=False)


def test_a_standby_event_has_no_reply_token(line: Platform, bot: Bot) -> None:
    line.standby = True
    line.say("小安", "小安", "散熱")
    assert bot.event["mode"] == "standby"
    assert "replyToken" not in bot.event


def test_a_pressed_postback_shows_its_display_text_and_tells_its_data(line: Platform, bot: Bot) -> None:
    line.press("小安", "小安", {"type": "postback", "data": "找 散熱 第2頁", "displayText": "下一頁"})
    assert bot.event["type"] == "postback"
    assert bot.event["postback"] == {"data": "找 散熱 第2頁"}
    assert [bubble.content["text"] for bubble in line.history("小安")] == ["下一頁"]


def test_a_button_is_found_by_its_label_newest_first(line: Platform, bot: Bot) -> None:
    for page in (2, 3):
        action = {"type": "postback", "label": "更多", "data": f"找 散熱 第{page}頁"}
        items = [{"type": "action", "action": action}]
        line.chats.write(line.chats.id_of("小安"), None, {"type": "text", "text": "答", "quickReply": {"items": items}})
    line.press("小安", "小安", "更多")
    assert bot.event["postback"]["data"] == "找 散熱 第3頁"
    with pytest.raises(LookupError, match="沒有這個"):
        line.press("小安", "小安", "沒有這個")


def test_a_message_button_types_its_text(line: Platform, bot: Bot) -> None:
    line.press("投資讀書會", "阿哲", {"type": "message", "label": "看", "text": "主題 散熱"})
    assert bot.event["message"]["text"] == "主題 散熱"


def test_an_unsent_message_is_gone_and_cannot_be_answered(line: Platform, bot: Bot) -> None:
    delivery = line.say("投資讀書會", "美玲", "說錯了")
    line.unsend(delivery.message_id)
    assert bot.event["type"] == "unsend"
    assert bot.event["unsend"] == {"messageId": delivery.message_id}
    assert "replyToken" not in bot.event
    (bubble,) = line.history("投資讀書會")
    assert bubble.unsent
    assert bubble.content == {}


def test_an_edited_message_keeps_its_id_and_has_a_token_of_its_own(line: Platform, bot: Bot) -> None:
    delivery = line.say("投資讀書會", "美玲", "散熱")
    line.edit(delivery.message_id, "散熱模組")
    assert bot.event["type"] == "messageEdited"
    assert bot.event["message"]["id"] == delivery.message_id
    assert bot.event["replyToken"] != delivery.event["replyToken"]


def test_who_blocks_the_bot_is_not_heard_until_they_return(line: Platform, bot: Bot) -> None:
    line.unfollow("小安")
    assert bot.event["type"] == "unfollow"
    assert "replyToken" not in bot.event
    assert line.say("小安", "小安", "在嗎").status is None
    line.follow("小安")
    assert bot.event["follow"] == {"isUnblocked": True}
    assert bot.event["replyToken"]


def test_a_group_without_the_bot_is_not_heard(line: Platform, bot: Bot) -> None:
    line.leave("投資讀書會")
    assert bot.event["type"] == "leave"
    assert "replyToken" not in bot.event
    assert line.say("投資讀書會", "美玲", "清靜了").status is None
    line.join("投資讀書會")
    assert bot.event["type"] == "join"
    assert bot.event["replyToken"]


def test_members_come_and_go(line: Platform, bot: Bot) -> None:
    newcomer = person("小新")
    line.add(newcomer)
    line.member_join("投資讀書會", "小新")
    assert bot.event["joined"]["members"] == [{"type": "user", "userId": newcomer.id}]
    assert line.chats.group("投資讀書會").size == 13
    line.member_leave("投資讀書會", "小新")
    assert bot.event["left"]["members"] == [{"type": "user", "userId": newcomer.id}]
    assert "replyToken" not in bot.event
    assert line.chats.group("投資讀書會").size == 12


def test_a_file_has_a_name_and_a_size_and_nothing_to_quote(line: Platform, bot: Bot) -> None:
    line.send_file("小安", "小安", "年報.pdf", b"%PDF-")
    message = bot.event["message"]
    assert (message["type"], message["fileName"], message["fileSize"]) == ("file", "年報.pdf", 5)
    assert "quoteToken" not in message


def test_a_redelivery_is_the_same_event_marked_as_one(line: Platform, bot: Bot) -> None:
    bot.status = 503
    delivery = line.say("小安", "小安", "散熱")
    assert not delivery.taken
    bot.status = 200
    assert line.redeliver(delivery.id).taken
    assert bot.event == delivery.event | {"deliveryContext": {"isRedelivery": True}}
    assert [delivery.status for delivery in line.deliveries] == [503, 200]


def test_a_refused_event_is_delivered_again_by_itself_where_redelivery_is_on(bot: Bot) -> None:
    line = Platform(SECRET, "token", bot, redelivery=(0.0, 0.0))
    bot.status = 500
    delivery = line.say("小安", "小安", "散熱")
    end = time.monotonic() + 60
    while len(line.deliveries) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(line.deliveries) == 3
    assert {delivery.id for delivery in line.deliveries} == {delivery.id}


def test_ids_are_the_same_at_every_start_but_message_ids_never_return(bot: Bot) -> None:
    today, tomorrow = (
        Platform(SECRET, "token", bot, clock=lambda at=at: at) for at in (NOON, NOON + timedelta(days=1))
    )
    assert today.chats.person("小安") == tomorrow.chats.person("小安")
    assert re.fullmatch("U[0-9a-f]{32}", today.chats.person("小安").id)
    assert today.say("小安", "小安", "早").message_id < tomorrow.say("小安", "小安", "早").message_id


def test_a_bot_that_is_not_there_gives_no_answer() -> None:
    line = Platform(SECRET, "token", "http://127.0.0.1:1/callback")
    delivery = line.say("小安", "小安", "在嗎")
    assert (delivery.status, delivery.taken) == (0, False)
    assert not line.history("小安")[0].read


def test_a_day_that_is_over_keeps_its_count_of_friends(bot: Bot) -> None:
    now = [datetime(2026, 11, 20, 3, tzinfo=UTC)]
    mei = person("美玲")
    line = Platform(SECRET, "token", bot, lambda: now[0], persons=(mei,))
    now[0] += timedelta(days=1)
    line.unfollow(mei)
    now[0] += timedelta(days=1)
    told = [followers(line, day).body for day in ("20261120", "20261121", "20261122")]
    assert [one.get("blocks") for one in told] == [0, 1, None]


def test_a_menu_has_at_most_twenty_areas_and_may_have_none() -> None:
    menu = {"size": {"width": 2500, "height": 843}, "name": "選單", "chatBarText": "選單", "areas": []}
    assert RichMenus().create(menu).status == 200
