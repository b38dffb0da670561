"""後台: a link to the admin pages, for one person, once, within five minutes."""

from __future__ import annotations

from handlers.answer import Answer, Link, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.admin_sessions import AdminSessions
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.verb import Verb


def admin_link(ask: Ask, context: Context) -> Answer:
    """Give a link to the admin pages. It opens in the browser: LINE's own would forget the visit."""
    if not context.address:
        return error_answer("還沒設定對外網址（PUBLIC_URL），後台打不開。")
    code = AdminSessions(context.library.work).invite(ask.user or "", ask.at)
    context.club.audit.note(ask.user or "", "invite", "desk", ask.at)
    link = f"{context.address.rstrip('/')}/desk/enter?code={code}&openExternalBrowser=1"
    return text_answer("後台只給你，五分鐘內按一次有效，請不要轉傳。", Link("打開後台", link))


COMMAND = Command(
    (Verb.ADMIN_SITE, "desk"),
    "後台",
    "在網頁上編輯、上傳、排程，管理會員、開通碼、訂閱",
    ("後台",),
    admin_link,
    role=Role.EDITOR,
    group=False,
    own_word=True,
    editors_only=True,
)
