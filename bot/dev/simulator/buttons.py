"""Find what can be pressed in a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.dev.simulator.chats import ChatBubble


def actions(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every action object within a message, in reading order."""
    if isinstance(part, list):
        for item in part:
            yield from actions(item)
    if isinstance(part, dict):
        if isinstance(part.get("action"), dict):
            yield part["action"]
        for key, value in part.items():
            if key != "action":
                yield from actions(value)


def labelled(label: str, bubbles: Iterable[ChatBubble]) -> dict[str, Any]:
    """Return the action with this label in the first of these bubbles that has one. Errors: LookupError."""
    for bubble in bubbles:
        for action in actions(bubble.content):
            if action.get("label") == label:
                return action
    raise LookupError(f"no button 「{label}」 in this chat")
