"""Choices to press, and small tables."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.actions import action
from bot.messages.context import RenderContext, Section
from bot.messages.flex import ACCENT, INK, TINT, Component, row, small, stack, text
from bot.messages.limits import ideographs, line
from handlers.answer import Button, Choice

CHOICES = 12
ROWS = 60
ROOM = 20  # ideographs in a line of a table
MOST_ABOUT, LEAST_WHAT = 11.0, 3.0  # of these for a second column that runs on, and for a first one that is short


def choices_section(choices: Sequence[Choice], render_context: RenderContext) -> Section:
    """Draw each choice with the number that picks it when typed, and its reason; they stay when quick replies have gone."""
    drawn = [_choice(number, choice, render_context) for number, choice in enumerate(choices[:CHOICES], 1)]
    named = " ".join(f"{number}. {line(choice.label)}" for number, choice in enumerate(choices[:CHOICES], 1))
    return Section(tuple(drawn), alt=named)


def rows_section(rows: Sequence[tuple[str, str]]) -> Section:
    """Draw a table of two columns: things, and a word about each."""
    named = "、".join(line(left) for left, _ in rows)
    share = _share([(line(left), line(right)) for left, right in rows[:ROWS]])
    drawn = [_row(left, right, share, ROOM - share) for left, right in rows[:ROWS]]
    if len(rows) > ROWS:
        drawn.append(small(f"還有 {len(rows) - ROWS} 項，這裡列不下。"))
    return Section(tuple(drawn), alt=named)


def _choice(number: int, choice: Choice, render_context: RenderContext) -> Component:
    words = [text(line(choice.label), "md", INK, clusters=60, weight="bold", maxLines=2)]
    if choice.reason:
        words.append(small(line(choice.reason), clusters=80, maxLines=2))
    contents = [text(str(number), "md", ACCENT, weight="bold", flex=0), stack(words, flex=1)]
    pressed = action(Button(choice.label, choice.says, fills=choice.fills), render_context.chat)
    style = {"action": pressed, "backgroundColor": TINT} if pressed else {}
    return row(contents, spacing="md", margin="md", cornerRadius="10px", paddingAll="12px") | style


def _share(rows: Sequence[tuple[str, str]]) -> int:
    """Return the first column's part of `ROOM`: what its longest text asks for and the second one leaves."""
    left = max((ideographs(what) for what, _ in rows), default=0.0)
    right = max((ideographs(about) for _, about in rows), default=0.0)
    return 1 + round(max(LEAST_WHAT, min(left, ROOM - 2 - min(right, MOST_ABOUT))))


def _row(left: str, right: str, what_share: int, about_share: int) -> Component:
    what = text(line(left), "sm", INK, clusters=60, weight="bold", flex=what_share, maxLines=3)
    about = small(line(right), clusters=120, flex=about_share, maxLines=3)
    return row([what, about] if right else [what], spacing="md", margin="md")
