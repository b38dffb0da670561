"""An Answer as LINE messages: one bubble in a group, a text, carousel and cards one to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from bot.messages import limits
from bot.messages.actions import action, pills, private_chat_link, quick_reply
from bot.messages.context import ReaderLink, RenderContext, Section
from bot.messages.digest import digest_section
from bot.messages.essay import essay_section
from bot.messages.flex import ACCENT, MUTED, Component, bubble, rule, small, text
from bot.messages.lists import choices_section, rows_section
from bot.messages.ticker import ticker_section
from handlers.answer import Answer, Button, Link, Outcome
from handlers.identity import Chat

Message = dict[str, Any]

DISCLAIMER = "文章原文摘錄，非投資建議"
CARDS = 5
GROUP_ROWS = 6  # of a table in a group
GROUP_BUTTONS = 2  # under an answer in a group
LEAD_CLUSTERS = 300  # a longer text is a message of its own
QUESTION_CLUSTERS = 20
ALT_CLUSTERS = 120  # of a notification's text; LINE would take 1,500 characters


def messages(
    answer: Answer,
    *,
    chat: Chat,
    today: date,
    public_url: str,
    reader_link: ReaderLink,
    basic_id: str | None,
    question: str = "",
    quote_token: str | None = None,
) -> list[Message]:
    """Draw an answer as at most five messages within every documented limit; none for silence.

    `reader_link(essay, paragraph)` gives an address or a path on `public_url`, empty where there is no page; then the
    essay's own address serves. In a group text messages quote by `quote_token`, and bubbles name the `question`.
    """
    if answer.outcome is Outcome.SILENCE:
        return []
    render_context = RenderContext(
        chat, today, public_url, reader_link, basic_id, question, quote_token, in_english=answer.in_english
    )
    return _in_group(answer, render_context) if chat.is_group else _one_to_one(answer, render_context)


def _in_group(answer: Answer, render_context: RenderContext) -> list[Message]:
    """Draw one bubble with one passage and two buttons, for the rest is read one to one; a digest that was subscribed to is drawn whole."""
    answered = bool(answer.command)  # a digest that was subscribed to is shown whole
    unshown = answer.rows[GROUP_ROWS:] if answered else ()
    if answered:
        answer, render_context = _shortened(answer), replace(render_context, compact=True)
    sheets = _cards_in_group(answer, render_context) + _other_sheets(answer, render_context)
    buttons = [*chain.from_iterable(section.actions for section in sheets), *answer.buttons]
    if (answered and any(section.quotes for section in sheets)) or unshown:
        buttons = _two_of(
            buttons, private_chat_link(render_context.basic_id, render_context.say("看更多"), answer.command)
        )
    buttons = buttons[:GROUP_BUTTONS] if answered else buttons
    if answer.in_private and (
        link := private_chat_link(render_context.basic_id, render_context.say("私訊問"), answer.in_private)
    ):
        buttons.insert(0, link)
    footer = pills(buttons, render_context.chat)
    if not sheets and not footer:
        return _text(answer.text, render_context)
    lead = _lead(answer.text)
    apart = [] if lead else _text(answer.text, render_context)
    body = ([] if apart else _asked(render_context)) + lead
    for place, section in enumerate(sheets):
        body += ([rule("xl")] if place else []) + section.below(body)
    return [*apart, _flex(bubble(body, footer + _disclaimer(sheets, render_context)), sheets, lead)]


def _two_of(buttons: Sequence[Button | Link], private: Link | None) -> list[Button | Link]:
    """Return the first button and a link to the rest one to one; while that link is unknown, the first two buttons."""
    if private is None:
        return list(buttons[:GROUP_BUTTONS])
    return [*[button for button in buttons if button.label not in ("更多", "More")][: GROUP_BUTTONS - 1], private]


def _shortened(answer: Answer) -> Answer:
    """Cut an answer to its first passage, or a digest's for groups, with the lines that date it, and the titles of all that it tells as new."""
    ticker, digest = answer.ticker, answer.digest
    return replace(
        answer,
        cards=answer.cards[:1],
        rows=answer.rows[:GROUP_ROWS],
        ticker=ticker and replace(ticker, bars=(), quotes=ticker.quotes[:1], oldest=None, themes=(), together=()),
        digest=digest
        and replace(
            digest,
            quotes=digest.in_group or digest.quotes[:1],
            further=() if digest.quotes and not answer.told else digest.further,
            tickers=(),
        ),
    )


def _one_to_one(answer: Answer, render_context: RenderContext) -> list[Message]:
    """Draw essays side by side, each other part in a bubble; a short text leads the first essay, or the only bubble."""
    cards, others = _cards_one_to_one(answer, render_context), _other_sheets(answer, render_context)
    next_asks = answer.buttons
    if not cards + others:  # a link must outlast the quick replies
        links = tuple(button for button in answer.buttons if isinstance(button, Link))
        others = [Section((), links)] if pills(links, render_context.chat) else []
        next_asks = tuple(button for button in answer.buttons if isinstance(button, Button))
    leads = len(cards) > 1 or len(cards + others) == 1
    lead = _lead(answer.text) if leads else []
    sent = [] if lead else _text(answer.text, render_context)
    if len(cards) > 1:
        sent.append(_carousel(cards, render_context, lead))
        cards, lead = [], []
    for section in cards + others:
        sent.append(_flex(bubble(lead + section.below(lead), _footer(section, render_context)), [section], lead))
    return _with_quick_reply(sent[: limits.MESSAGES], next_asks, render_context)


