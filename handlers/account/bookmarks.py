"""收藏, 我的收藏, 看過的文章: essays and passages that one person keeps, and essays they opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.essay import Essay
from corpus.search.snippets import Snippet
from handlers.account.kept_list import OTHER, KeptItem, by_theme, kept_items
from handlers.answer import NAMELESS, Answer, Button, EssayCard, Outcome, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import essay_card
from handlers.text.numbering import own_number, pointed
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE = 5
THEMES = 3  # that have a button of their own
CHANGED = "（這段後來改過了，請看全文）"
_AND = re.compile(r"[\s、,&跟和與]+")
_NOTED = re.compile(r"#(?P<essay>\d{1,9})[\s,]*(?:備註|註記|筆記|note)[\s:]*(?P<note>.+)", re.IGNORECASE | re.DOTALL)


def save(ask: Ask, context: Context) -> Answer | Ask:
    """Keep the named essays, or the one just read; list what is kept where there is none."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if not (ask.text or ask.session.essays or ask.session.opened or ask.chat.is_group):
        return _saved(ask.user, 1, context)
    if (noted := _NOTED.fullmatch(ask.text)) is not None:
        return ask.with_text(Verb.KEEP.of(f"#{noted['essay']} {noted['note']}"))
    if len(several := _several(ask, context)) > 1:
        return _save_all(ask.user, several, ask, context)
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
    """Let go of an essay, else of its kept passages, whether or not it is still there."""
    if ask.user is None:
        return error_answer(NAMELESS)
    number, rest = own_number(ask.text or str(ask.session.essay))
    if not number or rest:
        return ask.as_free_text or error_answer("要取消哪一篇？例如「取消收藏 2」。", Button("我的收藏", Verb.SAVED))
    gone = context.club.bookmarks.unsave(ask.user, number)
    passages = not gone and context.club.passages.let_go(ask.user, number)
    essay = context.library.essay(number)
    named = f"〈{essay.title}〉" if essay else ""
    text = f"已取消收藏{named}{'裡的段落' if passages else ''}。" if gone or passages else "本來就沒收藏這篇。"
    return text_answer(text, Button("我的收藏", Verb.SAVED), undo=Verb.SAVE.of(f"#{number}") if gone else "")


def saved(ask: Ask, context: Context) -> Answer | Ask:
    """List what is kept, passages and essays; of one theme when that is named."""
    if ask.user is None:
        return error_answer(NAMELESS)
    name, page = split_page(ask.text)
    theme = context.library.subjects.resolve_theme(name.lstrip("#")) if name else None
    if name and theme is None:
        return error_answer(f"沒有「{name[:20]}」這個主題。", Button("我的收藏", Verb.SAVED))
    return _saved(ask.user, page, context, theme.name if theme else "")


def opened(ask: Ask, context: Context) -> Answer:
    """List the essays whose page this person opened, the latest first."""
    return error_answer(NAMELESS) if ask.user is None else _opened(ask.user, split_page(ask.text)[1], context)


def _several(ask: Ask, context: Context) -> list[Essay]:
    """Return the essays of 「1 跟 3」; none where a part is no number."""
    parts = [own_number(pointed(part, ask.session.essays)) for part in _AND.split(ask.text) if part]
    essays = [context.library.essay(number) for number, rest in parts if number and not rest]
    return [essay for essay in essays if essay] if len(essays) == len(parts) else []


def _save_all(user: str, essays: Sequence[Essay], ask: Ask, context: Context) -> Answer:
    for essay in essays:
        context.club.bookmarks.save(user, essay.id, ask.at)
    titles = "".join(f"〈{essay.title}〉" for essay in essays)
    return text_answer(f"已收藏{titles}。", Button("我的收藏", Verb.SAVED))


def _named(ask: Ask, context: Context) -> Essay | None:
    number, rest = own_number(ask.text or str(ask.session.essay))
    return context.library.essay(number) if number and not rest else None


