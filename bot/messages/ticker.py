"""The ticker card: the archive's passages about one security with their dates, and how often it is named over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.messages.context import RenderContext, Section
from bot.messages.dates import day
from bot.messages.flex import ACCENT, LINE, MUTED, Component, quotation, row, rule, small, stack, text
from bot.messages.limits import line
from corpus.essay import Essay
from handlers.answer import Quote, TickerCard
from handlers.reading.security_names import market_label

BARS = 16
BAR_PIXELS = 40
QUOTES = 5
CLUSTERS = 180


def ticker_section(card: TickerCard, render_context: RenderContext) -> Section:
    """Draw the card of a security: how often it is named, passages about it, its themes, and the names often beside it."""
    name = f"{line(card.name)} {line(card.code)}"
    counted = render_context.say("{} 篇文章", card.essays) + _period(card, render_context)
    sections = [
        text(name, "xl", clusters=40, weight="bold"),
        small(f"{market_label(card.exchange)} · {counted}", clusters=80),
        *_chart(card.bars, render_context),
    ]
    for quote in card.quotes[:QUOTES]:
        sections += quoted(quote, render_context)
    if card.oldest:
        sections += [
            rule(),
            small(render_context.say("最早的說法"), weight="bold", margin="lg"),
            *quoted(card.oldest, render_context),
        ]
    sections += _named("主題：{}", card.themes, render_context)
    sections += _named("常一起提到：{}", card.together, render_context)
    return Section(
        tuple(sections),
        card.buttons,
        alt=f"{name}：{counted}",
        quotes=bool(card.quotes),
    )


def quoted(quote: Quote, render_context: RenderContext) -> list[Component]:
    """Draw a sentence, and under it the essay that dates and links it."""
    return [
        quotation(quote.text, quote.marks, render_context.clusters(CLUSTERS), "xl"),
        attribution(quote.essay, render_context, quote.paragraph),
    ]


def attribution(essay: Essay, render_context: RenderContext, paragraph: int = 0) -> Component:
    """Draw 「2026/03/05 · 8 個月前《…》›」, which opens the essay at that paragraph."""
    words = f"{render_context.dated(essay)}《{line(essay.title)}》"
    opening = render_context.open_action(essay, paragraph)
    source = small(words, clusters=90, maxLines=render_context.lines(2), flex=1)
    arrow = [text("›", "sm", ACCENT, flex=0)] if opening else []
    return row([source, *arrow], spacing="sm", margin="sm", paddingStart="12px") | opening


def _period(card: TickerCard, render_context: RenderContext) -> str:
    if card.first is None or card.last is None:
        return ""
    return f" · {day(card.first)}" + (render_context.say(" 至 {}", day(card.last)) if card.last != card.first else "")


def _chart(bars: Sequence[tuple[str, int]], render_context: RenderContext) -> Iterator[Component]:
    """Draw mentions over time: a column of Flex boxes for each period, its count above, first and last period below."""
    shown = [(line(period), max(0, count)) for period, count in bars[-BARS:]]
    if len(shown) < 2:
        return
    most = max(1, *(count for _, count in shown))
    yield row([_column(count, most) for _, count in shown], spacing="xs", margin="lg", alignItems="flex-end")
    first, last = (small(period, clusters=12, flex=0) for period, _ in (shown[0], shown[-1]))
    yield row([first, small(render_context.say("每季被提到幾次"), align="center", flex=1), last], margin="xs")


def _column(count: int, most: int) -> Component:
    height = max(2, round(BAR_PIXELS * count / most))
    bar = stack([], height=f"{height}px", backgroundColor=ACCENT if count else LINE, cornerRadius="2px")
    number = text(str(min(count, 999)) if count else " ", "xxs", MUTED, align="center", wrap=False)
    return stack([number, bar] if count else [bar], flex=1, justifyContent="flex-end")


def _named(words: str, names: Sequence[str], render_context: RenderContext) -> list[Component]:
    return [small(render_context.say(words, line("、".join(names))), clusters=80, margin="md")] if names else []
