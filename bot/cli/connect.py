"""`luopan connect`: set and test the webhook's address, and put up the rich menus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cli.checks import CONSOLE, Check
from bot.line.client import LineClient, LineError
from bot.line.menus import MENUS, PREFIX, READERS
from bot.line.menus.own import show_own_menus
from handlers.identity import Role


def connect_channel(line: LineClient, public_url: str, roles: Mapping[str, Role]) -> Iterator[Check]:
    """Set everything that LINE lets a program set; `roles`: of those who get menus of their own. Safe to repeat."""
    yield from _webhook(line, f"{public_url.rstrip('/')}/callback")
    try:
        yield from _menus(line, roles)
    except LineError as error:
        yield Check(
            False, f"選單沒有設好（{error.status or '連不上'}）：{error.message}", "過幾分鐘再執行一次 luopan connect"
        )


def _webhook(line: LineClient, address: str) -> Iterator[Check]:
    try:
        line.set_webhook(address)
    except LineError as error:
        yield Check(
            False, f"webhook 網址設不上去（{error.status or '連不上'}）：{address}", "PUBLIC_URL 要是對外的 https 網址"
        )
        return
    yield Check(True, f"webhook 網址：{address}")
    try:
        result = line.test_webhook()
        reached, reason = bool(result.get("success")), f"{result.get('statusCode', '')} {result.get('reason', '')}"
    except LineError as error:
        reached, reason = False, str(error.status or "連不上")
    if reached:
        yield Check(True, "LINE 打得到 webhook")
    else:
        yield Check(False, f"LINE 打不到 webhook：{reason.strip()}", "確認 luopan serve 正在跑，網址對外可連")
    if not line.webhook().get("active"):
        yield Check(False, "Webhook 還沒啟用，這個只能手動開", f"{CONSOLE} → Use webhook → 開")


def _menus(line: LineClient, roles: Mapping[str, Role]) -> Iterator[Check]:
    """Create the new menus first, so that nobody is ever without; then delete the old ones of ours."""
    old = [menu["richMenuId"] for menu in line.menus() if str(menu.get("name", "")).startswith(PREFIX)]
    ids = {menu.name: line.create_menu(menu.body(), menu.picture) for menu in MENUS}
    for menu in MENUS:
        line.set_menu_alias(menu.alias, ids[menu.name])
    line.show_menu_to_all(ids[READERS.name])
    show_own_menus(line, ids, roles)
    for menu_id in old:
        line.delete_menu(menu_id)
    members = sum(role is Role.MEMBER for role in roles.values())
    yield Check(True, f"選單：讀者、會員（{members} 人）、編輯（{len(roles) - members} 人）各一份，之後跟著身分換")
