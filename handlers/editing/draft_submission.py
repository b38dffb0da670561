"""送審, 退回: drafts that another person has the right to publish."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import (
    DraftReference,
    find_draft,
    find_to_change,
    find_to_publish,
    may_publish,
    unready,
)
from handlers.identity import Role
from handlers.verb import Verb

LONGEST_REASON = 300
TAKE_BACK = "取消"
NOT_SUBMITTED = "這份沒有人送審。"


def submit(ask: Ask, context: Context) -> Answer:
    """Submit a draft to the people who may publish it, 送審 3, or take it back to change it, 送審 3 取消."""
    found = find_draft(ask, context)
    if isinstance(found, DraftReference) and found.rest == TAKE_BACK:
        return _take_back(found.draft, ask, context)
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if may_publish(draft, ask, context):
        return error_answer("這份你可以直接發布，不用送審。", Button("發布", Verb.PUBLISH.of(draft.id)))
    if (missing := unready(draft, context)) is not None:
        return missing
    context.club.drafts.keep(replace(draft, submitted_at=ask.at, returned_for=""), ask.at)
    context.club.audit.note(ask.user or "", "submit", f"draft:{draft.id}", ask.at)
    return text_answer(
        f"草稿 {draft.id} 送審了。發布或退回時跟你說；在那之前要改，先取消送審。",
        Button("取消送審", Verb.SUBMIT.of(f"{draft.id} {TAKE_BACK}")),
        session=Session(),
    )


def _take_back(draft: Draft, ask: Ask, context: Context) -> Answer:
    if not draft.is_submitted:
        return error_answer(NOT_SUBMITTED, Button("看草稿", Verb.DRAFTS.of(draft.id)))
    context.club.drafts.keep(replace(draft, submitted_at=None), ask.at)
    return text_answer(f"草稿 {draft.id} 不送審了，可以再改。", Button("看草稿", Verb.DRAFTS.of(draft.id)))


def send_back(ask: Ask, context: Context) -> Answer:
    """Send a submitted draft back to its writer with a reason, 退回 3 理由; without one the next free text is it."""
    found = find_to_publish(ask, context)
    if isinstance(found, Answer):
        return found
    draft, reason = found.draft, " ".join(found.rest.split())[:LONGEST_REASON]
    if not draft.is_submitted:
        return error_answer(NOT_SUBMITTED, Button("看草稿", Verb.DRAFTS.of(draft.id)))
    if not reason:
        question = text_answer("為什麼退回？作者會看到這句話。", Button("先不退", Verb.DRAFTS.of(draft.id)))
        session = Session(command=Verb.DRAFTS.of(draft.id), pending=Verb.SEND_BACK.of(draft.id))
        return replace(question, session=session)
    context.club.drafts.keep(replace(draft, returned_for=reason), ask.at)
    context.club.audit.note(ask.user or "", "return", f"draft:{draft.id}", ask.at, reason)
    return text_answer(f"草稿 {draft.id} 退回了，作者下次說話時會看到理由。", session=Session())


SUBMIT = editing_command((Verb.SUBMIT, "submit"), "送審 3", "請能發布的人審過再發布", submit)
SEND_BACK = editing_command(
    (Verb.SEND_BACK, "sendback"), "退回 3 哪裡要改", "送審的草稿退給作者，附上理由", send_back, Role.MODERATOR
)
