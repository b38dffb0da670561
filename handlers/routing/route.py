"""The way from an Ask to its Answer: the commands that it calls, who may call them, repeats, and what may come next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from handlers.answer import SILENCE, Answer, Button, Link, error_answer, text_answer
from handlers.ask import Ask, RecentAnswer, Session
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.routing.calls import CommandParser, ParsedCommand
from handlers.routing.english import in_english
from handlers.routing.joining import with_joining
from handlers.routing.typed_text import tidy
from handlers.text.bot_words import is_english
from handlers.text.decorations import undecorated
from handlers.text.numbering import beyond
from handlers.text.paging import split_page
from handlers.text.word_order import requests
from handlers.verb import Verb

REPEAT_SECONDS = 600
SUGGESTED = 2  # to a group
MOST_REQUESTS = 4  # of one message
LOOKS = (Verb.READ, Verb.SECURITY, Verb.THEME, Verb.AUTHOR, Verb.FIND, Verb.NEITHER)
STEPS = 4  # a follow-up stands for a command, which may stand for another

NOT_YOURS = "這個功能要有權限的人才能用。"
NOT_QUITE = "這要版主或擁有者才能做，請他們接手；草稿都會留著。"


class Router(CommandParser):
    """Runs the command that a text calls, and keeps what its answer offers for the next line."""

    def answer(self, ask: Ask, context: Context) -> Answer:
        """Answer an Ask; follow-ups are resolved to the commands they stand for."""
        ask = replace(ask, in_english=self.is_in_english(ask))
        typed = self.plain(ask.text)
        if (parts := self._requests(ask)) and (together := self._each(parts, ask, context)):
            return together
        for _ in range(STEPS):
            call = self.call(ask)
            if (stop := self._stopped(call, ask, context)) is not None:
                return stop
            free = ask.is_free_text or call == ParsedCommand(self.otherwise, typed)  # 「找 …」 was not typed
            answer = call.command.run(replace(ask, text=call.rest, full_text=call.whole, is_free_text=free), context)
            if isinstance(answer, Answer):
                return self._finished(answer, call, ask, context)
            ask = answer
        return SILENCE

    def _requests(self, ask: Ask) -> list[str]:
        """Return the parts of a message that holds several commands and nothing else; none of any other."""
        parts = [] if ask.pressed or ask.session.pending else requests(ask.text)
        if not 1 < len(parts) <= MOST_REQUESTS:
            return []
        calls = [self.commanded(ask, self.plain(part)) for part in parts]
        are_ours = all(call and not call.command.raw_rest and call.command.role < Role.EDITOR for call in calls)
        return parts if are_ours else []

    def _each(self, parts: Sequence[str], ask: Ask, context: Context) -> Answer | None:
        """Answer each request, all in one answer; return None, with nothing done, where two of them have something to show."""
        answers = [self.answer(ask.with_text(part), context) for part in parts]
        shown = [one for one in answers if one.cards or one.ticker or one.digest or one.rows or one.choices]
        if len(shown) > 1:
            context.undo()
            return None
        base = shown[0] if shown else answers[-1]
        buttons = dict.fromkeys(button for one in answers for button in one.buttons)
        return replace(base, text="\n".join(one.text for one in answers if one.text), buttons=tuple(buttons))

    def _beyond_list(self, call: ParsedCommand, ask: Ask) -> Answer | None:
        """Return the error for a command on essays that names a place beyond the list just shown; else None."""
        if ask.pressed or call.command not in self.on_essays or not beyond(call.rest, ask.session.essays):
            return None
        return error_answer(
            f"剛才只有 {len(ask.session.essays)} 篇。別的文章用編號，例如「{call.command.words[0]} #24」。"
        )

    def _stopped(self, call: ParsedCommand, ask: Ask, context: Context) -> Answer | None:
        """Return one line for the wrong chat, a missing right, a place beyond the list or a repeat; None where the command may run."""
        command = call.command
        if ask.chat.is_group and not command.group:
            return text_answer("這個請一對一跟我說。", Button("說明", Verb.HELP))
        if ask.role < command.role:
            return error_answer(NOT_YOURS if ask.role < Role.EDITOR else NOT_QUITE)
        if (missing := self._beyond_list(call, ask)) is not None:
            return missing
        return self._repeated(call, ask, context) if ask.chat.is_group else None

    def _repeated(self, call: ParsedCommand, ask: Ask, context: Context) -> Answer | None:
        """Return one line for what was answered here a moment ago, with a session to go on from; None for anything new."""
        told = next((recent for recent in _told_lately(ask) if recent.said == call.said), None)
        return self._pointed_to(told, ask, context) if told else None

    def _passage_told(self, answer: Answer, call: ParsedCommand, ask: Ask) -> RecentAnswer | None:
        """Return the recent answer that quoted the very passage which a search has found again, by other words."""
        if not (ask.chat.is_group and call.command is self.otherwise and answer.cards and answer.cards[0].snippets):
            return None
        place = (answer.cards[0].essay.id, answer.cards[0].snippets[0].paragraph)
        return next((recent for recent in _told_lately(ask) if (recent.essay, recent.paragraph) == place), None)

    def _pointed_to(self, told: RecentAnswer, ask: Ask, context: Context) -> Answer | None:
        essay = context.library.essay(told.essay)
        if essay is None:
            return None
        line = f"剛剛答過了，見〈{essay.title}〉 {context.link(essay, told.paragraph)}"
        return text_answer(line.strip(), session=Session(*split_page(told.said), essays=(essay.id,)))

    def _finished(self, answer: Answer, call: ParsedCommand, ask: Ask, context: Context) -> Answer:
        """Complete an answer: rights checked again, joining, English and the next session; a group is offered what works in groups."""
        if not _may_still(call.command, ask, context):
            return error_answer(NOT_YOURS)
        if (told := self._passage_told(answer, call, ask)) is not None:
            return self._pointed_to(told, ask, context) or answer
        answer = with_joining(answer, ask, context)
        is_question = is_english(split_page(call.rest)[0])
        answer = in_english(answer, is_question=is_question) if is_question or ask.in_english else answer
        shown = self._for_group(answer) if ask.chat.is_group else answer
        return replace(shown, command=call.said, session=self._next_session(shown, ask))

    def _next_session(self, answer: Answer, ask: Ask) -> Session | None:
        """Return the session that the next line refers to: the list, choices and buttons of this answer; None where it stays as it was.

        Only what was done last can be taken back in a word. A line that failed keeps the list, but for choices that do
        something: 「第三個」 after other words pauses nothing.
        """
        old, session = ask.session, answer.session or ask.session
        choices = tuple(choice.says for choice in answer.choices) or tuple(takewhile(_only_shows, session.choices))
        quoted = _quoted(answer) or session.passages
        new = replace(session, undo=answer.undo, choices=choices, offered=_offered(answer), passages=quoted)
        if answer.session is not None and session.command != old.command:
            new = replace(new, before=old.command)
        return None if answer.session is None and new == old else new

    def _for_group(self, answer: Answer) -> Answer:
        ticker, digest = answer.ticker, answer.digest
        choices = tuple(one for one in answer.choices if self._is_for_group(one.says) and not one.fills)
        return replace(
            answer,
            choices=choices[:SUGGESTED] if answer.suggests else choices,
            cards=tuple(replace(card, buttons=self._public(card.buttons)) for card in answer.cards),
            ticker=replace(ticker, buttons=self._public(ticker.buttons)) if ticker else None,
            digest=replace(digest, buttons=self._public(digest.buttons)) if digest else None,
            buttons=() if answer.suggests else self._public(answer.buttons),
        )

    def _public(self, buttons: Sequence[Button | Link]) -> tuple[Button | Link, ...]:
        """Return the buttons without those that would be answered one to one only, or are one person's own affair, as a keyboard is."""
        return tuple(b for b in buttons if isinstance(b, Link) or (self._is_for_group(b.says) and not b.fills))

    def _is_for_group(self, says: str) -> bool:
        call = self.exact(says)
        return call is None or (call.command.group and not call.command.personal)


