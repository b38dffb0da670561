"""Whether a text is a teaser in front of a login wall."""

from __future__ import annotations

import re

from corpus.intake.lines import is_prose, width
from corpus.intake.noise import LONGEST_NOISE
from corpus.text import narrow

SHORTEST_WHOLE = 400  # in Han widths of sentences; less above a wall is a teaser

_READ_ON = r"(?:繼續閱讀|閱讀全文|看全文|完整(?:內容|文章|版)|解鎖|剩餘|未完)"
_WHO_MAY = r"(?:會員|訂閱|登入|付費|訂戶)"
_WALL = re.compile(
    rf"{_READ_ON}.{{0,20}}(?:{_WHO_MAY}|%)|{_WHO_MAY}.{{0,12}}{_READ_ON}|{_WHO_MAY}(?:專屬|限定|獨享)|請先?登入"
)


def looks_like_login_wall(text: str) -> bool:
    """Whether a text asks its reader to log in or pay, and hardly any text stands above that."""
    lines = [narrow(line.strip()) for line in text.split("\n") if line.strip()]
    walls = [at for at, line in enumerate(lines) if width(line) <= LONGEST_NOISE and _WALL.search(line)]
    return bool(walls) and sum(width(line) for line in lines[: walls[0]] if is_prose(line)) < SHORTEST_WHOLE
