"""How finds become cards: shared by every handler that quotes the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.digest import Sentence
from corpus.essay import Essay
from corpus.matcher import Hit
from corpus.snippets import Snippet
from handlers.ask import Button, EssayCard, Quote
from handlers.house import House

DISCLAIMER = "文章原文摘錄,非投資建議"


def hit_card(house: House, hit: Hit, essay: Essay, number: int) -> EssayCard:
    """An essay that answers, with the passages that do."""
    return EssayCard(
        essay=essay,
        snippets=hit.snippets,
        why=hit.why,
        tags=house.library.theme_names(essay)[:3],
        locked=house.library.is_locked(essay),
        number=number,
        buttons=card_buttons(essay),
    )


def essay_card(house: House, essay: Essay, number: int | None = None) -> EssayCard:
    """An essay for its own sake, with how it begins."""
    first = essay.paragraphs[0] if essay.paragraphs else None
    return EssayCard(
        essay=essay,
        snippets=(Snippet(first.text, (), first.heading, 0),) if first else (),
        tags=house.library.theme_names(essay)[:3],
        locked=house.library.is_locked(essay),
        number=number,
        buttons=card_buttons(essay),
    )


def card_buttons(essay: Essay) -> tuple[Button, ...]:
    """What can be done with an essay; the card itself opens its page."""
    return (Button("收藏", f"收藏 {essay.id}"), Button("延伸閱讀", f"延伸 {essay.id}"))


def quotes(sentences: Sequence[Sentence]) -> tuple[Quote, ...]:
    return tuple(Quote(s.text, s.essay, s.paragraph) for s in sentences)


def essays_of(hits: Sequence[Hit], essays: Mapping[int, Essay]) -> list[tuple[Hit, Essay]]:
    """Hits with their essays, without those withdrawn meanwhile."""
    return [(hit, essays[hit.essay_id]) for hit in hits if hit.essay_id in essays]
