"""The checks of `luopan doctor` that ask LINE: the token, the clock, and whether LINE reaches the webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.cli.checks import CONSOLE, Check
from bot.config import Settings
from bot.line.client import LineClient, LineError

MANAGER = "LINE Official Account Manager → 設定"
CHAT_ON = "「聊天」開著：答過的會標成已讀，沒答到的留在 LINE 的收件匣等編輯回；Webhook 照常收"
CHAT_OFF = "「聊天」關著：LINE 自己把每則標成已讀，沒答到的在「沒答到的」"
MOST_SKEW = 60.0  # seconds


def check_channel(settings: Settings, line: LineClient, clock: Callable[[], float]) -> Iterator[Check]:
    try:
        info = line.bot_info()
    except LineError as error:
        yield _no_answer(error, settings)
        return
    yield Check(True, f"權杖有效：{info.get('displayName', '')} {info.get('basicId', '')}".strip())
    yield from _clock(line, clock)
    yield Check(True, CHAT_ON if info.get("chatMode") == "chat" else CHAT_OFF)
    yield from _webhook(settings, line)
    yield Check(None, "請人工確認：自動回應訊息關閉", f"{MANAGER} → 回應設定 → 自動回應訊息 → 停用")
    yield Check(None, "請人工確認：允許加入群組", f"{CONSOLE} → Allow bot to join group chats → Enabled")
    yield Check(None, "請人工確認：Webhook 重新傳送開啟", f"{CONSOLE} → Webhook redelivery → 開")


def _no_answer(error: LineError, settings: Settings) -> Check:
    if error.status in (401, 403) and not settings.line_channel_access_token:
        do = "LINE Developers → 你的頻道 → Basic settings：LINE_CHANNEL_ID 與 LINE_CHANNEL_SECRET 要是同一個頻道的"
        return Check(False, f"LINE 不認這組頻道編號與密鑰（{error.status}）", do)
    if error.status in (401, 403):
        return Check(False, f"LINE 不認這個權杖（{error.status}）", f"{CONSOLE} → Channel access token → Reissue")
    if error.status == 0:
        do = "檢查這台機器的對外網路、防火牆、DNS 與代理；權杖不用換"
        return Check(False, f"連不上 LINE（{settings.line_api_base}）", do)
    return Check(False, f"LINE 現在沒辦法回答（{error.status}）", "過幾分鐘再試；權杖不用換")


def _clock(line: LineClient, clock: Callable[[], float]) -> Iterator[Check]:
    try:
        told = line.clock()
    except LineError:
        return
    if told is not None and abs(clock() - told) > MOST_SKEW:
        off = round(clock() - told)
        direction = "快" if off > 0 else "慢"
        yield Check(False, f"這台機器的時鐘{direction}了 {abs(off)} 秒", "開啟 NTP 對時（timedatectl set-ntp true）")


def _webhook(settings: Settings, line: LineClient) -> Iterator[Check]:
    try:
        found = line.webhook()
    except LineError:
        yield Check(False, "還沒設定 webhook 網址", f"{CONSOLE} → Webhook URL → PUBLIC_URL/callback")
        return
    wanted = f"{settings.public_url.rstrip('/')}/callback"
    endpoint = str(found.get("endpoint", ""))
    if settings.public_url and endpoint != wanted:
        do = f"{CONSOLE} → Webhook URL → 改成 {wanted}（或改 PUBLIC_URL）"
        yield Check(False, f"LINE 的 webhook 是 {endpoint}，和 PUBLIC_URL 不一樣", do)
    if not found.get("active"):
        yield Check(False, "Webhook 沒有啟用", f"{CONSOLE} → Use webhook → 開")
        return
    try:
        result = line.test_webhook()
    except LineError as error:
        do = "確認 luopan serve 正在跑，網址對外可連"
        yield Check(False, f"LINE 測試 webhook 失敗（{error.status or '連不上'}）", do)
        return
    if result.get("success"):
        yield Check(True, "LINE 打得到 webhook")
        return
    reason = f"{result.get('statusCode', '')} {result.get('reason', '')}".strip()
    if result.get("statusCode") == 401:
        yield Check(False, f"LINE 打不到 webhook：{reason}", "密鑰不符：檢查 LINE_CHANNEL_SECRET 是不是這個頻道的")
    else:
        do = "確認 luopan serve 正在跑，網址對外可連，https 憑證有效"
        yield Check(False, f"LINE 打不到 webhook：{reason}", do)
