"""怎麼發文, 大家在問什麼, 會員有幾個人: an editor's talk about the work gets the command that does it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.answer import SILENCE, Answer, Button, Choice, Outcome, text_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.talk_model import surest
from handlers.text.work_words import may_speak_of_work, work_topic
from handlers.verb import Verb

WHICH_WORK = "想做的是不是這個？"
MOST_MEANT = 3
_ONLY_SHOW = (Verb.DRAFTS, Verb.GAPS, Verb.QUOTA, Verb.CALENDAR, Verb.EDITORS_WEEK, Verb.NEW_WORDS)
_ASKS_HOW = re.compile("怎麼|如何|是什麼")


class WorkCommands:
    """The commands of editing, as they are offered to one who speaks of the work."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.by_word = {
            one.words[0]: one for one in commands if one.role >= Role.EDITOR and one.words and not one.hidden
        }

    def offer(self, ask: Ask, likely: Sequence[Verb]) -> Answer | Ask:
        """Offer the commands that may be meant, the likeliest first; where that is another's to do, let the command say so."""
        meant = [self.by_word[verb] for verb in likely[:MOST_MEANT]]
        if ask.role < meant[0].role:
            return ask.with_text(likely[0])
        meant = [command for command in meant if ask.role >= command.role]
        choices = tuple(Choice(one.words[0], one.words[0], f"{one.usage}：{one.help}") for one in meant)
        return Answer(Outcome.SAID, text=WHICH_WORK, choices=choices)


def _meant(ask: Ask) -> Verb | None:
    """Return the command that a line surely speaks of."""
    meant = surest(work_topic(ask.text), ask.text, True)
    return meant if isinstance(meant, Verb) else None


def work_command(work: WorkCommands) -> Command:
    """Return the command for an editor's questions about the work: 「大家在問什麼」 is shown, 「怎麼發文」 gets a button."""

    def offer(ask: Ask, context: Context) -> Answer | Ask:
        meant = _meant(ask)
        if meant is None:
            return SILENCE
        command = work.by_word[meant]
        if meant in _ONLY_SHOW and not _ASKS_HOW.search(ask.text):
            return ask.with_text(command.words[0])
        return text_answer(f"{command.usage}：{command.help}。", Button(command.words[0], command.words[0]))

    def is_meant(ask: Ask) -> bool:
        return may_speak_of_work(ask) and _meant(ask) is not None

    return Command(
        (), "怎麼發文", "編輯的指令怎麼用", ("怎麼發文",), offer, Role.EDITOR, hidden=True, recognise=is_meant
    )
