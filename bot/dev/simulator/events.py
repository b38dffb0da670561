"""Parts of webhook events that need knowledge of the chat: where it happened, and who was mentioned."""

from __future__ import annotations

import re
from typing import Any

from bot.dev.simulator.chats import Key, PlatformChats
from bot.dev.simulator.fields import utf16_units
from bot.dev.simulator.people import BOT


def source(chats: PlatformChats, chat: str, user: Key | None) -> dict[str, str]:
    """Make LINE's source object; in a group the user id is missing where nobody spoke or LINE withholds it."""
    if chat not in chats.groups:
        return {"type": "user", "userId": chat}
    found = {"type": "group", "groupId": chat}
    if user is not None and not (person := chats.person(user)).hides_id:
        found["userId"] = person.id
    return found


def mentionees(chats: PlatformChats, chat: str, text: str, bot: bool) -> list[dict[str, Any]]:
    """List everybody mentioned in a group's text, in LINE's form: positions in UTF-16 units. `bot`: 「@羅盤」 counts."""
    if chat not in chats.groups:
        return []
    ids = {chats.persons[member].name: member for member in chats.groups[chat].members}
    ids |= {BOT.name: BOT.id} if bot else {}
    names = "|".join(sorted(map(re.escape, [*ids, "All"]), key=len, reverse=True))
    return [_mentionee(match, text, ids) for match in re.finditer(f"@({names})", text)]


def _mentionee(match: re.Match[str], text: str, ids: dict[str, str]) -> dict[str, Any]:
    place = {"index": utf16_units(text[: match.start()]), "length": utf16_units(match[0])}
    if match[1] == "All":
        return {**place, "type": "all"}
    return {**place, "type": "user", "userId": ids[match[1]], "isSelf": match[1] == BOT.name}
