"""Deliveries: what went out to how many chats, and what the month's messages come to."""

from __future__ import annotations

from flask import Blueprint, render_template

from bot.ledger import recent_deliveries
from bot.web.admin.essays import page_number
from bot.web.admin.request import AdminRequest, requires_role
from handlers.editing.priced_sending import spoken_quota
from handlers.identity import Role

pages = Blueprint("deliveries", __name__)

PER_PAGE = 30
KINDS = {
    "digest": "摘要",
    "wish": "有文章了",
    "notice": "通知版主",
    "reminder": "到期提醒",
    "review": "審稿",
    "trial": "試送",
    "essay": "推播",
    "correction": "通知更正",
}
ENDS = {
    "planned": "排隊中",
    "sent": "送到",
    "dropped": "沒送成",
    "unknown": "不確定有沒有送到",
    "empty": "沒新文章",
    "skipped": "過時不送",
    "paused": "暫停中",
    "merged": "併入下一次",
    "stopped": "不用送了",
}
WAYS = {"reply": "搭回覆", "alone": "免費", "push": "推播"}


@pages.get("/deliveries")
@requires_role(Role.MODERATOR)
def listing(visit: AdminRequest) -> str:
    """List what went out lately, with the month's quota."""
    page = page_number()
    listed = recent_deliveries(visit.work.reader, PER_PAGE + 1, (page - 1) * PER_PAGE)
    month = visit.context.services.month()
    return render_template(
        "admin/deliveries.html",
        visit=visit,
        groups=listed[:PER_PAGE],
        page=page,
        more=len(listed) > PER_PAGE,
        month=month,
        quota=spoken_quota(month),
        KINDS=KINDS,
        ENDS=ENDS,
        WAYS=WAYS,
    )
