"""Buttons: typed commands as postbacks, links as addresses, in pills inside a bubble or as quick replies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from bot.messages import limits
from bot.messages.flex import ACCENT, TINT, Component, row, stack, text
from handlers.answer import Button, Link
from handlers.identity import Chat

PILLS: Final = 8
SAID_CLUSTERS: Final = 60  # of a label as it is shown when pressed: a button has room for less
ROOM: Final = {1: 18.0, 2: 14.0, 3: 13.8}  # ideographs in a row of one, two or three pills, on a small phone


def action(button: Button | Link, chat: Chat) -> dict[str, Any] | None:
    """Return the LINE action of a button; None when LINE would refuse it: half a command would mean something else.

    One to one the label is shown as what was said. A group is spared the echo.
    """
    words = limits.label(button.label)
    if isinstance(button, Link):
        address = limits.uri(button.url)
        return {"type": "uri", "label": words, "uri": address} if address else None
    says = limits.line(button.says)
    if limits.is_blank(says) or limits.units(says) > limits.DATA:
        return None
    if button.copies:
        fits = limits.units(button.copies) <= limits.CLIPBOARD
        return {"type": "clipboard", "label": words, "clipboardText": button.copies} if fits else None
    if button.picks:
        return {"type": "datetimepicker", "label": words, "data": says, "mode": button.picks}
    pressed = {"type": "postback", "label": words, "data": says}
    if button.fills and not chat.is_group:  # the keyboard of a group would show it to all
        return pressed | {"inputOption": "openKeyboard", "fillInText": limits.shorten(button.fills, limits.DATA)}
    return pressed if chat.is_group else pressed | {"displayText": limits.label(button.label, SAID_CLUSTERS)}


def pills(buttons: Iterable[Button | Link], chat: Chat) -> list[Component]:
    """Draw rows of small buttons, each label once; as many in a row as their labels have room."""
    actions = _actions(buttons, chat)[:PILLS]
    most = 2 if len(actions) in (2, 4) else 3
    rows: list[list[dict[str, Any]]] = []
    for pressed in actions:
        longer = [*(rows[-1] if rows else []), pressed]
        if len(longer) <= most and sum(map(_width, longer)) <= ROOM[len(longer)]:
            rows = [*rows[:-1], longer]
        else:
            rows.append([pressed])
    return [row(_row_of_pills(contents), spacing="sm") for contents in rows]


def _row_of_pills(actions: list[dict[str, Any]]) -> list[Component]:
    """Draw pills of equal width where every label fits, else each as wide as its label asks for."""
    widths = [_width(pressed) for pressed in actions]
    fits = max(widths) <= ROOM[len(actions)] / len(actions)
    return [_pill(pressed, 1 if fits else round(width)) for pressed, width in zip(actions, widths, strict=True)]


def _width(pressed: dict[str, Any]) -> float:
    """Estimate the width of a pill's label, in ideographs; a pill is never narrower than two."""
    return max(2.0, limits.ideographs(pressed["label"]))


def _pill(pressed: dict[str, Any], flex: int) -> Component:
    words = text(pressed["label"], "sm", ACCENT, align="center", weight="bold", wrap=False, adjustMode="shrink-to-fit")
    return stack([words], action=pressed, flex=flex, backgroundColor=TINT, cornerRadius="18px", paddingAll="9px")


def quick_reply(buttons: Iterable[Button | Link], chat: Chat) -> dict[str, Any] | None:
    """Return quick replies for the last message of a one-to-one answer; None without any that fits."""
    items = [{"type": "action", "action": found} for found in _actions(buttons, chat)[: limits.QUICK_REPLIES]]
    return {"items": items} if items else None


def _actions(buttons: Iterable[Button | Link], chat: Chat) -> list[dict[str, Any]]:
    """Return the actions of the buttons that LINE would take; of two with one label the first."""
    found = [pressed for button in buttons if (pressed := action(button, chat)) is not None]
    return list({pressed["label"]: pressed for pressed in reversed(found)}.values())[::-1]


def private_chat_link(basic_id: str | None, label: str, says: str) -> Link | None:
    """Return a link that opens the one-to-one chat with the command filled in; None while the bot's basic id is unknown."""
    if not basic_id:
        return None
    return Link(label, f"https://line.me/R/oaMessage/{quote(basic_id)}/?{quote(limits.line(says))}")
