"""A recorded day of a lively group: who said what when, which lines are answered, and why.

`python -m tests.support.group_day` renews docs/groups.md from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "data" / "group_day.tsv"
PAGE = ROOT / "docs" / "groups.md"

DEEDS = {
    "說": "",
    "提及": "（@羅盤）",
    "引用羅盤": "（引用羅盤的話）",
    "引用": "（引用別人的話）",
    "按": "（按鈕）",
    "改": "（改成）",
    "收回": "（收回）",
    "貼圖": "（貼圖）",
    "照片": "（照片）",
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One thing that one member did; `reason`: why it is answered, empty where silence is right."""

    time: str
    who: str
    deed: str
    said: str
    reason: str
    answered_with: str  # a word of the answer


def recorded_day() -> list[GroupLine]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    return [GroupLine(*line.split("\t")) for line in lines]


def listing() -> str:
    """docs/groups.md: every line of the day that is answered, and what the silence is made of."""
    day = recorded_day()
    answered = [line for line in day if line.reason]
    people = len({line.who for line in day})
    rows = [f"| {one.time} | {one.who} | {DEEDS[one.deed]}{one.said} | {one.reason} |" for one in answered]
    return "\n".join([*_HEAD.format(lines=len(day), people=people, answered=len(answered)).splitlines(), *rows, ""])


_HEAD = """\
# A day in a group

Luopan speaks in a group when it is called, and at no other time. `tests/data/group_day.tsv` is a day of a lively group: {lines} lines of
{people} people, with chatter, tickers in passing, quotes to each other, jokes about the bot, stickers, photos, edits and unsent lines.
`tests/test_group_day.py` replays it. It answers the {answered} lines below and no other, and says nothing twice.

| what calls it | example |
| --- | --- |
| the name before a space, a comma, or something known | 「羅盤 台積電」「羅盤散熱」, never 「羅盤座」「羅盤你好笨」 |
| a mention | 「@羅盤 散熱」 |
| `!` before a known command, ticker or theme | 「!2330」, never 「!天啊」 |
| its own button | 「更多」 |
| its own bubble quoted, with a follow-up or a clear question | 「那台灣呢」, never 「哈哈」 |
| 「更多」 of whoever was answered within ten minutes | |
| `$` or `#` before something known, where the group chose 主動幫忙 | 「$TSLA 怎麼看」, never 「$100」 |

What was answered within ten minutes is pointed to in one line, by whatever words it is asked for again. An edited question is answered
anew, once; an unsent one is forgotten. `luopan doctor --event ID` says why one event was or was not answered.

| time | who | what | why it is answered |
| --- | --- | --- | --- |
"""


if __name__ == "__main__":
    PAGE.write_text(listing(), encoding="utf-8")
