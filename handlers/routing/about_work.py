"""怎麼發文, 大家在問什麼, 會員有幾個人: an editor's talk about the work gets the command that does it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from math import log

from handlers.answer import SILENCE, Answer, Button, Choice, Outcome, text_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.bot_words import OWN_WORD
from handlers.text.empty_words import GRAMMAR
from handlers.text.work_words import LONGEST, WORK_WORDS, refuses, work_topic
from handlers.verb import Verb

WHICH_WORK = "想做的是不是這個？"
MOST_MEANT = 3
LEAST_SHARE = 0.65
LEAST_ALIKE = 7.0  # about one pair of characters that stands at one command only
_ONLY_SHOW = (Verb.DRAFTS, Verb.GAPS, Verb.QUOTA, Verb.CALENDAR, Verb.EDITORS_WEEK, Verb.NEW_WORDS)
_ASKS_HOW = re.compile("怎麼|如何|是什麼")
_EMPTY = frozenset((*GRAMMAR.split(), "個"))
_HAN = re.compile("[㐀-鿿]+")


class WorkCommands:
    """The commands of editing, found by what people say of the work: by its words, else by the pairs shared with a command's help and words."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.by_word = {
            one.words[0]: one for one in commands if one.role >= Role.EDITOR and one.words and not one.hidden
        }
        self._said = {
            word: _pairs(" ".join((*one.words, one.usage, one.help, WORK_WORDS.get(Verb(word), ""))))
            for word, one in self.by_word.items()
        }
        held = Counter(pair for pairs in self._said.values() for pair in pairs)
        self._rarity = {pair: log(len(self._said) / count) for pair, count in held.items()}

    def offer(self, ask: Ask) -> Answer | None:
        """Offer what an editor's line may speak of that asks nothing of the archive; None where it speaks of no work."""
        likely = self._spoken_of(ask.text) if _may_speak_of_work(ask) else []
        return _one_of(likely) if likely else None

    def speaks_of_it(self, text: str) -> bool:
        """Tell whether most of a line is what is said of one command: 「把阿明的權限拿掉」, never 「會員制的商業模式」."""
        likely = self._spoken_of(text) if len(text) <= LONGEST else []
        return bool(likely) and _share(text, self._said[likely[0].words[0]]) >= LEAST_SHARE

    def _spoken_of(self, text: str) -> list[Command]:
        """Return the commands that a line may speak of, the likeliest first; none where it shares too little with any, or refuses."""
        pairs = set() if refuses(text) else _pairs(text)
        scores = {word: sum(map(self._worth, pairs & held)) for word, held in self._said.items()}
        alike = sorted((word for word in scores if scores[word] >= LEAST_ALIKE), key=lambda word: -scores[word])
        return [self.by_word[word] for word in alike[:MOST_MEANT]]

    def _worth(self, pair: str) -> float:
        return self._rarity[pair] * (2.0 if len(pair) == 2 else 0.5)


def _runs(text: str) -> list[str]:
    """Return the Chinese of a text between its empty words: no 個人 of 幾個人; 會員 is read whole, and holds no 會."""
    return _HAN.findall(OWN_WORD.sub(lambda said: " " if said.group() in _EMPTY else said.group(), text))


def _pairs(text: str) -> set[str]:
    """Return the Chinese characters of a text outside its empty words, and the pairs that stand side by side."""
    runs = _runs(text)
    return {run[at : at + size] for run in runs for size in (1, 2) for at in range(len(run) + 1 - size)}


def _share(text: str, held: Collection[str]) -> float:
    """Return the share of a text's characters, outside its empty words, that stand in pairs which are `held`, from 0 to 1."""
    runs = _runs(text)
    covered = sum(
        run[max(at - 1, 0) : at + 1] in held or run[at : at + 2] in held
        for run in runs
        if len(run) > 1
        for at in range(len(run))
    )
    return covered / max(1, sum(map(len, runs)))


def _one_of(likely: Sequence[Command]) -> Answer:
    choices = tuple(Choice(one.words[0], one.words[0], f"{one.usage}：{one.help}") for one in likely)
    return Answer(Outcome.SAID, text=WHICH_WORK, choices=choices)


def _may_speak_of_work(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not ask.chat.is_group


def work_command(work: WorkCommands) -> Command:
    """Return the command for an editor's questions about the work: 「大家在問什麼」 is shown, 「怎麼發文」 gets a button."""

    def offer(ask: Ask, context: Context) -> Answer | Ask:
        meant = work_topic(ask.text)
        if meant is None:
            return work.offer(ask) or SILENCE
        command = work.by_word[meant]
        if meant in _ONLY_SHOW and not _ASKS_HOW.search(ask.text):
            return ask.with_text(command.words[0])
        return text_answer(f"{command.usage}：{command.help}。", Button(command.words[0], command.words[0]))

    def is_meant(ask: Ask) -> bool:
        return _may_speak_of_work(ask) and (work_topic(ask.text) is not None or work.speaks_of_it(ask.text))

    return Command(
        (), "怎麼發文", "編輯的指令怎麼用", ("怎麼發文",), offer, Role.EDITOR, hidden=True, recognise=is_meant
    )
