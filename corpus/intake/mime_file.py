"""Saved mails (.eml) and saved web pages (.mhtml): both are MIME, and begin with its header fields."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern

from corpus.essay import Essay
from corpus.intake.dates import find_date
from corpus.intake.decode import clean, read_text
from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.frames.mail import sender_name, without_prefix
from corpus.intake.paywall import with_paywall
from corpus.intake.plain import read_plain
from corpus.intake.web.webpage import read_webpage

_PAGE_ADDRESS = "Snapshot-Content-Location"  # of a page that a browser saved
_SHOWN = ("From", "Subject", "Date")  # the fields that a mail program shows


def read_mime(data: bytes, name: str) -> Extracted:
    """Return the essays of a saved mail or page; attachments are left out by name. Raises IntakeError where it holds no text."""
    saved = BytesParser(policy=modern).parsebytes(data.lstrip())
    html, plain = (_text_of(saved, kind, name) for kind in ("html", "plain"))
    if not html and not plain:
        raise IntakeError("裡面沒有文字", name, "請把內文直接貼過來")
    found = Extracted()
    if html and not (plain and _is_handed_on(saved)):
        found = with_paywall(_described(read_webpage(html, ""), saved), html)
    if plain and not found.essays:
        fields = "\n".join(f"{field}: {saved[field]}" for field in _SHOWN if saved[field])
        text = clean(f"{fields}\n\n{plain}")
        found = with_paywall(read_plain(text, ""), text)
    return replace(found, left_out=(*found.left_out, *_attached(saved)))


def _text_of(saved: EmailMessage, kind: str, name: str) -> str:
    """Return the part of a kind as clean text; "" where there is none."""
    part = saved.get_body((kind,))
    data = part.get_payload(decode=True) if part is not None else b""
    if part is None or not isinstance(data, bytes) or not data.strip():
        return ""
    try:
        return clean(data.decode(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return read_text(data, name)


def _is_handed_on(saved: EmailMessage) -> bool:
    """Tell whether a mail hands another one on, whose fields its text shows."""
    subject = str(saved["Subject"] or "")
    return without_prefix(subject) != subject


def _described(found: Extracted, saved: EmailMessage) -> Extracted:
    """Return what was read with what the header says of a single essay: a mail's subject, sender and day, a page's address."""
    if len(found.essays) != 1:
        return found
    essay, subject = found.essays[0], without_prefix(str(saved["Subject"] or ""))
    if saved[_PAGE_ADDRESS]:
        described = replace(essay, title=essay.title or subject, url=essay.url or str(saved[_PAGE_ADDRESS]))
        return replace(found, essays=(described,))
    described = replace(
        essay,
        title=subject or essay.title,
        author=essay.author or sender_name(str(saved["From"] or "")),
        published=essay.published or find_date(str(saved["Date"] or "")),
    )
    return replace(found, essays=(described,), left_out=(*_former_title(essay, described), *found.left_out))


def _former_title(read: Essay, described: Essay) -> tuple[LeftOut, ...]:
    """Return the headline that a mail's subject stands for now, where they differ."""
    return (LeftOut(read.title, Reason.TITLE),) if read.title and read.title != described.title else ()


def _attached(saved: EmailMessage) -> list[LeftOut]:
    names = (part.get_filename() for part in saved.iter_attachments()) if saved.is_multipart() else ()
    return [LeftOut(f"附件：{name}", Reason.OTHER) for name in names if name]
