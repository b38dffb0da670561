"""隱私, 開通, 會員: the data that is kept of everybody, and the asker's memberships."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from handlers.answer import NAMELESS, Answer, Button, Link, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.memberships import FOR_GOOD
from handlers.club.people import Purpose
from handlers.club.retention import lasting
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
PRIVACY_IN_ENGLISH = (
    "One to one: your settings, subscriptions, saved essays and the questions you wait for stay until you delete them; a question is not "
    "kept under your name once it is answered. In groups: nothing of what is not said to me. Nothing goes to third parties or advertising. "
    "Type 「forget me」 to delete everything at any time."
)
_CODE = re.compile(r"[A-Za-z0-9-]+")


def privacy(ask: Ask, context: Context) -> Answer:
    """Tell what is kept, and for how long."""
    kept = tuple((says, lasting(days)) for _, says, days in context.retention.rows())
    buttons = (Button("我的資料", Verb.MY_DATA), Button("刪除我的資料", Verb.ERASE_ME))
    if ask.in_english:
        return text_answer(PRIVACY_IN_ENGLISH, *buttons)
    return replace(text_answer(PRIVACY, *buttons), rows=kept)


def activate(ask: Ask, context: Context) -> Answer | Ask:
    """Bind a membership with a one-time code."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if not _CODE.fullmatch(ask.text):
        return ask.as_free_text or error_answer(
            "請附上開通碼，例如「開通 ABCDE23456」。", keyboard(Verb.ACTIVATE, "輸入開通碼")
        )
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
    """Give a payer's key to this person, for whom the platform's decisions about it hold from now on."""
    plans = context.club.paid_memberships.bind(key, user, ask.at)
    context.club.audit.note(user, "activate", f"user:{user}", ask.at)
    running = [
        f"{plan_label(plan)}已開通，{_until(until, ask)}" for plan, until in sorted(plans.items()) if until > ask.at
    ]
    if not running:
        return text_answer("連結好了，不過這份會員資格已經結束。續訂之後會自動恢復，不用再開通。")
    return text_answer(
        f"{'；'.join(running)}。會員專屬文章可以一對一讀全文，續訂不用再開通。", Button("最新文章", Verb.LATEST)
    )


def membership(ask: Ask, context: Context) -> Answer:
    """Tell whether this person is a member, and until when."""
    running = [(plan, until) for plan, until in context.club.memberships.of(ask.user or "").items() if until > ask.at]
    if ask.role >= Role.EDITOR:
        return text_answer(f"你是{ask.role.label}，全部文章都能讀。")
    if not running:
        how = f"\n{context.join}" if context.join else ""
        address = address_in(context.join)
        links = (Link("加入會員", address),) if address else ()
        return text_answer(
            f"目前不是會員。有開通碼的話輸入「開通 你的碼」。{how}", *links, keyboard(Verb.ACTIVATE, "輸入開通碼")
        )
    return text_answer("\n".join(f"{plan_label(plan)}，{_until(until, ask)}。" for plan, until in sorted(running)))


def _until(until: datetime, ask: Ask) -> str:
    return "長期有效" if until == FOR_GOOD else f"到 {until.astimezone(ask.at.tzinfo):%Y/%m/%d}"


PRIVACY_COMMAND = Command((Verb.PRIVACY, "privacy"), "隱私", "留了什麼、留多久", ("隱私",), privacy, exact_only=True)
ACTIVATE = Command(
    (Verb.ACTIVATE, "開通碼", "碼是", "activate"),
    "開通 ABCDE23456",
    "用開通碼成為會員",
    ("開通 ABCDE23456",),
    activate,
    group=False,
)
MEMBERSHIP = Command(
    (Verb.MEMBERSHIP, "membership"), "會員", "會員資格到什麼時候", ("會員",), membership, group=False, exact_only=True
)
