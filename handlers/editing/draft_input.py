"""發文, 完成, 繼續: an article pasted in pieces becomes a draft, and is kept with every piece that comes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from handlers.answer import Answer, Button, error_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft, DraftStage, new_draft
from handlers.command import editing_command
from handlers.context import Context, FetchedEssays
from handlers.editing.draft_access import find_draft, find_to_change, keep, show
from handlers.editing.draft_import import addresses_in, import_addresses, with_essays
from handlers.identity import Role
from handlers.verb import Verb

LONG = 200  # characters of a pasted text that is no question
MOST = 200_000  # characters of one draft

_TAKE_OUT = re.compile(r"^(?:#?(?P<draft>\d{1,9})\s+)?(?P<place>\d{1,3})(?:\s+(?P<message>\d+))?$")


def publish_something(ask: Ask, context: Context) -> Answer:
    """Begin a draft, with an address, a pasted text or nothing yet: 發文."""
    if found := addresses_in(ask.text):
        return import_addresses(found, ask, context)
    draft = context.club.drafts.begin(new_draft(ask.user or "", ask.at))
    return _add(draft, ask.text, ask, context) if ask.text else show(draft, ask, context)


def paste(ask: Ask, context: Context) -> Answer:
    """Keep the next piece of a draft as it comes."""
    found = find_draft(ask, context)
    if isinstance(found, Answer):
        return replace(found, session=Session())
    if found.draft.stage is not DraftStage.OPEN:
        return error_answer(
            "這份草稿已經完成了，要重貼請先打「發文」。", Button("看草稿", Verb.DRAFTS.of(found.draft.id))
        )
    if addresses := addresses_in(found.rest):
        empty = None if found.draft.pieces else found.draft
        return import_addresses(addresses, ask, context, empty)
    return _add(found.draft, found.rest, ask, context)


def long_paste(ask: Ask, context: Context) -> Answer:
    """Keep a long text out of the blue as a draft, rather than search for it."""
    current = context.club.drafts.current(ask.user or "")
    if current is None or current.stage is not DraftStage.OPEN:
        current = context.club.drafts.begin(new_draft(ask.user or "", ask.at))
    answer = _add(current, ask.text, ask, context)
    return replace(answer, text=f"這看起來是文章，先收進草稿。{answer.text}")


def done(ask: Ask, context: Context) -> Answer:
    """Read the pasted text, and say what was understood: 完成."""
    found = find_draft(ask, context)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if draft.stage is DraftStage.OPEN:
        arrival = _read(draft.text, ask.at.date())
        if not arrival.essays:
            return replace(
                show(draft, ask, context),
                text=f"草稿 {draft.id} 還讀不出一篇文章：要有標題和至少一段內文。請繼續貼。",
            )
        draft = with_essays(draft, arrival)
    return keep(draft, ask, context)


def resume(ask: Ask, context: Context) -> Answer | Ask:
    """Go on where the last draft was left: 繼續. Without one the word means 「更多」."""
    draft = context.club.drafts.current(ask.user or "")
    if draft is None:
        return ask.with_text(Verb.MORE)
    return show(draft, ask, context)


def paste_again(ask: Ask, context: Context) -> Answer:
    """Empty a draft, so that another text can be pasted: 重貼 3."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    emptied = context.club.drafts.keep(replace(found.draft, pieces=(), messages=(), stage=DraftStage.OPEN), ask.at)
    return show(emptied, ask, context)


def take_out(ask: Ask, context: Context) -> Answer:
    """Take the second piece out of the draft in hand, 拿掉 2, or out of draft 3, 拿掉 3 2. One's own drafts only."""
    match = _TAKE_OUT.match(ask.text)
    found = find_draft(ask.with_text(match["draft"] or "" if match else ""), context)
    if isinstance(found, Answer):
        return found
    draft, place = found.draft, int(match["place"]) if match else 0
    if draft.user != ask.user:
        return error_answer("這是別人的草稿，要拿掉哪一則請他自己來。", Button("草稿清單", Verb.DRAFTS))
    if not 1 <= place <= len(draft.pieces) or draft.stage is not DraftStage.OPEN:
        return error_answer("沒有這一則。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    if match and match["message"] not in (None, *draft.messages[place - 1 : place]):
        return error_answer("這一則已經拿掉了。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    return show(context.club.drafts.keep(draft.without_piece(place - 1), ask.at), ask, context)


def is_long_paste(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not (ask.chat.is_group or ask.pressed) and len(ask.text) >= LONG


def _read(text: str, today: date) -> FetchedEssays:
    from corpus.intake import extract, looks_like_login_wall
    from corpus.intake.readers import form_of

    found = extract(text, "", form_of(text), today)
    return FetchedEssays(found.essays, looks_like_login_wall(text), found.left_out)


def _add(draft: Draft, text: str, ask: Ask, context: Context) -> Answer:
    if sum(map(len, draft.pieces)) + len(text) > MOST:
        return error_answer(
            f"一份草稿最多 {MOST:,} 字，請先打「完成」，再開下一份。", Button("完成", Verb.DONE.of(draft.id))
        )
    kept = context.club.drafts.keep(draft.with_piece(text, ask.message or ""), ask.at)
    return show(kept, ask, context)


# Everybody else who says 發文 is told that it takes a role.
NEW = replace(
    editing_command((Verb.POST, "post"), "發文", "貼上文章、網址或檔案，變成草稿", publish_something, verbatim=True),
    editors_only=False,
)
PASTE = editing_command((Verb.PASTE,), "貼上 3", "草稿的下一則", paste, hidden=True, verbatim=True)
DONE = editing_command((Verb.DONE, "done"), "完成", "貼完了，看羅盤讀懂了什麼", done)
RESUME = editing_command((Verb.CONTINUE, "continue"), "繼續", "接著上次的草稿", resume)
PASTE_AGAIN = editing_command((Verb.PASTE_AGAIN,), "重貼 3", "草稿換一份內文", paste_again, hidden=True)
TAKE_OUT = editing_command((Verb.TAKE_OUT,), "拿掉 3 2", "草稿少一則", take_out, hidden=True)
LONG_PASTE = editing_command((), "貼上長文", "直接收進草稿", long_paste, hidden=True, recognise=is_long_paste)
