"""A bare address or a file, sent one to one by an editor."""

from __future__ import annotations

import re

from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import import_into
from handlers.identity import Role

LONGEST = 300  # characters of a command that a button can hold

_URL = re.compile(r"^https?://\S+$", re.IGNORECASE)


def offer(ask: Ask, context: Context) -> Answer:
    """A bare address: was it meant for the archive?"""
    command = f"發文 {ask.text}"
    if len(command) > LONGEST:
        return error_answer("這個網址太長了，請換短一點的，或把文章內容直接貼過來。")
    return text_answer("要發這篇嗎？", Button("要，發這篇", command), Button("不用", "不用"))


def take_file(ask: Ask, context: Context) -> Answer:
    """A file that was sent one to one."""
    return import_into(
        lambda: context.services.essays_in(ask.attachment or "", ask.file_name), ask.file_name, ask, context
    )


def is_address(ask: Ask) -> bool:
    return _is_for_the_desk(ask) and bool(_URL.match(ask.text))


def is_file(ask: Ask) -> bool:
    return _is_for_the_desk(ask) and ask.attachment is not None


def _is_for_the_desk(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not ask.chat.is_group


ADDRESS = editing_command((), "https://…", "貼網址，問你要不要發", offer, hidden=True, recognise=is_address)
FILE = editing_command((), "傳檔案", "txt、md、html、pdf、docx 變成草稿", take_file, hidden=True, recognise=is_file)
