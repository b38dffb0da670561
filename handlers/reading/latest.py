"""最新: the essays added last; of one day the newest, those without a date last."""

from __future__ import annotations

from handlers.answer import Answer, Button, Outcome, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import essay_card
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE = 5


def latest(ask: Ask, context: Context) -> Answer | Ask:
    """Show the latest essays; with a topic, search for it."""
    topic, page = split_page(ask.text)
    if topic:
        return ask.with_text(Verb.FIND.of(topic) if page == 1 else Verb.FIND.of(f"{topic} 第{page}頁"))
    size = 1 if ask.chat.is_group else PAGE
    essays = context.library.latest(size + 1, (page - 1) * size)
    if not essays:
        return text_answer("沒有更多文章了。" if page > 1 else "還沒有文章。")
    here = essays[:size]
    return Answer(
        Outcome.ANSWER,
        cards=tuple(essay_card(context, essay, number) for number, essay in enumerate(here, 1)),
        buttons=(Button("更多", Verb.LATEST.of(f"第{page + 1}頁")),) if len(essays) > size else (),
        session=Session(Verb.LATEST, page, tuple(essay.id for essay in here)),
    )


COMMAND = Command(
    words=(Verb.LATEST_ESSAYS, "最新", "新文章", "有什麼新文章", "有新文章嗎", "latest"),
    usage="最新",
    help="最近的文章",
    examples=("最新",),
    run=latest,
    own_word=True,
)
