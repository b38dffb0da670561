"""The start of a process that reads what may mean harm, and the check of what it says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import TypeAdapter, ValidationError

from corpus.intake.sandbox_protocol import ParseReply

_ROOT = Path(__file__).parents[2]


def parse_apart(module: str, given: bytes, replies: int, seconds: int) -> list[ParseReply] | None:
    """Run a program of ours in a process of its own; return its replies, or None if it fails or says more or less."""
    with TemporaryFile() as written:  # the system can limit the size of a file; a pipe would fill this process
        try:
            subprocess.run(  # noqa: S603  our own program
                (sys.executable, "-P", "-m", module),
                input=given,
                stdout=written,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},  # and no secret of ours
                check=True,
            )
            written.seek(0)
            found = [parse_replies().validate_json(line) for line in written]
        except (subprocess.SubprocessError, ValidationError):
            return None
    return found if len(found) == replies else None


@cache
def parse_replies() -> TypeAdapter[ParseReply]:
    """Return the parser of a reply, which checks it: a file that took over the process may have written it."""
    return TypeAdapter(ParseReply)
