"""Conversations from the command line: typed at a terminal, or read line by line for tests."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import typer

from bot.app import warm
from bot.config import Settings
from bot.dev.local import LocalBot, local_bot, plain
from bot.dev.simulator.people import BOT, group, person
from bot.dev.simulator.webhooks import WebhookDelivery
from corpus.database import UnitOfWork
from corpus.essay import Audience

_LINE = re.compile(r"\s*(?:\[(?P<where>[^\]]+)\]\s*)?(?P<who>[^:：\s]+)\s*[:：]\s?(?P<said>.*)", re.DOTALL)


class ScriptError(ValueError):
    """A line that names nobody, or presses what is not there."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line of one person in one chat: typed text, or a button pressed."""

    who: str
    said: str
    where: str | None = None  # a group's name; None: one to one
    emojis: tuple[tuple[int, int], ...] = ()  # (index, length) of LINE's emoji placeholders, in UTF-16 units
    quotes: bool = False  # whether it quotes the bot's last bubble in that chat
    press: bool = False  # whether `said` is the label of a button


def run_chat(settings: Settings, *, group: bool, user: str) -> None:
    """Let a terminal be one person's phone."""
    _quiet()
    with local_bot(settings) as stage:
        where = next(iter(stage.platform.chats.groups.values())).id if group else user
        _know(stage, user, None)
        typer.echo("直接打字；空行結束。")
        while line := typer.prompt(user, default="", show_default=False):
            for message in stage.wait_for_reply(stage.platform.say(where, user, line)):
                typer.echo(plain(message))


def replies(settings: Settings, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield who, where, said, outcome, messages of each line. Raises ScriptError for a line that cannot be read."""
    _quiet()
    with local_bot(settings) as stage:
        warm(stage.bot)
        with UnitOfWork(stage.bot.engine) as work:
            stage.bot.archive.library(work, Audience.GUEST).wait_for_index()
        for line in lines:
            if line.strip():
                yield _answered(stage, read_line(line.rstrip("\r\n")))


def read_line(line: str) -> ScriptLine:
    """Read 「小安: 說明」, 「[投資群] 美玲: @羅盤 2330」, or a JSON object with the same parts."""
    if line.lstrip().startswith("{"):
        try:
            asked = json.loads(line)
            emojis = tuple((int(index), int(length)) for index, length in asked.get("emojis", ()))
            return ScriptLine(
                str(asked["who"]),
                str(asked["said"]),
                asked.get("where") or None,
                emojis,
                bool(asked.get("quotes")),
                bool(asked.get("press")),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise ScriptError(f"看不懂這一行：{line[:60]}") from error
    found = _LINE.fullmatch(line)
    if found is None:
        raise ScriptError(f"看不懂這一行，例如「小安: 說明」「[投資群] 美玲: @羅盤 2330」：{line[:60]}")
    return ScriptLine(found["who"], found["said"], found["where"])


def _answered(stage: LocalBot, line: ScriptLine) -> dict[str, Any]:
    _know(stage, line.who, line.where)
    delivery = _act(stage, line)
    messages = stage.wait_for_reply(delivery)
    outcome = stage.outcomes.get(delivery.id, "silence")
    return {
        "who": line.who,
        "where": line.where,
        "said": line.said,
        "outcome": str(outcome),
        "messages": list(messages),
    }


def _act(stage: LocalBot, line: ScriptLine) -> WebhookDelivery:
    platform, chat = stage.platform, line.where or line.who
    if line.press:
        try:
            return platform.press(chat, line.who, line.said)
        except (LookupError, ValueError) as error:
            raise ScriptError(f"這裡沒有可以按的「{line.said}」") from error
    quoted = next((bubble.id for bubble in reversed(platform.history(chat)) if bubble.sender is None), None)
    return platform.say(
        chat,
        line.who,
        line.said,
        mention=line.where is not None and f"@{BOT.name}" in line.said,
        quote=quoted if line.quotes else None,
        emojis=line.emojis,
    )


def _know(stage: LocalBot, who: str, where: str | None) -> None:
    """Add people and groups that are not there yet."""
    chats = stage.platform.chats
    try:
        someone = chats.person(who)
    except KeyError:
        someone = person(who)
        chats.add(someone)
    if where is None:
        return
    try:
        known = chats.group(where)
    except KeyError:
        chats.add(group(where, (someone,), size=12))
        return
    if someone.id not in known.members:
        members = [chats.person(member) for member in known.members]
        chats.add(group(where, (*members, someone), size=known.size))


def _quiet() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # each request in a line of its own, amid the conversation
