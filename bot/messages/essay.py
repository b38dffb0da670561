"""The essay card: the essay's head, the words that found it, its passages."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.actions import private_chat_link
from bot.messages.context import RenderContext, Section
from bot.messages.flex import ACCENT, HIGHLIGHT, Component, quotation, small, text
from bot.messages.limits import line
from corpus.essay import Essay
from corpus.search.snippets import Snippet
from handlers.answer import EssayCard, Link

LEAD_CLUSTERS = 160
UNSAID = "這篇只給會員看，沒有公開的前言。"
NOTE_CLUSTERS = 200
TAGS = 4


def essay_section(card: EssayCard, render_context: RenderContext, snippets: int, clusters: int) -> Section:
    """Draw a card with at most `snippets` passages of at most `clusters` grapheme clusters; a locked essay's lead, or passages of its open part."""
    if card.locked and not card.essay.open_blocks:
        passages = [quotation(card.essay.lead, clusters=LEAD_CLUSTERS)] if card.essay.lead else []
    else:
        passages = list(_passages(card.snippets[:snippets], clusters, render_context))
    note = (
        [small(render_context.say("備註：{}", line(card.note)), clusters=NOTE_CLUSTERS, margin="md")]
        if card.note
        else []
    )
    join = [small(line(card.join), clusters=120, margin="md")] if card.join else []
    sections = (
        *_head(card, render_context),
        *(passages or ([small(render_context.say(UNSAID), margin="md")] if card.locked else [])),
        *note,
        *join,
    )
    return Section(
        sections,
        card.buttons,
        _read(card, render_context),
        alt(card.essay, render_context, card.snippets),
        quotes=bool(passages),
    )


def alt(essay: Essay, render_context: RenderContext, snippets: tuple[Snippet, ...] = ()) -> str:
    """Return the words for an essay in a notification, which anyone near the phone may read: none of a members-only text."""
    if not essay.visibility.is_public:
        return render_context.say("會員文章《{}》", line(essay.title))
    return f"《{line(essay.title)}》" + (line(snippets[0].text) if snippets else "")


def _head(card: EssayCard, render_context: RenderContext) -> Iterator[Component]:
    badges = [render_context.say("第 {} 篇", card.number)] if card.number else []
    is_open = card.essay.visibility.is_public
    if badges or not is_open:
        badge = " · ".join(badges if is_open else [*badges, render_context.readers(card.essay)])
        yield text(badge, "xs", ACCENT if is_open else HIGHLIGHT, weight="bold")
    title = text(
        line(card.essay.title), "lg", clusters=80, weight="bold", maxLines=render_context.lines(3), margin="xs"
    )
    yield title if card.locked else title | render_context.open_action(card.essay, _paragraph(card))
    number = f" · #{card.essay.id}" if card.essay.id else ""  # by which 「讀 #24」 and the editing commands name it
    yield small(render_context.when(card.essay.published) + number, margin="sm")
    if origin := _origin(card):
        yield small(origin, clusters=80, maxLines=render_context.lines(2), margin="xs")
    if card.essay.series:
        yield small(f"系列：{line(str(card.essay.series))}", clusters=80, maxLines=render_context.lines(2), margin="xs")
    if card.why:
        words = render_context.say("關鍵字：{}", line("、".join(card.why)))
        yield text(words, "xs", ACCENT, clusters=60, maxLines=render_context.lines(2), margin="xs")


def _origin(card: EssayCard) -> str:
    """Return source, author and tags as far as they are known: 「產業週記 · 林怡君 · #散熱 #液冷」."""
    names = dict.fromkeys(line(name) for name in (card.essay.source, card.essay.author) if name)
    tags = " ".join(f"#{line(tag).lstrip('#')}" for tag in (card.tags or card.essay.tags)[:TAGS])
    return " · ".join(filter(None, [*names, tags]))


def _passages(snippets: tuple[Snippet, ...], clusters: int, render_context: RenderContext) -> Iterator[Component]:
    heading = None
    for snippet in snippets:
        if snippet.heading and snippet.heading != heading:
            heading = snippet.heading
            yield small(line(heading), clusters=60, weight="bold", maxLines=render_context.lines(2), margin="lg")
        yield quotation(
            snippet.text, snippet.marks, render_context.clusters(clusters), "md" if snippet.heading else "lg"
        )


def _read(card: EssayCard, render_context: RenderContext) -> Link | None:
    if card.locked and render_context.chat.is_group:
        # A group is a guest, but a member among its people may read on where nobody else does.
        return private_chat_link(
            render_context.basic_id, render_context.say("會員私訊看全文"), f"找 {card.essay.title}"
        )
    if card.locked and not card.essay.open_blocks:
        return None
    address = render_context.address(card.essay, _paragraph(card))
    label = render_context.say("讀公開的部分" if card.locked else "閱讀全文")
    return Link(label, address) if address else None


def _paragraph(card: EssayCard) -> int:
    return card.snippets[0].paragraph if card.snippets else 0
