"""The rich menus: what each tile does, and where the pictures of them lie. `python -m bot.dev.draw_menus` draws those."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

WIDTH, HEIGHT = 2500, 1686
COLUMNS = 3
TAB_HEIGHT = 220
PREFIX = "luopan "  # of the names of menus that are ours
BAR: Final = "羅盤"


@dataclass(frozen=True, slots=True)
class Tile:
    """An area of a menu: a command as a person could type it; with `fills`, the beginning of one in the input field."""

    label: str
    says: str
    about: str
    fills: str = ""


@dataclass(frozen=True, slots=True)
class RichMenu:
    """A menu with its tiles, and the tabs that lead to the others: (label, name)."""

    name: str
    tiles: tuple[Tile, ...]
    tabs: tuple[tuple[str, str], ...] = ()

    @property
    def alias(self) -> str:
        return f"luopan-{self.name}"

    @property
    def picture(self) -> bytes:
        return Path(__file__).with_name(f"{self.name}.png").read_bytes()

    def body(self) -> dict[str, Any]:
        """Return the menu as LINE takes it, without its picture."""
        return {
            "size": {"width": WIDTH, "height": HEIGHT},
            "selected": True,
            "name": f"{PREFIX}{self.name}",
            "chatBarText": BAR,
            "areas": [*self._tab_areas(), *self._tile_areas()],
        }

    def _tab_areas(self) -> list[dict[str, Any]]:
        width = WIDTH // max(1, len(self.tabs))
        return [
            _area(place * width, 0, width, TAB_HEIGHT, _switch(name))
            for place, (_, name) in enumerate(self.tabs)
            if name != self.name
        ]

    def _tile_areas(self) -> list[dict[str, Any]]:
        top = TAB_HEIGHT if self.tabs else 0
        rows = -(-len(self.tiles) // COLUMNS)
        width, height = WIDTH // COLUMNS, (HEIGHT - top) // rows
        return [
            _area(place % COLUMNS * width, top + place // COLUMNS * height, width, height, _press(tile))
            for place, tile in enumerate(self.tiles)
        ]


def _area(x: int, y: int, width: int, height: int, action: dict[str, Any]) -> dict[str, Any]:
    return {"bounds": {"x": x, "y": y, "width": width, "height": height}, "action": action}


def _press(tile: Tile) -> dict[str, Any]:
    pressed = {"type": "postback", "label": tile.label, "data": tile.says}
    if tile.fills:
        return pressed | {"inputOption": "openKeyboard", "fillInText": tile.fills}
    return pressed | {"displayText": tile.label}


def _switch(name: str) -> dict[str, Any]:
    return {"type": "richmenuswitch", "richMenuAliasId": f"luopan-{name}", "data": "說明"}


READING = (
    Tile("問問題", "說明", "打公司、代號或問題", fills="找 "),
    Tile("最新文章", "最新", "剛上架的"),
    Tile("主題", "主題", "有哪些主題"),
    Tile("我的訂閱", "我的訂閱", "訂了什麼、什麼時候送"),
    Tile("自選", "自選", "追蹤的個股"),
    Tile("我的收藏", "我的收藏", "留著以後看的"),
)
EDITING = (
    Tile("發文", "發文", "貼上文章或網址"),
    Tile("草稿", "草稿", "還沒發布的"),
    Tile("沒答到的", "沒答到的", "大家問了什麼"),
    Tile("來源", "來源", "跟著更新的網站"),
    Tile("額度", "額度", "這個月的推播"),
    Tile("後台", "後台", "在網頁上編輯"),
)
TABS = (("讀文章", "reading"), ("編輯台", "editing"))

OF_MEMBERS = (
    *READING,
    Tile("看過的文章", "看過的文章", "再找一次"),
    Tile("會員", "會員", "到什麼時候"),
    Tile("我的 RSS", "我的RSS", "在別的閱讀器看"),
)

READERS = RichMenu("readers", READING)
MEMBERS = RichMenu("members", OF_MEMBERS)
STAFF_READING = RichMenu("reading", READING, TABS)
STAFF_EDITING = RichMenu("editing", EDITING, TABS)
MENUS = (READERS, MEMBERS, STAFF_READING, STAFF_EDITING)
