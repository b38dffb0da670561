"""WordPress eXtended RSS: what 工具 → 匯出 gives (developer.wordpress.org, WXR 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corpus.essay import Visibility
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_of, moment_of, plain
from corpus.intake.sources.shortcodes import paragraphs, without_shortcodes
from corpus.intake.sources.xml_safe import local_name, parse_xml

_KINDS = ("post", "page")
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
)  # WordPress exports what was typed; XML 1.0 allows none of these


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts and pages of an export; menus, attachments and the like are none."""
    channel = next((part for part in parse_xml(_FORBIDDEN.sub(b"", data), name) if local_name(part) == "channel"), None)
    if channel is None:
        return []
    people = dict(_people(channel))
    return [
        _post(item, people) for item in channel if local_name(item) == "item" and _said(item, "post_type") in _KINDS
    ]


def _people(channel: Any) -> Iterator[tuple[str, str]]:
    for author in channel:
        if local_name(author) == "author":
            login = _said(author, "author_login")
            yield login, _said(author, "author_display_name") or login


def _post(item: Any, people: dict[str, str]) -> Post:
    body = _said(item, "encoded", "/content/")
    creator = _said(item, "creator")
    tags = [plain(part.text) for part in item if local_name(part) == "category" and part.get("domain") == "post_tag"]
    gmt = _said(item, "post_date_gmt")
    published = None if gmt.startswith("0000") else day_of(f"{gmt}+00:00" if gmt else "")
    return Post(
        address=_said(item, "link"),
        title=plain(_said(item, "title")),
        published=published or day_of(_said(item, "post_date")),
        author=plain(people.get(creator, creator)) or None,
        tags=tuple(dict.fromkeys(filter(None, tags))),
        visibility=Visibility.MEMBERS if is_for_members(body) else Visibility.PUBLIC,
        html=paragraphs(without_shortcodes(body)),
        number=_said(item, "post_id"),
        modified=moment_of(_said(item, "post_modified_gmt").replace(" ", "T")),
        unpublished=_unpublished(item),
        refusal="這篇有密碼" if _said(item, "post_password") else "",
    )


def _unpublished(item: Any) -> str:
    if _said(item, "post_type") == "page":
        return "網站的頁面"
    status = _said(item, "status")
    return "" if status == "publish" else {"private": "沒有公開", "trash": "在垃圾桶"}.get(status, "草稿")


def _said(item: Any, name: str, space: str = "") -> str:
    """Return the text of a child by its name; of two of one name, the one whose namespace says `space`."""
    found = (part for part in item if local_name(part) == name and space in str(part.tag))
    part = next(found, None)
    return (part.text or "").strip() if part is not None else ""
