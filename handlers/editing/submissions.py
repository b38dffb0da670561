"""A bare address or a file, sent one to one by an editor."""

from __future__ import annotations

from functools import partial

from handlers.answer import LONGEST_DATA, Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_import import MOST_ADDRESSES, addresses_in, import_into, open_draft
from handlers.identity import Role
from handlers.verb import Verb


def offer(ask: Ask, context: Context) -> Answer:
    """Ask whether an address, alone or under its title, was meant for the archive, also in the middle of a draft."""
    found = addresses_in(ask.text)
    command = Verb.POST.of(" ".join(found[:MOST_ADDRESSES]))
    if len(command) > LONGEST_DATA:
        return error_answer("網址太長了，請一次一個、換短一點的，或把文章內容直接貼過來。")
    several = len(found[:MOST_ADDRESSES])
    question = "要發這篇嗎？" if several == 1 else f"要發這 {several} 篇嗎？"
    return text_answer(
        question, Button("要，發這篇" if several == 1 else "要，都發", command), Button("不用", Verb.NO_NEED)
    )


def take_file(ask: Ask, context: Context) -> Answer:
    """Make a draft of a file that was sent one to one."""
    fetch = partial(context.services.essays_in, ask.attachment or "", ask.file_name)
    return import_into(fetch, ask.file_name, ask, context, open_draft(ask, context))


def refuse_picture(ask: Ask, context: Context) -> Answer:
    """Refuse a picture, sound or sticker in the middle of a draft, which waits as before."""
    found = context.club.drafts.current(ask.user or "")
    which = f"草稿 {found.id}" if found else "草稿"
    return error_answer(
        f"這則沒有收進{which}：圖片、影音和貼圖裡的字讀不到。請把文字貼上來，或傳 txt、md、html、pdf、docx 檔。"
    )


def is_address(ask: Ask) -> bool:
    return _is_for_a_draft(ask) and bool(addresses_in(ask.text))


def is_file(ask: Ask) -> bool:
    return _is_for_a_draft(ask) and ask.attachment is not None


def is_picture(ask: Ask) -> bool:
    """Tell whether a message without words came while the next step of a draft is waited for."""
    return _is_for_a_draft(ask) and bool(ask.session.pending) and not ask.text and ask.attachment is None


def _is_for_a_draft(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not ask.chat.is_group


ADDRESS = editing_command((), "https://…", "貼網址，問你要不要發", offer, hidden=True, recognise=is_address)
FILE = editing_command((), "傳檔案", "txt、md、html、pdf、docx 變成草稿", take_file, hidden=True, recognise=is_file)
PICTURE = editing_command((), "傳照片", "照片裡的字讀不到", refuse_picture, hidden=True, recognise=is_picture)
