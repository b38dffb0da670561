"""Reads hostile files in one process that is as confined as the one that reads a file, and says how each fared.

`python -m tests.hostile.batch pdfs` prints a line of JSON for each: name, refused (a sentence or ""), text, seconds.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from importlib import import_module
from time import process_time

from corpus.intake.child import confine, read
from corpus.intake.errand import Errand, Limits

SUFFIXES = {"pdfs": ".pdf", "words": ".docx", "pages": ""}


def main(kind: str, which: str) -> None:
    files: Iterable[tuple[str, bytes]] = getattr(import_module(f"tests.hostile.{kind}"), which)()
    limits = Limits(cpu_seconds=120, wall_seconds=300)
    confine(limits)
    for name, data in files:
        began = process_time()
        reply = read(data, Errand(f"file{SUFFIXES[kind]}", "", limits))
        seconds = process_time() - began
        refused = f"{reply.what}。{reply.do}" if reply.what else ""
        text = json.dumps([[e.title, e.author, e.url, e.body[:5_000]] for e in reply.essays[:20]], ensure_ascii=False)
        print(json.dumps({"name": name, "refused": refused, "text": text, "seconds": seconds}), flush=True)
    print(json.dumps({"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
