"""讀: one essay, with the passages of it that answer."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.ask import Answer, Ask, Button, Command, Outcome, Session, refused
from handlers.house import House
from handlers.present import essay_card, hit_card

_ASKED = re.compile(r"^#?(\d{1,9})\s*(.*)$", re.DOTALL)
UNKNOWN = "沒有這篇文章,可能已經下架了。"


def read(ask: Ask, house: House) -> Answer:
    """Essay 12, as it answers the question it was picked for."""
    asked = _ASKED.match(ask.text)
    if asked is None:
        return refused("要讀哪一篇?例如「讀 12」。", Button("最新文章", "最新"))
    essay = house.library.essay(int(asked.group(1)))
    if essay is None:
        return refused(UNKNOWN, Button("最新文章", "最新"))
    card = essay_card(house, essay)
    if question := asked.group(2).strip():
        finding = house.library.search(question, ask.at, limit=20)
        hit = next((hit for hit in finding.hits if hit.essay_id == essay.id), None)
        card = replace(hit_card(house, hit, essay, 1), number=None) if hit else card
    session = replace(ask.session, essays=(essay.id,), choices=()) if ask.session.command else Session()
    return Answer(Outcome.ANSWER, cards=(card,), session=session)


COMMAND = Command(
    words=("讀", "read"),
    usage="讀 12",
    help="打開編號 12 的文章",
    examples=("讀 1",),
    run=read,
    alone=True,
)
