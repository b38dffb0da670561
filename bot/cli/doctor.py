"""`luopan doctor`: settings and the live channel, checked in plain words, with what to change where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.config import LINE_API, Settings, SettingsError, read_settings
from bot.line.client import LineClient, LineError

CONSOLE = "LINE Developers → 你的頻道 → Messaging API"
MANAGER = "LINE Official Account Manager → 設定"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `ok` None: worth knowing, not wrong."""

    ok: bool | None
    what: str
    do: str = ""

    @property
    def line(self) -> str:
        sign = {True: "✓", False: "✗", None: "・"}[self.ok]
        return f"{sign} {self.what}" + (f"\n  → {self.do}" if self.do else "")


def examine(settings: Settings | None = None) -> list[Check]:
    """All checks; those of the live channel only where there is a token."""
    try:
        settings = settings or read_settings()
    except SettingsError as error:
        return [Check(False, line, "改 .env 或環境變數") for line in str(error).splitlines()]
    checks = list(_settings(settings))
    if not settings.archive_problems():
        checks += _archive(settings)
    if settings.line_channel_access_token:
        checks += _channel(settings, LineClient(settings.line_api_base, settings.line_channel_access_token))
    else:
        checks.append(Check(None, "沒有存取權杖,LINE 頻道沒檢查", f"{CONSOLE} → Channel access token → Issue"))
    return checks


def _settings(settings: Settings) -> Iterator[Check]:
    problems = settings.line_problems()
    yield from (Check(False, problem, "改 .env 或環境變數") for problem in problems)
    if not problems:
        yield Check(True, "設定齊全")
    if not settings.public_url:
        yield Check(None, "沒有 PUBLIC_URL:卡片上不會有「閱讀全文」", "設成機器人對外的 https 網址")
    elif not settings.public_url.startswith("https://"):
        yield Check(None, "PUBLIC_URL 不是 https:LINE 只接受 https 的 webhook", "換成 https 網址")
    if not settings.redis_url:
        yield Check(None, "沒有 REDIS_URL:對話記憶放在行程裡,只開一個行程", "要多開行程就設 REDIS_URL")
    if not settings.owners:
        yield Check(None, "沒有 LUOPAN_MODERATORS:第一次啟動會印出認領碼", "一對一跟機器人說「認領 認領碼」")


def _archive(settings: Settings) -> Iterator[Check]:
    from bot.app import open_archive
    from corpus.database import UnitOfWork
    from corpus.essay import Audience

    try:
        archive = open_archive(settings)
        with UnitOfWork(archive.engine) as work:
            size = archive.library(work, Audience.MEMBER).size()
    except (SQLAlchemyError, OSError) as error:
        yield Check(False, f"資料庫打不開:{type(error).__name__}", "檢查 DATABASE_URL 的位址、帳號與權限")
        return
    yield Check(True, f"資料庫可用,{size} 篇文章") if size else Check(None, "資料庫可用,還沒有文章", "luopan add 檔案")


def _channel(settings: Settings, line: LineClient) -> Iterator[Check]:
    try:
        info = line.bot_info()
    except LineError as error:
        yield Check(
            False, f"LINE 不認這個權杖({error.status or '連不上'})", f"{CONSOLE} → Channel access token → Reissue"
        )
        return
    yield Check(True, f"權杖有效:{info.get('displayName', '')} {info.get('basicId', '')}".strip())
    if info.get("chatMode") == "chat":
        yield Check(
            False, "回應方式是「聊天」:webhook 收不到訊息", f"{MANAGER} → 回應設定 → 關閉「聊天」,開啟「Webhook」"
        )
    else:
        yield Check(True, "回應方式是 webhook")
    yield from _webhook(line)
    yield Check(None, "請人工確認:自動回應訊息關閉", f"{MANAGER} → 回應設定 → 自動回應訊息 → 停用")
    yield Check(None, "請人工確認:允許加入群組", f"{CONSOLE} → Allow bot to join group chats → Enabled")
    yield Check(None, "請人工確認:Webhook 重新傳送開啟", f"{CONSOLE} → Webhook redelivery → 開")
    if settings.line_api_base != LINE_API:
        yield Check(None, f"LINE_API_BASE 指向 {settings.line_api_base},不是 LINE 本身", "正式上線時拿掉這個設定")


def _webhook(line: LineClient) -> Iterator[Check]:
    try:
        found = line.webhook()
    except LineError:
        yield Check(False, "還沒設定 webhook 網址", f"{CONSOLE} → Webhook URL → PUBLIC_URL/callback")
        return
    if not found.get("active"):
        yield Check(False, "Webhook 沒有啟用", f"{CONSOLE} → Use webhook → 開")
    try:
        result = line.test_webhook()
    except LineError as error:
        yield Check(
            False, f"LINE 測試 webhook 失敗({error.status or '連不上'})", "確認 luopan serve 正在跑,網址對外可連"
        )
        return
    if result.get("success"):
        yield Check(True, "LINE 打得到 webhook")
    else:
        reason = f"{result.get('statusCode', '')} {result.get('reason', '')}".strip()
        hint = (
            "密鑰不符,檢查 LINE_CHANNEL_SECRET"
            if result.get("statusCode") == 401
            else "確認 luopan serve 正在跑,網址對外可連"
        )
        yield Check(False, f"LINE 打不到 webhook:{reason}", hint)
