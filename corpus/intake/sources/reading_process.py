"""The process that reads many posts: a list of pages as JSON comes in, one ParseReply a line goes out."""

from __future__ import annotations

import json
import sys

from corpus.intake.errors import IntakeError
from corpus.intake.readers import FileForm, extract
from corpus.intake.sandbox_protocol import Limits, ParseReply
from corpus.intake.sandbox_worker import confine

SECONDS_A_POST = 3


def read(page: str) -> ParseReply:
    """Return the essays of one page, or what is wrong with it."""
    try:
        found = extract(page, "", FileForm.HTML)
        return ParseReply(found.essays, found.left_out)
    except IntakeError as refused:
        return ParseReply(what=refused.what, do=refused.do)
    except RecursionError:
        return ParseReply(what="網頁層層相疊，讀不下去")


def main() -> None:
    pages = json.load(sys.stdin.buffer)
    seconds = Limits().cpu_seconds + SECONDS_A_POST * len(pages)
    confine(Limits(cpu_seconds=seconds, wall_seconds=2 * seconds))
    for page in pages:
        sys.stdout.buffer.write(read(page).line)


if __name__ == "__main__":
    main()
