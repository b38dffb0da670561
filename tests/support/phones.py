"""Stories at the front door: a person types on a simulated phone, and reads what comes back."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from bot.dev.local import LocalBot, plain
from bot.dev.simulator.limits import problems
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.dev.simulator.webhooks import WebhookDelivery
from handlers.commands import router

ROUTER = router()

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Heard:
    """What the bot said to one thing; nothing when it kept silent."""

    messages: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        return "\n".join(plain(message) for message in self.messages)

    @property
    def silent(self) -> bool:
        return not self.messages

    @property
    def actions(self) -> dict[str, dict[str, Any]]:
        """Every button and quick reply by its label."""
        found: dict[str, dict[str, Any]] = {}
        _gather(list(self.messages), found)
        return found

    @property
    def postbacks(self) -> list[str]:
        """What the buttons say to the bot when they are pressed."""
        return [action["data"] for action in self.actions.values() if action["type"] == "postback"]

    def __contains__(self, text: str) -> bool:
        return text in self.text


class Phone:
    """One person in one chat: call it with what they type."""

    def __init__(self, stage: LocalBot, owner: LinePerson, where: LineGroup | None = None) -> None:
        self.stage = stage
        self.owner = owner
        self.where = where

    @property
    def chat_id(self) -> str:
        return self.where.id if self.where else self.owner.id

    def __call__(self, text: str, *, mention: bool = False, quote: str | None = None) -> Heard:
        return self.hear(self.stage.platform.say(self.chat_id, self.owner.id, text, mention=mention, quote=quote))

    def press(self, heard: Heard, label: str) -> Heard:
        """Press the button with this label in what was heard."""
        return self.hear(self.stage.platform.press(self.chat_id, self.owner.id, heard.actions[label]))

    def send(self, name: str, data: bytes) -> Heard:
        return self.hear(self.stage.platform.send_file(self.chat_id, self.owner.id, name, data))

    def hear(self, delivery: WebhookDelivery) -> Heard:
        """Wait until the event is done with: answered, or let go in silence."""
        assert delivery.taken, delivery
        messages = self.stage.wait_for_reply(delivery)
        assert not messages or problems(list(messages)) == []
        heard = Heard(messages)
        assert [said for said in heard.postbacks if ROUTER.exact(said) is None] == [], "a button that is no command"
        return heard


class Cast:
    """New people and groups for every story, so that stories do not disturb one another."""

    def __init__(self, stage: LocalBot) -> None:
        self.stage = stage

    def person(self, name: str = "小安") -> Phone:
        someone = person(f"{name}{next(_numbers)}")
        self.stage.platform.add(someone)
        return Phone(self.stage, someone)

    def group(self, size: int = 12) -> LineGroup:
        members = tuple(person(f"組員{next(_numbers)}") for _ in range(3))
        crowd = group(f"讀書會{next(_numbers)}", members, size=size)
        self.stage.platform.add(*members, crowd)
        self.members = {member.id: member for member in members}
        return crowd

    def in_group(self, where: LineGroup | None = None, which: int = 0) -> Phone:
        where = where or self.group()
        return Phone(self.stage, self.stage.platform.chats.person(sorted(where.members)[which]), where)


def _gather(part: Any, found: dict[str, dict[str, Any]]) -> None:
    if isinstance(part, list):
        for each in part:
            _gather(each, found)
    elif isinstance(part, dict):
        action = part.get("action")
        if isinstance(action, dict) and action.get("label"):
            found.setdefault(action["label"], action)
        for value in part.values():
            _gather(value, found)