def _saved(user: str, page: int, context: Context, theme: str = "") -> Answer:
    everything = kept_items(user, context.club, context.library)
    items = [item for item in everything if not theme or theme in item.themes]
    here = items[(page - 1) * PAGE : page * PAGE]
    if not here:
        empty = (
            f"收藏裡沒有{theme}的。" if theme else "還沒有收藏。看到喜歡的文章按「收藏」，喜歡的段落按「收藏這段」。"
        )
        return text_answer(empty if page == 1 else "沒有更多了。", Button("最新文章", Verb.LATEST))
    command = f"{Verb.SAVED} {theme}".strip()
    more = [Button("更多", f"{command} 第{page + 1}頁")] if len(items) > page * PAGE else []
    themes = [] if theme else [name for name in by_theme(everything) if name != OTHER][:THEMES]
    return Answer(
        Outcome.ANSWER,
        text=_counted(items, theme) if page == 1 else "",
        cards=tuple(_item_card(context, item, number) for number, item in enumerate(here, 1)),
        buttons=(
            *more,
            *(Button(f"收藏的{name}"[:20], f"{Verb.SAVED} {name}") for name in (themes if len(themes) > 1 else ())),
            Button("匯出收藏", Verb.EXPORT_KEPT),
        ),
        session=Session(command, page, tuple(item.essay.id for item in here)),
    )


def _counted(items: Sequence[KeptItem], theme: str) -> str:
    passages = sum(item.kept is not None for item in items)
    essays = len(items) - passages
    told = [f"{essays} 篇"] * bool(essays) + [f"{passages} 段"] * bool(passages)
    return f"收藏{f'的{theme}' if theme else ''}：{'、'.join(told)}。"


def _item_card(context: Context, item: KeptItem, number: int) -> EssayCard:
    """Return the card of a kept passage or essay, with a button to let it go."""
    card = essay_card(context, item.essay, number)
    if item.kept is None:
        return replace(card, buttons=(Button("取消收藏", Verb.UNSAVE.of(f"#{item.essay.id}")), *card.buttons[1:]))
    place = f"#{item.essay.id}-{item.kept.paragraph}"
    one = item.paragraph
    return replace(
        card,
        snippets=(Snippet(one.text, (), one.heading, one.index),) if one else (),
        note=" ".join(filter(None, [item.kept.note, "" if one or card.locked else CHANGED])),
        buttons=(
            Button("取消收藏", Verb.LET_GO.of(place)),
            Button("加備註", Verb.KEEP.of(place), fills=Verb.KEEP.of(f"{place} ")),
        ),
    )


def _opened(user: str, page: int, context: Context) -> Answer:
    listed = context.club.bookmarks.opened(user, PAGE + 1, (page - 1) * PAGE)
    essays = context.library.read(listed[:PAGE])
    here = [essays[essay_id] for essay_id in listed[:PAGE] if essay_id in essays]
    if not here:
        return text_answer("還沒打開過文章。" if page == 1 else "沒有更多了。", Button("最新文章", Verb.LATEST))
    return Answer(
        Outcome.ANSWER,
        cards=tuple(essay_card(context, essay, number) for number, essay in enumerate(here, 1)),
        buttons=(Button("更多", Verb.HISTORY.of(f"第{page + 1}頁")),) if len(listed) > PAGE else (),
        session=Session(Verb.HISTORY, page, tuple(essay.id for essay in here)),
    )


SAVE = Command(
    (Verb.SAVE, "存起來", "收起來", "存", "bookmark", "save"), "收藏 2", "留著以後看", ("收藏 1",), save, personal=True
)
UNSAVE = Command(
    (Verb.UNSAVE, "removebookmark", "unsave"), "取消收藏 2", "不留了", ("取消收藏 1",), unsave, personal=True
)
SAVED = Command(
    (Verb.SAVED, "收藏清單", "saved"),
    "我的收藏、我的收藏 散熱",
    "收藏過的文章和段落，可以只看一個主題",
    ("我的收藏",),
    saved,
    group=False,
    own_word=True,
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
