"""All data that is kept of one person: read from the places that an erasure empties."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, or_, select

from handlers.club.admin_tables import plans
from handlers.club.erasure import ErasureRule


class Kind(NamedTuple):
    """A table's name in words, and how long it keeps a person's rows: by a setting of the retention, or in words."""

    says: str
    setting: str = ""
    lasts: str = "到你刪除為止"
    but: str = ""  # the part of it that is kept for another time


KINDS = {
    "people": Kind("身分"),
    "memberships": Kind("會員資格"),
    "paid_memberships": Kind("付費平台的會員資格"),
    "codes": Kind("申請和用過的碼", "visits", but="，開通碼到你刪除為止"),
    "saved_essays": Kind("收藏"),
    "kept_passages": Kind("收藏的段落和備註"),
    "opened_essays": Kind("看過的文章", "opened"),
    "wishes": Kind("等通知的題目"),
    "missed_asks": Kind("今天沒答到的題目", lasts="24 小時"),
    "chats": Kind("聊天室的設定", "inactive"),
    "subscriptions": Kind("訂閱和追蹤"),
    "mailings": Kind("送達時間"),
    "shown_passages": Kind("摘要送過的段落"),
    "drafts": Kind("草稿", "drafts"),
    "plans": Kind("排程和收件名單", "plans"),
    "audit": Kind("後台的操作紀錄", "audit"),
    "unsaved_forms": Kind("後台還沒存的文字", "unsaved"),
    "reader_browsers": Kind("讀過全文的瀏覽器", lasts="30 天"),
    "sources": Kind("加進來的來源"),
    "essay_versions": Kind("改過的文章版本"),
    "lexicon_lines": Kind("教過的詞"),
    "inbox": Kind("正在回的訊息", lasts="回完為止"),
    "outbox": Kind("送出的訊息", lasts="3 天"),
    "runs": Kind("摘要和通知送出的紀錄", "deliveries"),
    "sent_bubbles": Kind("回覆答的是哪一題", "shown"),
    "free_tokens": Kind("還能用的回覆機會", lasts="一分鐘"),
    "left_unread": Kind("留給編輯、還不標已讀的聊天室", lasts="一天"),
}
HIDDEN = ("hash", "token", "read_token")  # columns that would let somebody in

Rows = list[dict[str, Any]]


def personal_data(connection: Connection, user: str, rules: Collection[ErasureRule]) -> dict[str, Rows]:
    """Return every row that names this person, by table; tables without one are left out."""
    found = {table.name: rows for table, rows in _rows(connection, user, rules) if rows}
    listed = [
        row
        for row in connection.execute(select(plans).where(plans.c.user_id != user)).mappings()
        if any(user == one[0] for one in row["chats"])
    ]
    if listed:
        told = [{"kind": row["kind"], "due_at": _plain(row["due_at"]), "essays": row["essays"]} for row in listed]
        found["plans"] = [*found.get("plans", []), *told]
    return found


def _rows(connection: Connection, user: str, rules: Collection[ErasureRule]) -> Iterator[tuple[Table, Rows]]:
    columns: dict[Table, list[Column[Any]]] = {}
    for rule in rules:
        for column in rule.people:
            columns.setdefault(column.table, []).append(column)
    for table, named in columns.items():
        rows = connection.execute(select(table).where(or_(*(column == user for column in named)))).mappings()
        yield table, [{name: _plain(value) for name, value in row.items() if name not in HIDDEN} for row in rows]


def _plain(value: Any) -> Any:
    """Return a value in a form that JSON can hold."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, datetime | date) else value
