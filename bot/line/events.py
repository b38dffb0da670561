"""The webhook's envelope, read tolerantly: each event on its own, whatever its neighbours look like."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.identity import Chat, Place

_UNFIT = re.compile("[\0\ud800-\udfff]")  # for a database: NUL and lone surrogates

ID_LENGTH = 128  # longer than any id or token of LINE's that we look things up by


@dataclass(frozen=True, slots=True)
class UserMention:
    """Someone named with @ in a text; `start` and `length` count UTF-16 code units, as LINE does."""

    start: int
    length: int
    is_bot: bool


@dataclass(frozen=True, slots=True)
class LineEvent:
    """One event of a webhook call. `kind` is the message's type for a message, else the event's."""

    id: str  # webhookEventId
    kind: str  # text, file, sticker, ..., postback, follow, unfollow, join, leave, unsend, ...
    chat: Chat
    user: str | None = None
    said_at: float = 0.0  # epoch seconds, by LINE's clock
    active: bool = True  # False in standby: somebody else answers
    reply_token: str | None = None
    text: str = ""  # the typed text, or a button's command
    message: str | None = None  # LINE's id of the message, also of one that was unsent or edited
    quote_token: str | None = None  # for quoting this message in our answer
    read_token: str | None = None  # for marking this message as read, and all before it
    quoted: str | None = None  # LINE's id of the message that this one quotes
    mentions: tuple[UserMention, ...] = ()
    file_name: str | None = None
    edited: bool = False
    is_redelivery: bool = False  # LINE was not told that it was taken the first time

    @property
    def ordering_key(self) -> str:
        """The lane of one person in one chat, whose asks are handled in order, one at a time."""
        return f"{self.chat.id}/{self.user or ''}"


@dataclass(frozen=True, slots=True)
class MalformedEvent:
    """A signed body, or one event of it, that does not have the shape of LINE's webhooks."""

    reason: str
    raw: bytes


def read(body: bytes, own_id: str | None = None) -> list[LineEvent | MalformedEvent]:
    """Read the events of one webhook call in their order; whatever cannot be read has a MalformedEvent in its place.

    A call for another bot than `own_id` is one MalformedEvent.
    """
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError) as error:
        return [MalformedEvent(f"not JSON: {type(error).__name__}", body)]
    events = envelope.get("events") if isinstance(envelope, dict) else None
    if not isinstance(events, list):
        return [MalformedEvent("no list of events", body)]
    if own_id and envelope.get("destination", own_id) != own_id:
        return [MalformedEvent("for another bot", body)]
    return [_event(raw) for raw in events]


def _event(raw: Any) -> LineEvent | MalformedEvent:
    if not isinstance(raw, dict):
        return MalformedEvent("an event that is no object", _json(raw))
    kind, chat = _string(raw, "type"), _chat(_object(raw, "source"))
    if not kind or chat is None:
        return MalformedEvent("an event without type or source", _json(raw))
    message = _object(raw, "message")
    edited = kind == "messageEdited"
    return LineEvent(
        id=_id(raw, "webhookEventId") or _fingerprint(raw),
        kind=_string(message, "type") if edited or kind == "message" else _kind(kind, raw),
        chat=chat,
        user=_id(_object(raw, "source"), "userId"),
        said_at=_seconds(raw.get("timestamp")),
        active=raw.get("mode", "active") == "active",
        reply_token=_string(raw, "replyToken") or None,
        text=_typed(message) or _pressed(_object(raw, "postback")),
        message=_id(message, "id") or _id(_object(raw, "unsend"), "messageId"),
        quote_token=_string(message, "quoteToken") or None,
        read_token=_string(message, "markAsReadToken") or None,
        quoted=_id(message, "quotedMessageId"),
        mentions=tuple(_mentions(_object(message, "mention").get("mentionees"))),
        file_name=_string(message, "fileName") or None,
        edited=edited,
        is_redelivery=_object(raw, "deliveryContext").get("isRedelivery") is True,
    )


def _kind(kind: str, raw: dict[str, Any]) -> str:
    """Return an event's kind; a pressed tab of the rich menu has one of its own, for it says nothing."""
    return "richmenuswitch" if "newRichMenuAliasId" in _object(_object(raw, "postback"), "params") else kind


def _pressed(postback: dict[str, Any]) -> str:
    """Return a button's command, with the time or date that was chosen behind it: 「每日 08:30」."""
    params = _object(postback, "params")
    chosen = next((found for mode in ("datetime", "date", "time") if (found := _string(params, mode))), "")
    return f"{_string(postback, 'data')} {chosen.replace('T', ' ')}".strip()


def _chat(source: dict[str, Any]) -> Chat | None:
    for field, place in (("groupId", Place.GROUP), ("roomId", Place.GROUP), ("userId", Place.PERSON)):
        if found := _id(source, field):
            return Chat(found, place)
    return None


def _typed(message: dict[str, Any]) -> str:
    """Return the text with spaces in place of LINE's own emoji, so that every other offset stays as it was."""
    units = _string(message, "text").encode("utf-16-le")
    for start, length in _ranges(message.get("emojis")):
        end = min(2 * (start + length), len(units))
        units = units[: 2 * start] + " ".encode("utf-16-le") * ((end - 2 * start) // 2) + units[end:]
    return units.decode("utf-16-le", "replace")


def _ranges(marked: Any) -> Iterator[tuple[int, int]]:
    """Yield (index, length) of each mark in a text, as far as it makes sense."""
    for one in marked if isinstance(marked, list) else ():
        start, length = (one.get("index"), one.get("length")) if isinstance(one, dict) else (None, None)
        if isinstance(start, int) and isinstance(length, int) and start >= 0 and length > 0:
            yield start, length


def _mentions(mentionees: Any) -> Iterator[UserMention]:
    for mentionee in mentionees if isinstance(mentionees, list) else ():
        for start, length in _ranges([mentionee]):
            yield UserMention(start, length, mentionee.get("isSelf") is True)


def _object(raw: dict[str, Any], field: str) -> dict[str, Any]:
    value = raw.get(field)
    return value if isinstance(value, dict) else {}


def _string(raw: dict[str, Any], field: str) -> str:
    """Return the field's text, fit for any database; each replaced character keeps its length of one UTF-16 unit."""
    value = raw.get(field)
    if not isinstance(value, str):
        return ""
    return _UNFIT.sub("\ufffd", value)


def _id(raw: dict[str, Any], field: str) -> str | None:
    value = _string(raw, field)
    return value if 0 < len(value) <= ID_LENGTH else None


def _seconds(timestamp: Any) -> float:
    is_plausible = isinstance(timestamp, int | float) and 0 <= timestamp < 1e14
    return timestamp / 1000 if is_plausible else 0.0


def _fingerprint(raw: dict[str, Any]) -> str:
    """Make an id for an event that came without one: equal for the same event delivered again."""
    lasting = {key: value for key, value in raw.items() if key != "deliveryContext"}
    return hashlib.sha256(_json(lasting)).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
