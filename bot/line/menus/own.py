"""The rich menus that members and editors have of their own, instead of everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bot.line.client import LineClient
from bot.line.menus import MEMBERS, STAFF_READING, RichMenu
from handlers.identity import Role


def own_menu(role: Role) -> RichMenu | None:
    """Return the menu of people with this role; None: that of everybody."""
    if role >= Role.EDITOR:
        return STAFF_READING
    return MEMBERS if role is Role.MEMBER else None


def show_own_menus(line: LineClient, ids: Mapping[str, str], roles: Mapping[str, Role]) -> None:
    """Show each of these people the menu of their role. `ids`: of the menus by their names. Raises LineError."""
    users = defaultdict[RichMenu | None, list[str]](list)
    for user, role in roles.items():
        users[own_menu(role)].append(user)
    for menu, shown in users.items():
        if menu is None:
            line.hide_own_menus(shown)
        else:
            line.show_own_menus(ids[menu.name], shown)
