"""The fate of one event, answered or not and why: what `luopan doctor --event ID` says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks import Check
from bot.config import Settings
from bot.errors import cause_of
from bot.ledger import EventRecord, event_record
from corpus.database import connect, reading

_NEVER_KEPT = (
    "群組裡沒叫到羅盤的話不會存，也不會回；叫到是：羅盤開頭、@羅盤、「！」加公司或指令、按鈕、引用羅盤的話接著問。"
    "叫了還是這樣，就是 LINE 沒送到：看 webhook 網址和「Use webhook」"
)
_KEPT_SILENT = "寒暄、玩笑、抱怨在群組裡不回；也可能是收回了、改過了（只答最新的一版），或問得太快。想知道怎麼讀這句話：luopan chat"
_REPLIES = {
    "sent": Check(True, "已經回了，LINE 收下了"),
    "pending": Check(None, "回覆寫好了，正要送", "等一下再看；一直這樣就看日誌裡的 LINE 錯誤"),
    "dropped": Check(
        False, "回覆沒送成：權杖過期（一分鐘）或 LINE 不收", "看日誌裡這個事件的錯誤；常常這樣就是機器太慢"
    ),
    "unknown": Check(None, "送出去了，但 LINE 有沒有收下不確定", "不會再送一次，免得重複"),
}


def check_event(settings: Settings, event_id: str) -> Check:
    """Say what became of the event, and what that means."""
    engine = connect(settings.database_url, pool_size=1)
    try:
        with reading(engine) as connection:
            record = event_record(connection, event_id)
    except SQLAlchemyError as error:
        return Check(False, f"資料庫打不開（{cause_of(error)}）", "先執行 luopan doctor")
    finally:
        engine.dispose()
    return explained(record, settings)


def explained(record: EventRecord | None, settings: Settings) -> Check:
    if record is None:
        return Check(None, "沒有存這個事件", _NEVER_KEPT)
    at = datetime.fromtimestamp(record.received_at, settings.zone)
    if not record.finished:
        tries = f"試了 {record.attempts} 次還沒好" if record.attempts else "還在排隊"
        return Check(
            None if not record.attempts else False, f"{at:%m/%d %H:%M} 收到，{tries}", "看日誌裡這個事件的錯誤"
        )
    if record.reply is None:
        return Check(True, f"{at:%m/%d %H:%M} 收到，讀了之後決定不回", _KEPT_SILENT)
    return _REPLIES.get(record.reply, Check(None, f"回覆的狀態：{record.reply}"))
