"""An essay before it is out: its card as LINE draws it and its page, through the same gate as any reader's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.messages import messages
from bot.web.admin.request import AdminRequest
from bot.web.reader import ReaderView
from corpus.essay import Audience, Essay
from handlers.answer import Answer, Outcome
from handlers.identity import Chat, Place
from handlers.reading.cards import essay_card

EYES = {
    "guest": (Audience.GUEST, Place.PERSON, "訪客"),
    "member": (Audience.EDITOR, Place.PERSON, "看得到全文的會員"),
    "group": (Audience.GUEST, Place.GROUP, "群組"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """An essay as some reader would see it: `card` is a Flex container as JSON; `told` is what a notification shows of it."""

    card: str
    told: str
    view: ReaderView


def preview(essay: Essay, eyes: str, visit: AdminRequest) -> Preview:
    """Show the essay as `eyes` (a key of EYES; a guest for any other) would see it."""
    audience, place, _ = EYES.get(eyes, EYES["guest"])
    library = visit.library.as_seen_by(audience)
    seen = library.as_visible(essay)
    card = essay_card(replace(visit.context, library=library), seen)
    themes = () if card.locked else tuple(theme.name for theme in library.analyse(essay).themes)
    (drawn,) = messages(
        Answer(Outcome.ANSWER, cards=(replace(card, tags=themes[:3], buttons=()),)),
        chat=Chat(visit.user, place),
        today=visit.at.date(),
        public_url="",
        reader_link=lambda _essay, _paragraph: "",
        basic_id=None,
    )
    view = ReaderView(seen, not card.locked, visit.at.date())
    return Preview(json.dumps(drawn["contents"], ensure_ascii=False), drawn["altText"], view)
