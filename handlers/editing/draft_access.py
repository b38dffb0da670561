"""A draft in hand: found by what was typed, changed, filled with what came in, kept and shown again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from corpus.essay import Essay
from handlers.answer import Answer, Button, refused
from handlers.ask import Ask
from handlers.club.drafts import Draft, Stage, new_draft
from handlers.context import Arrival, House
from handlers.editing.draft_review import study, understood
from handlers.identity import Role

NO_DRAFT = "沒有進行中的草稿。"
DRAFT_ENDED = "這份草稿已經發布或刪除了。"
SETTLED = "這份已經排好時間,要改請版主先取消排程。"

_ADDRESS = re.compile(r"^(?:#?(?P<draft>\d{1,9})(?:-(?P<essay>\d{1,3}))?(?=\s|$)\s*)?(?P<rest>.*)$", re.DOTALL)


class Address(NamedTuple):
    """「3-2 標題 …」: draft 3, its second essay, and the rest of the command."""

    draft: Draft
    place: int | None  # of one essay in the draft; None: all of them
    rest: str


def find_draft(ask: Ask, house: House) -> Address | Answer:
    """The draft that a command names, or the one this person worked on last. An editor has a hand in their own only."""
    match = _ADDRESS.match(ask.text)
    number, essay, rest = match.group("draft", "essay", "rest") if match else (None, None, ask.text)
    user = ask.user or ""
    draft = house.club.drafts.get(int(number)) if number else house.club.drafts.current(user)
    if draft is None or (draft.user != user and ask.role < Role.MODERATOR):
        return refused(NO_DRAFT, Button("發文", "發文"), Button("草稿清單", "草稿"))
    if draft.stage in (Stage.PUBLISHED, Stage.DROPPED):
        return refused(DRAFT_ENDED, Button("發文", "發文"), Button("草稿清單", "草稿"))
    place = int(essay) - 1 if essay else None
    if place is not None and not 0 <= place < len(draft.essays):
        return refused(f"草稿 {draft.id} 只有 {len(draft.essays)} 篇。", Button("看草稿", f"草稿 {draft.id}"))
    return Address(draft, place, rest.strip())


def find_to_change(ask: Ask, house: House) -> Address | Answer:
    """As `find_draft`, for what changes it."""
    found = find_draft(ask, house)
    if isinstance(found, Address) and is_settled(found.draft, ask.role, house):
        return refused(SETTLED, Button("看草稿", f"草稿 {found.draft.id}"))
    return found


def is_settled(draft: Draft, role: Role, house: House) -> bool:
    """Whether a moderator has set its time: an editor's change after that would be published unseen."""
    return role < Role.MODERATOR and house.club.plans.of_draft(draft.id) is not None


def keep(draft: Draft, ask: Ask, house: House, said: str = "") -> Answer:
    """Keep a draft and show it. It is read before it is written: reading takes longer than a write may."""
    studies = [study(essay, house) for essay in draft.essays]
    drafts = house.club.drafts
    return understood(drafts.keep(draft, ask.at) if draft.id else drafts.begin(draft), studies, ask.role, said)


def with_words(essay: Essay, old: str, new: str) -> Essay:
    """The essay with some words changed wherever they stand."""
    blocks = tuple(replace(block, text=block.text.replace(old, new)) for block in essay.blocks)
    lead = essay.lead.replace(old, new) if essay.lead else essay.lead
    return replace(essay, title=essay.title.replace(old, new), blocks=blocks, lead=lead)


def show(draft: Draft, ask: Ask, house: House) -> Answer:
    """A draft as it stands: its pieces while they are coming, then what was understood of them."""
    if draft.stage is Stage.OPEN:
        return understood(replace(draft, essays=()), (), ask.role)
    return understood(draft, [study(essay, house) for essay in draft.essays], ask.role)


def arrive(fetch: Callable[[], Arrival], origin: str, ask: Ask, house: House, draft: Draft | None = None) -> Answer:
    """What comes from outside becomes a draft, or the sentence of whoever refused it."""
    from corpus.intake import IntakeError

    try:
        arrival = fetch()
    except IntakeError as error:
        return refused(str(error), Button("改用貼上的", "發文"))
    draft = replace(draft or new_draft(ask.user or "", ask.at), origin=origin)
    return keep(filled(draft, arrival), ask, house)


def filled(draft: Draft, arrival: Arrival) -> Draft:
    """The draft with the essays that were read. A correction replaces its one essay, and keeps what only the desk knows."""
    essays = arrival.essays
    if draft.replaces is not None and draft.essays:
        essays = (_corrected(draft.essays[0], essays[0]),)
    return replace(draft, essays=essays, walled=arrival.walled, stage=Stage.READY)


def _corrected(before: Essay, after: Essay) -> Essay:
    return replace(
        after,
        id=before.id,
        visibility=before.visibility,
        lead=before.lead,
        published=after.published or before.published,
        author=after.author or before.author,
        source=after.source or before.source,
        url=after.url or before.url,
    )
