"""預覽 公開, 會員, 群組: a draft exactly as a guest, a member or a group would see it."""

from __future__ import annotations

from dataclasses import replace

from corpus.essay import Audience, Essay
from handlers.answer import Answer, Button, EssayCard, Outcome, error_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import find_draft, may_publish
from handlers.identity import Place
from handlers.reading.cards import essay_card
from handlers.verb import Verb

VIEWS = {
    "公開": (Audience.GUEST, Place.PERSON),
    "會員": (Audience.EDITOR, Place.PERSON),  # a reader who may read it whole
    "群組": (Audience.GUEST, Place.GROUP),
}
MOST_CARDS = 3


def preview(ask: Ask, context: Context) -> Answer:
    """Show the cards of a draft, made by the same gate and the same code as any answer's."""
    found = find_draft(ask, context)
    if isinstance(found, Answer):
        return found
    view = found.rest or "公開"
    if view not in VIEWS or not found.draft.essays:
        return error_answer(
            "預覽要有完成的草稿，可以看：公開、會員、群組。", Button("看草稿", Verb.DRAFTS.of(found.draft.id))
        )
    audience, place = VIEWS[view]
    seen = replace(context, library=context.library.as_seen_by(audience))
    chosen = found.draft.essays if found.place is None else (found.draft.essays[found.place],)
    return Answer(
        Outcome.ANSWER,
        cards=tuple(draft_card(essay, seen) for essay in chosen[: 1 if place is Place.GROUP else MOST_CARDS]),
        buttons=_other_views(found.draft, view, may_publish(found.draft, ask, context)),
        session=Session(Verb.DRAFTS.of(found.draft.id)),
        shown_as=place,
    )


def draft_card(essay: Essay, context: Context) -> EssayCard:
    """Return the card of an essay that has no number in the archive yet: without buttons to keep or open it."""
    card = essay_card(context, context.library.as_visible(essay))
    themes = () if card.locked else tuple(t.name for t in context.library.analyse(essay).themes)
    return replace(card, essay=replace(card.essay, id=0), tags=themes[:3], buttons=())


def _other_views(draft: Draft, view: str, may_release: bool) -> tuple[Button, ...]:
    others = tuple(Button(f"看{other}", Verb.PREVIEW.of(f"{draft.id} {other}")) for other in VIEWS if other != view)
    release = (Button("發布", Verb.PUBLISH.of(draft.id)),) if may_release else ()
    return (*others, *release, Button("回草稿", Verb.DRAFTS.of(draft.id)))


COMMAND = editing_command((Verb.PREVIEW, "preview"), "預覽 公開", "草稿在訪客、會員、群組眼中的樣子", preview)
