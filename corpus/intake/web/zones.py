"""Zones of a page by the markup of its elements: tags, roles, and the words of classes and ids that all sites use."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from corpus.intake.extracted import Reason

_TAGS = {"nav": Reason.MENU, "footer": Reason.FOOTER, "aside": Reason.RELATED, "menu": Reason.MENU}
_ROLES = {
    "navigation": Reason.MENU,
    "contentinfo": Reason.FOOTER,
    "complementary": Reason.RELATED,
    "search": Reason.MENU,
    "dialog": Reason.NOTICE,
    "banner": Reason.MENU,
}
# Words that name such a part wherever they stand in a class or id, and words that do so only as its whole name.
_WORDS: tuple[tuple[Reason, str], ...] = (
    (Reason.COMMENTS, "comment comments disqus reply replies respond discuss discussion"),
    (
        Reason.RELATED,
        "bio related recommend recommended recommendation recommendations ranking taboola outbrain sidebar aside popin trending",
    ),
    (Reason.ADVERT, "ad ads adv advert advertisement advertising adsense sponsor sponsored gpt dfp adbox"),
    (Reason.SHARE, "share shares sharing social socials sns addthis sharethis"),
    (
        Reason.MENU,
        "nav navbar navi navigation menu menus submenu breadcrumb breadcrumbs pagination pager dropdown megamenu hamburger topbar",
    ),
    (Reason.FOOTER, "footer copyright sitemap"),
    (Reason.NOTICE, "cookie cookies gdpr consent popup lightbox"),
    (Reason.LOGIN, "login signin signup newsletter subscription paywall"),
    (Reason.TAGS, "tags taglist keywords hashtags"),
)
_NAMES: dict[str, Reason] = {
    "widget": Reason.RELATED,
    "side": Reason.RELATED,
    "hot": Reason.RELATED,
    "popular": Reason.RELATED,
    "rail": Reason.RELATED,
    "right": Reason.RELATED,
    "more": Reason.RELATED,
    "foot": Reason.FOOTER,
    "bottom": Reason.FOOTER,
    "modal": Reason.NOTICE,
    "search": Reason.MENU,
    "subscribe": Reason.LOGIN,
    "toolbar": Reason.SHARE,
    "tools": Reason.SHARE,
    "promo": Reason.ADVERT,
    "banner": Reason.ADVERT,
    "dialog": Reason.NOTICE,
    "tag": Reason.TAGS,
}
_SETS = tuple((reason, frozenset(words.split())) for reason, words in _WORDS)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def zone_of(element: HtmlElement) -> Reason | None:
    """Return the zone of the page that an element is by its markup, if it says so."""
    tag = element.tag
    if tag in _TAGS:
        return _TAGS[tag]
    if (role := element.get("role")) and role in _ROLES:
        return _ROLES[role]
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _named(names) if len(names) > 1 and tag not in ("body", "html", "article", "main") else None


@lru_cache(maxsize=20_000)
def _named(names: str) -> Reason | None:
    tokens = {token.lower() for token in _TOKEN.findall(names[:400])}
    if (reason := next((reason for reason, words in _SETS if tokens & words), None)) is not None:
        return reason
    return next((_NAMES[name] for name in names.lower().split() if name in _NAMES), None)


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether a reader does not see an element."""
    return element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style") or ""))
