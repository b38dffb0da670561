"""收藏, 我的收藏, 看過的文章: what one person keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from corpus.essay import Essay
from handlers.answer import Answer, Button, EssayCard, Outcome, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import essay_card
from handlers.text.numbering import own_number
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE = 5
NAMELESS = "LINE 沒有告訴我你是誰，請一對一跟我說。"


def save(ask: Ask, context: Context) -> Answer | Ask:
    """Keep an essay, or the one just read."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if not (ask.text or ask.session.essays or ask.session.opened or ask.chat.is_group):
        return _saved(ask.user, 1, context)
    essay = _named(ask, context)
    if essay is None:
        return ask.as_free_text or error_answer(
            "要收藏哪一篇？例如「收藏 2」是剛才的第 2 篇。", Button("最新文章", Verb.LATEST)
        )
    fresh = context.club.bookmarks.save(ask.user, essay.id, ask.at)
    word = "已收藏" if fresh else "已經收藏過了"
    undo = Verb.UNSAVE.of(f"#{essay.id}")
    return text_answer(
        f"{word}〈{essay.title}〉。",
        Button("取消收藏", undo),
        Button("我的收藏", Verb.SAVED),
        undo=undo if fresh else "",
    )


def unsave(ask: Ask, context: Context) -> Answer | Ask:
    """Let an essay go, whether or not it is still there."""
    if ask.user is None:
        return error_answer(NAMELESS)
    number, rest = own_number(ask.text or str(ask.session.essay))
    if not number or rest:
        return ask.as_free_text or error_answer("要取消哪一篇？例如「取消收藏 2」。", Button("我的收藏", Verb.SAVED))
    gone = context.club.bookmarks.unsave(ask.user, number)
    essay = context.library.essay(number)
    named = f"〈{essay.title}〉" if essay else ""
    text = f"已取消收藏{named}。" if gone else "本來就沒收藏這篇。"
    return text_answer(text, Button("我的收藏", Verb.SAVED), undo=f"收藏 #{number}" if gone else "")


def saved(ask: Ask, context: Context) -> Answer:
    """The saved essays, the latest first."""
    return error_answer(NAMELESS) if ask.user is None else _saved(ask.user, split_page(ask.text)[1], context)


def opened(ask: Ask, context: Context) -> Answer:
    """The essays whose page this person opened, the latest first."""
    if ask.user is None:
        return error_answer(NAMELESS)
    return _list(
        context.club.bookmarks.opened, ask.user, split_page(ask.text)[1], context, "看過的文章", "還沒打開過文章。"
    )


def _named(ask: Ask, context: Context) -> Essay | None:
    number, rest = own_number(ask.text or str(ask.session.essay))
    return context.library.essay(number) if number and not rest else None


def _saved(user: str, page: int, context: Context) -> Answer:
    return _list(
        context.club.bookmarks.saved, user, page, context, "我的收藏", "還沒有收藏。看到喜歡的文章按「收藏」。"
    )


def _list(
    ids: Callable[[str, int, int], list[int]], user: str, page: int, context: Context, command: str, empty: str
) -> Answer:
    listed = ids(user, PAGE + 1, (page - 1) * PAGE)
    essays = context.library.read(listed[:PAGE])
    here = [essays[essay_id] for essay_id in listed[:PAGE] if essay_id in essays]
    if not here:
        return text_answer(empty if page == 1 else "沒有更多了。", Button("最新文章", Verb.LATEST))
    return Answer(
        Outcome.ANSWER,
        cards=tuple(_kept_card(context, essay, number, command) for number, essay in enumerate(here, 1)),
        buttons=(Button("更多", f"{command} 第{page + 1}頁"),) if len(listed) > PAGE else (),
        session=Session(command, page, tuple(essay.id for essay in here)),
    )


def _kept_card(context: Context, essay: Essay, number: int, command: str) -> EssayCard:
    """Among the saved ones a card offers to let it go."""
    card = essay_card(context, essay, number)
    if command != SAVED.words[0]:
        return card
    return replace(card, buttons=(Button("取消收藏", Verb.UNSAVE.of(f"#{essay.id}")), *card.buttons[1:]))


SAVE = Command((Verb.SAVE, "存", "save"), "收藏 2", "留著以後看", ("收藏 1",), save, personal=True)
UNSAVE = Command((Verb.UNSAVE, "unsave"), "取消收藏 2", "不留了", ("取消收藏 1",), unsave, personal=True)
SAVED = Command(
    (Verb.SAVED, "收藏清單", "saved"), "我的收藏", "收藏過的文章", ("我的收藏",), saved, group=False, exact_only=True
)
OPENED = Command(
    (Verb.HISTORY, "看過", "history"),
    "看過的文章",
    "打開過的文章",
    ("看過的文章",),
    opened,
    group=False,
    exact_only=True,
)