@lru_cache(maxsize=2_000)
def _as_typed(label: str) -> str:
    return undecorated(tidy(label)).lower()


def _offered(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Return the labels of the answer's buttons and choices, as they would be typed, each with what it says."""
    parts = (answer, answer.ticker, answer.digest, *answer.cards[:1])
    buttons = [button for part in parts if part is not None for button in part.buttons if isinstance(button, Button)]
    offered = [(button.label, button.says) for button in buttons if not button.picks] + [
        (one.label, one.says) for one in answer.choices
    ]
    return tuple((_as_typed(label), says) for label, says in reversed(offered))


def _only_shows(says: str) -> bool:
    return says.partition(" ")[0] in LOOKS


def _quoted(answer: Answer) -> tuple[tuple[int, int], ...]:
    """Return (essay, paragraph) of each passage that the answer shows."""
    shown = [(card.essay.id, one.paragraph) for card in answer.cards for one in card.snippets[:1]]
    parts = (answer.ticker, answer.digest)
    return tuple(shown + [(one.essay.id, one.paragraph) for part in parts if part for one in part.quotes])


def _told_lately(ask: Ask) -> list[RecentAnswer]:
    return [recent for recent in ask.recent if ask.at.timestamp() - recent.at < REPEAT_SECONDS]


def _may_still(command: Command, ask: Ask, context: Context) -> bool:
    """Tell whether the asker still has an editing role, read inside the transaction that acts; undo what was done where not."""
    if command.role < Role.EDITOR or context.club.people.still_has_role(ask.user, command.role, ask.at):
        return True
    context.undo()
    return False
