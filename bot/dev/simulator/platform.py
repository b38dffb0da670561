"""A LINE platform on this machine: people act, the bot's webhook is told, and the bot answers through the API."""

from __future__ import annotations

import mimetypes
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.dev.simulator.buttons import labelled
from bot.dev.simulator.channel import Channel, SendCall
from bot.dev.simulator.chats import ChatBubble, Clock, Key, PlatformChats
from bot.dev.simulator.events import mentionees, source
from bot.dev.simulator.failures import Failure, FailureQueue, Fault
from bot.dev.simulator.people import BOT, GROUPS, PERSONS, LineGroup, LinePerson
from bot.dev.simulator.quota import Quota
from bot.dev.simulator.richmenus import RichMenus
from bot.dev.simulator.webhooks import Callback, WebhookDelivery, WebhookSender


def _now() -> datetime:
    return datetime.now(UTC)


class Platform:
    """Persons, groups and one bot.

    Wherever a `chat`, `user` or `group` is asked for, its id, its name or the value itself will do; a person's own
    id is the one-to-one chat with the bot. Each act of a person returns its WebhookDelivery, after the bot took it or did not.
    """

    def __init__(
        self,
        secret: str,
        token: str,
        callback: str | Callback,
        clock: Clock = _now,
        persons: Iterable[LinePerson] = PERSONS,
        groups: Iterable[LineGroup] = GROUPS,
        monthly_limit: int | None = 200,
        redelivery: Sequence[float] = (),
    ) -> None:
        self.token, self.clock = token, clock
        self.run = secrets.token_hex(4)  # tells an open page that the platform was started anew
        self.chats = PlatformChats(clock, persons, groups)
        self.webhooks = WebhookSender(secret, callback, clock, redelivery)
        self.quota = Quota(monthly_limit)
        self.failures = FailureQueue()
        self.channel = Channel(self.chats, self.webhooks.tokens, self.quota, self.failures)
        self.richmenus = RichMenus()
        self.closed = threading.Event()  # ends the calls that hang and the open pages
        self.has_inbox = False  # 聊天 is on: people read in LINE's own inbox, and nothing is read by itself
        self.standby = False  # another module answers: events come without a reply token
        self.files: dict[str, tuple[str, bytes]] = {}  # by message id: (MIME type, content)
        self.read_tokens: dict[str, str] = {}  # markAsReadToken -> message id

    # Acts of people

    def say(
        self,
        chat: Key,
        user: Key,
        text: str,
        mention: bool = False,
        quote: str | None = None,
        emojis: Sequence[tuple[int, int]] = (),
    ) -> WebhookDelivery:
        """Type a text. `mention` marks 「@羅盤」 in it, put in front where it is missing; other members' @names always are.

        `emojis` are the places (index, length) of LINE's own emoji, whose placeholders such as 「(love)」 stand in the text.
        """
        where = self.chats.id_of(chat)
        if mention and f"@{BOT.name}" not in text:
            text = f"@{BOT.name} {text}"
        content: dict[str, Any] = {"type": "text", "text": text}
        if found := mentionees(self.chats, where, text, mention):
            content["mention"] = {"mentionees": found}
        if emojis:
            content["emojis"] = [{"index": i, "length": n, "productId": "1", "emojiId": "001"} for i, n in emojis]
        return self._message(where, user, content, quote)

    def send_file(self, chat: Key, user: Key, name: str, data: bytes) -> WebhookDelivery:
        """Send a picture or a file, which the bot may fetch from the content API."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind in ("image/jpeg", "image/png"):
            content: dict[str, Any] = {"type": "image", "contentProvider": {"type": "line"}}
        else:
            content = {"type": "file", "fileName": name, "fileSize": len(data)}
        return self._message(self.chats.id_of(chat), user, content, None, (kind, data))

    def send_sticker(self, chat: Key, user: Key) -> WebhookDelivery:
        content = {"type": "sticker", "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}
        return self._message(self.chats.id_of(chat), user, content, None)

    def press(
        self, chat: Key, user: Key, button: str | dict[str, Any], params: dict[str, str] | None = None
    ) -> WebhookDelivery:
        """Press a button: an action object, or the label of the newest one in the chat. Errors: LookupError for no such label,
        ValueError for an action that stays on the phone (links, clipboard)."""
        where = self.chats.id_of(chat)
        action = labelled(button, reversed(self.chats.history(where))) if isinstance(button, str) else button
        if action["type"] == "message":
            return self.say(where, user, action["text"])
        if action["type"] not in ("postback", "datetimepicker"):
            raise ValueError(f"{action['type']}: the bot is not told of it")
        if "text" in action:
            self.say(where, user, action["text"])
        elif "displayText" in action:
            self.chats.write(where, self.chats.id_of(user), {"type": "text", "text": action["displayText"]})
        postback = {"data": action["data"]} | ({"params": params} if params else {})
        return self._event("postback", where, user, postback=postback)

    def unsend(self, message_id: str) -> WebhookDelivery:
        bubble = self.chats.change(message_id, unsent=True, content={})
        self.files.pop(message_id, None)
        return self._event("unsend", bubble.chat, bubble.sender, replies=False, unsend={"messageId": message_id})

    def edit(self, message_id: str, text: str) -> WebhookDelivery:
        """Change an own text in a group: the message keeps its id."""
        old = self.chats.bubble(message_id)
        bubble = self.chats.change(message_id, edited=True, content=old.content | {"text": text})
        message = {"id": bubble.id, "type": "text", "text": text, "quoteToken": bubble.quote_token}
        return self._event("messageEdited", bubble.chat, bubble.sender, message=message)

    def follow(self, user: Key) -> WebhookDelivery:
        """Add the bot as a friend, or unblock it."""
        person = self.chats.id_of(user)
        unblocked = person in self.chats.blocked
        self.chats.befriend(person)
        return self._event("follow", person, person, follow={"isUnblocked": unblocked})

    def unfollow(self, user: Key) -> WebhookDelivery:
        """Block the bot."""
        person = self.chats.id_of(user)
        delivery = self._event("unfollow", person, person, replies=False)
        self.chats.block(person)
        return delivery

    def join(self, group: Key) -> WebhookDelivery:
        """Invite the bot into a group."""
        where = self._set_group(group, joined=True)
        return self._event("join", where, None)

    def leave(self, group: Key) -> WebhookDelivery:
        """Remove the bot from a group, as somebody in it does, or the bot itself."""
        where = self.chats.id_of(group)
        delivery = self._event("leave", where, None, replies=False)
        self._set_group(group, joined=False)
        return delivery

    def member_join(self, group: Key, user: Key) -> WebhookDelivery:
        person = self.chats.id_of(user)
        where = self._set_group(group, members=self.chats.group(group).members | {person})
        return self._event("memberJoined", where, None, joined={"members": [{"type": "user", "userId": person}]})

    def member_leave(self, group: Key, user: Key) -> WebhookDelivery:
        person = self.chats.id_of(user)
        where = self._set_group(group, members=self.chats.group(group).members - {person})
        left = {"members": [{"type": "user", "userId": person}]}
        return self._event("memberLeft", where, None, replies=False, left=left)

    def redeliver(self, event_id: str) -> WebhookDelivery:
        return self.webhooks.redeliver(event_id)

    # LINE's own inbox

    def unread(self, chat: Key) -> list[ChatBubble]:
        """Return the bubbles that LINE's own inbox shows as unread in a chat, oldest first."""
        return [bubble for bubble in self.history(chat) if bubble.sender and not bubble.read and not bubble.unsent]

    # For tests

    def add(self, *newcomers: LinePerson | LineGroup) -> None:
        self.chats.add(*newcomers)

    def history(self, chat: Key) -> list[ChatBubble]:
        return self.chats.history(self.chats.id_of(chat))

    @property
    def calls(self) -> list[SendCall]:
        """Every request that wanted to send, in order."""
        return self.channel.journal

    def drain_calls(self) -> list[SendCall]:
        """Return the calls since the last drain, and keep neither them nor what stood in the chats any longer."""
        with self.chats.changed:
            calls, self.channel.journal = self.channel.journal, []
            self.channel.replies.clear()
            self.chats.clear()
        return calls

    @property
    def deliveries(self) -> list[WebhookDelivery]:
        """Every webhook delivery, in order."""
        return self.webhooks.journal

    def reply_to(self, delivery: WebhookDelivery, timeout: float = 5.0) -> list[dict[str, Any]]:
        """Wait for the messages with which the bot replies to an event, and return them. Errors: TimeoutError."""
        with self.chats.changed:
            if not self.chats.changed.wait_for(lambda: delivery.id in self.channel.replies, timeout):
                raise TimeoutError(f"no reply within {timeout} s to {delivery.event}")
            return [bubble.content for bubble in self.channel.replies[delivery.id]]

    # Failures

    def fail(self, fault: Fault | str, next: int = 1, after_accept: bool = False, on: str | None = None) -> None:
        """Let the next calls fail: those that send, or one kind (`reply`, `push`, `multicast`, `quota`, `profile`, ...).

        `after_accept`: the call does its work, and only its answer is lost.
        """
        self.failures.add(Failure(Fault(fault), after_accept, on), next)

    def slow(self, seconds: float) -> None:
        """Let every call of the bot take this much longer."""
        self.failures.delay = seconds

    def clear_failures(self) -> None:
        """Forget all failures and delays that are still to come."""
        self.failures.clear()

    def close(self) -> None:
        self.closed.set()
        self.chats.touch()

    # Making events

    def _message(
        self, chat: str, user: Key, content: dict[str, Any], quote: str | None, file: tuple[str, bytes] | None = None
    ) -> WebhookDelivery:
        with self.chats.changed:
            bubble = self.chats.write(chat, self.chats.id_of(user), content, quoted=quote)
            if file:
                self.files[bubble.id] = file
            read_token = secrets.token_urlsafe(16)
            self.read_tokens[read_token] = bubble.id
        message = {**content, "id": bubble.id, "markAsReadToken": read_token}
        if content["type"] != "file":
            message["quoteToken"] = bubble.quote_token
        if quote:
            message["quotedMessageId"] = quote
        delivery = self._event("message", chat, user, message=message)
        if delivery.taken and not self.has_inbox:
            self.chats.change(bubble.id, read=True)
        return delivery

    def _event(self, kind: str, chat: str, user: Key | None, replies: bool = True, **content: Any) -> WebhookDelivery:
        if not self.chats.reaches_bot(chat):
            return WebhookDelivery({}, self.clock(), None)
        return self.webhooks.send(kind, source(self.chats, chat, user), self.standby, replies, **content)

    def _set_group(self, group: Key, **state: Any) -> str:
        old = self.chats.group(group)
        self.chats.groups[old.id] = replace(old, **state)
        self.chats.touch()
        return old.id
