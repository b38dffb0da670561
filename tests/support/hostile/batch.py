"""Reads hostile files in one process that is as confined as the one that reads a file, and says how each fared.

`python -m tests.support.hostile.batch pdfs` prints a line of JSON for each: name, refused (a sentence or ""), text, seconds.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from time import process_time

from corpus.intake.sandbox_protocol import Limits, ParseJob
from corpus.intake.sandbox_worker import confine, read

SUFFIXES = {"pdfs": ".pdf", "docx_files": ".docx", "pages": ""}


def main(kind: str, which: str) -> None:
    files: Iterable[tuple[str, bytes]] = getattr(import_module(f"tests.support.hostile.{kind}"), which)()
    limits = Limits(cpu_seconds=120, wall_seconds=300)
    confine(limits)
    for name, data in files:
        began = process_time()
        reply = read(data, ParseJob(f"file{SUFFIXES[kind]}", "", limits))
        seconds = process_time() - began
        refused = f"{reply.what}。{reply.do}" if reply.what else ""
        text = json.dumps([[e.title, e.author, e.url, e.body[:5_000]] for e in reply.essays[:20]], ensure_ascii=False)
        print(json.dumps({"name": name, "refused": refused, "text": text, "seconds": seconds}), flush=True)
    print(json.dumps({"megabytes": _most_megabytes()}))


def _most_megabytes() -> int:
    """What this program held at most. The peak that `getrusage` tells includes that of the process it was forked from."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(peak[1]) // 1024 if peak else 0


if __name__ == "__main__":
    main(*sys.argv[1:])
