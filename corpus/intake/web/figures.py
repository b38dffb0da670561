"""Pictures of a page: where they are, what is said of them."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml.html import HtmlElement

from corpus.essay import Picture
from corpus.intake.web.text_runs import squeezed

SMALLEST = 80  # pixels; what is smaller is an icon or counts readers

_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "src")
_WIDTH = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*(\d+)px")
_ICON = re.compile(
    r"(?:icon|logo|avatar|sprite|spacer|pixel|blank|loading|placeholder|emoji|tracking|1x1)", re.IGNORECASE
)


def picture_of(image: HtmlElement, base: str) -> Picture | None:
    """Return the picture of an `<img>`, however late it is loaded; None for icons and what only counts readers."""
    sizes = [image.get("width", ""), image.get("height", ""), *_WIDTH.findall(image.get("style", ""))]
    if any(re.fullmatch(r"\d{1,2}(?:px)?", size.strip()) and int(size.strip("px ")) < SMALLEST for size in sizes):
        return None
    url = next((at for name in _SOURCES if (at := image.get(name, "").strip()) and not at.startswith("data:")), "")
    if not url and image.get("srcset"):
        url = image.get("srcset", "").split(",")[-1].split()[0]
    if not url or _ICON.search(url.rsplit("/", 1)[-1]):
        return None
    try:
        address = urljoin(base, url)
    except ValueError:
        return None
    return Picture(address, squeezed(image.get("alt", "")))
