"""The cards of essays and sentences found, shared by every handler that quotes the archive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from corpus.analysis.key_sentences import KeySentence
from corpus.essay import Essay
from corpus.search.finding import EssayHit
from corpus.search.snippets import Snippet
from corpus.storage.topic_places import TopicOccurrence, TopicPlaces
from handlers.answer import Answer, Button, EssayCard, Outcome, Quote, text_answer
from handlers.ask import Ask, Session
from handlers.context import Context
from handlers.verb import Verb

PAGE = 3  # essays an answer, one to one; a group gets one
FULL = 5  # sentences of one page; with fewer there are no more to turn to
MOST_TURNED = 9

DISCLAIMER = "文章原文摘錄，非投資建議"


def hit_card(context: Context, hit: EssayHit, number: int | None = None) -> EssayCard:
    """Return the card of an essay that answers, with the passages that do."""
    essay = hit.essay
    return EssayCard(
        essay=essay,
        snippets=hit.snippets,
        why=hit.why,
        tags=context.library.subjects.theme_names(essay)[:3],
        locked=context.library.is_locked(essay),
        number=number,
        buttons=(*_keep(hit), *card_buttons(essay), *_series_turns(context, essay)),
    )


def _keep(hit: EssayHit) -> tuple[Button, ...]:
    """Return the button that bookmarks the first passage; none where nothing is quoted."""
    return (Button("收藏這段", Verb.KEEP.of(f"#{hit.essay_id}-{hit.paragraph}")),) if hit.snippets else ()


def essay_card(context: Context, essay: Essay, number: int | None = None) -> EssayCard:
    """Return the card of an essay for its own sake, with how it begins."""
    first = next((paragraph for paragraph in essay.paragraphs if not paragraph.is_quoted), None)
    return EssayCard(
        essay=essay,
        snippets=(Snippet(first.text, (), first.heading, first.index),) if first else (),
        tags=context.library.subjects.theme_names(essay)[:3],
        locked=context.library.is_locked(essay),
        number=number,
        buttons=(*card_buttons(essay), *_series_turns(context, essay)),
    )


def card_buttons(essay: Essay) -> tuple[Button, ...]:
    """Return the buttons for what can be done with an essay; the card itself opens its page."""
    return (Button("收藏", Verb.SAVE.of(f"#{essay.id}")), Button("延伸閱讀", Verb.RELATED.of(f"#{essay.id}")))


def _series_turns(context: Context, essay: Essay) -> tuple[Button, ...]:
    """Return buttons to the essays before and after one in its series, where this reader may read them."""
    turns = zip(("系列上一篇", "系列下一篇"), context.library.beside_in_series(essay), strict=True)
    return tuple(Button(label, Verb.READ.of(f"#{other.id}")) for label, other in turns if other is not None)


def citation(text: str, essay: Essay, paragraph: int, context: Context) -> str:
    """Return a passage with its source, as it is passed on; without a text the source alone."""
    day = essay.published.isoformat() if essay.published else "日期未標示"
    quoted = f"「{text}」" if text else ""
    lines = (quoted, f"——{essay.source or ''}〈{essay.title}〉{day}", context.link(essay, paragraph))
    return "\n".join(line for line in lines if line)


def quotes(sentences: Sequence[KeySentence]) -> tuple[Quote, ...]:
    return tuple(Quote(s.text, s.essay, s.paragraph) for s in sentences)


class View(Protocol):
    """A view of what the archive says about something, in sentences."""

    @property
    def quotes(self) -> tuple[KeySentence, ...]: ...


V = TypeVar("V", bound=View)


def nth_view(page: int, look: Callable[[Collection[str]], V]) -> V:
    """Return the view of a page: `look` past all sentences of the pages before it."""
    shown: list[str] = []
    view = look(shown)
    for _ in range(min(page, MOST_TURNED) - 1):
        shown += [sentence.text for sentence in view.quotes]
        view = look(shown)
    return view


def essays_about(command: str, places: TopicPlaces, page: int, ask: Ask, context: Context) -> Answer:
    """Show the essays that speak of a subject, newest first, each with the paragraph that first does; `command` lists them."""
    size = 1 if ask.chat.is_group else PAGE
    here = places[(page - 1) * size : page * size]
    essays = context.library.read([place.essay_id for place in here])
    found = [(place, essays[place.essay_id]) for place in here if place.essay_id in essays]
    if not found:
        return text_answer("沒有更多了。", Button("最新文章", Verb.LATEST))
    return Answer(
        Outcome.ANSWER,
        cards=tuple(_card_at(context, place, essay, number) for number, (place, essay) in enumerate(found, 1)),
        buttons=(Button("更多", f"{command} 第{page + 1}頁"),) if len(places) > page * size else (),
        session=Session(command, page, tuple(essay.id for _, essay in found)),
    )


def _card_at(context: Context, place: TopicOccurrence, essay: Essay, number: int) -> EssayCard:
    card = essay_card(context, essay, number)
    spoken = [paragraph for paragraph in essay.paragraphs if paragraph.index in place.paragraphs[:1]]
    snippets = tuple(Snippet(one.text, (), one.heading, one.index) for one in spoken)
    return replace(card, snippets=snippets or card.snippets)
