"""The one door to LINE's API: messages to send, questions to ask, the channel's setup. Bodies go out as they were frozen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from bot.config import Settings
from bot.line.channel_token import StatelessToken
from bot.line.transport import (
    API,
    CONNECT_SECONDS,
    MEDIA,
    READ_SECONDS,
    Ambiguous,
    Body,
    LineError,
    LineTransport,
    Refused,
    Result,
    Sent,
    as_json,
    json_object,
    reason_in,
)
from bot.logs import log

__all__ = [
    "API",
    "CONNECT_SECONDS",
    "MEDIA",
    "READ_SECONDS",
    "Ambiguous",
    "Body",
    "LineClient",
    "LineError",
    "Refused",
    "Result",
    "Sent",
    "line_client",
]

MENU_USERS = 500  # people of one call


class LineClient(LineTransport):
    """LINE's Messaging API for one channel."""

    basic_id: str | None = None  # the bot's own @id, once LINE has told it
    user_id: str | None = None  # the bot's own user id: the destination of its webhooks
    has_inbox = False  # 聊天 is on: people may read and answer in LINE's own inbox

    # Sending

    def reply(self, token: str, body: bytes) -> Result:
        """Answer with a reply token. `body`: JSON of messages and options, without the token.

        When LINE refuses a quote token, the messages are sent without quoting.
        """
        result = self._send("/v2/bot/message/reply", _addressed("replyToken", token, body))
        if isinstance(result, Refused) and result.status == 400 and "quotetoken" in result.message.lower():
            return self._send("/v2/bot/message/reply", _addressed("replyToken", token, _unquoted(body)))
        return result

    def push(self, to: str, body: bytes, retry_key: str) -> Result:
        """Send to a user, group or room. The same key with an equal `body` is carried out once within 24 hours."""
        return self._send("/v2/bot/message/push", _addressed("to", to, body), retry_key)

    def loading(self, user: str, seconds: int = 20) -> Result:
        """Show the loading animation; one to one only, 5 to 60 seconds in steps of five."""
        return self._send("/v2/bot/chat/loading/start", as_json({"chatId": user, "loadingSeconds": seconds}))

    def leave(self, group: str) -> Result:
        """Leave a group (C...) or room (R...)."""
        kind = "room" if group.startswith("R") else "group"
        return self._send(f"/v2/bot/{kind}/{quote(group, safe='')}/leave", as_json({}))

    def mark_read(self, token: str) -> Result:
        """Mark as read up to the message that came with this markAsReadToken."""
        return self._send("/v2/bot/chat/markAsRead", as_json({"markAsReadToken": token}))

    # Asking; each raises LineError

    def quota(self) -> int | None:
        """Return how many messages may be pushed this month; None: no limit."""
        found = self._ask("/v2/bot/message/quota")
        return int(found["value"]) if found.get("type") == "limited" else None

    def consumption(self) -> int:
        """Return how many messages were pushed this month, by LINE's approximate count."""
        return int(self._ask("/v2/bot/message/quota/consumption").get("totalUsage", 0))

    def followers(self, day: date) -> tuple[int, int] | None:
        """Return (accounts that ever added the bot, those of them that block it) at the end of a day of LINE's; None: not counted yet."""
        found = self._ask(f"/v2/bot/insight/followers?date={day:%Y%m%d}")
        is_told = found.get("status") == "ready" and found.get("followers") is not None
        return (int(found["followers"]), int(found.get("blocks") or 0)) if is_told else None

    def member_count(self, group: str) -> int:
        """Return how many members a group (C...) or room (R...) has, without the bot."""
        kind = "room" if group.startswith("R") else "group"
        return int(self._ask(f"/v2/bot/{kind}/{quote(group, safe='')}/members/count").get("count", 0))

    def profile(self, user: str, group: str | None = None) -> Body:
        """Return displayName, pictureUrl, language of a friend, or of a group's member."""
        where = f"group/{quote(group, safe='')}/member" if group else "profile"
        return self._ask(f"/v2/bot/{where}/{quote(user, safe='')}")

    def learn_about_itself(self) -> None:
        """Learn the bot's own ids, without which answers lack the link that opens the one-to-one chat, and whether 聊天 is on."""
        try:
            info = self.bot_info()
        except LineError as error:
            log.warning("own_id_not_read", status=error.status)
            return
        self.basic_id, self.user_id = info.get("basicId"), info.get("userId")
        self.has_inbox = info.get("chatMode") == "chat"

    def bot_info(self) -> Body:
        """Return userId, basicId, displayName, chatMode, markAsReadMode of the bot itself."""
        return self._ask("/v2/bot/info")

    def clock(self) -> float | None:
        """Return LINE's time in epoch seconds, by the header of an answer; None where it tells none. Raises LineError."""
        with self._expecting_an_answer():
            answer = self._open("GET", self.base, "/v2/bot/info")
        told = parsedate_to_datetime(answer.headers["Date"]) if "Date" in answer.headers else None
        return told.timestamp() if told else None

    def webhook(self) -> Body:
        """Return the webhook's endpoint and active, as the console has them."""
        return self._ask("/v2/bot/channel/webhook/endpoint")

    def test_webhook(self, endpoint: str | None = None) -> Body:
        """Have LINE call the webhook; return success, statusCode, reason, detail."""
        return self._change("/v2/bot/channel/webhook/test", "POST", {"endpoint": endpoint} if endpoint else {})

    def set_webhook(self, endpoint: str) -> None:
        """Set the webhook's address."""
        self._change("/v2/bot/channel/webhook/endpoint", "PUT", {"endpoint": endpoint})

    def menus(self) -> list[Body]:
        """Return the rich menus of the channel."""
        return list(self._ask("/v2/bot/richmenu/list").get("richmenus", []))

    def create_menu(self, menu: Body, picture: bytes) -> str:
        """Create a rich menu with its picture (PNG), and return its id. Nobody sees it yet."""
        menu_id = str(self._change("/v2/bot/richmenu", "POST", menu)["richMenuId"])
        path = f"/v2/bot/richmenu/{quote(menu_id, safe='')}/content"
        with self._expecting_an_answer():
            answer = self._open("POST", self.media, path, body=picture, headers={"Content-Type": "image/png"})
        if answer.status != 200:
            raise LineError(answer.status, reason_in(answer.data))
        return menu_id

    def set_menu_alias(self, alias: str, menu_id: str) -> None:
        """Let an alias lead to this menu, whether or not it was there before."""
        try:
            self._change("/v2/bot/richmenu/alias", "POST", {"richMenuAliasId": alias, "richMenuId": menu_id})
        except LineError as error:
            if error.status not in (400, 409):
                raise
            self._change(f"/v2/bot/richmenu/alias/{quote(alias, safe='')}", "POST", {"richMenuId": menu_id})

    def show_menu_to_all(self, menu_id: str) -> None:
        """Show this menu to everybody who has none of their own."""
        self._change(f"/v2/bot/user/all/richmenu/{quote(menu_id, safe='')}", "POST", {})

    def menu_aliases(self) -> dict[str, str]:
        """Return the id of the menu to which each alias leads."""
        listed = self._ask("/v2/bot/richmenu/alias/list").get("aliases", [])
        return {str(one["richMenuAliasId"]): str(one["richMenuId"]) for one in listed}

    def show_own_menus(self, menu_id: str, users: Sequence[str]) -> None:
        """Show these people a menu of their own."""
        self._to_many("/v2/bot/richmenu/bulk/link", users, {"richMenuId": menu_id})

    def hide_own_menus(self, users: Sequence[str]) -> None:
        """Show these people the menu of everybody again."""
        self._to_many("/v2/bot/richmenu/bulk/unlink", users, {})

    def delete_menu(self, menu_id: str) -> None:
        self._change(f"/v2/bot/richmenu/{quote(menu_id, safe='')}", "DELETE")

    def content(self, message: str, limit: int) -> bytes:
        """Return the file that was sent as `message`. Raises LineError when it is larger than `limit` bytes."""
        path = f"/v2/bot/message/{quote(message, safe='')}/content"
        with self._expecting_an_answer():
            response = self._open("GET", self.media, path, preload_content=False)  # measured while it is read
            data: bytes = response.read(limit + 1)
            response.close()
        if response.status != 200:
            raise LineError(response.status, reason_in(data))
        if len(data) > limit:
            raise LineError(413, f"larger than {limit} bytes")
        return data

    def _to_many(self, path: str, users: Sequence[str], body: Body) -> None:
        """Post a body for these people, as many in a call as LINE takes. Raises LineError."""
        for first in range(0, len(users), MENU_USERS):
            result = self._send(path, as_json({**body, "userIds": users[first : first + MENU_USERS]}))
            if not isinstance(result, Sent):
                raise LineError(result.status if isinstance(result, Refused) else 0, str(result))


def line_client(settings: Settings) -> LineClient:
    """Make the client of the settings' channel, with their long-lived token; without one, with short-lived ones."""
    if settings.line_channel_access_token:
        return LineClient(settings.line_api_base, settings.line_channel_access_token)
    secret = next(iter(settings.channel_secrets), "")
    return LineClient(settings.line_api_base, StatelessToken(settings.line_api_base, settings.line_channel_id, secret))


def _addressed(name: str, value: str, body: bytes) -> bytes:
    """Return a frozen body with its address in front."""
    return b"{%s: %s, %s" % (json.dumps(name).encode(), json.dumps(value).encode(), body[1:])


def _unquoted(body: bytes) -> bytes:
    """Return a frozen body with messages that quote nothing: the message they would quote is gone."""
    frozen = json_object(body)
    kept = [{key: value for key, value in one.items() if key != "quoteToken"} for one in frozen.get("messages", [])]
    return as_json({**frozen, "messages": kept})