def _cards_one_to_one(answer: Answer, render_context: RenderContext) -> list[Section]:
    if len(answer.cards) == 1:
        return [_only_card(answer, render_context)]
    return [essay_section(card, render_context, snippets=1, clusters=140) for card in answer.cards[:CARDS]]


def _cards_in_group(answer: Answer, render_context: RenderContext) -> list[Section]:
    """Draw essay cards: of several each keeps its link right under its passage, and the first one shows more than the others."""
    if len(answer.cards) == 1 and answer.command:
        return [essay_section(replace(answer.cards[0], number=None), render_context, snippets=1, clusters=180)]
    if len(answer.cards) == 1:
        return [_only_card(answer, render_context)]
    lengths = zip(answer.cards, (140, 80, 80), strict=False)
    sheets = [essay_section(card, render_context, snippets=1, clusters=clusters) for card, clusters in lengths]
    return [
        Section((*section.sections, *_read_on(section, render_context)), alt=section.alt, quotes=True)
        for section in sheets
    ]


def _only_card(answer: Answer, render_context: RenderContext) -> Section:
    return essay_section(replace(answer.cards[0], number=None), render_context, snippets=3, clusters=280)


def _other_sheets(answer: Answer, render_context: RenderContext) -> list[Section]:
    sheets = []
    if answer.ticker:
        sheets.append(ticker_section(answer.ticker, render_context))
    if answer.digest:
        sheets.append(digest_section(answer.digest, render_context))
    if answer.choices:
        sheets.append(choices_section(answer.choices, render_context))
    if answer.rows:
        sheets.append(rows_section(answer.rows))
    return sheets


def _carousel(sheets: Sequence[Section], render_context: RenderContext, lead: list[Component]) -> Message:
    first = replace(sheets[0], sections=(*lead, *sheets[0].below(lead)))
    bubbles = [bubble(section.sections, _footer(section, render_context), "mega") for section in (first, *sheets[1:])]
    while limits.size(drawn := {"type": "carousel", "contents": bubbles}) > limits.CAROUSEL_BYTES:
        bubbles.pop()
    return _flex(drawn, sheets, lead)


def _footer(section: Section, render_context: RenderContext) -> list[Component]:
    return pills(section.actions, render_context.chat) + _disclaimer([section], render_context)


def _flex(contents: Component, sheets: Sequence[Section], lead: Sequence[Component] = ()) -> Message:
    told = [*(limits.line(words["text"]) for words in lead), *(section.alt for section in sheets[:1])]
    words = limits.label(" ".join(filter(None, told)) or "羅盤", ALT_CLUSTERS)
    return {"type": "flex", "altText": words, "contents": contents}


def _text(words: str, render_context: RenderContext) -> list[Message]:
    words = limits.clean(words).strip()
    if limits.is_blank(words):
        return []
    message: Message = {"type": "text", "text": limits.shorten(words, limits.TEXT, limits.TEXT)}
    quoting = render_context.quote_token and render_context.chat.is_group
    return [message | {"quoteToken": render_context.quote_token} if quoting else message]


def _lead(words: str) -> list[Component]:
    """Draw a short text as the first lines of a bubble; nothing if it is too long for that."""
    words = limits.clean(words).strip()
    if limits.is_blank(words) or limits.shorten(words, LEAD_CLUSTERS) != words:
        return []
    return [text(words, "md", clusters=LEAD_CLUSTERS, margin="sm")]


def _asked(render_context: RenderContext) -> list[Component]:
    """Draw a small line with the question that is answered, for Flex cannot quote a message."""
    question = limits.shorten(limits.line(render_context.question), QUESTION_CLUSTERS)
    return [] if limits.is_blank(question) else [small(render_context.say("回覆：{}", question), wrap=False)]


def _read_on(section: Section, render_context: RenderContext) -> list[Component]:
    pressed = action(section.read, render_context.chat) if section.read else None
    if pressed is None:
        return []
    return [text(f"{pressed['label']} ›", color=ACCENT, align="end", weight="bold", margin="sm", action=pressed)]


def _disclaimer(sheets: Sequence[Section], render_context: RenderContext) -> list[Component]:
    if not any(section.quotes for section in sheets):
        return []
    return [text(render_context.say(DISCLAIMER), "xxs", MUTED, align="center", margin="md")]


def _with_quick_reply(
    sent: list[Message], buttons: tuple[Button | Link, ...], render_context: RenderContext
) -> list[Message]:
    offered = quick_reply(buttons, render_context.chat)
    return [*sent[:-1], sent[-1] | {"quickReply": offered}] if sent and offered else sent
