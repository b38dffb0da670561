"""The process that reads one file of unknown origin: what it does to itself, it does to nobody else.

From standard input: a line of JSON with the file's name and media type, then its bytes. To standard output: a Reply as JSON.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from pathlib import Path

from corpus.intake.errors import IntakeError
from corpus.intake.files import essays_of
from corpus.intake.reply import MOST_OUTPUT, WALL_SECONDS, Reply, wire

CPU_SECONDS = 15
MEMORY = 768 * 2**20  # on top of what the parsers themselves take


def read(data: bytes, name: str, content_type: str) -> Reply:
    """The Reply to one file, whatever is in it."""
    try:
        return Reply(tuple(essays_of(data, name, content_type)))
    except IntakeError as refused:
        return Reply(what=refused.what, do=refused.do)
    except MemoryError:
        return Reply(what="檔案解開後太大", do="請把文章內容直接貼過來")
    except RecursionError:
        return Reply(what="檔案層層相疊,讀不下去", do="請把文章內容直接貼過來")
    except Exception:
        return Reply(what="檔案壞了,讀不出來", do="請重新存檔,或把文章內容直接貼過來")


def confine() -> None:
    """Limit this process: memory, time, what it may write; no core file, no further process."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, MOST_OUTPUT)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    if (taken := _address_space()) is not None:
        _limit(resource.RLIMIT_AS, taken + MEMORY)
    signal.alarm(WALL_SECONDS)  # also when whoever waits for the answer is gone


def _limit(kind: int, amount: int) -> None:
    _, most = resource.getrlimit(kind)
    amount = amount if most == resource.RLIM_INFINITY else min(amount, most)
    resource.setrlimit(kind, (amount, amount))


def _address_space() -> int | None:
    """Bytes of address space in use; None where the system does not say, and has no such limit either."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return None


def main() -> None:
    asked, _, data = sys.stdin.buffer.read().partition(b"\n")
    job = json.loads(asked)
    confine()
    sys.stdout.buffer.write(wire().dump_json(read(data, job["name"], job["content_type"])))


if __name__ == "__main__":
    main()
