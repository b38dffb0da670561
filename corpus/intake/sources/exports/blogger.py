"""Blogger's export: an Atom file, of the old kind (kind#post) and of Google's Takeout (blogger:type)."""

from __future__ import annotations

from typing import Any

from corpus.essay import Visibility
from corpus.intake.sources.exports.archive_file import read_zip
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_of, moment_of, plain
from corpus.intake.sources.xml_safe import local_name, parse_xml

_KIND = "http://schemas.google.com/g/2005#kind"
_LABELS = ("http://www.blogger.com/atom/ns#", "tag:blogger.com")  # the schemes of the old kind, and of Takeout


TAKEOUT = "feed.atom"  # of each blog, in Takeout's zip


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts and pages of an export; comments, settings and templates are none."""
    if not data.startswith(b"PK"):
        return _posts(data, name)
    blogs = [feed for path, feed in read_zip(data, name).items() if path.rpartition("/")[2] == TAKEOUT]
    return [post for feed in blogs for post in _posts(feed, name)]


def _posts(data: bytes, name: str) -> list[Post]:
    root = parse_xml(data, name)
    home = next((link.get("href", "") for link in _parts(root, "link") if link.get("rel") == "alternate"), "")
    entries = [entry for entry in root if local_name(entry) == "entry"]
    return [_post(entry, home) for entry in entries if _kind(entry) in ("post", "page")]


def _post(entry: Any, home: str) -> Post:
    body = _text(entry, "content")
    links = [link.get("href", "") for link in _parts(entry, "link") if link.get("rel") == "alternate"]
    path = _text(entry, "filename")
    labels = [plain(tag.get("term")) for tag in _parts(entry, "category") if tag.get("scheme", "").startswith(_LABELS)]
    author = next((_text(person, "name") for person in _parts(entry, "author")), "")
    return Post(
        address=next(iter(links), "") or (home.rstrip("/") + path if home and path else ""),
        title=plain(_text(entry, "title")),
        published=day_of(_text(entry, "published")),
        author=plain(author) or None,
        tags=tuple(dict.fromkeys(filter(None, labels))),
        visibility=Visibility.MEMBERS if is_for_members(body) else Visibility.PUBLIC,
        html=body,
        number=_text(entry, "id"),
        modified=moment_of(_text(entry, "updated")),
        unpublished=_unpublished(entry),
    )


def _kind(entry: Any) -> str:
    said = _text(entry, "type").lower()  # Takeout: POST, PAGE, COMMENT
    kinds = [tag.get("term", "").rpartition("#")[2] for tag in _parts(entry, "category") if tag.get("scheme") == _KIND]
    return said or next(iter(kinds), "post")


def _unpublished(entry: Any) -> str:
    if _kind(entry) == "page":
        return "網站的頁面"
    return "在垃圾桶" if _text(entry, "trashed") else "草稿" if _is_draft(entry) else ""


def _is_draft(entry: Any) -> bool:
    control = [_text(part, "draft") for part in _parts(entry, "control")]
    return "yes" in control or _text(entry, "status").upper() not in ("", "LIVE")


def _parts(element: Any, name: str) -> list[Any]:
    return [part for part in element if local_name(part) == name]


def _text(element: Any, name: str) -> str:
    found = _parts(element, name)
    return (found[0].text or "").strip() if found else ""
