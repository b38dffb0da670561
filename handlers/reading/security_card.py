"""The card of one security: what the essays said of it, when, and what can be done next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from corpus.analysis.key_sentences import KeySentence
from corpus.analysis.views import SecurityView
from corpus.lexicon.securities import Security
from handlers.answer import Answer, Button, Link, Outcome, TickerCard
from handlers.ask import Session
from handlers.context import Context
from handlers.reading.cards import FULL, citation, quotes
from handlers.reading.security_names import security_key
from handlers.verb import Verb

BARS = 8  # quarters drawn at most
SHARE = "https://line.me/R/share?text="
MOST = 1000  # characters of an address that LINE takes


def security_card(text: str, view: SecurityView, context: Context) -> Answer:
    """Return the card of what the essays said of a security; `text` is what was asked."""
    one = view.security
    weights = view.places.weight_by_day()
    ticker = TickerCard(
        code=one.code,
        exchange=one.exchange,
        name=one.name,
        essays=len(view.places),
        first=min(weights, default=None),
        last=max(weights, default=None),
        bars=_bars(weights),
        quotes=quotes(view.quotes),
        oldest=quotes([view.oldest])[0] if view.oldest else None,
        themes=view.themes[:3],
        together=view.co_mentioned[:4],
        buttons=_buttons(view, context),
    )
    session = Session(Verb.SECURITY.of(text), 1, tuple(dict.fromkeys(s.essay.id for s in view.quotes)))
    return Answer(Outcome.TICKER, ticker=ticker, session=session)


def _bars(weights: Mapping[date, float]) -> tuple[tuple[str, int], ...]:
    """Count mentions per quarter from the first to the last one written about, the latest eight."""
    counts: Counter[int] = Counter()
    for day, mentions in weights.items():
        counts[_quarter(day)] += int(mentions)
    if not counts:
        return ()
    first, last = max(min(counts), max(counts) - BARS + 1), max(counts)
    return tuple((f"{q // 4 % 100}Q{q % 4 + 1}", counts[q]) for q in range(first, last + 1))


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _buttons(view: SecurityView, context: Context) -> tuple[Button | Link, ...]:
    typed = typed_name(view.security, context)
    buttons: list[Button | Link] = (
        [Button("更多", Verb.SECURITY.of(f"{typed} 第2頁"))] if len(view.quotes) == FULL else []
    )
    buttons += [Button("相關文章", Verb.SECURITY.of(f"{typed} 文章")), Button("追蹤", Verb.WATCH.of(typed))]
    public = [s for s in view.quotes if s.essay.visibility.is_public]
    links = [link for whole in (True, False) for s in public if (link := _share(s, context, whole)) is not None]
    return (*buttons, *links[:1], *stock_page(view.security, context))


def stock_page(one: Security, context: Context) -> tuple[Link, ...]:
    """Return the link to a page with the price, of which the bot itself says nothing; none where no page is set."""
    address = context.stock_page.replace("{code}", quote(one.code, safe=""))
    return (Link("看股價", address),) if address else ()


def _share(sentence: KeySentence, context: Context, whole: bool) -> Link | None:
    """Return a link that shares the whole sentence with its source, or its source alone; None where LINE would refuse it."""
    text = sentence.text if whole else ""
    address = SHARE + quote(citation(text, sentence.essay, sentence.paragraph, context))
    return Link("轉給朋友", address) if len(address) <= MOST else None


def typed_name(one: Security, context: Context) -> str:
    """Return the shortest name of this security alone: its code, with its exchange where others have the same."""
    return one.code if context.library.subjects.resolve_security(one.code) == [one] else security_key(one)
