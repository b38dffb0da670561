"""發文, 完成, 繼續: an article pasted in pieces, behind an address or in a file becomes a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from corpus.essay import Essay
from handlers.ask import Answer, Ask, Button, Command, Role, Session, refused, said
from handlers.club.drafts import Draft, Stage, new_draft
from handlers.drafting import find_draft, keep, study, understood
from handlers.house import Arrival, House

LONG = 200  # characters of a pasted text that is no question
MOST = 200_000  # characters of one draft
LISTED = 10

_URL = re.compile(r"^https?://\S+$", re.IGNORECASE)
_TAKE_OUT = re.compile(r"^(\d{1,3})$")


def publish_something(ask: Ask, house: House) -> Answer:
    """發文: begin a draft, with an address, a pasted text or nothing yet."""
    if _URL.match(ask.text):
        return _from_address(ask.text, ask, house)
    draft = house.club.drafts.begin(new_draft(ask.user or "", ask.at))
    return _add(draft, ask.text, ask, house) if ask.text else understood(draft, (), ask.role)


def paste(ask: Ask, house: House) -> Answer:
    """The next piece of a draft, kept as it comes."""
    found = find_draft(ask, house)
    if isinstance(found, Answer):
        return replace(found, session=Session())
    if found.draft.stage is not Stage.OPEN:
        return refused("這份草稿已經完成了,要重貼請先打「發文」。", Button("看草稿", f"草稿 {found.draft.id}"))
    if not found.draft.pieces and _URL.match(found.rest):
        return _from_address(found.rest, ask, house, found.draft)
    return _add(found.draft, found.rest, ask, house)


def long_paste(ask: Ask, house: House) -> Answer:
    """A long text out of the blue: kept as a draft rather than searched for."""
    current = house.club.drafts.current(ask.user or "")
    if current is None or current.stage is not Stage.OPEN:
        current = house.club.drafts.begin(new_draft(ask.user or "", ask.at))
    answer = _add(current, ask.text, ask, house)
    return replace(answer, text=f"這看起來是文章,先收進草稿。{answer.text}")


def done(ask: Ask, house: House) -> Answer:
    """完成: read what was pasted, and say what was understood."""
    found = find_draft(ask, house)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if draft.stage is Stage.OPEN:
        arrival = _read(draft.text)
        if not arrival.essays:
            return replace(
                understood(draft, (), ask.role), text=f"草稿 {draft.id} 還讀不出一篇文章:要有標題和至少一段內文。請繼續貼。"
            )
        draft = _filled(draft, arrival)
    return keep(draft, ask, house)


def resume(ask: Ask, house: House) -> Answer | Ask:
    """繼續: go on where the last draft was left; without one the word means 「更多」."""
    draft = house.club.drafts.current(ask.user or "")
    if draft is None:
        return ask.saying("更多")
    return _show(draft, ask, house)


def paste_again(ask: Ask, house: House) -> Answer:
    """重貼 3: the same draft with another text."""
    found = find_draft(ask, house)
    if isinstance(found, Answer):
        return found
    emptied = house.club.drafts.keep(replace(found.draft, pieces=(), stage=Stage.OPEN), ask.at)
    return understood(replace(emptied, essays=()), (), ask.role)


def take_out(ask: Ask, house: House) -> Answer:
    """拿掉 3 2: the second piece of draft 3 was pasted by mistake."""
    found = find_draft(ask, house)
    if isinstance(found, Answer):
        return found
    match = _TAKE_OUT.match(found.rest)
    place = int(match.group(1)) if match else 0
    if not 1 <= place <= len(found.draft.pieces) or found.draft.stage is not Stage.OPEN:
        return refused("沒有這一則。", Button("看草稿", f"草稿 {found.draft.id}"))
    pieces = (*found.draft.pieces[: place - 1], *found.draft.pieces[place:])
    return understood(house.club.drafts.keep(replace(found.draft, pieces=pieces), ask.at), (), ask.role, "拿掉了。")


def show(ask: Ask, house: House) -> Answer:
    """草稿 3, or the list of drafts: one's own; a moderator sees everybody's."""
    if ask.text:
        found = find_draft(ask, house)
        return found if isinstance(found, Answer) else _show(found.draft, ask, house)
    everybody = ask.role >= Role.MODERATOR
    listed = house.club.drafts.alive(None if everybody else ask.user, LISTED)
    if not listed:
        return said("沒有草稿。", Button("發文", "發文"))
    rows = tuple((f"{draft.id} {draft.title}", _stage(draft, ask, house)) for draft in listed)
    buttons = tuple(Button(f"草稿 {draft.id}", f"草稿 {draft.id}") for draft in listed)
    return replace(said("草稿", *buttons), rows=rows)


def drop(ask: Ask, house: House) -> Answer:
    """刪除草稿 3; a time that was set for it is called off."""
    found = find_draft(ask, house)
    if isinstance(found, Answer):
        return found
    if (plan := house.club.plans.of_draft(found.draft.id)) is not None:
        house.club.plans.end(plan, "cancelled")
    house.club.drafts.keep(replace(found.draft, stage=Stage.DROPPED), ask.at)
    house.club.audit.note(ask.user or "", "drop", f"draft:{found.draft.id}", ask.at, found.draft.title)
    return said(f"草稿 {found.draft.id} 刪掉了。", Button("發文", "發文"), session=Session())


def offer(ask: Ask, house: House) -> Answer:
    """A bare address: was it meant for the archive?"""
    command = f"發文 {ask.text}"
    if len(command) > 300:
        return refused("這個網址太長了,請換短一點的,或把文章內容直接貼過來。")
    return said("要發這篇嗎?", Button("要,發這篇", command), Button("不用", f"找 {ask.text[:80]}"))


def take_file(ask: Ask, house: House) -> Answer:
    """A file that was sent one to one."""
    return _arrive(lambda: house.outside.essays_in(ask.attachment or "", ask.file_name), ask.file_name, ask, house)


def is_address(ask: Ask) -> bool:
    return _is_editor(ask) and bool(_URL.match(ask.text))


def is_file(ask: Ask) -> bool:
    return _is_editor(ask) and ask.attachment is not None


def is_long_paste(ask: Ask) -> bool:
    return _is_editor(ask) and not ask.pressed and len(ask.text) >= LONG


def _is_editor(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not ask.chat.is_group


def _from_address(url: str, ask: Ask, house: House, draft: Draft | None = None) -> Answer:
    return _arrive(lambda: house.outside.essays_at(url), url, ask, house, draft)


def _arrive(
    fetch: Callable[[], Arrival], origin: str, ask: Ask, house: House, draft: Draft | None = None
) -> Answer:
    from corpus.intake import IntakeError

    try:
        arrival = fetch()
    except IntakeError as error:
        return refused(str(error), Button("改用貼上的", "發文"))
    draft = replace(draft or new_draft(ask.user or "", ask.at), origin=origin)
    return keep(_filled(draft, arrival), ask, house)


def _read(text: str) -> Arrival:
    from corpus.intake import looks_like_login_wall, split
    from corpus.intake.files import form_of

    return Arrival(tuple(split(text, "", form_of(text))), looks_like_login_wall(text))


def _filled(draft: Draft, arrival: Arrival) -> Draft:
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


def _show(draft: Draft, ask: Ask, house: House) -> Answer:
    if draft.stage is Stage.OPEN:
        return understood(replace(draft, essays=()), (), ask.role)
    return understood(draft, [study(essay, house) for essay in draft.essays], ask.role)


def _add(draft: Draft, text: str, ask: Ask, house: House) -> Answer:
    if sum(map(len, draft.pieces)) + len(text) > MOST:
        return refused(f"一份草稿最多 {MOST:,} 字,請先打「完成」,再開下一份。", Button("完成", f"完成 {draft.id}"))
    kept = house.club.drafts.keep(replace(draft, pieces=(*draft.pieces, text)), ask.at)
    return understood(replace(kept, essays=()), (), ask.role)


def _stage(draft: Draft, ask: Ask, house: House) -> str:
    mine = "" if draft.user == ask.user else "別人的,"
    if draft.stage is Stage.OPEN:
        return f"{mine}還在貼,{len(draft.pieces)} 則"
    plan = house.club.plans.of_draft(draft.id)
    when = f",{plan.due_at.astimezone(ask.at.tzinfo):%m/%d %H:%M} 發布" if plan else ""
    return f"{mine}{len(draft.essays)} 篇{when}"


NEW = Command(
    ("發文", "post"),
    "發文",
    "貼上文章、網址或檔案,變成草稿",
    ("發文", "發文 https://example.com/a"),
    publish_something,
    role=Role.EDITOR,
    group=False,
    alone=True,
    verbatim=True,
)
PASTE = Command(
    ("貼上",), "貼上 3", "草稿的下一則", (), paste, role=Role.EDITOR, group=False, hidden=True, reserved=True, verbatim=True
)
DONE = Command(
    ("完成", "done"), "完成", "貼完了,看羅盤讀懂了什麼", ("完成",), done, role=Role.EDITOR, group=False, alone=True, reserved=True
)
RESUME = Command(
    ("繼續", "continue"), "繼續", "接著上次的草稿", ("繼續",), resume, role=Role.EDITOR, group=False, alone=True, reserved=True
)
PASTE_AGAIN = Command(
    ("重貼",), "重貼 3", "草稿換一份內文", (), paste_again, role=Role.EDITOR, group=False, alone=True, hidden=True, reserved=True
)
TAKE_OUT = Command(
    ("拿掉",), "拿掉 3 2", "草稿少一則", (), take_out, role=Role.EDITOR, group=False, alone=True, hidden=True, reserved=True
)
DRAFTS = Command(
    ("草稿", "drafts"), "草稿", "還沒發布的草稿", ("草稿",), show, role=Role.EDITOR, group=False, alone=True, reserved=True
)
DROP = Command(
    ("刪除草稿",), "刪除草稿 3", "不發了", ("刪除草稿 3",), drop, role=Role.EDITOR, group=False, alone=True, reserved=True
)
ADDRESS = Command(
    (), "https://…", "貼網址,問你要不要發", (), offer, role=Role.EDITOR, group=False, hidden=True, recognise=is_address
)
FILE = Command((), "傳檔案", "txt、md、html、pdf、docx", (), take_file, role=Role.EDITOR, group=False, hidden=True, recognise=is_file)
LONG_PASTE = Command(
    (), "貼上長文", "直接收進草稿", (), long_paste, role=Role.EDITOR, group=False, hidden=True, recognise=is_long_paste
)
