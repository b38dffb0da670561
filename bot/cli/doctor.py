"""`luopan doctor`: settings, this machine and the live channel, checked in plain words; it only looks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.cli.checks import CONSOLE, Check
from bot.cli.checks_of_channel import check_channel
from bot.cli.checks_of_host import check_database, check_disk, check_index, check_redis
from bot.config import LINE_API, Settings, read_settings, unknown_names
from bot.errors import SettingsError
from bot.line.client import line_client


def examine(settings: Settings | None = None, clock: Callable[[], float] = time.time) -> list[Check]:
    """Make all checks; those of the live channel only where there is a token that may be tried."""
    try:
        slips = [] if settings else list(_slips())
        settings = settings or read_settings()
    except SettingsError as error:
        return [Check(False, line, "改 .env 或環境變數") for line in str(error).splitlines()]
    checks = [*slips, *_settings(settings)]
    if not settings.archive_problems():
        checks += [*check_database(settings, clock()), *check_index(settings), *check_disk(settings)]
    checks += check_redis(settings)
    if not settings.line_channel_access_token and not settings.line_channel_id:
        checks.append(Check(None, "沒有存取權杖，LINE 頻道沒檢查", f"{CONSOLE} → Channel access token → Issue"))
    elif not settings.line_problems():
        line = line_client(settings)
        checks += check_channel(settings, line, clock)
    return checks


def _slips() -> Iterator[Check]:
    for name, meant in sorted(unknown_names().items()):
        yield Check(False, f"沒有 {name} 這個設定", f"改成 {meant}" if meant else "改對名字，或拿掉")


def _settings(settings: Settings) -> Iterator[Check]:
    problems = settings.line_problems()
    yield from (Check(False, problem, "改 .env 或環境變數") for problem in problems)
    if not problems:
        yield Check(True, "設定齊全")
    yield from _public_url(settings)
    yield from _payers(settings)
    if settings.line_api_base != LINE_API:
        yield Check(None, f"LINE_API_BASE 指向 {settings.line_api_base}，不是 LINE 本身", "正式上線時拿掉這個設定")
    elif settings.channel_secrets and not all(map(_looks_like_secret, settings.channel_secrets)):
        yield Check(
            False,
            "LINE_CHANNEL_SECRET 不像頻道密鑰（32 個十六進位字）",
            "LINE Developers → 你的頻道 → Basic settings → Channel secret；不是存取權杖，也不是 Channel ID",
        )
    if not settings.redis_url:
        yield Check(None, "沒有 REDIS_URL：對話記憶放在行程裡，只開一個行程", "要多開行程就設 REDIS_URL")
    if not settings.owners:
        yield Check(None, "沒有 LUOPAN_MODERATORS：第一次啟動會印出認領碼", "一對一跟機器人說「認領 認領碼」")


def _public_url(settings: Settings) -> Iterator[Check]:
    url = settings.public_url
    if not url:
        yield Check(None, "沒有 PUBLIC_URL：卡片上不會有「閱讀全文」", "設成機器人對外的 https 網址")
    elif url.rstrip("/").endswith("/callback"):
        yield Check(False, "PUBLIC_URL 不要帶 /callback", f"改成 {url.rstrip('/').removesuffix('/callback')}")
    elif not url.startswith("https://") and settings.line_api_base == LINE_API:
        yield Check(False, "PUBLIC_URL 不是 https：LINE 只接受 https 的 webhook", "換成 https 網址")


def _payers(settings: Settings) -> Iterator[Check]:
    """Check that what members pay for can be opened, and their list be read."""
    for name, secret, plans in (
        ("STRIPE", settings.luopan_stripe_secret, settings.luopan_stripe_plans),
        ("GHOST", settings.luopan_ghost_secret, settings.luopan_ghost_plans),
    ):
        if plans and not secret:
            yield Check(False, f"有 LUOPAN_{name}_PLANS，沒有 LUOPAN_{name}_SECRET：付款通知進不來", "補上密鑰")
    members = settings.luopan_members_list
    if members and not os.access(members, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        do = "檢查 LUOPAN_MEMBERS_LIST 的路徑與權限，以及匯出還在不在跑"
        yield Check(False, f"會員名單讀不到：{Path(members).absolute()}", do)


def _looks_like_secret(text: str) -> bool:
    return len(text) == 32 and all(character in "0123456789abcdef" for character in text)
