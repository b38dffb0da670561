"""Where essays on one page begin and end."""

from __future__ import annotations

import random

import pytest

from corpus.essay import BlockKind, Essay
from corpus.intake import FileForm, essays_in_file, split
from corpus.search.labelled import SAMPLES

HEAD = "星期三, 24 12 月, 2025\nspot_img\n博客 頁面 62\n\n"


def as_page(essay: Essay) -> str:
    """The essay as an archive page prints it: lines apart, nothing marked."""
    lines = [("• " if block.kind is BlockKind.BULLET else "") + block.text for block in essay.blocks]
    return "\n\n".join([essay.title, *lines])


@pytest.fixture(scope="module")
def archive() -> list[Essay]:
    return [essay for path in sorted(SAMPLES.glob("20*.md")) for essay in essays_in_file(path)]


def test_an_essay_with_many_headings_stays_one(archive: list[Essay]) -> None:
    for essay in archive:
        assert [found.title for found in split(as_page(essay), "")] == [essay.title]


def test_essays_end_to_end_are_cut_at_their_titles_and_nowhere_else(archive: list[Essay]) -> None:
    shuffled = random.Random(20251224)
    missed = extra = 0
    for _ in range(12):
        chosen = shuffled.sample(archive, 5)
        found = {essay.title for essay in split(HEAD + "\n\n".join(map(as_page, chosen)), "")}
        wanted = {essay.title for essay in chosen}
        missed += len(wanted - found)
        extra += len(found - wanted)
    assert missed <= 4  # of 48 inner boundaries
    assert extra == 0


def test_an_archive_page_gives_its_essays_and_none_of_its_head() -> None:
    essays = essays_in_file(SAMPLES / "archive-page.txt")
    assert len(essays) == 6
    assert all(essay.published is None for essay in essays)
    assert all(len(essay.headings) >= 3 for essay in essays)
    assert not any(noise in essay.body + essay.title for essay in essays for noise in ("spot_img", "頁面", "星期"))


def test_numbered_sections_of_a_newsletter_are_one_essay() -> None:
    (essay,) = essays_in_file(SAMPLES / "newsletter.txt")
    assert essay.title.startswith("①")
    assert [heading[0] for heading in essay.headings if heading[0] in "①②③"] == ["①", "②", "③"]
    assert not any(plug in essay.body for plug in ("點我訂閱", "方案", "感謝您的閱讀"))


def test_an_unrelated_article_after_a_teaser_is_an_essay_of_its_own() -> None:
    first, second = essays_in_file(SAMPLES / "news-page.txt")
    assert first.published is not None
    assert second.published is None
    assert first.tags
    assert not any(word in second.body for word in ("登入", "會員專屬", "All Rights Reserved", "追蹤我們"))


@pytest.mark.parametrize("heading", ["對台灣的啟示:我們也有觀光公害的煩惱嗎?", "給投資人的三個提醒:別在浪頭上買船"])
def test_a_heading_that_draws_lessons_begins_no_essay(heading: str, archive: list[Essay]) -> None:
    first, second, *_ = map(as_page, archive)
    page = f"{HEAD}{first}\n\n{heading}\n\n旅館有房卻沒有人打掃,是九州業者最常見的抱怨。\n\n{second}"
    assert heading not in [essay.title for essay in split(page, "")]


def test_a_line_that_something_announces_begins_no_essay() -> None:
    story = "產線的燈亮到半夜,班長說這一季的單比去年多了三成,人手卻只多了一成,只好請老師傅回來帶班。\n" * 4
    page = f"工具機的春天來了\n2026-03-01\n{story}接下來要看的是:\n日圓升值之後還有誰在買台灣的五軸加工機\n咖啡豆的期貨創了新高。"
    assert len(split(page, "")) == 1


def test_a_byline_under_a_heading_begins_an_essay() -> None:
    story = "產線的燈亮到半夜,班長說這一季的單比去年多了三成,人手卻只多了一成,只好請老師傅回來帶班。" * 3
    page = f"工具機的春天來了\n2026-03-01\n\n{story}\n\n離岸風電等不到船\n2026-03-02 記者王小明/台中報導\n\n{story}"
    first, second = split(page, "")
    assert (first.title, second.title) == ("工具機的春天來了", "離岸風電等不到船")
    assert first.published is not None
    assert second.published is not None
    assert first.published.day + 1 == second.published.day
    assert second.author == "王小明"


def test_markdown_with_several_first_level_headings_holds_several_essays() -> None:
    page = "# 甲篇\n\n第一段。\n\n## 小節\n\n第二段。\n\n# 乙篇\n\n另一段。\n"
    assert [(essay.title, essay.headings) for essay in split(page, "", FileForm.MARKDOWN)] == [
        ("甲篇", ("小節",)),
        ("乙篇", ()),
    ]


def test_html_with_several_whole_articles_holds_several_essays() -> None:
    text = "<p>" + "這是一段夠長的文章內容,講的是產業的變化與訂單的去向。" * 8 + "</p>"
    page = f"<html><body><article><h2>甲篇的題目</h2>{text}</article><article><h2>乙篇的題目</h2>{text}</article></body></html>"
    assert [essay.title for essay in split(page, "", FileForm.HTML)] == ["甲篇的題目", "乙篇的題目"]
