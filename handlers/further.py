"""延伸: what to read after an essay."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.ask import Answer, Ask, Button, Command, Outcome, Session, refused, said
from handlers.house import House
from handlers.present import essay_card

_NUMBER = re.compile(r"^#?(\d{1,9})$")


def further(ask: Ask, house: House) -> Answer:
    """Related essays of the archive, each with what it shares."""
    match = _NUMBER.match(ask.text or str(ask.session.essays[0] if ask.session.essays else ""))
    essay = house.library.essay(int(match.group(1))) if match else None
    if essay is None:
        return refused("要看哪一篇的延伸閱讀?例如「延伸 12」。", Button("最新文章", "最新"))
    related = house.library.related(essay)
    cards = tuple(replace(essay_card(house, found, i), why=why) for i, (found, why) in enumerate(related, 1))
    if not cards:
        return said(f"〈{essay.title}〉還沒有相關的文章。", Button("最新文章", "最新"))
    return Answer(
        Outcome.ANSWER,
        cards=cards[:1] if ask.chat.is_group else cards,
        session=Session(f"延伸 {essay.id}", 1, tuple(card.essay.id for card in cards)),
    )


COMMAND = Command(
    words=("延伸閱讀", "延伸", "related"),
    usage="延伸 12",
    help="一篇文章的延伸閱讀",
    examples=("延伸 1",),
    run=further,
)
