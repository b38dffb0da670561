"""WordPress's own door for programs: /wp-json/wp/v2/posts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from corpus.essay import Visibility
from corpus.intake.errors import IntakeError, TooLargeError
from corpus.intake.fetch import WebResponse
from corpus.intake.sources.client import SourceClient, SourceError
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import PROTECTED, Post, day_of, moment_of, plain
from corpus.intake.sources.shortcodes import without_shortcodes

A_PAGE, A_SMALL_PAGE = 100, 10  # posts; the small page where a hundred are too large for one answer
MOST_PAGES = 10_000
HALF_PAGES = 4  # times that an answer which ends in the middle is asked for again
_QUERY = {"_embed": "author,wp:term"}
CLOSED = (401, 403, 404, 405, 410, 451, 501)

NameLookup = Callable[[str], dict[int, str]]  # "users" or "tags": their names by number


def _no_names(_what: str) -> dict[int, str]:
    return {}


class ClosedDoorError(IntakeError):
    """A door that a site does not open: another is tried."""


class WrongQuestionError(ClosedDoorError):
    """A question that a site does not take, as one for too many posts at once."""


@dataclass(frozen=True, slots=True)
class PostPage:
    """One page of the list: its number and size, its posts, how many posts and pages there are in all (None: not said)."""

    number: int
    size: int
    posts: tuple[Post, ...]
    total: int | None
    last: int | None
    etag: str = ""


class WordPress:
    """The posts of one WordPress site."""

    def __init__(self, client: SourceClient, api: str) -> None:
        self.client = client
        self.api = api

    def pages(self, first: int = 1, size: int = A_PAGE, **query: str) -> Iterator[PostPage]:
        """Yield the list of posts, page by page. Raises ClosedDoorError where it is not for everybody."""
        number = first
        while number <= MOST_PAGES:
            try:
                page = self.page(number, size, **query)
            except (TooLargeError, WrongQuestionError):
                if size == A_SMALL_PAGE:
                    raise
                number, size = (number - 1) * (size // A_SMALL_PAGE) + 1, A_SMALL_PAGE
                continue
            if page is None:
                return
            yield page
            if page.last is not None and number >= page.last:
                return
            number += 1

    def page(self, number: int, size: int, etag: str = "", **query: str) -> PostPage | None:
        """Return one page; None past the end, and where it has not changed since `etag`."""
        try:
            found = self._json(self._url("posts", _QUERY | {"per_page": str(size), "page": str(number)} | query), etag)
        except WrongQuestionError:
            if number == 1:
                raise
            return None
        if found is None or not isinstance(found[1], list) or not found[1]:
            return None
        answer, rows = found
        posts = tuple(post_of_row(row, self._names) for row in rows if isinstance(row, dict))
        counts = (_count(answer, "x-wp-total"), _count(answer, "x-wp-totalpages"))
        return PostPage(number, size, posts, *counts, answer.headers.get("etag", ""))

    def total(self) -> int | None:
        """Return the number of posts, by the smallest question; None where the site does not say."""
        found = self._json(self._url("posts", {"per_page": "1", "page": "1", "_fields": "id"}))
        return _count(found[0], "x-wp-total") if found else None

    def listed(self) -> dict[str, str]:
        """Return the address of every post by its number, and ask for nothing else of it."""
        light = self.pages(1, A_PAGE, _fields="id,link,modified_gmt,status", _embed="")
        return {post.number: post.address for page in light for post in page.posts}

    def _url(self, path: str, query: dict[str, str]) -> str:
        asked = urlencode({name: value for name, value in query.items() if value})
        return f"{self.api}wp/v2/{path}{'&' if '?' in self.api else '?'}{asked}"

    def _json(self, url: str, etag: str = "") -> tuple[WebResponse, Any] | None:
        """Return an answer and what it says; None past the last page, and where nothing has changed."""
        for _ in range(HALF_PAGES):
            answer = self.client.get(url, etag=etag, accept="application/json")
            if answer.status in CLOSED:
                raise ClosedDoorError("網站沒有開放 WordPress 的介面", url, "改從網站地圖和網頁讀")
            if answer.status == 304 or (answer.status == 400 and b"invalid_page_number" in answer.data):
                return None
            if answer.status == 400:
                raise WrongQuestionError("網站不接受這樣問文章的清單", url, "改從網站地圖和網頁讀")
            try:
                return answer, json.loads(answer.data)
            except (ValueError, RecursionError):
                if _is_page(answer):  # a login wall, or a theme's page in place of the list
                    raise ClosedDoorError("網站沒有開放 WordPress 的介面", url, "改從網站地圖和網頁讀") from None
        raise SourceError("網站給的清單只有一半", url, "晚一點會自己再試")

    def _names(self, what: str) -> dict[int, str]:
        return self._users if what == "users" else self._tag_names

    @cached_property
    def _users(self) -> dict[int, str]:
        return self._read_names("users")

    @cached_property
    def _tag_names(self) -> dict[int, str]:
        return self._read_names("tags")

    def _read_names(self, what: str) -> dict[int, str]:
        """Return names by number, of authors or tags; none where the site does not tell."""
        names: dict[int, str] = {}
        try:
            for page in range(1, MOST_PAGES):
                found = self._json(self._url(what, {"per_page": "100", "page": str(page), "_fields": "id,name"}))
                rows = _list(found[1]) if found else []
                names |= {row["id"]: plain(row.get("name")) for row in rows if isinstance(_dict(row).get("id"), int)}
                if len(rows) < A_PAGE:
                    break
        except ClosedDoorError:
            return {}
        return names


def post_of_row(row: dict[str, Any], names: NameLookup = _no_names) -> Post:
    """Return a post as WordPress's own door describes it; `names` are asked where it gives only numbers of people and tags."""
    body = str(_rendered(row.get("content")))
    protected = isinstance(row.get("content"), dict) and bool(row["content"].get("protected"))
    closed = row.get("status", "publish") != "publish"
    return Post(
        address=str(row.get("link") or ""),
        title=plain(_rendered(row.get("title"))),
        published=day_of(_utc(row.get("date_gmt"))) or day_of(row.get("date")),
        author=_author(row, names),
        tags=_tags(row, names),
        visibility=Visibility.MEMBERS if is_for_members(body) else Visibility.PUBLIC,
        html=without_shortcodes(body),
        number=str(row.get("id") or ""),
        modified=moment_of(_utc(row.get("modified_gmt")) or str(row.get("modified") or "")),
        refusal=PROTECTED if protected else "這篇沒有公開" if closed else "",
    )


