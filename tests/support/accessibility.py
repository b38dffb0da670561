"""What a checker of accessibility finds wrong with a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FAULTS_ALONE = {"resultTypes": ["violations"]}  # what is right would be listed, too


def accessibility_faults(page: Page) -> list[tuple[str, str]]:
    """The rule of axe-core and the first element that breaks it, for each that is broken."""
    faults = Axe().run(page, options=FAULTS_ALONE).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in faults]
