"""The readers: the Essays in a text, or in the bytes of a file of whatever form. They take what they read at its word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial

from corpus.essay import Essay
from corpus.intake.data_files import data_kind
from corpus.intake.dates import find_date
from corpus.intake.decode import read_text
from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, Reason, joined
from corpus.intake.paywall import with_paywall
from corpus.intake.plain import read_plain
from corpus.intake.sanitize import plain_text, sanitize
from corpus.intake.sources.exports.archive_file import read_zip
from corpus.intake.sources.exports.form import FOLDER, export_form
from corpus.intake.web.webpage import read_webpage


class FileForm(StrEnum):
    """The form a text is written in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


_SUFFIXES = {
    ".md": FileForm.MARKDOWN,
    ".markdown": FileForm.MARKDOWN,
    ".html": FileForm.HTML,
    ".htm": FileForm.HTML,
    ".xhtml": FileForm.HTML,
}
_SIGNS = {b"%PDF-": ".pdf", b"PK\x03\x04": ".docx", b"\xd0\xcf\x11\xe0": ".doc"}
_PAGES = (*_SUFFIXES, ".txt")
_DOCUMENTS = {".pdf": "PDF", ".docx": "Word(.docx)"}
_MEDIA = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".xhtml",
    "text/html": ".html",
    "text/markdown": ".md",
}
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?=-)")
_SUFFIX = re.compile(r"\.\w{1,8}(?=$|[?#])")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S
)
_LONGEST_HEAD = 2**16
_HEAD = re.compile(
    rb"(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+"
)  # RFC 5322; a mailbox has a line above
_MIME = re.compile(rb"^(?:mime-version|content-type):", re.IGNORECASE | re.MULTILINE)
_MARKDOWN = re.compile(r"\s*---\n(?:.*\n){0,40}?---\n|\s*#{1,2} \S")


def extract(text: str, source: str, form: FileForm = FileForm.TEXT, today: date | None = None) -> Extracted:
    """Return the essays of a text, in reading order, and what is in none of them. `source` says where it came from.

    `today` is the day on which it was copied, where that is known: then 「3 小時」 over a post is a day, too.
    """
    return with_paywall(_reader(form, today)(text, source), text)


def _reader(form: FileForm, today: date | None) -> Callable[[str, str], Extracted]:
    """Return the reader of texts of that form; a parser that is slow to import is imported where it is needed."""
    if form is FileForm.MARKDOWN:
        from corpus.intake.markdown import read_markdown

        return read_markdown
    return read_webpage if form is FileForm.HTML else partial(read_plain, today=today)


def split(text: str, source: str, form: FileForm = FileForm.TEXT) -> list[Essay]:
    """Return the essays of a text alone; none when it holds no paragraph."""
    return list(extract(text, source, form).essays)


def extracted_of(data: bytes, name: str, content_type: str = "") -> Extracted:
    """Return all that a file's bytes hold, read in this process; `extract_bytes` is the safe way. Raises IntakeError as that does."""
    suffix = _MEDIA.get(content_type) or _suffix(name)
    found = _extracted(data, name, suffix)
    if not found.essays:
        raise IntakeError("裡面沒有文章", name, "請確認檔案內有完整的段落")
    left_out = (left.with_text(plain_text(left.text)) for left in found.left_out)
    return Extracted(tuple(map(sanitize, found.essays)), tuple(left for left in left_out if left.text.strip()))


def _extracted(data: bytes, name: str, suffix: str) -> Extracted:
    if export_form(data, name) == FOLDER:
        pages = sorted(read_zip(data, name).items())
        return joined(_of_folder(page, path) for path, page in pages if _suffix(path) in _PAGES)
    document = _document(data)
    if document == ".pdf":
        from corpus.intake.pdf import read_pdf

        return with_paywall(read_pdf(data, name), "")
    if document == ".docx":
        from corpus.intake.docx_file import read_docx

        return with_paywall(read_docx(data, name), "")
    if document == ".doc":
        raise IntakeError("這是舊版的 Word 檔，或加了密碼", name, "請另存成沒有密碼的 .docx")
    if suffix in _DOCUMENTS:
        raise IntakeError(f"內容不是 {_DOCUMENTS[suffix]} 檔", name, "請重新存檔，或把文章內容直接貼過來")
    if _is_mime(data):
        from corpus.intake.mime_file import read_mime

        return read_mime(data, name)
    text = read_text(data, name)
    form = form_of(text, suffix)
    if form is FileForm.TEXT and (kind := data_kind(text, suffix)):
        raise IntakeError(f"這是{kind}，不是文章", name, "請把文章存成文字或網頁再傳，或直接貼過來")
    return extract(text, "", form)


def _of_folder(data: bytes, path: str) -> Extracted:
    """Return the essays of a page in a site generator's folder: a draft stays out, and a name may give the date."""
    from corpus.intake.front_matter import read_front_matter

    text = read_text(data, path)
    front = read_front_matter(text)[0]
    name = path.rpartition("/")[2]
    if front.is_draft:
        return Extracted(left_out=(LeftOut(f"{front.title or name}：草稿", Reason.UNPUBLISHED),))
    found = extract(text, "", form_of(text, _suffix(path)))
    dated = _DATED.match(name)  # Jekyll: 2026-03-05-slug.md
    day = find_date(dated[0]) if dated else None
    return replace(found, essays=tuple(replace(one, published=one.published or day) for one in found.essays))


def is_document(data: bytes, suffix: str) -> bool:
    """Tell whether a file is, or says that it is, what the parsers of PDF and Word read."""
    return _document(data) is not None or suffix.lower() in _DOCUMENTS


def _document(data: bytes) -> str | None:
    """Return the suffix that a document's first bytes give away; None for a text."""
    start = data[:1024].lstrip()
    return next((suffix for sign, suffix in _SIGNS.items() if start.startswith(sign)), None)


def _is_mime(data: bytes) -> bool:
    """Tell whether a file begins with MIME's header fields, as saved mails and pages do; a mail copied as text does not."""
    head = _HEAD.match(data[:_LONGEST_HEAD].lstrip())
    return head is not None and _MIME.search(head[0]) is not None


def _suffix(name: str) -> str:
    """Return the suffix of a file's name or of an address."""
    match = _SUFFIX.search(name)
    return match[0].lower() if match else ""


def form_of(text: str, suffix: str = "") -> FileForm:
    """Return the form of a text: HTML and front matter show themselves; else the suffix (`.md`) tells."""
    if _HTML.match(text):
        return FileForm.HTML
    if (known := _SUFFIXES.get(suffix.lower())) is not None:
        return known
    return FileForm.MARKDOWN if _MARKDOWN.match(text) else FileForm.TEXT
