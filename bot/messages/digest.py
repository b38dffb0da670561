"""The digest card: key sentences, each under the essay that dates and links it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages.context import RenderContext, Section
from bot.messages.essay import alt
from bot.messages.flex import Component, quotation, rule, small, text
from bot.messages.limits import line
from bot.messages.ticker import attribution
from corpus.essay import Essay
from handlers.answer import Digest, Quote

CLUSTERS = 200
SHORT_CLUSTERS = 60
FURTHER = 10


def digest_section(digest: Digest, render_context: RenderContext) -> Section:
    """Draw a digest: its passages, and the titles of the other new essays."""
    sections = [text(line(digest.title), "lg", clusters=60, weight="bold", maxLines=render_context.lines(3))]
    if digest.note:
        sections.append(small(line(digest.note), clusters=120))
    if digest.tickers:
        sections.append(small(render_context.say("提到：{}", line("、".join(digest.tickers))), clusters=100))
    side_by_side = render_context.compact and digest.in_group
    for quote in digest.in_group if side_by_side else ():
        sections += _short_passage(quote, render_context)
    for quotes in () if side_by_side else _by_essay(digest.quotes):
        sections += _passages(quotes, render_context)
    if digest.further:
        sections += [rule(), small(line(digest.further_title), weight="bold", margin="lg")]
        sections += [attribution(essay, render_context) for essay in digest.further[:FURTHER]]
    return Section(tuple(sections), digest.buttons, alt=_alt(digest, render_context), quotes=bool(digest.quotes))


def _by_essay(quotes: Iterable[Quote]) -> list[list[Quote]]:
    """Group quotations by essay, so that its heading stands there once."""
    found: dict[tuple[int, str], list[Quote]] = {}
    for quote in quotes:
        found.setdefault((quote.essay.id, quote.essay.title), []).append(quote)
    return list(found.values())


def _passages(quotes: list[Quote], render_context: RenderContext) -> list[Component]:
    essay = quotes[0].essay
    title = text(line(essay.title), clusters=80, weight="bold", maxLines=render_context.lines(2), margin="lg")
    date = small(render_context.dated(essay), margin="xs")
    opening = render_context.open_action(essay, quotes[0].paragraph)
    return [
        rule(),
        title | opening,
        date,
        *(quotation(quote.text, quote.marks, render_context.clusters(CLUSTERS)) for quote in quotes),
    ]


def _short_passage(quote: Quote, render_context: RenderContext) -> list[Component]:
    """Draw a passage of a digest in a group: the words, and a line that names and dates them."""
    return [
        quotation(quote.text, quote.marks, SHORT_CLUSTERS),
        attribution(quote.essay, render_context, quote.paragraph),
    ]


def _alt(digest: Digest, render_context: RenderContext) -> str:
    if not digest.quotes:
        return line(digest.title)
    first = digest.quotes[0]
    return f"{line(digest.title)}：{alt(first.essay, render_context)}" + _words(first.essay, first.text)


def _words(essay: Essay, words: str) -> str:
    return line(words) if essay.visibility.is_public else ""
