"""The few Flex components that our bubbles are drawn with, in one calm palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.messages.limits import BUBBLE_BYTES, ELLIPSIS, clean, is_blank, shorten, size
from corpus.language.text import Span

Component = dict[str, Any]

# Every bubble paints its own ground, so that these stay readable in LINE's light and dark mode alike.
CARD: Final = "#FFFFFF"
TINT: Final = "#F0F4F3"
LINE: Final = "#DDE4E2"
INK: Final = "#1F2933"
MUTED: Final = "#5B6672"
ACCENT: Final = "#0B6B5D"
HIGHLIGHT: Final = "#A3420A"

QUOTE_CLUSTERS: Final = 280
MARKS: Final = 16


def text(words: str, size: str = "sm", color: str = INK, clusters: int = 200, **style: Any) -> Component:
    """Draw words that wrap. `style` takes Flex's own properties; blank words become 「…」, for LINE refuses empty text."""
    shown = shorten(clean(words).strip(), clusters)
    return {
        "type": "text",
        "text": ELLIPSIS if is_blank(shown) else shown,
        "wrap": True,
        "size": size,
        "color": color,
    } | style


def small(words: str, **style: Any) -> Component:
    """Draw a small, muted text."""
    return text(words, "xs", MUTED, **style)


def stack(contents: Sequence[Component], **style: Any) -> Component:
    return {"type": "box", "layout": "vertical", "contents": list(contents)} | style


def row(contents: Sequence[Component], **style: Any) -> Component:
    return {"type": "box", "layout": "horizontal", "contents": list(contents)} | style


def rule(margin: str = "lg") -> Component:
    return {"type": "separator", "color": LINE, "margin": margin}


def quotation(words: str, marks: Sequence[Span] = (), clusters: int = QUOTE_CLUSTERS, margin: str = "lg") -> Component:
    """Draw verbatim words beside a quiet bar, the marked ones bold and coloured; `marks` are code-point spans in `words`."""
    bar = stack([], width="3px", cornerRadius="2px", backgroundColor=LINE)
    shown = text(words, "md", lineSpacing="5px", flex=1) | {"contents": spans(words, marks, clusters)}
    del shown["text"]
    return row([bar, shown], spacing="md", margin=margin)


def spans(words: str, marks: Sequence[Span], clusters: int = QUOTE_CLUSTERS) -> list[Component]:
    """Cut the words where highlighting begins and ends; joined they are the words again (shortened if too long)."""
    shown = shorten(clean(words), clusters)
    if is_blank(shown):
        return [_span(ELLIPSIS)]
    kept = len(shown) - (shown != clean(words))  # the ellipsis is ours, not quoted
    found: list[Component] = []
    done = 0
    for start, end in _tidy(marks, kept):
        found += [_span(shown[done:start])] if start > done else []
        found.append(_span(shown[start:end]) | {"weight": "bold", "color": HIGHLIGHT})
        done = end
    return found + ([_span(shown[done:])] if done < len(shown) else [])


def bubble(sections: Sequence[Component], footer: Sequence[Component] = (), width: str = "giga") -> Component:
    """Stack sections in a bubble, with a footer of buttons; sections beyond LINE's size are left off.

    Every text and every row of buttons is bounded, so that one section and a footer always fit.
    """
    body = list(sections)
    while size(drawn := _bubble(body, footer, width)) > BUBBLE_BYTES:
        body.pop()
    return drawn


def _bubble(body: Sequence[Component], footer: Sequence[Component], width: str) -> Component:
    ground = {"backgroundColor": CARD}
    drawn: Component = {"type": "bubble", "size": width, "styles": {"body": ground, "footer": ground}}
    if body:
        drawn["body"] = stack(body, paddingAll="18px")
    if footer:
        drawn["footer"] = stack(footer, spacing="sm", paddingAll="18px") | ({"paddingTop": "0px"} if body else {})
    return drawn


def _span(words: str) -> Component:
    return {"type": "span", "text": words}


def _tidy(marks: Sequence[Span], length: int) -> list[Span]:
    """Return the first MARKS marks in order, within the text, those that touch made one."""
    tidy: list[Span] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in marks):
        if tidy and start <= tidy[-1][1]:
            tidy[-1] = (tidy[-1][0], max(end, tidy[-1][1]))
        elif start < end:
            tidy.append((start, end))
    return tidy[:MARKS]
