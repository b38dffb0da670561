"""RSS: a member's own address for a feed reader."""

from __future__ import annotations

from handlers.answer import Answer, Link, error_answer, text_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.verb import Verb


def feed_link(ask: Ask, context: Context) -> Answer:
    """Give a member the address of their own feed; it holds no name, and ends with the membership."""
    key = context.services.feed_key(ask.user or "")
    if not (context.address and key):
        return error_answer("還沒設定對外網址（PUBLIC_URL），沒有訂閱來源。")
    link = f"{context.address.rstrip('/')}/feed/{key}.atom"
    return text_answer(f"這是你自己的訂閱來源，貼到閱讀器裡；有全文，請不要轉傳：\n{link}", Link("打開", link))


COMMAND = Command(
    (Verb.MY_FEED, "myfeed"),
    "我的RSS",
    "自己的訂閱來源網址，給閱讀器用",
    ("我的RSS",),
    feed_link,
    role=Role.MEMBER,
    group=False,
    exact_only=True,
    personal=True,
)
