"""隱私, 我的資料, 刪除我的資料, 開通, 會員: what the bot knows of a person, and how to change that."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from handlers.answer import Answer, Button, Link, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.memberships import FOR_GOOD
from handlers.club.people import Purpose
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.addresses import address_in
from handlers.text.visibility import plan_label
from handlers.verb import Verb

PRIVACY = (
    "一對一：你的設定、訂閱、收藏和等通知的題目，留到你刪除為止。問題答完就不留在你名下。"
    "群組：沒叫我的話一律不存。資料不給第三方，也不拿來行銷。輸入「刪除我的資料」隨時全部刪掉。"
)
SESSIONS_LEFT = "都刪掉了，只剩最近一次對話的記憶現在連不上，最多 24 小時後自己消失。"
SURE = "確定"
_CODE = re.compile(r"[A-Za-z0-9-]+")


def privacy(ask: Ask, context: Context) -> Answer:
    """What is kept, and for how long."""
    kept = tuple((says, _lasting(days)) for _, says, days in context.retention.rows())
    buttons = (Button("我的資料", Verb.MY_DATA), Button("刪除我的資料", Verb.ERASE_ME))
    return replace(text_answer(PRIVACY, *buttons), rows=kept)


def _lasting(days: int) -> str:
    return "24 小時" if days == 1 else f"{days} 天"


def my_data(ask: Ask, context: Context) -> Answer:
    """Everything that is kept under this person's id."""
    if ask.user is None:
        return error_answer("LINE 沒有告訴我你是誰。")
    club = context.club
    rows = [
        ("身分", ask.role.label),
        ("收藏", f"{len(club.bookmarks.saved(ask.user, 1000))} 篇"),
        ("看過", f"{len(club.bookmarks.opened(ask.user, 1000))} 篇"),
        ("通知清單", f"{len(club.gaps.alerts(ask.user))} 題"),
        *club.rows_about(ask.chat, ask.user),
    ]
    buttons = (Button("通知清單", Verb.ALERTS), Button("刪除我的資料", Verb.ERASE_ME))
    return Answer(text_answer("").outcome, text="我的資料", rows=tuple(rows), buttons=buttons)


def erase_me(ask: Ask, context: Context) -> Answer:
    """Delete all of it, after one more word."""
    if ask.user is None:
        return error_answer("LINE 沒有告訴我你是誰。")
    if ask.text != SURE:
        return text_answer(
            "會刪掉收藏、訂閱、追蹤、會員資格和通知，無法復原。", Button("確定刪除", Verb.ERASE_ME.of(SURE))
        )
    is_all = context.erase(ask.user)
    return replace(text_answer("都刪掉了。" if is_all else SESSIONS_LEFT), erased=True)


def activate(ask: Ask, context: Context) -> Answer | Ask:
    """Bind a membership with a one-time code."""
    if ask.user is None:
        return error_answer("LINE 沒有告訴我你是誰。")
    if not _CODE.fullmatch(ask.text):
        return ask.as_free_text or error_answer("請附上開通碼，例如「開通 ABCDE23456」。")
    spent = context.club.people.use_code(ask.text, Purpose.MEMBER, ask.user, ask.at)
    if spent is None:
        return error_answer("這組開通碼不對、用過了或過期了，請跟版主再要一組。")
    if spent.payer_key is not None:
        return _bind(spent.payer_key, ask.user, ask, context)
    until = context.club.memberships.grant(ask.user, spent.days, ask.at, spent.plan)
    context.club.audit.note(ask.user, "activate", f"user:{ask.user}", ask.at)
    how_long = "" if until == FOR_GOOD else f"，{_until(until, ask)}"
    return text_answer(
        f"{plan_label(spent.plan)}已開通{how_long}。會員專屬文章可以一對一讀全文。", Button("最新文章", Verb.LATEST)
    )


def _bind(key: str, user: str, ask: Ask, context: Context) -> Answer:
    """From now on what the payer's platform says of this key holds for this person."""
    plans = context.club.paid_memberships.bind(key, user, ask.at)
    context.club.audit.note(user, "activate", f"user:{user}", ask.at)
    running = [f"{plan_label(plan)}{_until(until, ask)}" for plan, until in sorted(plans.items()) if until > ask.at]
    if not running:
        return text_answer("連結好了，不過這份會員資格已經結束。續訂之後會自動恢復，不用再開通。")
    return text_answer(
        f"開通了：{'；'.join(running)}。會員專屬文章可以一對一讀全文，續訂不用再開通。", Button("最新文章", Verb.LATEST)
    )


def membership(ask: Ask, context: Context) -> Answer:
    """Whether this person is a member, and until when."""
    running = [(plan, until) for plan, until in context.club.memberships.of(ask.user or "").items() if until > ask.at]
    if ask.role >= Role.EDITOR:
        return text_answer(f"你是{ask.role.label}，全部文章都能讀。")
    if not running:
        how = f"\n{context.join}" if context.join else ""
        address = address_in(context.join)
        links = (Link("加入會員", address),) if address else ()
        return text_answer(f"目前不是會員。有開通碼的話輸入「開通 你的碼」。{how}", *links)
    return text_answer("\n".join(f"{plan_label(plan)}，{_until(until, ask)}。" for plan, until in sorted(running)))


def _until(until: datetime, ask: Ask) -> str:
    return "長期有效" if until == FOR_GOOD else f"到 {until.astimezone(ask.at.tzinfo):%Y/%m/%d}"


PRIVACY_COMMAND = Command((Verb.PRIVACY, "privacy"), "隱私", "留了什麼、留多久", ("隱私",), privacy, exact_only=True)
MY_DATA = Command(
    (Verb.MY_DATA, "mydata"), "我的資料", "看我留了什麼資料", ("我的資料",), my_data, group=False, exact_only=True
)
FORGET_ME = Command(
    (Verb.ERASE_ME, "忘記我", "forgetme"), "刪除我的資料", "全部刪掉", ("刪除我的資料",), erase_me, group=False
)
ACTIVATE = Command(
    (Verb.ACTIVATE, "activate"), "開通 ABCDE23456", "用開通碼成為會員", ("開通 ABCDE23456",), activate, group=False
)
MEMBERSHIP = Command(
    (Verb.MEMBERSHIP, "membership"), "會員", "會員資格到什麼時候", ("會員",), membership, group=False, exact_only=True
)
