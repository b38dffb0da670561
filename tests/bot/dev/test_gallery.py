"""The gallery: every kind of message, whatever it says, is one that LINE takes; a group is not crowded out."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.gallery import Specimen, specimens
from bot.dev.simulator.limits import problems
from bot.dev.simulator.platform import Platform
from handlers.identity import Place

ALL = list(specimens())


@pytest.mark.parametrize("specimen", ALL, ids=lambda one: f"{one.name} {one.place}")
def test_every_specimen_is_within_lines_limits(specimen: Specimen) -> None:
    assert specimen.messages
    assert problems(list(specimen.messages)) == []


def pressed(part: Any) -> int:
    """How many pills there are in the footer of a bubble."""
    if isinstance(part, list):
        return sum(map(pressed, part))
    if not isinstance(part, dict):
        return 0
    return int("action" in part) + pressed(part.get("contents"))


def test_a_passage_in_a_group_has_two_buttons_at_most() -> None:
    quoting = [
        one for one in ALL if one.place is Place.GROUP and one.name.startswith(("一篇", "三篇（", "個股", "主題"))
    ]
    assert quoting
    for one in quoting:
        assert len(one.messages) == 1
        assert pressed(one.messages[0]["contents"].get("footer")) <= 2


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_all_of_them_at_a_phones_width_and_nothing_sticks_out(browser: Browser, scheme: Any) -> None:
    address, stop = start_in_thread(Platform("secret", "token", "http://127.0.0.1:9/callback"))
    try:
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page.goto(f"{address}/gallery")
        page.wait_for_selector(".specimen")
        assert page.locator(".specimen").count() == len(ALL)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tall = page.evaluate(
            "[...document.querySelectorAll('.specimen')].filter(e => /群組/.test(e.innerText.split('\\n')[0]))"
            ".filter(e => /^(一篇|三篇（|個股|主題)/.test(e.innerText))"
            ".map(e => [e.innerText.split('\\n')[0], e.querySelector('.flex-bubble').getBoundingClientRect().height])"
        )
        assert len(tall) == 4 * 3
        assert [name for name, height in tall if height > 0.6 * 844] == []
        page.close()
    finally:
        stop()
