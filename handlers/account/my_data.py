"""我的資料, 下載我的資料: all that is kept of a person, told and handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.answer import NAMELESS, Answer, Button, Link, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.people import Purpose
from handlers.club.personal_data import KINDS, Rows
from handlers.club.retention import lasting
from handlers.command import Command
from handlers.context import Context
from handlers.verb import Verb

EXPORT_LIFE = timedelta(minutes=10)
COUNTED = ("saved_essays", "opened_essays", "wishes", "subscriptions", "mailings", "people")  # told in words already


def my_data(ask: Ask, context: Context) -> Answer:
    """List everything that is kept under this person's id, and for how long."""
    if ask.user is None:
        return error_answer(NAMELESS)
    club, held = context.club, context.personal_data(ask.user)
    rows = [
        ("身分", ask.role.label),
        ("收藏", f"{len(held.get('saved_essays', ()))} 篇"),
        ("看過", f"{len(held.get('opened_essays', ()))} 篇"),
        ("通知清單", f"{len(held.get('wishes', ()))} 題"),
        *club.rows_about(ask.chat, ask.user),
        *((KINDS[table].says, told(table, found, context)) for table, found in held.items() if table not in COUNTED),
    ]
    buttons = (
        Button("下載我的資料", Verb.EXPORT),
        Button("通知清單", Verb.ALERTS),
        Button("刪除我的資料", Verb.ERASE_ME),
    )
    return replace(text_answer("我的資料，我留著的就這些：", *buttons), rows=tuple(rows))


def told(table: str, found: Rows, context: Context) -> str:
    """Say how many rows of a table are kept, and for how long: 「3 筆，最多 30 天」."""
    kind = KINDS[table]
    days = {name: days for name, _, days in context.retention.rows()}.get(kind.setting)
    return f"{len(found)} 筆，{f'最多 {lasting(days)}' if days else kind.lasts}{kind.but}"


def export(ask: Ask, context: Context) -> Answer:
    """Give a link that hands all of it over, once."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if not context.address:
        return error_answer("還沒設定對外網址（PUBLIC_URL），沒有地方下載。")
    code = context.club.people.make_code(Purpose.EXPORT, ask.at, EXPORT_LIFE, user=ask.user)
    link = f"{context.address.rstrip('/')}/my-data?code={code}&openExternalBrowser=1"
    return text_answer("十分鐘內按一次有效，是一個 JSON 檔。裡面都是你的資料，請不要轉傳。", Link("打開", link))


MY_DATA = Command(
    (Verb.MY_DATA, "mydata"), "我的資料", "看我留了什麼資料", ("我的資料",), my_data, group=False, exact_only=True
)
EXPORT = Command(
    (Verb.EXPORT, "匯出我的資料", "exportmydata"),
    "下載我的資料",
    "把我留的資料整份給你",
    ("下載我的資料",),
    export,
    group=False,
    exact_only=True,
    personal=True,
)
