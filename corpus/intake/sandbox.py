"""The door for files and pages of unknown origin: each is read by a process of its own, which may be killed."""

from __future__ import annotations

from corpus.essay import Essay
from corpus.intake.errors import MAX_BYTES, IntakeError, too_large
from corpus.intake.extracted import Extracted
from corpus.intake.parsing import parse_apart
from corpus.intake.sandbox_protocol import Limits, ParseJob
from corpus.intake.sanitize import plain_text
from corpus.intake.sources.exports.extraction import extract_export
from corpus.intake.sources.exports.form import FOLDER, export_form

_READER = "corpus.intake.sandbox_worker"
_LIMITS = Limits()
_START_SECONDS = 20  # for Python and the parsers on a busy machine


def essays_in_bytes(data: bytes, name: str, *, content_type: str = "", limits: Limits = _LIMITS) -> list[Essay]:
    """Return the essays alone of what `extract_bytes` reads."""
    return list(extract_bytes(data, name, content_type=content_type, limits=limits).essays)


def extract_bytes(data: bytes, name: str, *, content_type: str = "", limits: Limits = _LIMITS) -> Extracted:
    """Read an attachment or a fetched page: text, Markdown, HTML, PDF or Word (.docx), told by its first bytes, or an export.

    `name` is a file's name or an address; `content_type` is what its sender calls it, and counts more than a suffix. Raises
    IntakeError when there is nothing to take, and when reading it takes more than `limits`.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if not data:
        raise IntakeError("檔案是空的", name, "請確認內容後再傳一次")
    if (form := export_form(data, name)) not in (None, FOLDER):
        return extract_export(data, name, str(form))
    job = ParseJob(plain_text(name), content_type, limits)
    replies = parse_apart(_READER, job.line + data, 1, limits.wall_seconds + _START_SECONDS)
    if not replies:
        raise IntakeError("檔案太大或太複雜，讀不下去", job.name, "請把文章內容直接貼過來")
    if replies[0].what:
        raise IntakeError(replies[0].what, name, replies[0].do)
    return Extracted(replies[0].essays, replies[0].left_out)
