"""From what was typed to the handler that answers it: exact words first, then patterns, then small slips, then a search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.language.pinyin import syllables
from handlers.answer import SILENCE, Answer, Button, Link, error_answer, text_answer
from handlers.ask import Ask, RecentAnswer, Session
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.routing.english import in_english
from handlers.routing.joining import with_joining
from handlers.routing.typed_text import AFTER_WORD, ends_there, is_slip, tidy, verbatim_rest
from handlers.text.bot_words import is_english
from handlers.text.decorations import IsWord, no_word, undecorated, without_closer, without_courtesy
from handlers.text.numbering import beyond, pointed
from handlers.text.paging import split_page
from handlers.text.word_order import command_first, requests
from handlers.verb import Verb

REPEAT_SECONDS = 600
MOST_REQUESTS = 4  # of one message
STEPS = 4  # a follow-up stands for a command, which may stand for another

_LONGEST_COMMAND = 40  # a longer text is no interruption, whatever it begins with

UNDOING = ("取消", "復原", "undo", "cancel")

NOT_YOURS = "這個功能要有權限的人才能用。"
NOT_QUITE = "這要版主或擁有者才能做，請他們接手；草稿都會留著。"


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    command: Command
    rest: str  # what follows the command word
    whole: str = ""  # all of it, where the word stands right before other letters

    @property
    def said(self) -> str:
        """The call as a person could type it."""
        return f"{self.command.words[0]} {self.rest}".strip() if self.command.words else self.rest


class Router:
    """All commands, in the order in which they are tried; those `on_essays` begin with the number of one.

    `is_word` tells what the dictionary holds: a particle that ends a word is none.
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

    def answer(self, ask: Ask, context: Context) -> Answer:
        """What to say to an Ask; follow-ups are resolved to the commands they stand for."""
        ask = replace(ask, in_english=self._is_in_english(ask))
        if (parts := self._requests(ask)) and (together := self._each(parts, ask, context)):
            return together
        for _ in range(STEPS):
            call = self.call(ask)
            if (stop := self._stopped(call, ask, context)) is not None:
                return stop
            free = ask.is_free_text or call == ParsedCommand(self.otherwise, self.plain(ask.text))
            answer = call.command.run(replace(ask, text=call.rest, full_text=call.whole, is_free_text=free), context)
            if isinstance(answer, Answer):
                return self._finished(answer, call, ask, context)
            ask = answer
        return SILENCE

    def _requests(self, ask: Ask) -> list[str]:
        """The commands of a message that holds several and nothing else; none of any other."""
        parts = [] if ask.pressed or ask.session.pending else requests(ask.text)
        if not 1 < len(parts) <= MOST_REQUESTS:
            return []
        calls = [self._commanded(ask, self.plain(part)) for part in parts]
        are_ours = all(call and not call.command.raw_rest and call.command.role < Role.EDITOR for call in calls)
        return parts if are_ours else []

    def _each(self, parts: Sequence[str], ask: Ask, context: Context) -> Answer | None:
        """What is said to each request, in one answer; None, and nothing done, where two of them have something to show."""
        answers = [self.answer(ask.with_text(part), context) for part in parts]
        shown = [one for one in answers if one.cards or one.ticker or one.digest or one.rows or one.choices]
        if len(shown) > 1:
            context.undo()
            return None
        base = shown[0] if shown else answers[-1]
        buttons = dict.fromkeys(button for one in answers for button in one.buttons)
        return replace(base, text="\n".join(one.text for one in answers if one.text), buttons=tuple(buttons))

    def _is_in_english(self, ask: Ask) -> bool:
        """A sentence of Latin words, or one of our English command words: a code or a name alone is neither."""
        text = tidy(ask.text)
        if ask.pressed or not text.isascii():
            return False
        return is_english(text) or text.split(" ")[0].lower() in self._spellings

    def plain(self, text: str) -> str:
        """What was typed, tidied, without what means nothing."""
        return undecorated(tidy(text), self.is_word)

    def call(self, ask: Ask) -> ParsedCommand:
        """The command that a text calls; a search when it calls none."""
        text = tidy(ask.text)
        plain = text if ask.pressed else self.plain(ask.text)
        if ask.session.undo and not ask.pressed and plain.lower() in UNDOING:
            return self.call(ask.with_text(ask.session.undo))
        if ask.is_free_text:
            return self._recognised(ask, plain, text) or ParsedCommand(self.otherwise, plain)
        return (
            self._match_pending(ask, plain)
            or self._match_button(ask, plain)
            or self._commanded(ask, plain)
            or self._match_asked_for(ask, plain)
            or self._match_reordered(ask, plain)
            or self._recognised(ask, plain, text)
            or self._match_polite(ask, plain)
            or self._match_typo(ask, plain)
            or ParsedCommand(self.otherwise, plain)
        )

    def _match_pending(self, ask: Ask, text: str) -> ParsedCommand | None:
        """Free text in the middle of a conversation in steps, untouched, as the rest of the command that waits for it."""
        if not ask.session.pending or ask.pressed or ask.chat.is_group or not text:
            return None
        waiting = self.exact(ask.session.pending)
        if waiting is None or ask.role < waiting.command.role or self._interrupts(ask, text, waiting.command):
            return None
        return ParsedCommand(waiting.command, f"{waiting.rest} {ask.text}".strip())

    def _match_button(self, ask: Ask, text: str) -> ParsedCommand | None:
        """The command of a button of the last answer, typed as it is labelled; 收藏 alone stays what it means alone."""
        says = None if ask.pressed else dict(ask.session.offered).get(text.lower())
        meant, typed = (self.exact(says), self.exact(text)) if says else (None, None)
        if says is None or (meant and typed and not typed.rest and meant.command is typed.command):
            return None
        return self.call(replace(ask, text=says, pressed=True))

    def _interrupts(self, ask: Ask, text: str, waiting: Command) -> bool:
        """A short line with a command of the same kind; other people's words (今天, 最新) may well be what was asked for."""
        if "\n" in ask.text.strip() or len(text) > _LONGEST_COMMAND:
            return False
        call = self._commanded(ask, text)
        return call is not None and (call.command.editors_only or call.command.role >= waiting.role)

    def _commanded(self, ask: Ask, text: str) -> ParsedCommand | None:
        call = self.exact(text, ask.role)
        if call is None:
            return None
        if call.command.raw_rest:
            typed = verbatim_rest(ask.text, call.command.words)
            call = replace(call, rest=call.rest if typed is None else typed)
        elif call.command is not self.otherwise:  # a search reads the whole question
            call = replace(call, rest=without_closer(call.rest))
        if call.command in self.on_essays and not ask.pressed:  # a button's number is the essay's own
            call = replace(call, rest=pointed(call.rest, ask.session.essays, ask.session.essay))
        return call

    def _match_asked_for(self, ask: Ask, text: str) -> ParsedCommand | None:
        """A whole command behind a polite opener: 「請訂閱」 is no talk about subscribing."""
        asked = without_courtesy(text)
        call = self._commanded(ask.with_text(asked), asked) if asked != text else None
        return call if call is not None and not call.whole else None

    def _match_polite(self, ask: Ask, text: str) -> ParsedCommand | None:
        """A command behind a polite opener: 「我要訂閱散熱」, 「請幫我退訂」. The whole is still free text where it is none."""
        asked = without_courtesy(text)
        if asked == text:
            return None
        call = self._commanded(ask.with_text(asked), asked) or self._recognised(ask, asked)
        return replace(call, whole=text) if call is not None and call.whole else call

    def _match_reordered(self, ask: Ask, text: str) -> ParsedCommand | None:
        """A command whose word stands behind what it is about; the whole is still free text where the command knows nothing of it."""
        ordered = command_first(without_courtesy(text))
        call = self._commanded(ask.with_text(ordered), ordered) if ordered else None
        return replace(call, whole=text) if call else None

    def exact(self, text: str, role: Role = Role.OWNER) -> ParsedCommand | None:
        """The command whose word the text starts with; the longest word wins. To others the words of editing are ordinary ones."""
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
        """The first command whose pattern one of the forms of a text fits: without decorations, and as typed."""
        asks = [ask.with_text(text) for text in dict.fromkeys(forms)]
        for command in self.commands:
            for asked in asks:
                if command.recognise is not None and command.recognise(asked):
                    return ParsedCommand(command, asked.text)
        return None

    def _match_typo(self, ask: Ask, text: str) -> ParsedCommand | None:
        """A command word one slip away: 「定閱 散熱」, "hlep". Only as a word of its own, and never a short one."""
        head, _, rest = text.partition(" ")
        head = head.lower()
        near = process.extract(head, self._spellings, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None)
        for place in sorted({*(place for _, _, place in near), *self._sounding.get(syllables(head), ())}):
            word, command = self._words[place]
            if is_slip(head, word) and not command.hidden and command.role <= ask.role:
                return ParsedCommand(command, rest.strip())
        return None

    def _beyond_list(self, call: ParsedCommand, ask: Ask) -> Answer | None:
        """A place that the list just shown does not have, for a command on essays."""
        if ask.pressed or call.command not in self.on_essays or not beyond(call.rest, ask.session.essays):
            return None
        return error_answer(
            f"剛才只有 {len(ask.session.essays)} 篇。別的文章用編號，例如「{call.command.words[0]} #24」。"
        )

    def _stopped(self, call: ParsedCommand, ask: Ask, context: Context) -> Answer | None:
        """A repeat, a missing right or the wrong place, in one line."""
        command = call.command
        if ask.chat.is_group and not command.group:
            return text_answer("這個請一對一跟我說。", Button("說明", Verb.HELP))
        if ask.role < command.role:
            return error_answer(NOT_YOURS if ask.role < Role.EDITOR else NOT_QUITE)
        if (missing := self._beyond_list(call, ask)) is not None:
            return missing
        return self._repeated(call, ask, context) if ask.chat.is_group else None

    def _repeated(self, call: ParsedCommand, ask: Ask, context: Context) -> Answer | None:
        """One line for what was answered here a moment ago; whoever asked again may go on from there."""
        told = next((recent for recent in _told_lately(ask) if recent.said == call.said), None)
        return self._pointed_to(told, ask, context) if told else None

    def _passage_told(self, answer: Answer, call: ParsedCommand, ask: Ask) -> RecentAnswer | None:
        """The answer of a moment ago that quoted the very passage which a search has found again, by other words."""
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
        """The answer with the command that it answers; to a group it offers what works in groups."""
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
        """What the next line may refer to: the list, the choices and the buttons of this answer; None: as it was.

        Only what was done last can be taken back in a word. A line that failed keeps the list.
        """
        old, session = ask.session, answer.session or ask.session
        choices = tuple(choice.says for choice in answer.choices) or session.choices
        quoted = _quoted(answer) or session.passages
        new = replace(session, undo=answer.undo, choices=choices, offered=_offered(answer), passages=quoted)
        if answer.session is not None and session.command != old.command:
            new = replace(new, before=old.command)
        return None if answer.session is None and new == old else new

    def _for_group(self, answer: Answer) -> Answer:
        ticker, digest = answer.ticker, answer.digest
        return replace(
            answer,
            cards=tuple(replace(card, buttons=self._public(card.buttons)) for card in answer.cards),
            ticker=replace(ticker, buttons=self._public(ticker.buttons)) if ticker else None,
            digest=replace(digest, buttons=self._public(digest.buttons)) if digest else None,
            buttons=self._public(answer.buttons),
        )

    def _public(self, buttons: Sequence[Button | Link]) -> tuple[Button | Link, ...]:
        """The buttons without those that would be answered one to one only, or are one person's own affair."""
        called = [(button, self.exact(button.says) if isinstance(button, Button) else None) for button in buttons]
        offered = tuple(b for b, call in called if call is None or (call.command.group and not call.command.personal))
        return tuple(b for b in offered if isinstance(b, Link) or not b.fills)  # a keyboard is one person's


