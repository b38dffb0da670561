"""The door of intake: a file or a text of some form, and the Essays in it.

A further form (PDF, docx, a page behind a URL) is one more reader beside those in `_READERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from corpus.essay import Essay
from corpus.intake.decode import read_text
from corpus.intake.errors import MAX_BYTES, IntakeError, too_large
from corpus.intake.markdown import split_markdown
from corpus.intake.plain import split_plain
from corpus.intake.webpage import split_webpage


class Form(StrEnum):
    """The form a text is written in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


_READERS: dict[Form, Callable[[str, str], list[Essay]]] = {
    Form.TEXT: split_plain,
    Form.MARKDOWN: split_markdown,
    Form.HTML: split_webpage,
}
_SUFFIXES = {
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".xhtml": Form.HTML,
}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S
)
_MARKDOWN = re.compile(r"\s*---\n(?:.*\n){0,40}?---\n|\s*#{1,2} \S")


def split(text: str, source: str, form: Form = Form.TEXT) -> list[Essay]:
    """The essays of a text, in reading order; none when it holds no paragraph. `source` says where it came from."""
    return _READERS[form](text, source)


def essays_in_file(path: Path) -> list[Essay]:
    """All essays of a file, its form told by suffix and content. Raises IntakeError when there is none to take."""
    name = path.name
    essays = split(text := read_text(_bytes(path), name), "", form_of(text, path.suffix))
    if not essays:
        raise IntakeError("裡面沒有文章", name, "請確認檔案內有完整的段落")
    return essays


def form_of(text: str, suffix: str = "") -> Form:
    """HTML and front matter show themselves; else the suffix (`.md`) tells."""
    if _HTML.match(text):
        return Form.HTML
    if (known := _SUFFIXES.get(suffix.lower())) is not None:
        return known
    return Form.MARKDOWN if _MARKDOWN.match(text) else Form.TEXT


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(path.name)
        return path.read_bytes()
    except FileNotFoundError:
        raise IntakeError("找不到檔案", str(path), "請檢查路徑") from None
    except IsADirectoryError:
        raise IntakeError("這是資料夾", str(path), "請指定裡面的檔案") from None
    except OSError as problem:
        raise IntakeError(f"檔案讀不出來({problem.strerror})", str(path), "請檢查檔案與權限") from None
