"""Operation: what waits, what went wrong, what is left of the month, versions and backups, for whoever keeps the bot running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy import select

from bot import program_version
from bot.migrate import schema_in
from bot.web.admin.request import AdminRequest, admin_services, requires_role
from corpus.storage.schema import backups
from handlers.editing.priced_sending import spoken_quota
from handlers.identity import Role

pages = Blueprint("operations", __name__)

BACKUPS_SHOWN = 10
LONG_WAIT = 10.0  # seconds for which an event may wait
OLD_BACKUP = 1.5 * 86_400.0

Figures = dict[tuple[str, ...], float]  # by name and labels


@dataclass(frozen=True, slots=True)
class OperationFigure:
    """A figure to look at; `is_trouble`: something is wrong."""

    what: str
    value: str
    is_trouble: bool = False


@pages.get("/operations")
@requires_role(Role.OWNER)
def overview(visit: AdminRequest) -> str:
    """Show all that whoever keeps the bot running should look at."""
    conversation, now = admin_services().conversation, visit.at.timestamp()
    found = conversation.ledger.figures(now, conversation.archive.index.revision)
    figures: Figures = {(name, *labels.values()): value for name, _, labels, value in found}
    made = visit.work.reader.execute(select(backups).order_by(backups.c.made_at.desc()).limit(BACKUPS_SHOWN)).all()
    return render_template(
        "admin/operations.html",
        visit=visit,
        waiting=_waiting(figures),
        troubles=_troubles(figures),
        quota=spoken_quota(visit.context.services.month()),
        program=program_version(),
        schema=schema_in(visit.work.reader),
        is_backup_old=not 0 <= figures["luopan_backup_age_seconds",] < OLD_BACKUP,
        backups=[(datetime.fromtimestamp(row.made_at, visit.at.tzinfo), row) for row in made],
    )


def _waiting(figures: Figures) -> list[OperationFigure]:
    seconds = figures["luopan_inbox_oldest_seconds",]
    oldest = f"，最久的等了 {seconds:.0f} 秒" if seconds else ""
    pushes = [figures["luopan_outbox", "push", state] for state in ("riding", "pending")]
    behind = figures["luopan_index_behind",]
    return [
        OperationFigure("等著回答", f"{figures['luopan_inbox_waiting',]:.0f} 則{oldest}", seconds > LONG_WAIT),
        OperationFigure("等著送的回覆", f"{figures['luopan_outbox', 'reply', 'pending']:.0f} 則"),
        OperationFigure("正在送的摘要與推播", f"{sum(pushes):.0f} 則"),
        OperationFigure("等人說話時一起送", f"{figures['luopan_outbox', 'push', 'waiting']:.0f} 則"),
        OperationFigure("索引", f"落後 {behind:.0f} 次修改" if behind > 0 else "跟上了", behind > 0),
    ]


def _troubles(figures: Figures) -> list[OperationFigure]:
    counted = (
        ("回覆過期沒送成", figures["luopan_outbox", "reply", "dropped"]),
        ("回覆不確定有沒有送到", figures["luopan_outbox", "reply", "unknown"]),
        ("推播沒送成", figures["luopan_outbox", "push", "dropped"]),
        ("推播不確定有沒有送到", figures["luopan_outbox", "push", "unknown"]),
        ("摘要過時沒送（一天內）", figures["luopan_digests", "skipped"]),
        ("讀不懂的 webhook（七天內）", figures["luopan_quarantined",]),
    )
    return [OperationFigure(what, f"{count:.0f} 則", count > 0) for what, count in counted]
