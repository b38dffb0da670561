"""A WordPress on this machine: 660 essays, its REST door, feed, sitemap and pages, and all the trouble a real one makes."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TAIPEI = timezone(timedelta(hours=8))
AUTHORS = ("林怡君", "陳柏翰", "黃詩涵")
TAGS = ("散熱", "半導體", "電動車", "總體經濟", "AT&T", "碳化矽", "航運", "生技")
SUBJECTS = (
    "散熱模組",
    "碳化矽",
    "航運報價",
    "伺服器",
    "面板",
    "記憶體",
    "電網",
    "鋼價",
    "醫材",
    "封裝",
    "光通訊",
    "車用",
)
TURNS = ("回升", "落底", "擴產", "缺料", "轉單", "漲價", "去庫存", "改版", "延後", "認證", "減產", "搶單")
SAYINGS = (
    "訂單能見度到{}月，客戶願意先付訂金",
    "第{}條產線已經裝機，良率比去年同期好",
    "庫存水位剩下{}天，低於過去五年的平均",
    "報價每公斤漲了{}元，下游還沒有反映",
    "法說會提到資本支出增加{}億元",
    "交期拉長到{}週，主要卡在基板",
    "毛利率從{}個百分點的低檔回來",
    "新廠要等到{}季之後才會貢獻營收",
)


@dataclass(frozen=True)
class FakePost:
    """One post of the fake, with what the archive should say of it."""

    number: int
    slug: str
    title: str
    written: datetime
    author: str
    tags: tuple[str, ...]
    html: str
    modified: datetime
    status: str = "publish"
    protected: bool = False

    @property
    def path(self) -> str:
        return f"/{self.written.astimezone(TAIPEI):%Y/%m}/{self.slug}/"


def make_post(number: int, written: datetime, seed: int = 0) -> FakePost:
    """A post of some length about something; every one says something else."""
    chance = random.Random(f"{seed}-{number}")
    subject, turn = chance.choice(SUBJECTS), chance.choice(TURNS)
    tags = tuple(dict.fromkeys(chance.choices(TAGS, k=2)))
    title = "產業週記" if number % 60 == 0 else f"{subject}{turn}：第 {number} 篇筆記 & 觀察"
    paragraphs = [_paragraph(chance, number, subject) for _ in range(chance.randint(5, 9))]
    body = "".join(f"<p>{text}</p>\n" for text in paragraphs[:2])
    body += f"<h2>{subject}的下一步</h2>\n" + "".join(f"<p>{text}</p>\n" for text in paragraphs[2:])
    if number % 3 == 0:
        body += f"<table><tr><th>公司</th><th>營收</th></tr><tr><td>甲公司</td><td>{number}.5 億</td></tr></table>\n"
    if number % 4 == 0:
        body += f'[caption id="x" width="300"]<img src="/p/{number}.png" alt="圖"> 圖 {number}：{subject}[/caption]\n'
    if number % 5 == 0:
        body += '[gallery ids="1,2,3"]\n<blockquote><p>供應鏈人士說，明年會更好。</p></blockquote>\n'
    return FakePost(
        number,
        f"p{number}",
        title,
        written,
        chance.choice(AUTHORS),
        tags,
        body,
        written + timedelta(minutes=number % 7),
    )


def _paragraph(chance: random.Random, number: int, subject: str) -> str:
    said = chance.sample(SAYINGS, 4)
    return (
        f"{subject}這一季的第{number}個觀察：" + "。".join(text.format(chance.randint(2, 900)) for text in said) + "。"
    )


@dataclass
class Trouble:
    """What goes wrong, and for how many requests each."""

    busy_every: int = 0  # each so many requests a 429
    half_every: int = 0  # each so many answers end in the middle
    theme_changes_after: int = 0  # post pages with the first theme; then another
    is_down: bool = False
    moved_to: str = ""


@dataclass(frozen=True)
class Habits:
    """What a site does in another way than most."""

    plain: bool = False  # addresses like /?p=12 and /?rest_route=/wp/v2/posts, which only a header names
    most_a_page: int = 100  # posts of a page of the list; more is a wrong question
    embeds: bool = True  # authors and tags stand in the list; else by number, and their names elsewhere
    names_users: bool = True  # whether it tells strangers who its users are
    knows_modified_after: bool = True  # WordPress before 5.7 passes over it
    excerpts: bool = False  # the feed holds teasers
    yoast: bool = False  # another sitemap, at another place
    robots: str = "User-agent: *\nDisallow: /wp-admin/\n"


@dataclass
class FakeSite:
    """The site's content and settings; changed while the server runs."""

    posts: dict[int, FakePost]
    rest: bool = True
    sitemap: bool = True
    feed: bool = True
    hub: str = ""  # that the feed names
    hub_in_header: bool = False
    walled: set[int] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)  # paths of pictures that are gone
    trouble: Trouble = field(default_factory=Trouble)
    habits: Habits = Habits()
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    served_pages: int = 0
    requests: int = 0

    @classmethod
    def of(cls, count: int, until: datetime = datetime(2026, 11, 20, 1, tzinfo=UTC), seed: int = 0) -> FakeSite:
        """A site with so many posts, the last at `until`, one each three days and a bit."""
        step = timedelta(days=3, hours=5)
        return cls({n: make_post(n, until - step * (count - n), seed) for n in range(1, count + 1)})

    def public(self) -> list[FakePost]:
        return sorted(
            (post for post in self.posts.values() if post.status == "publish"),
            key=lambda post: (post.written, post.number),
        )

    def edit(self, number: int, html: str, at: datetime) -> None:
        self.posts[number] = replace(self.posts[number], html=html, modified=at)


