"""Endpoints beside sending: the loading animation, marks of reading, the count of followers, a test of the webhook."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.dev.simulator.channel import Result
from bot.dev.simulator.platform import Platform

INSIGHT_TIME = ZoneInfo("Asia/Tokyo")  # in which LINE counts days


def show_loading(platform: Platform, body: Any) -> Result:
    """Let the dots run in a one-to-one chat, until the bot's next message at most."""
    refused = platform.channel.validate("loading", body)
    if refused.status != 200:
        return refused
    chats = platform.chats
    if body["chatId"] not in chats.persons:
        return Result(400, {"message": "The property, 'chatId', in the request body is invalid"})
    chats.typing[body["chatId"]] = platform.clock() + timedelta(seconds=body.get("loadingSeconds", 20))
    chats.touch()
    return Result(202, {})


def mark_as_read(platform: Platform, body: Any) -> Result:
    """Mark a message as read, and all before it in that chat. Where 聊天 is off, LINE marks them by itself and takes no marks."""
    token = body.get("markAsReadToken") if isinstance(body, dict) else None
    message = platform.read_tokens.get(token) if isinstance(token, str) else None
    if message is None or not platform.has_inbox:
        return Result(400, {"message": "Invalid markAsReadToken"})
    for bubble in platform.unread(platform.chats.bubble(message).chat):
        if int(bubble.id) <= int(message):
            platform.chats.change(bubble.id, read=True)
    return Result(200, {})


def followers(platform: Platform, day: str) -> Result:
    """Count friends and blocks at the end of a day (YYYYMMDD), once it is over."""
    try:
        begun = datetime.strptime(day, "%Y%m%d").replace(tzinfo=INSIGHT_TIME)
    except ValueError:
        return Result(400, {"message": "The request has an invalid parameter: date"})
    over = begun + timedelta(days=1)
    if over > platform.clock():
        return Result(200, {"status": "unready"})
    friends, blocked = platform.chats.friends_at(over)
    counted = {"followers": friends, "targetedReaches": friends - blocked, "blocks": blocked}
    return Result(200, {"status": "ready"} | counted)


def test_webhook(platform: Platform) -> Result:
    """Test the webhook as the console's verify button does: by a signed body without events."""
    status, _seconds = platform.webhooks.post_raw()
    success = status == 200
    reason = "OK" if success else ("ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT")
    at = platform.clock().isoformat(timespec="milliseconds")
    body = {"success": success, "timestamp": at, "statusCode": status, "reason": reason, "detail": str(status)}
    return Result(200, body)
