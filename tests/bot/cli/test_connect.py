"""`luopan connect`: the webhook's address is set and tried, the menus are up, and it may be said again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.cli.connect import connect_channel
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.platform import Platform
from bot.inbound.gate import ASKING
from bot.line.client import LineClient, Sent
from bot.line.events import read
from bot.line.menus import EDITING, MENUS, OF_MEMBERS
from handlers.commands import router
from handlers.identity import Role
from tests.support.phones import Cast


@pytest.fixture
def platform() -> Iterator[tuple[Platform, LineClient]]:
    platform = Platform("secret", "token", "http://127.0.0.1:9/callback")
    address, stop = start_in_thread(platform)
    yield platform, LineClient(address, "token")
    stop()


def test_menus_are_put_up_for_all_and_for_editors_and_again_without_leftovers(
    platform: tuple[Platform, LineClient],
) -> None:
    there, line = platform
    for _ in range(2):
        findings = list(
            connect_channel(line, "https://luopan.example/", {"Ueditor": Role.EDITOR, "Umember": Role.MEMBER})
        )
    menus = there.richmenus
    assert len(menus.menus) == len(MENUS) == len(menus.pictures)
    assert {menus.menus[found]["name"] for found in menus.aliases.values()} == {f"luopan {menu.name}" for menu in MENUS}
    assert menus.shown_to("Ureader")["name"] == "luopan readers"
    assert menus.shown_to("Ueditor")["name"] == "luopan reading"
    assert menus.shown_to("Umember")["name"] == "luopan members"
    assert there.webhooks.url == "https://luopan.example/callback"
    assert any("打不到" in finding.what for finding in findings)


def test_a_webhook_that_answers_is_said_to_be_reached(cast: Cast) -> None:
    stage = cast.stage
    public = stage.platform.webhooks.url.removesuffix("/callback")
    line = LineClient(stage.page, stage.platform.token)
    findings = list(connect_channel(line, public, {}))
    assert [finding.ok for finding in findings] == [True, True, True]


@pytest.mark.parametrize("tile", [*OF_MEMBERS, *EDITING])
def test_every_tile_is_a_command_that_could_be_typed(tile: object) -> None:
    call = router().exact(tile.says)
    assert call is not None and not call.rest


def test_what_line_would_refuse_is_refused(platform: tuple[Platform, LineClient]) -> None:
    there, _line = platform
    body = MENUS[0].body()
    assert there.richmenus.create(body | {"size": {"width": 2500, "height": 2000}}).status == 400
    assert there.richmenus.create(body | {"areas": body["areas"] * 4}).status == 400
    assert there.richmenus.create(body | {"chatBarText": "一" * 15}).status == 400
    made = there.richmenus.create(body).body["richMenuId"]
    assert there.richmenus.show(made, None).status == 400
    assert there.richmenus.upload(made, "image/png", MENUS[0].picture[:100] + b"x" * 2_000_000).status == 400
    assert there.richmenus.upload(made, "image/gif", b"GIF").status == 400


def test_a_tab_of_the_menu_that_is_pressed_says_nothing() -> None:
    postback = {"data": "說明", "params": {"newRichMenuAliasId": "luopan-editing", "status": "SUCCESS"}}
    source = {"type": "user", "userId": "U1"}
    event = {"type": "postback", "webhookEventId": "01", "timestamp": 1, "source": source, "postback": postback}
    (heard,) = read(json.dumps({"events": [event]}).encode())
    assert heard.kind not in ASKING


def test_an_answer_whose_quoted_message_is_gone_is_sent_without_the_quotation(
    platform: tuple[Platform, LineClient],
) -> None:
    there, line = platform
    reader = next(iter(there.chats.persons))
    there.follow(reader)
    post = there.say(reader, reader, "早安")
    body = {"messages": [{"type": "text", "text": "早", "quoteToken": "gone"}]}
    assert isinstance(line.reply(post.event["replyToken"], json.dumps(body).encode()), Sent)
