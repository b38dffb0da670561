"""The process that reads one file of unknown origin: what it does to itself, it does to nobody else.

From standard input: a ParseJob as a line of JSON, then the file's bytes. To standard output: a ParseReply as JSON.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from corpus.intake.errors import IntakeError
from corpus.intake.readers import extracted_of
from corpus.intake.sandbox_protocol import Limits, ParseJob, ParseReply


def read(data: bytes, job: ParseJob) -> ParseReply:
    """Return the reply to one file, whatever is in it."""
    try:
        found = extracted_of(data, job.name, job.content_type)
        if sum(len(essay.body) for essay in found.essays) > job.limits.characters:
            return ParseReply(what="檔案裡的文字太多", do="請拆成幾個較小的檔案")
        return ParseReply(found.essays, found.left_out)
    except IntakeError as refused:
        return ParseReply(what=refused.what, do=refused.do)
    except MemoryError:
        return ParseReply(what="檔案解開後太大", do="請把文章內容直接貼過來")
    except RecursionError:
        return ParseReply(what="檔案層層相疊，讀不下去", do="請把文章內容直接貼過來")
    except Exception:
        return ParseReply(what="檔案壞了，讀不出來", do="請重新存檔，或把文章內容直接貼過來")


def confine(limits: Limits) -> None:
    """Limit this process: memory, time, what it may write; no core file, no further process."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + limits.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, limits.output)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    if (taken := _address_space()) is not None:
        _limit(resource.RLIMIT_AS, taken + limits.memory)
    signal.alarm(limits.wall_seconds)  # also when whoever waits for the answer is gone


def _limit(kind: int, amount: int) -> None:
    _, most = resource.getrlimit(kind)
    amount = amount if most == resource.RLIM_INFINITY else min(amount, most)
    resource.setrlimit(kind, (amount, amount))


def _address_space() -> int | None:
    """Return the bytes of address space in use; None where the system does not say, and has no such limit either."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return None


def main() -> None:
    asked, _, data = sys.stdin.buffer.read().partition(b"\n")
    job = ParseJob.read(asked)
    confine(job.limits)
    sys.stdout.buffer.write(read(data, job).line)


if __name__ == "__main__":
    main()
