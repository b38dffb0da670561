"""Login walls: whether a text is a teaser in front of one."""

from __future__ import annotations

import re

from corpus.intake.boilerplate import role_of
from corpus.intake.lines import is_prose, width
from corpus.intake.role import LineRole
from corpus.language.text import to_halfwidth

SHORTEST_WHOLE = 400  # in Han widths of sentences; less above a wall is a teaser
LONGEST_PROMPT = 40  # a longer line speaks of logging in, and does not ask for it

_READ_ON = r"(?:繼續閱讀|閱讀全文|看全文|完整(?:內容|文章|版)|解鎖|剩餘|未完)"
_WHO_MAY = r"(?:會員|訂閱|登入|付費|訂戶)"
_WALL = re.compile(
    rf"{_READ_ON}.{{0,20}}(?:{_WHO_MAY}|%)|{_WHO_MAY}.{{0,12}}{_READ_ON}|{_WHO_MAY}(?:專屬|限定|獨享)|請先?登入"
)

_QUOTED = re.compile(r"「[^」]*」|『[^』]*』")


def looks_like_login_wall(text: str) -> bool:
    """Tell whether a text ends where its reader is asked to log in or pay, with hardly any text above that."""
    lines = [to_halfwidth(line.strip()) for line in text.split("\n") if line.strip()]
    wall = next((at for at in range(len(lines) - 1, -1, -1) if _is_prompt(lines[at])), None)
    if wall is None or any(map(_goes_on, lines[wall + 1 :])):
        return False
    return sum(width(line) for line in lines[:wall] if is_prose(line)) < SHORTEST_WHOLE


def _is_prompt(line: str) -> bool:
    return width(line) <= LONGEST_PROMPT and bool(_WALL.search(_QUOTED.sub("", line)))


def _goes_on(line: str) -> bool:
    return is_prose(line) and role_of(line) is LineRole.CONTENT