@lru_cache(maxsize=2_000)
def _as_typed(label: str) -> str:
    return undecorated(tidy(label)).lower()


def _offered(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The labels of the answer's buttons, as they would be typed, and what each says."""
    parts = (answer, answer.ticker, answer.digest, *answer.cards[:1])
    buttons = [button for part in parts if part is not None for button in part.buttons if isinstance(button, Button)]
    offered = [(button.label, button.says) for button in buttons if not button.picks] + [
        (one.label, one.says) for one in answer.choices
    ]
    return tuple((_as_typed(label), says) for label, says in reversed(offered))


def _quoted(answer: Answer) -> tuple[tuple[int, int], ...]:
    """(essay, paragraph) of each passage that the answer shows."""
    shown = [(card.essay.id, one.paragraph) for card in answer.cards for one in card.snippets[:1]]
    parts = (answer.ticker, answer.digest)
    return tuple(shown + [(one.essay.id, one.paragraph) for part in parts if part for one in part.quotes])


def _told_lately(ask: Ask) -> list[RecentAnswer]:
    return [recent for recent in ask.recent if ask.at.timestamp() - recent.at < REPEAT_SECONDS]


def _may_still(command: Command, ask: Ask, context: Context) -> bool:
    """Editing rights are read once more inside the transaction that acts, when it has acted and not yet committed."""
    if command.role < Role.EDITOR or context.club.people.still_has_role(ask.user, command.role, ask.at):
        return True
    context.undo()
    return False
