"""A post of a forum whose pages keep it as lines of text (PTT), with the page's other lines under it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

_SCREEN = "//*[@id='main-content'][contains(concat(' ', normalize-space(@class), ' '), ' bbs-content ')]"
_LINES = ("article-metaline", "article-metaline-right", "push")


def forum_post(page: HtmlElement) -> str | None:
    """Return the text of a forum's page, the post first, its lines as they are; None for any other page."""
    screen = next(iter(page.xpath(_SCREEN)), None)
    if screen is None:
        return None
    around = (" ".join(text.split()) for text in page.xpath("//body//text()[not(ancestor::*[@id='main-content'])]"))
    beside = page.xpath("//body//*[self::script or self::style]//text()")
    code = {" ".join(text.split()) for text in beside}
    return "\n".join(("".join(_texts(screen)).strip(), "", *(line for line in around if line and line not in code)))


def _texts(screen: HtmlElement) -> Iterator[str]:
    yield screen.text or ""
    for child in screen:
        if isinstance(child.tag, str) and child.tag not in ("script", "style"):
            names = (child.get("class") or "").split()
            if any(name in _LINES for name in names):
                yield f"{' '.join(''.join(child.itertext()).split()) if 'push' in names else _labelled(child)}\n"
            else:
                yield "".join(child.itertext())
        yield child.tail or ""


def _labelled(line: HtmlElement) -> str:
    """Return a line of the post's head: 「作者 某人」."""
    return " ".join("".join(part.itertext()).strip() for part in line)
