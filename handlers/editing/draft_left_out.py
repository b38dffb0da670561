"""沒收進來的, 放回去: the lines of a text that are in none of its essays, and each back at its place."""

from __future__ import annotations

from corpus.intake.extracted import Reason
from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import find_draft, find_to_change, keep
from handlers.editing.draft_review import lines_to_show
from handlers.text.paging import split_page
from handlers.verb import Verb

A_PAGE = 10
LONGEST = 60  # characters of a line as it is listed


def list_left_out(ask: Ask, context: Context) -> Answer:
    """List the left-out lines of a draft, ten at a time, each with its number and its reason: 沒收進來的 3."""
    text, page = split_page(ask.text)
    found = find_draft(ask.with_text(text), context)
    if isinstance(found, Answer):
        return found
    return _listed(found.draft, page)


def put_back(ask: Ask, context: Context) -> Answer:
    """Put line 12 of draft 3 back in its essay: 放回去 3 12."""
    alone = ask.text.strip()
    found = find_to_change(ask.with_text("") if alone.isdigit() else ask, context)
    if isinstance(found, Answer):
        return found
    draft, number = found.draft, alone if alone.isdigit() else found.rest
    if not number.isdigit() or not 1 <= int(number) <= len(draft.left_out) or not draft.essays:
        return error_answer("沒有這一行。", Button("沒收進來的", Verb.LEFT_OUT.of(draft.id)))
    line = draft.left_out[int(number) - 1]
    if line.reason is Reason.BACK:
        return error_answer("這一行已經放回去了。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    return keep(draft.with_line_back(int(number) - 1), ask, context, f"放回去了：「{line.text[:LONGEST]}」。")


def _listed(draft: Draft, page: int) -> Answer:
    lines = lines_to_show(draft)
    shown = lines[(page - 1) * A_PAGE : page * A_PAGE]
    if not shown:
        return text_answer("每一行都收進來了。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    said = [f"{number}. {line.text[:LONGEST]}（{line.reason}）" for number, line in shown]
    more = page * A_PAGE < len(lines)
    return text_answer(
        f"沒收進來的有 {len(lines)} 行：\n" + "\n".join(said) + "\n要收的打「放回去」和號碼。",
        *(Button(f"放回去 {number}", Verb.PUT_BACK.of(f"{draft.id} {number}")) for number, _ in shown),
        *((Button("下一頁", Verb.LEFT_OUT.of(f"{draft.id} 第{page + 1}頁")),) if more else ()),
        Button("看草稿", Verb.DRAFTS.of(draft.id)),
        session=Session(command=Verb.LEFT_OUT.of(draft.id)),
    )


LEFT_OUT = editing_command(
    (Verb.LEFT_OUT, "沒收進來"), "沒收進來的 3", "讀草稿時沒收的每一行，可以放回去", list_left_out
)
PUT_BACK = editing_command((Verb.PUT_BACK,), "放回去 3 12", "沒收的那一行放回原位", put_back, hidden=True)
