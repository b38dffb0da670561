"""延伸: the essays to read after an essay."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, Button, Outcome, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import essay_card
from handlers.text.numbering import own_number
from handlers.text.paging import split_essays
from handlers.verb import Verb


def related(ask: Ask, context: Context) -> Answer | Ask:
    """Show related essays of the archive, each with what it shares."""
    number, rest = own_number(ask.text or str(ask.session.essay))
    essay = context.library.essay(number) if number and not rest else None
    if essay is None and not ask.text and (subject := _subject(ask)):
        return ask.with_text(f"{subject} 文章")
    if essay is None:
        return ask.as_free_text or error_answer(
            "要看哪一篇的延伸閱讀？例如「延伸 2」。", Button("最新文章", Verb.LATEST)
        )
    related = context.library.subjects.related(essay)
    cards = tuple(replace(essay_card(context, found, i), why=why) for i, (found, why) in enumerate(related, 1))
    if not cards:
        return text_answer(f"〈{essay.title}〉還沒有相關的文章。", Button("最新文章", Verb.LATEST))
    return Answer(
        Outcome.ANSWER,
        cards=cards[:1] if ask.chat.is_group else cards,
        session=Session(essays=tuple(card.essay.id for card in cards)),
    )


def _subject(ask: Ask) -> str:
    """Return the security or theme that was asked about last, as a command: 「個股 2330」."""
    word, _, name = ask.session.command.partition(" ")
    return f"{word} {split_essays(name)[0]}" if word in (Verb.SECURITY, Verb.THEME) and name else ""


COMMAND = Command(
    words=(Verb.RELATED, "相關文章", "延伸", "related"),
    usage="延伸 2",
    help="一篇文章的延伸閱讀",
    examples=("延伸 1",),
    run=related,
)
