"""The command that a text calls: exact words first, then patterns, then small slips, then a search."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.language.pinyin import syllables
from handlers.ask import Ask
from handlers.command import Command
from handlers.identity import Role
from handlers.routing.typed_text import AFTER_WORD, ends_there, is_slip, tidy, verbatim_rest
from handlers.text.bot_words import SHORTEST_CLAUSE, clause_topic, is_english
from handlers.text.decorations import IsWord, no_word, undecorated, without_closer, without_courtesy
from handlers.text.numbering import names_essay, pointed
from handlers.text.small_talk_words import is_chatter
from handlers.text.word_order import command_first

_LONGEST_COMMAND = 40  # a longer text is no interruption, whatever it begins with

APART = re.compile(r"[\s,、。!?~]+")
_MATTERS = re.compile("[不別沒無誰哪幾怎]|什麼|為何|多少")  # a refusal, a question

UNDOING = ("取消", "復原", "undo", "cancel")


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A command with what was typed behind its word."""

    command: Command
    rest: str  # what follows the command word
    whole: str = ""  # the whole text, where the word is joined to what follows

    @property
    def said(self) -> str:
        """The call as a person could type it."""
        return f"{self.command.words[0]} {self.rest}".strip() if self.command.words else self.rest


class CommandParser:
    """All commands, in the order in which they are tried; those `on_essays` begin with the number of one.

    `is_word` tells whether the dictionary holds a word: the last letter of such a word is no particle.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        otherwise: Command,
        on_essays: Sequence[Command] = (),
        is_word: IsWord = no_word,
    ) -> None:
        self.commands = tuple(commands)
        self.otherwise = otherwise
        self.on_essays = tuple(on_essays)
        self.is_word = is_word
        self._words = sorted(
            ((word.lower(), command) for command in commands for word in command.words),
            key=lambda pair: (-len(pair[0]), not pair[1].editors_only),
        )
        self._of_letter = defaultdict[str, list[tuple[str, Command]]](list)
        for pair in self._words:
            self._of_letter[pair[0][0]].append(pair)
        self._sounding = defaultdict[tuple[str, ...], list[int]](list)
        self._spellings = [word for word, _ in self._words]
        for place, word in enumerate(self._spellings):
            self._sounding[syllables(word)].append(place)

    def is_in_english(self, ask: Ask) -> bool:
        """Tell whether an ask is a sentence of Latin words or begins with an English command word; a code or a name is neither."""
        text = tidy(ask.text)
        if ask.pressed or not text.isascii():
            return False
        return is_english(text) or text.split(" ")[0].lower() in self._spellings

    def plain(self, text: str) -> str:
        """Return the typed text tidied, without what means nothing."""
        return undecorated(tidy(text), self.is_word)

    def call(self, ask: Ask) -> ParsedCommand:
        """Return the command that a text calls; a search when it calls none."""
        text = tidy(ask.text)
        plain = text if ask.pressed else self.plain(ask.text)
        if ask.session.undo and not ask.pressed and plain.lower() in UNDOING:
            return self.call(ask.with_text(ask.session.undo))
        if ask.is_free_text:
            return self._recognised(ask, plain, text) or ParsedCommand(self.otherwise, plain)
        return (
            self._match_pending(ask, plain)
            or self._match_button(ask, plain)
            or self.commanded(ask, plain)
            or self._match_asked_for(ask, plain)
            or self._match_reordered(ask, plain)
            or self._match_reordered(ask, text)
            or self._match_amid_talk(ask, plain)
            or self._recognised(ask, plain, text)
            or self._match_polite(ask, plain)
            or self._match_typo(ask, plain)
            or ParsedCommand(self.otherwise, plain)
        )

    def _match_pending(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return the command that waits for its rest, completed by free text as it was typed; None where none waits."""
        if not ask.session.pending or ask.pressed or ask.chat.is_group or not text:
            return None
        waiting = self.exact(ask.session.pending)
        if waiting is None or ask.role < waiting.command.role or self._interrupts(ask, text, waiting.command):
            return None
        return ParsedCommand(waiting.command, f"{waiting.rest} {ask.text}".strip())

    def _match_button(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return the command of a button of the last answer, typed as it is labelled; 收藏 alone stays what it means alone."""
        says = None if ask.pressed else dict(ask.session.offered).get(text.lower())
        meant, typed = (self.exact(says), self.exact(text)) if says else (None, None)
        if says is None or (meant and typed and not typed.rest and meant.command is typed.command):
            return None
        return self.call(replace(ask, text=says, pressed=True))

    def _interrupts(self, ask: Ask, text: str, waiting: Command) -> bool:
        """Tell whether a short line calls a command of editors, or of the waiting one's role; others' words (今天, 最新) may be the rest."""
        if "\n" in ask.text.strip() or len(text) > _LONGEST_COMMAND:
            return False
        call = self.commanded(ask, text)
        return call is not None and (call.command.editors_only or call.command.role >= waiting.role)

    def commanded(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return the command whose word a text begins with, with the rest as that command reads it."""
        call = self.exact(text, ask.role)
        if call is None:
            return None
        if call.rest.lower() in call.command.words:  # 最新 最新
            call = replace(call, rest="")
        if call.command.raw_rest:
            typed = verbatim_rest(ask.text, call.command.words)
            call = replace(call, rest=call.rest if typed is None else typed)
        elif call.command is not self.otherwise:  # a search reads the whole question
            call = replace(call, rest=without_closer(call.rest))
        if call.command in self.on_essays and not ask.pressed:  # a button's number is the essay's own
            call = replace(call, rest=pointed(call.rest, ask.session.essays, ask.session.essay))
        return call

    def _match_asked_for(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return a whole command behind a polite opener: 「請訂閱」 is no talk about subscribing."""
        asked = without_courtesy(text)
        call = self.commanded(ask.with_text(asked), asked) if asked != text else None
        return call if call is not None and not call.whole else None

    def _match_amid_talk(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return a command with talk set apart around it, which neither refuses nor asks: 「好了 說明」, 「最新,我想看」, 「太吵了 退訂散熱」."""
        parts = [part for part in APART.split(text) if part]
        if len(parts) < 2:
            return None
        is_chat = [is_chatter(part) and not _MATTERS.search(part) for part in parts]
        if call := self._within(ask, text, parts, is_chat):
            return call
        is_talk = [said or clause_topic(part) is not None for part, said in zip(parts, is_chat, strict=True)]
        if not all(is_talk):
            return self._within(ask, text, parts, is_talk)
        calls = (self._called(ask, part, text) for part in reversed(parts) if len(part) >= SHORTEST_CLAUSE)
        return next((call for call in calls if call and not call.command.is_talk), None)

    def _within(self, ask: Ask, text: str, parts: Sequence[str], is_talk: Sequence[bool]) -> ParsedCommand | None:
        """Return the command that a text calls without the talk at its ends; None where there is none, or nothing else."""
        if not any(is_talk) or all(is_talk):
            return None
        first, last = is_talk.index(False), len(parts) - is_talk[::-1].index(False)
        said = text[text.index(parts[first]) : text.rindex(parts[last - 1]) + len(parts[last - 1])]
        return self._called(ask, said, text) if said != text else None

    def _called(self, ask: Ask, said: str, text: str) -> ParsedCommand | None:
        """Return the command that a part of a text calls; the whole is still free text where the command knows nothing of its rest."""
        call = (
            self.commanded(ask.with_text(said), said) or self._match_reordered(ask, said) or self._recognised(ask, said)
        )
        return replace(call, whole=text) if call is not None and call.whole else call

    def _match_polite(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return a command behind a polite opener: 「我要訂閱散熱」, 「請幫我退訂」. The whole is still free text where it is none."""
        asked = without_courtesy(text)
        if asked == text:
            return None
        call = self.commanded(ask.with_text(asked), asked) or self._recognised(ask, asked)
        return replace(call, whole=text) if call is not None and call.whole else call

    def _match_reordered(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return a command whose word stands behind its object; the whole is still free text where the command knows nothing of it."""
        ordered = command_first(without_courtesy(text))
        call = self.commanded(ask.with_text(ordered), ordered) if ordered else None
        return replace(call, whole="" if names_essay(call.rest) else text) if call else None

    def exact(self, text: str, role: Role = Role.OWNER) -> ParsedCommand | None:
        """Return the command whose word the text starts with, the longest first; below an editor's role the words of editing are ordinary."""
        lowered = text.lower()
        tokens = lowered.split(" ")
        starts = {"".join(tokens[:count]): count for count in range(2, 4)}  # 「forget me」 for forgetme
        for word, command in self._of_letter.get(lowered.lstrip()[:1], ()):
            if command.editors_only and role < Role.EDITOR:
                continue
            if word in starts and not command.raw_rest:
                return ParsedCommand(command, " ".join(text.split(" ")[starts[word] :]))
            if lowered.startswith(word) and ends_there(text, word, command):
                rest = text[len(word) :]
                whole = text if rest[:1] not in AFTER_WORD else ""
                return ParsedCommand(command, rest.strip(AFTER_WORD).removeprefix("一下").strip(AFTER_WORD), whole)
        return None

    def _recognised(self, ask: Ask, *forms: str) -> ParsedCommand | None:
        """Return the first command whose pattern one of the forms of a text fits: without decorations, and as typed."""
        asks = [ask.with_text(text) for text in dict.fromkeys(forms)]
        for command in self.commands:
            for asked in asks:
                if command.recognise is not None and command.recognise(asked):
                    return ParsedCommand(command, asked.text)
        return None

    def _match_typo(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Return the command whose word is one slip away: 「定閱 散熱」, "hlep". Only a word of its own, and never a short one."""
        head, _, rest = text.partition(" ")
        head = head.lower()
        near = process.extract(head, self._spellings, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None)
        for place in sorted({*(place for _, _, place in near), *self._sounding.get(syllables(head), ())}):
            word, command = self._words[place]
            if is_slip(head, word) and not command.hidden and command.role <= ask.role:
                return ParsedCommand(command, rest.strip())
        return None