def _author(row: dict[str, Any], names: NameLookup) -> str | None:
    for person in _list(_dict(row.get("_embedded")).get("author")):
        if name := plain(_dict(person).get("name")):
            return name
    said = _dict(row.get("yoast_head_json")).get("author")
    number = row.get("author")
    return plain(said) or (names("users").get(int(number)) if isinstance(number, int) and number else None)


def _tags(row: dict[str, Any], names: NameLookup) -> tuple[str, ...]:
    embedded = _dict(row.get("_embedded"))
    if "wp:term" in embedded:
        terms = [_dict(term) for group in _list(embedded["wp:term"]) for term in _list(group)]
        named = [plain(term.get("name")) for term in terms if term.get("taxonomy", "post_tag") == "post_tag"]
    else:
        numbers = [number for number in _list(row.get("tags")) if isinstance(number, int)]
        named = [names("tags").get(number, "") for number in numbers] if numbers else []
    return tuple(dict.fromkeys(name for name in named if name))


def _rendered(value: object) -> str:
    return str(value.get("rendered") or "") if isinstance(value, dict) else str(value or "")


def _utc(moment: object) -> str:
    """Return a GMT moment as WordPress writes it, with its offset; empty for the zero date of what was never published."""
    written = str(moment or "")
    if not written or written.startswith("0000"):
        return ""
    return written if written.endswith("Z") or "+" in written else f"{written}Z"


def _count(answer: WebResponse, header: str) -> int | None:
    said = answer.headers.get(header, "")
    return int(said) if said.isdigit() else None


def _is_page(answer: WebResponse) -> bool:
    return "html" in answer.headers.get("content-type", "") or answer.data.lstrip()[:1] == b"<"


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
