"""The reader's page, as its reader and as a stranger sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.web.layout import sections
from bot.web.pictures import MOST_BYTES, PictureProxy, WebPicture
from bot.web.reader import ReaderView, create_reader
from corpus.essay import Block, BlockKind, Essay, Hyperlink, Picture, Table, Visibility

TODAY = date(2026, 11, 21)
BLOCKS = (
    Block(BlockKind.TEXT, "開場的一段。"),
    Block(BlockKind.HEADING, "水冷板"),
    Block(BlockKind.BULLET, "單櫃價值三萬美元"),
    Block(BlockKind.BULLET, "良率決定毛利"),
    Block(BlockKind.NUMBERED, "先看出貨"),
    Block(BlockKind.TEXT, "插一句話。"),
    Block(BlockKind.NUMBERED, "再看占比"),
    Block(BlockKind.HEADING, "結語"),
)
COOLING = Essay(
    "液冷供應鏈",
    BLOCKS,
    "林怡君",
    "產業週記",
    "https://example.com/a",
    date(2025, 5, 14),
    ("散熱",),
    ("《電從哪裡來》",),
    id=1,
)
SECRET = "只給會員的段落。"
MEMBERS = Essay(
    "會員專題",
    (Block(BlockKind.HEADING, "只給會員的標題"), Block(BlockKind.TEXT, SECRET)),
    further_reading=("只給會員的書單",),
    url="https://example.com/members",
    visibility=Visibility.MEMBERS,
    lead="人人可讀的前言。",
    id=2,
)
HOSTILE = Essay(
    "<script>alert(1)</script>{{7*7}}\x00\ud800",
    (Block(BlockKind.TEXT, '"><img src=x onerror=alert(1)> \u202eolleh'),),
    url="javascript:alert(1)",
    id=3,
)


def read(essay_id: int, cookie: str | None) -> ReaderView | None:
    """An archive of three essays; the cookie of a member is 「member」."""
    essay = {1: COOLING, 2: MEMBERS, 3: HOSTILE}.get(essay_id)
    if essay is None:
        return None
    full = essay.visibility == Visibility.PUBLIC or cookie == "member"
    return ReaderView(essay, full, TODAY, (MEMBERS,) if essay is COOLING else ())


def page_of(essay: Essay) -> str:
    app = Flask("reader-test")
    app.register_blueprint(create_reader(lambda _essay, _token: ReaderView(essay, True, TODAY)))
    return app.test_client().get(f"/read/{essay.id}").text


@pytest.fixture
def reader() -> FlaskClient:
    app = Flask("reader-test")
    app.register_blueprint(create_reader(read))
    return app.test_client()


def test_an_essay_is_read_with_its_date_age_source_and_further_reading(reader: FlaskClient) -> None:
    page = reader.get("/read/1").text
    for expected in (
        "液冷供應鏈",
        "2025/05/14",
        "1 年多前",
        "產業週記",
        "林怡君",
        "#散熱",
        "《電從哪裡來》",
        "非投資建議",
    ):
        assert expected in page
    assert '<a href="/read/2">會員專題</a>' in page


def test_an_undated_essay_claims_no_age(reader: FlaskClient) -> None:
    page = reader.get("/read/3").text
    assert "日期未標示" in page
    assert "個月前" not in page


def test_every_paragraph_has_an_address_and_the_asked_one_is_marked(reader: FlaskClient) -> None:
    page = reader.get("/read/1?p=2").text
    for paragraph in COOLING.paragraphs:
        assert f'id="p{paragraph.index}"' in page
    assert '<li id="p2" dir="auto" class="marked">良率決定毛利</li>' in page
    assert page.count("marked") == 1


@pytest.mark.parametrize("paragraph", ["", "-1", "99", "x", "٣", "9" * 400])
def test_a_paragraph_that_does_not_exist_marks_nothing(reader: FlaskClient, paragraph: str) -> None:
    answer = reader.get("/read/1", query_string={"p": paragraph})
    assert answer.status_code == 200
    assert "marked" not in answer.text


def test_lists_are_lists_and_a_numbered_one_counts_on_after_an_interruption(reader: FlaskClient) -> None:
    page = "".join(line.strip() for line in reader.get("/read/1").text.splitlines())
    assert '<ul><li id="p1" dir="auto">單櫃價值三萬美元</li><li id="p2"' in page
    assert '<ol start="2"><li id="p5" dir="auto">再看占比</li></ol>' in page


def test_sections_hold_every_paragraph_once_under_its_heading() -> None:
    found = [
        (section.heading, paragraph.index)
        for section in sections(COOLING)
        for group in section.groups
        for paragraph in group.blocks
    ]
    assert found == [(paragraph.heading, paragraph.index) for paragraph in COOLING.paragraphs]
    assert [section.heading for section in sections(COOLING)] == [None, "水冷板", "結語"]


def test_a_long_essay_has_an_outline_that_leads_to_its_headings() -> None:
    headed = tuple(Block(BlockKind.HEADING, f"第{n}節") for n in range(4))
    assert [section.heading for section in ReaderView(replace(COOLING, blocks=headed), True, TODAY).outline] == [
        block.text for block in headed
    ]
    assert ReaderView(COOLING, True, TODAY).outline == []


def test_a_stranger_sees_the_lead_of_a_members_essay_and_a_friendly_word(reader: FlaskClient) -> None:
    answer = reader.get("/read/2?t=stale")
    assert answer.status_code == 200
    assert "人人可讀的前言。" in answer.text
    assert "已經是會員" in answer.text
    assert "只給會員" not in answer.text
    assert "example.com" not in answer.text


def test_a_member_reads_all_of_it_and_no_cache_keeps_it(reader: FlaskClient) -> None:
    reader.set_cookie("luopan_reader", "member", path="/read")
    answer = reader.get("/read/2")
    assert SECRET in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/read/99", "/read/abc", "/read/-1", "/read/0", "/read/" + "9" * 30, "/read/١"])
def test_what_is_not_there_is_a_page_too(reader: FlaskClient, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 404
    assert "找不到這篇文章" in answer.text


@pytest.mark.parametrize("address", ["/read/1", "/read/2", "/read/3", "/read/99"])
def test_no_page_loads_or_tells_anything_elsewhere(reader: FlaskClient, address: str) -> None:
    answer = reader.get(address)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    for loaded in ("<img", "<iframe", " style=", "onclick", "@import"):
        assert loaded not in answer.text
    assert set(re.findall("<script[^>]*>", answer.text)) <= {'<script type="module" src="/read/static/reader.js">'}


def test_text_is_never_markup_or_template(reader: FlaskClient) -> None:
    page = reader.get("/read/3").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "javascript:" not in page
    assert "\u202e" not in page


def test_the_style_sheet_is_served_with_a_dark_side(reader: FlaskClient) -> None:
    style = reader.get("/read/static/reader.css")
    assert style.status_code == 200
    assert "prefers-color-scheme: dark" in style.text
    assert "url(" not in style.text


def test_a_list_that_says_its_numbers_is_not_numbered_again() -> None:
    blocks = tuple(Block(BlockKind.NUMBERED, f"{number}. 第{number}件事") for number in (1, 2))
    page = page_of(Essay("清單", blocks, id=1))
    assert '<ol class="numbered">' in page
    assert "1. 第1件事" in page


def test_further_reading_is_headed_once() -> None:
    page = page_of(Essay("清單", (Block(BlockKind.TEXT, "內文"),), further_reading=("延伸閱讀:另一篇",), id=1))
    assert "<li>另一篇</li>" in page


TABLE = Table(("項目", "2026"), (("營收", "1,250"), ("毛利率", "33.1%")), "單位：元")
RICH = Essay(
    "有表格的一篇",
    (
        Block(
            BlockKind.TEXT,
            "單價是 33¹ 元，見年報。",
            (Hyperlink(6, 7, "#note-1"), Hyperlink(11, 13, "https://example.com/r")),
        ),
        Block(BlockKind.TABLE, TABLE.text, table=TABLE),
        Block(BlockKind.PICTURE, "台南的廠房。", picture=Picture("https://example.com/a.jpg", "廠房")),
        Block(BlockKind.QUOTE, "訂單比想像中多。", author="陳分析"),
        Block(BlockKind.NOTE, "年報第 12 頁。", mark="1"),
        Block(BlockKind.TEXT, "結尾。"),
    ),
    id=4,
)


def test_tables_links_quotations_notes_and_captions_are_shown_as_such() -> None:
    page = page_of(RICH)
    for expected in (
        '<div class="table" tabindex="0">',
        '<table id="p1" dir="auto">',
        "<caption>單位：元</caption>",
        '<th scope="col">2026</th>',
        '<th scope="row">毛利率</th><td>33.1%</td>',
        '<a href="#note-1">¹</a>',
        '<a href="https://example.com/r" rel="noopener noreferrer nofollow">年報</a>。',
        '<figcaption dir="auto">台南的廠房。</figcaption>',
        '<p id="p2" dir="auto">訂單比想像中多。</p>',
        "<footer>陳分析</footer>",
        '<dt id="note-1">1</dt><dd id="p3" dir="auto">年報第 12 頁。</dd>',
        '<p id="p4" dir="auto">結尾。</p>',
    ):
        assert expected in page
    assert "example.com/a.jpg" not in page


def pictures_of(get: Callable[[str], WebPicture | None], full: bool = True) -> FlaskClient:
    app = Flask("reader-test")
    app.register_blueprint(create_reader(lambda _essay, _token: ReaderView(RICH, full, TODAY), PictureProxy(get)))
    return app.test_client()


def test_a_picture_is_loaded_late_and_through_the_bot() -> None:
    asked: list[str] = []

    def get(url: str) -> WebPicture:
        asked.append(url)
        return WebPicture(b"jpeg", "image/jpeg")

    reader = pictures_of(get)
    assert '<img src="/read/4/picture/2" alt="廠房" loading="lazy" decoding="async">' in reader.get("/read/4").text
    assert asked == []
    answer = reader.get("/read/4/picture/2")
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"jpeg", "image/jpeg")
    assert asked == ["https://example.com/a.jpg"]


@pytest.mark.parametrize(
    "found",
    [
        None,
        WebPicture(b"<svg onload=x>", "image/svg+xml"),
        WebPicture(b"<p>", "text/html"),
        WebPicture(b"", "image/png"),
    ],
)
def test_what_is_no_picture_is_not_handed_on(found: WebPicture | None) -> None:
    assert pictures_of(lambda _url: found).get("/read/4/picture/2").status_code == 404


def test_a_picture_that_is_too_large_is_not_handed_on() -> None:
    large = WebPicture(b"x" * (MOST_BYTES + 1), "image/png")
    assert pictures_of(lambda _url: large).get("/read/4/picture/2").status_code == 404


@pytest.mark.parametrize("place", ["0", "1", "9", "x", "-1"])
def test_only_pictures_of_the_essay_are_fetched(place: str) -> None:
    reader = pictures_of(lambda _url: WebPicture(b"jpeg", "image/jpeg"))
    assert reader.get(f"/read/4/picture/{place}").status_code == 404


def test_pictures_of_an_essay_for_members_are_theirs() -> None:
    locked = pictures_of(lambda _url: WebPicture(b"jpeg", "image/jpeg"), full=False)
    assert locked.get("/read/4/picture/2").status_code == 404
