"""The door for files and pages of unknown origin: each is read by a process of its own, which may be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import ValidationError

from corpus.essay import Essay
from corpus.intake.errors import MAX_BYTES, IntakeError, too_large
from corpus.intake.reply import MOST_OUTPUT, WALL_SECONDS, Reply, wire

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-P", "-m", "corpus.intake.child")
_START_SECONDS = 10  # for Python and the parsers on a busy machine


def essays_in_bytes(data: bytes, name: str, *, content_type: str = "") -> list[Essay]:
    """The essays of an attachment or a fetched page: text, Markdown, HTML, PDF or Word (.docx), told by its first bytes.

    `name` is a file's name or an address; `content_type` is what its sender calls it, and counts more than a suffix. Raises
    IntakeError when there is nothing to take, and when reading it takes more time, memory or output than a file may.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if not data:
        raise IntakeError("檔案是空的", name, "請確認內容後再傳一次")
    reply = _reply(json.dumps({"name": name, "content_type": content_type}).encode() + b"\n" + data, name)
    if reply.what:
        raise IntakeError(reply.what, name, reply.do)
    return list(reply.essays)


def _reply(job: bytes, name: str) -> Reply:
    with TemporaryFile() as written:  # a file's size is what the system can limit; a pipe would fill this process
        try:
            done = subprocess.run(  # noqa: S603
                _COMMAND,
                input=job,
                stdout=written,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS + _START_SECONDS,
                env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},  # and no secret of ours
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much(name) from None
        written.seek(0)
        said = written.read(MOST_OUTPUT)
    if done.returncode != 0:
        raise _too_much(name)
    try:
        return wire().validate_json(said)
    except ValidationError:
        raise _too_much(name) from None


def _too_much(name: str) -> IntakeError:
    return IntakeError("檔案太大或太複雜,讀不下去", name, "請把文章內容直接貼過來")
