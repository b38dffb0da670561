"""收藏, 我的收藏, 看過的文章: what one person keeps."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.ask import Answer, Ask, Button, Command, Outcome, Session, refused, said
from handlers.house import House
from handlers.paging import split_page
from handlers.present import essay_card

PAGE = 5
NAMELESS = "LINE 沒有告訴我你是誰,請一對一跟我說。"

_NUMBER = re.compile(r"^#?(\d{1,9})$")


def save(ask: Ask, house: House) -> Answer:
    """Keep essay 12, or the one just read."""
    if ask.user is None:
        return refused(NAMELESS)
    if not ask.text and len(ask.session.essays) != 1:
        return _saved(ask.user, 1, house) if not ask.session.essays else refused("要收藏哪一篇?按文章下面的「收藏」。")
    match = _NUMBER.match(ask.text or str(ask.session.essays[0]))
    essay = house.library.essay(int(match.group(1))) if match else None
    if essay is None:
        return refused("要收藏哪一篇?例如「收藏 12」。", Button("最新文章", "最新"))
    fresh = house.club.shelf.save(ask.user, essay.id, ask.at)
    word = "已收藏" if fresh else "早就收藏了"
    return said(
        f"{word}〈{essay.title}〉。", Button("取消收藏", f"取消收藏 {essay.id}"), Button("我的收藏", "我的收藏")
    )


def unsave(ask: Ask, house: House) -> Answer:
    """Let an essay go."""
    if ask.user is None:
        return refused(NAMELESS)
    match = _NUMBER.match(ask.text)
    if match is None:
        return refused("要取消哪一篇?例如「取消收藏 12」。", Button("我的收藏", "我的收藏"))
    gone = house.club.shelf.unsave(ask.user, int(match.group(1)))
    return said("已取消收藏。" if gone else "本來就沒收藏這篇。", Button("我的收藏", "我的收藏"))


def saved(ask: Ask, house: House) -> Answer:
    """The saved essays, the latest first."""
    return refused(NAMELESS) if ask.user is None else _saved(ask.user, split_page(ask.text)[1], house)


def opened(ask: Ask, house: House) -> Answer:
    """The essays whose page this person opened, the latest first."""
    if ask.user is None:
        return refused(NAMELESS)
    return _list(house.club.shelf.opened, ask.user, split_page(ask.text)[1], house, "看過的文章", "還沒打開過文章。")


def _saved(user: str, page: int, house: House) -> Answer:
    return _list(house.club.shelf.saved, user, page, house, "我的收藏", "還沒有收藏。看到喜歡的文章按「收藏」。")


def _list(
    ids: Callable[[str, int, int], list[int]], user: str, page: int, house: House, command: str, empty: str
) -> Answer:
    listed = ids(user, PAGE + 1, (page - 1) * PAGE)
    essays = house.library.read(listed[:PAGE])
    here = [essays[essay_id] for essay_id in listed[:PAGE] if essay_id in essays]
    if not here:
        return said(empty if page == 1 else "沒有更多了。", Button("最新文章", "最新"))
    return Answer(
        Outcome.ANSWER,
        cards=tuple(essay_card(house, essay, number) for number, essay in enumerate(here, 1)),
        buttons=(Button("更多", f"{command} 第{page + 1}頁"),) if len(listed) > PAGE else (),
        session=Session(command, page, tuple(essay.id for essay in here)),
    )


SAVE = Command(("收藏", "存", "save"), "收藏 12", "留著以後看", ("收藏 1",), save, alone=True)
UNSAVE = Command(("取消收藏", "unsave"), "取消收藏 12", "不留了", ("取消收藏 1",), unsave)
SAVED = Command(("我的收藏", "收藏清單", "saved"), "我的收藏", "收藏過的文章", ("我的收藏",), saved, group=False)
OPENED = Command(
    ("看過的文章", "看過", "history"), "看過的文章", "打開過的文章", ("看過的文章",), opened, group=False, alone=True
)
