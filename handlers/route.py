"""From what was typed to the handler that answers it: exact words first, then patterns, then small slips, then a search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from corpus.pinyin import syllables
from corpus.text import narrow
from handlers.ask import SILENCE, Answer, Ask, Button, Command, Role, refused, said
from handlers.house import House

REPEAT_SECONDS = 600
STEPS = 3  # a follow-up stands for a command, which may stand for another

_SPACES = re.compile(r"\s+")
_SIGNS = "!/"
_AFTER_WORD = " :,"  # `tidy` has made them narrow
_LONGEST_COMMAND = 40  # a longer text is no interruption, whatever it begins with

NOT_YOURS = "這個功能要有權限的人才能用。"
NOT_QUITE = "這要版主或擁有者才能做,請他們接手;草稿都會留著。"


@dataclass(frozen=True, slots=True)
class Call:
    command: Command
    rest: str  # what follows the command word

    @property
    def said(self) -> str:
        """The call as a person could type it."""
        return f"{self.command.words[0]} {self.rest}".strip() if self.command.words else self.rest


class Router:
    """All commands of the house, in the order in which they are tried."""

    def __init__(self, commands: Sequence[Command], otherwise: Command) -> None:
        self.commands = tuple(commands)
        self.otherwise = otherwise
        self._words = sorted(
            ((word.lower(), command) for command in commands for word in command.words),
            key=lambda pair: -len(pair[0]),
        )

    def answer(self, ask: Ask, house: House) -> Answer:
        """What to say to an Ask; follow-ups are resolved to the commands they stand for."""
        for _ in range(STEPS):
            call = self.call(ask)
            if (stop := self._stopped(call, ask, house)) is not None:
                return stop
            answer = call.command.run(ask.saying(call.rest), house)
            if isinstance(answer, Answer):
                return answer if _may_still(call.command, ask, house) else refused(NOT_YOURS)
            ask = answer
        return SILENCE

    def call(self, ask: Ask) -> Call:
        """The command that a text calls; a search when it calls none."""
        text = tidy(ask.text)
        return (
            self._continued(ask, text)
            or self._commanded(ask, text)
            or self._recognised(ask, text)
            or self._slipped(ask, text)
            or Call(self.otherwise, text)
        )

    def _continued(self, ask: Ask, text: str) -> Call | None:
        """Free text in the middle of a conversation in steps, untouched, as the rest of the command that waits for it."""
        if not ask.session.pending or ask.pressed or ask.chat.is_group:
            return None
        waiting = self.exact(ask.session.pending)
        if waiting is None or ask.role < waiting.command.role or self._interrupts(ask, text, waiting.command):
            return None
        return Call(waiting.command, f"{waiting.rest} {ask.text}".strip())

    def _interrupts(self, ask: Ask, text: str, waiting: Command) -> bool:
        """A short line with a command of the same desk; other people's words (今天, 最新) may well be what was asked for."""
        if "\n" in ask.text.strip() or len(text) > _LONGEST_COMMAND:
            return False
        call = self._commanded(ask, text)
        return call is not None and call.command.role >= waiting.role

    def _commanded(self, ask: Ask, text: str) -> Call | None:
        call = self.exact(text)
        if call is None or (call.command.reserved and ask.role < Role.EDITOR):
            return None
        return Call(call.command, _verbatim(ask.text, call)) if call.command.verbatim else call

    def exact(self, text: str) -> Call | None:
        """The command whose word the text starts with; the longest word wins."""
        lowered = text.lower()
        for word, command in self._words:
            if lowered.startswith(word) and _ends_there(text, word, command):
                return Call(command, text[len(word) :].strip(_AFTER_WORD))
        return None

    def _recognised(self, ask: Ask, text: str) -> Call | None:
        for command in self.commands:
            if command.recognise is not None and command.recognise(ask.saying(text)):
                return Call(command, text)
        return None

    def _slipped(self, ask: Ask, text: str) -> Call | None:
        """A command word one slip away: 「定閱 散熱」, "hlep". Only as a word of its own, and never a short one."""
        head, _, rest = text.partition(" ")
        for word, command in self._words:
            if _is_slip(head.lower(), word) and not command.hidden and command.role <= ask.role:
                return Call(command, rest.strip())
        return None

    def _stopped(self, call: Call, ask: Ask, house: House) -> Answer | None:
        """A repeat, a missing right or the wrong place, in one line."""
        command = call.command
        if ask.chat.is_group and not command.group:
            return said("這個請一對一跟我說。", Button("說明", "說明"))
        if ask.role < command.role:
            return refused(NOT_YOURS if ask.role < Role.EDITOR else NOT_QUITE)
        return self._repeated(call, ask, house) if ask.chat.is_group else None

    def _repeated(self, call: Call, ask: Ask, house: House) -> Answer | None:
        for recent in ask.recent:
            if recent.said == call.said and ask.at.timestamp() - recent.at < REPEAT_SECONDS:
                essay = house.library.essay(recent.essay)
                if essay is not None:
                    return said(f"剛剛答過了,見〈{essay.title}〉 {house.link(essay)}".strip())
        return None


def tidy(text: str) -> str:
    """What was typed, narrow, with single spaces and without a leading `!` or `/`."""
    text = _SPACES.sub(" ", narrow(text)).strip()
    return text[1:].strip() if text[:1] in _SIGNS and len(text) > 1 else text


def _verbatim(raw: str, call: Call) -> str:
    """What follows the command word, as it was typed."""
    start = next((at for at, letter in enumerate(raw) if not letter.isspace() and narrow(letter) not in _SIGNS), 0)
    after = raw[start:]
    word = next(word for word in call.command.words if narrow(after[: len(word)]).lower() == word)
    return after[len(word) :].strip(f"{_AFTER_WORD}\uff1a\uff0c\u3000\n")


def _may_still(command: Command, ask: Ask, house: House) -> bool:
    """Rights of the desk are read once more inside the transaction that acts, when it has acted and not yet committed."""
    if command.role < Role.EDITOR or house.club.people.confirm(ask.user, command.role, ask.at):
        return True
    house.undo()
    return False


def _ends_there(text: str, word: str, command: Command) -> bool:
    rest = text[len(word) :]
    if not rest or rest[0] in _AFTER_WORD:
        return True
    if word.isascii() and word[-1].isalnum():
        return False  # "find" does not begin "finder"
    return not command.alone


@lru_cache(maxsize=4096)
def _is_slip(head: str, word: str) -> bool:
    if head == word or head[:1] == "" or abs(len(head) - len(word)) > 1:
        return False
    if word.isascii():
        return len(word) >= 4 and DamerauLevenshtein.distance(head, word) == 1
    if len(word) >= 3 and DamerauLevenshtein.distance(head, word) == 1:
        return True
    return len(head) == len(word) >= 2 and syllables(head) == syllables(word)
