"""草稿, 刪除草稿: essays on their way into the archive."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, Button, text_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft, DraftStage
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import find_draft, find_to_change, show
from handlers.identity import Role
from handlers.text.paging import split_page
from handlers.text.when import spoken_moment
from handlers.verb import Verb

LISTED = 10


def drafts(ask: Ask, context: Context) -> Answer:
    """Show a draft, 草稿 3, or list them: an editor's own; a moderator sees everybody's."""
    text, page = split_page(ask.text)
    if text:
        found = find_draft(ask, context)
        return found if isinstance(found, Answer) else show(found.draft, ask, context)
    everybody = ask.role >= Role.MODERATOR
    known = context.club.drafts.alive(None if everybody else ask.user, page * LISTED + 1)
    listed = known[(page - 1) * LISTED : page * LISTED]
    if not listed:
        return text_answer("沒有草稿。" if page == 1 else "沒有更多草稿了。", Button("發文", Verb.POST))
    rows = tuple((f"{draft.id} {draft.title}", _stage(draft, ask, context)) for draft in listed)
    buttons = tuple(Button(f"草稿 {draft.id}", Verb.DRAFTS.of(draft.id)) for draft in listed)
    more = (Button("下一頁", Verb.DRAFTS.of(f"第{page + 1}頁")),) if known[page * LISTED :] else ()
    session = None if ask.session.pending else Session(Verb.DRAFTS, page)
    title = "草稿" if page == 1 else f"草稿，第 {page} 頁"
    return replace(text_answer(title, *more, *buttons), rows=rows, session=session)


def drop(ask: Ask, context: Context) -> Answer:
    """Drop a draft, and call off a time that was set for it: 刪除草稿 3."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    if (plan := context.club.plans.of_draft(found.draft.id)) is not None:
        context.club.plans.end(plan, "cancelled")
    context.club.drafts.keep(replace(found.draft, stage=DraftStage.DROPPED), ask.at)
    context.club.audit.note(ask.user or "", "drop", f"draft:{found.draft.id}", ask.at, found.draft.title)
    return text_answer(f"草稿 {found.draft.id} 刪掉了。", Button("發文", Verb.POST), session=Session())


def _stage(draft: Draft, ask: Ask, context: Context) -> str:
    mine = "" if draft.user == ask.user else "別人的，"
    if draft.stage is DraftStage.OPEN:
        return f"{mine}還在貼，{len(draft.pieces)} 則"
    plan = context.club.plans.of_draft(draft.id)
    when = f"，{spoken_moment(plan.due_at.astimezone(ask.at.tzinfo))} 發布" if plan else ""
    step = "，送審" if draft.is_submitted else "，退回" if draft.returned_for else ""
    return f"{mine}{len(draft.essays)} 篇{when}{step}"


DRAFTS = editing_command((Verb.DRAFTS, "drafts"), "草稿", "還沒發布的草稿", drafts)
DROP = editing_command((Verb.DROP, "drop"), "刪除草稿 3", "把草稿刪掉，不發了", drop)