class FakeWordPress:
    """The server; `url` is its home."""

    def __init__(self, site: FakeSite, port: int = 0) -> None:
        self.site = site
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                fake.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.lock = threading.Condition()
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"

    def address(self, post: FakePost) -> str:
        """Where a post stands."""
        return f"{self.url}?p={post.number}" if self.site.habits.plain else self.url.rstrip("/") + post.path

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self) -> FakeWordPress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_for_requests(self, number: int, asker: subprocess.Popen[bytes]) -> None:
        """Until it was asked so many times in all, or who asks has ended."""
        with self.lock:
            while self.site.requests < number and asker.poll() is None:
                self.lock.wait(0.1)

    # answering

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self.lock:
            self._answer(handler)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        site, parts = self.site, urlsplit(handler.path)
        site.requests += 1
        self.lock.notify_all()
        path, query = unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()}
        site.asked[path] += 1
        site.agents.add(handler.headers.get("User-Agent", ""))
        trouble = site.trouble
        if trouble.is_down:
            handler.close_connection = True
            handler.connection.close()
            return
        if trouble.moved_to:
            self._send(handler, 301, b"", {"Location": trouble.moved_to.rstrip("/") + handler.path})
            return
        if trouble.busy_every and site.requests % trouble.busy_every == 0:
            self._send(handler, 429, b"slow down", {"Retry-After": "1"})
            return
        status, body, headers = self._page(path, query)
        etag = '"' + hashlib.md5(body, usedforsecurity=False).hexdigest() + '"'
        if status == 200 and handler.headers.get("If-None-Match") == etag:
            self._send(handler, 304, b"", {})
            return
        half = bool(trouble.half_every and site.requests % trouble.half_every == 0 and len(body) > 200)
        self._send(handler, status, body, {**headers, "ETag": etag}, half=half)

    def _send(
        self, handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str], *, half: bool = False
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if not half:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            handler.wfile.write(body[: len(body) // 2] if half else body)
        except OSError:
            handler.close_connection = True

    def _page(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        html = {"Content-Type": "text/html; charset=UTF-8"}
        habits = self.site.habits
        if path == "/robots.txt":
            return 200, habits.robots.encode(), {"Content-Type": "text/plain"}
        if habits.plain and "rest_route" in query:
            return self._rest(f"/wp-json{query['rest_route']}", query)
        if path.startswith("/wp-json/") and not habits.plain:
            return self._rest(path, query)
        if path == "/" and habits.plain and query.get("p", "").isdigit():
            post = self.site.posts.get(int(query["p"]))
            return self._post_page(post) if post else (404, b"", html)
        if path.startswith(("/wp-sitemap", "/sitemap")) or path.endswith("-sitemap.xml") or "post-sitemap" in path:
            return self._sitemap(path)
        if path.startswith("/feed"):
            return self._feed(query)
        if path == "/" or path.startswith("/page/"):
            number = int(path.split("/")[2]) if path.startswith("/page/") else 1
            return self._list(number)
        if path.startswith("/p/") and path not in self.site.lost:
            return 200, _PNG, {"Content-Type": "image/png"}
        for post in self.site.posts.values():
            if path.rstrip("/") == post.path.rstrip("/"):
                return self._post_page(post)
        return 404, b"<html><body>404</body></html>", html

    def _rest(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        kind = {"Content-Type": "application/json; charset=UTF-8"}
        habits = self.site.habits
        if not self.site.rest or (path.endswith("/users") and not habits.names_users):
            return 401, b'{"code":"rest_disabled"}', kind
        if int(query.get("per_page", "10")) > habits.most_a_page:
            return 400, b'{"code":"rest_invalid_param"}', kind
        if path == "/wp-json/wp/v2/users" or path == "/wp-json/wp/v2/tags":
            names = AUTHORS if path.endswith("users") else TAGS
            return 200, json.dumps([{"id": i + 1, "name": escape(n)} for i, n in enumerate(names)]).encode(), kind
        if path != "/wp-json/wp/v2/posts":
            return 404, b'{"code":"rest_no_route"}', kind
        found = self.site.public()
        if (after := query.get("modified_after")) and habits.knows_modified_after:
            moment = datetime.fromisoformat(after)
            found = [post for post in found if post.modified > moment]
        by_change = query.get("orderby") == "modified"
        found.sort(key=lambda post: (post.modified if by_change else post.written, post.number))
        if query.get("order", "desc") == "desc":
            found.reverse()
        size, number = min(int(query.get("per_page", "10")), 100), int(query.get("page", "1"))
        pages = -(-len(found) // size)
        if number > max(pages, 1):
            return 400, b'{"code":"rest_post_invalid_page_number"}', kind
        rows = [self._row(post, query) for post in found[(number - 1) * size : number * size]]
        headers = kind | {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return 200, json.dumps(rows).encode(), headers

    def _row(self, post: FakePost, query: dict[str, str]) -> dict[str, object]:
        local = post.written.astimezone(TAIPEI)
        row: dict[str, object] = {
            "id": post.number,
            "date": f"{local:%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{post.written.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "modified": f"{post.modified.astimezone(TAIPEI):%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{post.modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "slug": post.slug,
            "status": "publish",
            "link": self.address(post),
            "title": {"rendered": escape(post.title).replace("&amp;", "&#038;")},
            "content": {"rendered": "" if post.protected else post.html, "protected": post.protected},
            "author": AUTHORS.index(post.author) + 1,
            "tags": [TAGS.index(tag) + 1 for tag in post.tags],
        }
        if "_embed" in query and self.site.habits.embeds:
            terms = [{"id": TAGS.index(t) + 1, "name": escape(t), "taxonomy": "post_tag"} for t in post.tags]
            embedded = {
                "author": [{"id": row["author"], "name": post.author}],
                "wp:term": [[{"id": 90, "name": "未分類", "taxonomy": "category"}], terms],
            }
            row["_embedded"] = embedded
        if "_fields" in query:
            return {name: row[name] for name in query["_fields"].split(",") if name in row}
        return row

    def _sitemap(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        kind = {"Content-Type": "application/xml; charset=UTF-8"}
        home, index = self.url.rstrip("/"), "/sitemap_index.xml"
        is_yoast = self.site.habits.yoast
        if not self.site.sitemap or path.startswith("/wp-" if is_yoast else "/sitemap"):
            return 404, b"", kind
        if is_yoast and path == index:
            parts = ("post-sitemap1", "post-sitemap2", "page-sitemap", "category-sitemap", "author-sitemap")
            inner = "".join(f"<sitemap><loc>{home}/{part}.xml</loc></sitemap>" for part in parts)
            return 200, _xml(f'<sitemapindex xmlns="{_MAPS}">{inner}</sitemapindex>'), kind
        listed = [post for post in self.site.posts.values() if post.status == "publish"]
        if path == "/wp-sitemap.xml":
            parts = ["posts-post-1", "posts-post-2", "posts-page-1", "taxonomies-category-1", "users-1"]
            inner = "".join(f"<sitemap><loc>{home}/wp-sitemap-{part}.xml</loc></sitemap>" for part in parts)
            return 200, _xml(f'<sitemapindex xmlns="{_MAPS}">{inner}</sitemapindex>'), kind
        half = -(-len(listed) // 2)
        some = {"1": listed[:half], "2": listed[half:]}.get(path[-5], [])
        if "posts-post" not in path and "post-sitemap" not in path:
            return 200, _xml(f'<urlset xmlns="{_MAPS}"><url><loc>{home}/about/</loc></url></urlset>'), kind
        inner = "".join(
            f"<url><loc>{escape(self.address(post))}</loc><lastmod>{post.modified.isoformat()}</lastmod></url>"
            for post in some
        )
        body = _xml(f'<urlset xmlns="{_MAPS}">{inner}</urlset>')
        return 200, gzip.compress(body) if path[-5] == "2" else body, kind

    def _feed_text(self, post: FakePost) -> str:
        if self.site.habits.excerpts:
            return f"<description><![CDATA[{post.slug} 的摘要 […]]]></description>"
        return f"<content:encoded><![CDATA[{post.html}]]></content:encoded>"

    def _feed(self, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        kind = {"Content-Type": "application/rss+xml; charset=UTF-8"}
        number = int(query.get("paged", "1"))
        some = self.site.public()[::-1][(number - 1) * 10 : number * 10]
        if not self.site.feed or not some:
            return 404, b"", kind
        items = "".join(
            f"<item><title>{escape(post.title)}</title><link>{self.address(post)}</link>"
            f"<pubDate>{format_datetime(post.written)}</pubDate><dc:creator><![CDATA[{post.author}]]></dc:creator>"
            + "".join(f"<category><![CDATA[{tag}]]></category>" for tag in post.tags)
            + f"<guid>{self.url}?p={post.number}</guid>{self._feed_text(post)}</item>"
            for post in some
        )
        spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        at_hub = f'<atom:link rel="hub" href="{self.site.hub}"/><atom:link rel="self" href="{self.url}feed/"/>'
        in_feed, in_header = (at_hub, "") if not self.site.hub_in_header else ("", f'<{self.site.hub}>; rel="hub"')
        spaces += ' xmlns:atom="http://www.w3.org/2005/Atom"'
        kind |= {"Link": in_header} if in_header else {}
        generator = (in_feed if self.site.hub else "") + "<generator>https://wordpress.org/?v=6.7</generator>"
        return (
            200,
            _xml(f'<rss version="2.0" {spaces}><channel><title>羅盤測試站</title>{generator}{items}</channel></rss>'),
            kind,
        )

    def _list(self, number: int) -> tuple[int, bytes, dict[str, str]]:
        some = self.site.public()[::-1][(number - 1) * 10 : number * 10]
        kind = {"Content-Type": "text/html; charset=UTF-8"}
        if not some:
            return 404, b"<html><body>404</body></html>", kind
        cards = "".join(
            f'<article><h2 class="entry-title"><a href="{post.path}" rel="bookmark">{escape(post.title)}</a></h2>'
            f"<p>{post.slug} 摘要</p></article>"
            for post in some
        )
        onward = f'<a class="next page-numbers" href="/page/{number + 1}/">下一頁</a>'
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">' if self.site.feed else ""
        api = "" if self.site.habits.plain else f'<link rel="https://api.w.org/" href="{self.url}wp-json/">'
        kind |= {"Link": f'<{self.url}?rest_route=/>; rel="https://api.w.org/"'} if not api else {}
        head = f"<title>羅盤測試站</title>{feed}{api}"
        return 200, f"<html><head>{head}</head><body>{cards}{onward}</body></html>".encode(), kind

    def _post_page(self, post: FakePost) -> tuple[int, bytes, dict[str, str]]:
        kind = {"Content-Type": "text/html; charset=UTF-8"}
        if post.status != "publish":
            return (404, b"<html><body>404</body></html>", kind)
        self.site.served_pages += 1
        after = self.site.trouble.theme_changes_after
        second = bool(after and self.site.served_pages > after)
        text = post.html if not post.protected else _PASSWORD_FORM
        if post.number in self.site.walled:
            opening = re.match(r"<p>.*?</p>", text)
            text = (opening[0] if opening else "") + '<div class="paywall"><p>登入會員才能閱讀全文</p></div>'
        return 200, (_second_theme if second else _first_theme)(post, text, self.url.rstrip("/")).encode(), kind


_PASSWORD_FORM = (
    '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post">'
    "<p>這篇內容受到密碼保護。如需檢視內容，請於下方欄位輸入密碼。</p>"
    '<p><label>密碼 <input name="post_password" type="password"></label> <input type="submit" value="送出"></p></form>'
)
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
_MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _xml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def _head(post: FakePost, home: str) -> str:
    tags = "".join(f'<meta property="article:tag" content="{escape(tag)}">' for tag in post.tags)
    return (
        f"<title>{escape(post.title)} – 羅盤測試站</title>"
        f'<meta property="og:title" content="{escape(post.title)}"><meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="羅盤測試站"><meta name="author" content="{post.author}">'
        f'<meta property="article:published_time" content="{post.written.isoformat()}">{tags}'
        f'<link rel="canonical" href="{home}{post.path}">'
    )


def _first_theme(post: FakePost, text: str, home: str) -> str:
    local = post.written.astimezone(TAIPEI)
    return (
        f'<!DOCTYPE html><html lang="zh-TW"><head>{_head(post, home)}</head><body>'
        f'<header><nav><a href="/">首頁</a><a href="/about/">關於</a></nav></header><main><article class="post">'
        f'<header><h1 class="entry-title">{escape(post.title)}</h1><p class="meta">作者 {post.author} '
        f'<time datetime="{local.isoformat()}">{local:%Y-%m-%d}</time></p></header>'
        f'<div class="entry-content">{text}</div></article></main><footer>© 羅盤測試站</footer></body></html>'
    )


def _second_theme(post: FakePost, text: str, home: str) -> str:
    return (
        f'<!DOCTYPE html><html><head>{_head(post, home)}</head><body><div id="wrap"><div id="bar">選單</div>'
        f'<section><h1>{escape(post.title)}</h1><div class="body">{text}</div></section>'
        f'<aside><h3>近期文章</h3><ul><li><a href="/a/">別的文章</a></li></ul></aside></div></body></html>'
    )


def post_html(post: FakePost) -> str:
    """A post's text as other platforms hold it: paragraphs and headings, without WordPress's shortcodes and tables."""
    return "".join(part + "\n" for part in re.findall(r"<p>[^<]*</p>|<h2>[^<]*</h2>", post.html))
