"""Pages in the markup of the kinds of sites that people read: blog hosts, newsletters, news built on WordPress, tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.essay import BlockKind, Essay
from corpus.intake import Extracted, extract_file

TEMPLATES = Path(__file__).parents[2] / "data" / "templates"
NAMES = sorted(path.name for path in TEMPLATES.glob("*.html"))
DATED = {
    "blog-host.html",
    "blogger.html",
    "newsletter.html",
    "writing-site.html",
    "wordpress.html",
    "table-layout.html",
}
AUTHORS = {
    "blogger.html": "林怡君",
    "newsletter.html": "林怡君",
    "writing-site.html": "林怡君",
    "wordpress.html": "陳 大文",
    "table-layout.html": "王小明",
}
NOISE = (
    "文章題目",
    "選單",
    "左欄",
    "熱門",
    "頻道",
    "留言",
    "路人",
    "Subscribe",
    "Thanks for reading",
    "Share",
    "另一篇",
    "關於我",
    "上一篇",
    "往事",
    "分類",
)


@pytest.fixture(scope="module", params=NAMES)
def found(request: pytest.FixtureRequest) -> tuple[str, Extracted]:
    return request.param, extract_file(TEMPLATES / request.param)


def only(found: tuple[str, Extracted]) -> Essay:
    (essay,) = found[1].essays
    return essay


def test_the_title_author_and_day_are_those_of_the_article(found: tuple[str, Extracted]) -> None:
    essay = only(found)
    assert essay.title == "光纖與整流器"
    assert essay.author == AUTHORS.get(found[0])
    assert essay.published == (date(2026, 3, 4) if found[0] in DATED else None)


def test_the_three_paragraphs_are_there_and_nothing_of_the_site(found: tuple[str, Extracted]) -> None:
    essay = only(found)
    told = [
        paragraph.text for paragraph in essay.paragraphs if paragraph.kind is BlockKind.TEXT and "，" in paragraph.text
    ]
    assert [text[:5] for text in told if not text.startswith("（")] == ["光纖布建的", "整流器的更", "風險在於矽"]
    shown = "\n".join(block.text for block in essay.blocks)
    assert [noise for noise in NOISE if noise in shown] == []


def test_a_newsletters_footnote_picture_subtitle_and_quotation_are_kept() -> None:
    (essay,) = extract_file(TEMPLATES / "newsletter.html").essays
    assert essay.headings == ("電費比折舊還高的機房", "更換週期")
    kinds = {block.kind: block for block in essay.blocks}
    assert (kinds[BlockKind.NOTE].mark, kinds[BlockKind.NOTE].text) == ("1", "公司年報第 12 頁。")
    assert kinds[BlockKind.PICTURE].text == "台南的廠房"
    assert kinds[BlockKind.QUOTE].text == "訂單比想像中多很多，交期排到明年。"
    assert [link.url for block in essay.blocks for link in block.links] == ["#note-1"]


def test_a_table_inside_a_table_that_lays_out_the_page_is_kept() -> None:
    (essay,) = extract_file(TEMPLATES / "table-layout.html").essays
    table = next(block.table for block in essay.blocks if block.table)
    assert table.header == ("季度", "EPS(元)", "毛利率")
    assert table.rows == (("2025Q3", "10.2", "33.1%"), ("2025Q4", "12.5", "35.0%"))
