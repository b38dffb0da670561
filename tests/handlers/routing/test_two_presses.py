"""The ten commonest deeds take at most two presses from the rich menu, and nothing is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.line.menus import READERS
from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom, published
from tests.support.phones import Heard, Phone

TILES = {tile.label: tile.says for tile in READERS.tiles if not tile.fills}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("room")) as room:
        yield room


@pytest.fixture(scope="module")
def reader(room: Newsroom) -> Phone:
    """Somebody with a subscription and a watchlist, as most come to have."""
    published(room.someone(Role.OWNER))
    reader = room.someone()
    reader("訂閱 散熱")
    reader("追蹤 3324")
    return reader


def press(reader: Phone, tile: str, label: str = "") -> Heard:
    heard = reader(TILES[tile])
    return reader.press(heard, label) if label else heard


def first_saying(heard: Heard, start: str) -> str:
    """The first button whose press says something that begins so."""
    return next(label for label, action in heard.actions.items() if action.get("data", "").startswith(start))


def test_what_is_new(reader: Phone) -> None:
    assert "水冷板的毛利" in press(reader, "最新文章")


def test_reading_it(reader: Phone) -> None:
    assert press(reader, "最新文章").actions["閱讀全文"]["type"] == "uri"


def test_keeping_it_and_seeing_what_is_kept(reader: Phone) -> None:
    assert "已收藏" in press(reader, "最新文章", "收藏")
    assert "水冷板的毛利" in press(reader, "我的收藏")


def test_a_theme(reader: Phone) -> None:
    themes = press(reader, "主題")
    assert "非投資建議" in reader.press(themes, first_saying(themes, "主題 "))


def test_a_security(reader: Phone) -> None:
    watched = press(reader, "自選")
    assert "上櫃 ·" in reader.press(watched, first_saying(watched, "個股 "))


def test_todays_news(reader: Phone) -> None:
    assert not press(reader, "我的訂閱", "今日").silent


def test_when_they_come(reader: Phone) -> None:
    assert "什麼時候送" in press(reader, "我的訂閱", "改時間")


def test_a_subscription_and_its_end(room: Newsroom, reader: Phone) -> None:
    newcomer = room.someone()
    offered = newcomer(TILES["我的訂閱"])
    assert "已訂閱" in newcomer.press(offered, first_saying(offered, "訂閱 "))
    assert "已退訂" in press(newcomer, "我的訂閱", "退訂")
