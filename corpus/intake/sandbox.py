"""The door for files and pages of unknown origin: each is read by a process of its own, which may be killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import ValidationError

from corpus.essay import Essay
from corpus.intake.errors import MAX_BYTES, IntakeError, too_large
from corpus.intake.extracted import Extracted
from corpus.intake.sandbox_protocol import Limits, ParseJob, ParseReply, parse_jobs, parse_replies
from corpus.intake.sanitize import plain_text
from corpus.intake.sources.exports.extraction import extract_export
from corpus.intake.sources.exports.form import FOLDER, export_form

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-P", "-m", "corpus.intake.sandbox_worker")
_LIMITS = Limits()
_START_SECONDS = 20  # for Python and the parsers on a busy machine


def essays_in_bytes(data: bytes, name: str, *, content_type: str = "", limits: Limits = _LIMITS) -> list[Essay]:
    """The essays alone of what `extract_bytes` reads."""
    return list(extract_bytes(data, name, content_type=content_type, limits=limits).essays)


def extract_bytes(data: bytes, name: str, *, content_type: str = "", limits: Limits = _LIMITS) -> Extracted:
    """What an attachment or a fetched page holds: text, Markdown, HTML, PDF or Word (.docx), told by its first bytes.

    `name` is a file's name or an address; `content_type` is what its sender calls it, and counts more than a suffix. Raises
    IntakeError when there is nothing to take, and when reading it takes more than `limits`.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if not data:
        raise IntakeError("檔案是空的", name, "請確認內容後再傳一次")
    if (form := export_form(data, name)) not in (None, FOLDER):
        return extract_export(data, name, str(form))
    reply = _reply(ParseJob(plain_text(name), content_type, limits), data)
    if reply.what:
        raise IntakeError(reply.what, name, reply.do)
    return Extracted(reply.essays, reply.left_out)


def _reply(errand: ParseJob, data: bytes) -> ParseReply:
    with TemporaryFile() as written:  # the system can limit the size of a file; a pipe would fill this process
        try:
            subprocess.run(  # noqa: S603  our own program
                _COMMAND,
                input=parse_jobs().dump_json(errand) + b"\n" + data,
                stdout=written,
                stderr=subprocess.DEVNULL,
                timeout=errand.limits.wall_seconds + _START_SECONDS,
                env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},  # and no secret of ours
                check=True,
            )
            written.seek(0)
            return parse_replies().validate_json(written.read())
        except (subprocess.SubprocessError, ValidationError):
            raise IntakeError("檔案太大或太複雜，讀不下去", errand.name, "請把文章內容直接貼過來") from None
