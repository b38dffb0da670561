"""The push messages of this month: what `luopan quota` prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.config import Settings
from bot.ledger import FREE_TOKEN, WITH_REPLY, count_deliveries
from bot.outbound.sender import build_sender
from corpus.database import reading


def quota_report(settings: Settings) -> tuple[dict[str, Any], str]:
    """Return the month's messages, as values and in plain words."""
    sender = build_sender(settings)
    now = datetime.now(settings.zone)
    budget = sender.quota_store.refresh(now.timestamp(), always=True)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    with reading(sender.archive.engine) as connection:
        counts = count_deliveries(connection, first)
    rode = sum(n for (way, state), n in counts.items() if way in (WITH_REPLY, FREE_TOKEN) and state == "sent")
    pushed = sum(n for (way, state), n in counts.items() if way == "push" and state == "sent")
    unknown = sum(n for (_, state), n in counts.items() if state == "unknown")
    waiting = sum(n for (_, state), n in counts.items() if state == "planned")
    value = {
        "month": budget.month,
        "limit": budget.limit,
        "used": budget.used,
        "reserve": budget.reserve,
        "left_for_digests": budget.left_for_digests,
        "rode_free": rode,
        "pushed": pushed,
        "waiting": waiting,
        "unknown": unknown,
    }
    if budget.limit is None:
        spent = f"{budget.month}：推播用了 {budget.used} 則，方案沒有上限。"
    else:
        spent = f"{budget.month}：{budget.limit} 則用了 {budget.used} 則，留 {budget.reserve} 則給版主，摘要還能用 {budget.left_for_digests} 則。"
    sent = f"摘要與通知：跟著回覆送了 {rode} 次，推播 {pushed} 次，{waiting} 則還在等。"
    odd = f"有 {unknown} 則不確定有沒有送到，不會重送。" if unknown else ""
    return value, "\n".join(filter(None, [spent, sent, odd]))
