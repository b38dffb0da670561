"""What a checker of accessibility finds wrong with a page, on a phone and on a desk, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What is right would be listed, too.
FIND_FAULTS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def looks(page: Page) -> Iterator[str]:
    """Show a page on each screen, light and dark, without loading it again: the name of each look while it lasts."""
    for (screen, size), scheme in product(SCREENS.items(), SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        yield f"{screen}, {scheme}"


def accessibility_faults(page: Page) -> list[tuple[str, str]]:
    """The rule of axe-core and the first element that breaks it, for each that is broken."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in page.evaluate(FIND_FAULTS)]
