"""The rich menus of a channel: made, given a picture, shown to all or to one; refused as LINE refuses them."""

from __future__ import annotations

import secrets
import struct
from typing import Any

from bot.dev.simulator.channel import Result

WIDTHS = (800, 2500)
LEAST_HEIGHT, LEAST_RATIO = 250, 1.45
MOST_AREAS, MOST_PICTURE, MOST_MENUS, MOST_USERS = 20, 1024 * 1024, 1000, 500
NOT_FOUND = Result(404, {"message": "Not found"})


class RichMenus:
    """The menus that the bot has put up, and the one that each person is shown."""

    def __init__(self) -> None:
        self.menus: dict[str, dict[str, Any]] = {}
        self.pictures: dict[str, bytes] = {}
        self.aliases: dict[str, str] = {}
        self.for_all: str | None = None
        self.of: dict[str, str] = {}  # by user id

    def shown_to(self, user: str) -> dict[str, Any] | None:
        """Return the menu that this person sees, None where there is none."""
        return self.menus.get(self.of.get(user) or self.for_all or "")

    def create(self, body: Any) -> Result:
        if (problem := _problem(body)) is not None:
            return Result(400, {"message": problem})
        if len(self.menus) >= MOST_MENUS:
            return Result(400, {"message": "The number of rich menus exceeds the limit"})
        menu_id = f"richmenu-{secrets.token_hex(16)}"
        self.menus[menu_id] = body
        return Result(200, {"richMenuId": menu_id})

    def listed(self) -> Result:
        return Result(200, {"richmenus": [{"richMenuId": key, **body} for key, body in self.menus.items()]})

    def upload(self, menu_id: str, kind: str, data: bytes) -> Result:
        if menu_id not in self.menus:
            return NOT_FOUND
        size = self.menus[menu_id]["size"]
        wanted = (size["width"], size["height"])
        if kind not in ("image/png", "image/jpeg") or len(data) > MOST_PICTURE or menu_id in self.pictures:
            return Result(400, {"message": "The image is of the wrong kind, too large, or there is one already"})
        if kind == "image/png" and (data[:4] != b"\x89PNG" or struct.unpack(">II", data[16:24]) != wanted):
            return Result(400, {"message": "The image size does not match the rich menu's"})
        self.pictures[menu_id] = data
        return Result(200, {})

    def show(self, menu_id: str, user: str | None) -> Result:
        """Show a menu to one person, or to all."""
        if menu_id not in self.menus:
            return NOT_FOUND
        if menu_id not in self.pictures:
            return Result(400, {"message": "must upload richmenu image before applying it to user"})
        if user is None:
            self.for_all = menu_id
        else:
            self.of[user] = menu_id
        return Result(200, {})

    def show_to_many(self, body: Any) -> Result:
        """Show one menu to up to 500 people."""
        users = _users(body)
        if users is None:
            return Result(400, {"message": "userIds: size must be between 1 and 500"})
        menu_id = str(body.get("richMenuId", ""))
        if menu_id not in self.pictures:
            return Result(400, {"message": "richmenu not found, or without an image"})
        self.of |= dict.fromkeys(users, menu_id)
        return Result(202, {})

    def hide_from_many(self, body: Any) -> Result:
        """Show up to 500 people the menu of everybody again."""
        users = _users(body)
        if users is None:
            return Result(400, {"message": "userIds: size must be between 1 and 500"})
        for user in users:
            self.of.pop(user, None)
        return Result(202, {})

    def listed_aliases(self) -> Result:
        listed = [{"richMenuAliasId": alias, "richMenuId": menu_id} for alias, menu_id in self.aliases.items()]
        return Result(200, {"aliases": listed})

    def alias(self, alias: str, menu_id: str, *, new: bool) -> Result:
        if menu_id not in self.pictures:
            return Result(400, {"message": "richmenu not found, or without an image"})
        if new is (alias in self.aliases):
            return Result(409 if new else 404, {"message": "conflict richmenu alias id" if new else "Not found"})
        self.aliases[alias] = menu_id
        return Result(200, {})

    def delete(self, menu_id: str) -> Result:
        if self.menus.pop(menu_id, None) is None:
            return NOT_FOUND
        self.pictures.pop(menu_id, None)
        self.of = {user: shown for user, shown in self.of.items() if shown != menu_id}
        self.for_all = None if self.for_all == menu_id else self.for_all
        return Result(200, {})


def _users(body: Any) -> list[str] | None:
    users = body.get("userIds") if isinstance(body, dict) else None
    fits = isinstance(users, list) and 1 <= len(users) <= MOST_USERS and all(isinstance(one, str) for one in users)
    return users if fits else None


def _problem(body: Any) -> str | None:
    """Say why LINE would refuse a menu; return None where it would not."""
    if not isinstance(body, dict) or not isinstance(body.get("size"), dict):
        return "size: may not be empty"
    width, height = body["size"].get("width", 0), body["size"].get("height", 0)
    if not WIDTHS[0] <= width <= WIDTHS[1] or height < LEAST_HEIGHT or width / height < LEAST_RATIO:
        return "size: invalid"
    if not 1 <= len(str(body.get("name", ""))) <= 300 or not 1 <= len(str(body.get("chatBarText", ""))) <= 14:
        return "name or chatBarText: size must be between 1 and 300, 1 and 14"
    areas = body.get("areas", [])
    if len(areas) > MOST_AREAS:
        return "areas: size must be between 0 and 20"
    inside = all(
        a["bounds"]["x"] + a["bounds"]["width"] <= width and a["bounds"]["y"] + a["bounds"]["height"] <= height
        for a in areas
    )
    actions = all(_is_action(area["action"]) for area in areas)
    return None if inside and actions else "areas: invalid"


def _is_action(action: dict[str, Any]) -> bool:
    filled = action.get("fillInText")
    if filled is not None and (action.get("inputOption") != "openKeyboard" or len(filled) > 300):
        return False
    if action.get("type") == "richmenuswitch":
        return bool(action.get("richMenuAliasId"))
    return action.get("type") in ("postback", "uri", "message", "datetimepicker")
