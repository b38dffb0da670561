"""A draft in hand: found by a command's words, if the asker may have it, kept and shown again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from handlers.answer import Answer, Button, error_answer
from handlers.ask import Ask
from handlers.club.drafts import Draft, DraftStage
from handlers.context import Context
from handlers.editing.draft_review import analyse, next_question, review
from handlers.identity import Role
from handlers.text.changes import Change, changes, listed
from handlers.verb import Verb

NO_DRAFT = "沒有進行中的草稿。"
DRAFT_ENDED = "這份草稿已經發布或刪除了。"
SETTLED = "這份已經排好時間，要改請版主先取消排程。"
SUBMITTED = "這份送審了，要改先打「送審 {draft} 取消」。"
ANOTHERS = "這份是你寫的，要由別人發布：先送審。"
ALONE = "自己核准"  # said after 發布 or 排程 by the only person who could review it

MOST_CHANGES = 12  # places that are shown of a correction

_ADDRESS = re.compile(r"^(?:#?(?P<draft>\d{1,9})(?:-(?P<essay>\d{1,3}))?(?=\s|$)\s*)?(?P<rest>.*)$", re.DOTALL)


class DraftReference(NamedTuple):
    """「3-2 標題 …」: draft 3, its second essay, and the rest of the command."""

    draft: Draft
    place: int | None  # of one essay in the draft; None: all of them
    rest: str


def find_draft(ask: Ask, context: Context) -> DraftReference | Answer:
    """Find the draft that a command names, or the one this person worked on last. An editor finds only their own."""
    match = _ADDRESS.match(ask.text)
    number, essay, rest = match.group("draft", "essay", "rest") if match else (None, None, ask.text)
    user = ask.user or ""
    draft = context.club.drafts.get(int(number)) if number else context.club.drafts.current(user)
    if draft is None or (draft.user != user and ask.role < Role.MODERATOR):
        return error_answer(NO_DRAFT, Button("發文", Verb.POST), Button("草稿清單", Verb.DRAFTS))
    if draft.stage in (DraftStage.PUBLISHED, DraftStage.DROPPED):
        return error_answer(DRAFT_ENDED, Button("發文", Verb.POST), Button("草稿清單", Verb.DRAFTS))
    place = int(essay) - 1 if essay else None
    if place is not None and not 0 <= place < len(draft.essays):
        return error_answer(
            f"草稿 {draft.id} 只有 {len(draft.essays)} 篇。", Button("看草稿", Verb.DRAFTS.of(draft.id))
        )
    return DraftReference(draft, place, rest.strip())


def find_to_change(ask: Ask, context: Context) -> DraftReference | Answer:
    """Find a draft as `find_draft` does, if this person can change it now."""
    found = find_draft(ask, context)
    if isinstance(found, DraftReference) and (words := settled(found.draft, ask, context)):
        return error_answer(words, Button("看草稿", Verb.DRAFTS.of(found.draft.id)))
    return found


def may_publish(draft: Draft | None, ask: Ask, context: Context) -> bool:
    """Tell whether this person may publish a draft (None: a new one of their own).

    Moderators may, and where drafts are reviewed another than the writer, if there is another.
    """
    staff = context.club.people.staff(Role.MODERATOR) if is_unseen(draft, ask, context) else []
    return ask.role >= Role.MODERATOR and not any(user != ask.user for user, _ in staff)


def is_unseen(draft: Draft | None, ask: Ask, context: Context) -> bool:
    """Tell whether drafts are to be seen by somebody else first, and this one's writer asks."""
    return context.reviews and (draft is None or draft.user == ask.user)


def settled(draft: Draft, ask: Ask, context: Context) -> str:
    """Say why this person cannot change a draft now: a change would be published unseen. Empty: they can."""
    if may_publish(draft, ask, context):
        return ""
    if context.club.plans.of_draft(draft.id) is not None:
        return SETTLED
    return SUBMITTED.format(draft=draft.id) if draft.is_submitted else ""


def find_to_publish(ask: Ask, context: Context) -> DraftReference | Answer:
    """Find a draft as `find_draft` does, if it lacks nothing and this person may publish it."""
    found = find_draft(ask, context)
    if isinstance(found, Answer):
        return found
    if not may_publish(found.draft, ask, context):
        return error_answer(ANOTHERS, Button("送審", Verb.SUBMIT.of(found.draft.id)))
    return unready(found.draft, context) or found


def unready(draft: Draft, context: Context) -> Answer | None:
    """Say what is missing before a draft can be published; None: nothing."""
    if not draft.essays or draft.stage is DraftStage.OPEN:
        return error_answer("還沒完成：貼完先打「完成」。", Button("完成", Verb.DONE.of(draft.id)))
    if not draft.visibility_chosen:
        question, buttons = next_question(draft, True, context.club.memberships.plans())
        return error_answer(question, *buttons)
    return None


def keep(draft: Draft, ask: Ask, context: Context, said: str = "") -> Answer:
    """Keep a draft and show it. Its essays are analysed before the write: that takes longer than a write may."""
    studies = [analyse(essay, context) for essay in draft.essays]
    changed = what_changes(draft, context)
    drafts, plans = context.club.drafts, context.club.memberships.plans()
    kept = drafts.keep(draft, ask.at) if draft.id else drafts.begin(draft)
    return _with_changes(review(kept, studies, may_publish(kept, ask, context), plans, said), changed)


def what_changes(draft: Draft, context: Context) -> list[Change]:
    """List each place that a correction changes in the essay as it stands now."""
    known = context.archive_admin.get_any(draft.replaces) if draft.replaces else None
    return changes(known[0], draft.essays[0]) if known is not None and draft.essays else []


def _with_changes(answer: Answer, changed: Sequence[Change]) -> Answer:
    if not changed:
        return answer
    text = f"{answer.text}\n改了 {len(changed)} 處，左邊是原來的："
    return replace(answer, text=text, rows=(*listed(changed, MOST_CHANGES), *answer.rows))


def show(draft: Draft, ask: Ask, context: Context) -> Answer:
    """Show a draft as it stands: its pieces while they are coming, then the essays found in them."""
    if draft.stage is DraftStage.OPEN:
        return review(replace(draft, essays=()), (), may_publish(draft, ask, context))
    studies = [analyse(essay, context) for essay in draft.essays]
    plans = context.club.memberships.plans()
    shown = review(draft, studies, may_publish(draft, ask, context), plans, said=at_work(draft, ask, context))
    return _with_changes(shown, what_changes(draft, context))


def at_work(draft: Draft, ask: Ask, context: Context) -> str:
    """Say who else types in a draft at this moment, in the admin pages; empty where nobody does."""
    names = [
        context.services.name_of(user) for user in context.club.unsaved.at_work(draft.id, ask.at) if user != ask.user
    ]
    return f"{'、'.join(names)}正在後台改這份。" if names else ""
