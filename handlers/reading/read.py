"""讀: one essay, with the passages of it that answer."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answer import Answer, Button, Outcome, error_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import essay_card, hit_card
from handlers.text.numbering import own_number
from handlers.verb import Verb

_NUMBER = re.compile(r"^#\d{1,9}$")
UNKNOWN = "沒有這篇文章，可能已經下架了。"


def read(ask: Ask, context: Context) -> Answer | Ask:
    """Show one essay, as it answers the question it was picked for. The list it was picked from stays the last one."""
    number, question = own_number(ask.text)
    if not number:
        return ask.as_free_text or error_answer(
            "要讀哪一篇？例如「讀 2」是剛才的第 2 篇，「讀 #24」是編號 24。", Button("最新文章", Verb.LATEST)
        )
    essay = context.library.essay(number)
    if essay is None:
        return error_answer(UNKNOWN, Button("最新文章", Verb.LATEST))
    card = essay_card(context, essay)
    if question:
        finding = context.library.search(question, ask.at, limit=20)
        hit = next((hit for hit in finding.hits if hit.essay_id == essay.id), None)
        card = hit_card(context, hit) if hit else card
    return Answer(Outcome.ANSWER, cards=(card,), session=replace(ask.session, opened=essay.id))


def is_number(ask: Ask) -> bool:
    return _NUMBER.match(ask.text) is not None


COMMAND = Command(
    words=(Verb.READ, "打開", "read"),
    usage="讀 2、讀 #24",
    help="打開剛才的第 2 篇，或編號 24 的文章",
    examples=("讀 #1", "讀 1"),
    run=read,
    recognise=is_number,
)
