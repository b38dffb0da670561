"""Whole pages as text: what is the site's stays out, and every character is in an essay or in the list of what was left out."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.essay import BlockKind
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.extracted import Reason
from corpus.intake.lines import read_lines
from corpus.intake.unwrap import unwrapped, wrapping
from corpus.language.text import to_halfwidth

BODY = [
    "電網的升級要花十年，變壓器的交期卻只看這兩年，兩者之間的落差正是變壓器訂單的來源。",
    "變壓器的矽鋼片缺料要到明年才會緩解，漲價已經寫進電網的報價單，訂單的落差也會拉大。",
    "台電說，強韌電網的訂單排到後年，變壓器擴產要等土地和熟手，交期不會縮短。",
]
MENU = ["首頁", "汽機車", "股市", "基金", "房產", "運動", "影音", "國際", "專欄", "登入"]
OTHERS = ["颱風假要不要放 各縣市最晚十點公布", "球團宣布洋將歸隊 週末對戰組合出爐", "連假車流估增兩成 國道這幾段最塞"]
FOOT = ["關於我們", "服務條款", "隱私權", "版權所有 不得轉載"]


def page(*, stream: bool = False) -> str:
    told = [
        line
        for title in OTHERS * 2
        for line in (title, f"{title}，{'這是別的新聞的內容，' * 4}請看全文。", "某某報 ・ 2 天前 ・ 發起對話")
    ]
    below = ["相關內容", *(told if stream else OTHERS), *FOOT]
    return "\n".join(
        [*MENU, *MENU, "變壓器的十年訂單", "記者王小明／台北報導", "2026-03-04 08:10", "分享", *BODY, *below]
    )


@pytest.mark.parametrize("stream", [False, True])
def test_menus_other_articles_and_the_foot_stay_out_of_a_whole_page(stream: bool) -> None:
    (essay,) = extract(page(stream=stream), "").essays
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "王小明", date(2026, 3, 4))
    assert [block.text for block in essay.blocks] == BODY


def test_a_menu_that_is_a_list_shows_a_sites_page_too() -> None:
    menu = ["• 使用條款", "• 隱私權政策", "• 台股數據", "• 半導體業", "• 金融業", "• 航運業", "• 股票選股"]
    (essay,) = extract("\n".join([*menu, *menu, "變壓器的十年訂單", "2026-03-04", *BODY]), "").essays
    assert (essay.title, [block.text for block in essay.blocks]) == ("變壓器的十年訂單", BODY)


@pytest.mark.parametrize("below", [[], ["某某社北京15日綜合外電報導"]])
def test_what_stands_under_a_ticker_over_the_title_is_other_pages(below: list[str]) -> None:
    lines = ["快訊", *OTHERS, "變壓器的十年訂單要等到什麼時候", *below, *BODY]
    (essay,) = extract("\n\n".join(lines), "").essays
    assert (essay.title, [block.text for block in essay.blocks]) == ("變壓器的十年訂單要等到什麼時候", BODY)


def test_the_same_label_in_the_midst_of_a_text_leaves_the_list_under_it_alone() -> None:
    lines = ["變壓器的十年訂單", BODY[0], "快訊", "• 華城上修財測", "• 士電擴產延後", BODY[1]]
    (essay,) = extract("\n\n".join(lines), "").essays
    assert [block.text for block in essay.blocks if block.kind is BlockKind.BULLET] == ["華城上修財測", "士電擴產延後"]


def test_a_page_of_menus_has_no_essay() -> None:
    assert extract("\n".join([*MENU, *FOOT, *MENU, "看更多", *MENU]), "").essays == ()


def test_rows_with_percentages_and_decimals_are_the_authors() -> None:
    rows = ["毛利率 33.1%（+3.0%）", "0050 13.73%", "EPS 5.21 +0.4", "1,085.00 ▲15.00 (1.40%)"]
    (essay,) = extract("\n".join(["變壓器的十年訂單", "2026-03-04", "", BODY[0], *rows, BODY[1]]), "").essays
    assert [block.text for block in essay.blocks] == [BODY[0], *rows, BODY[1]]


def test_a_strip_of_prices_is_none_of_the_authors() -> None:
    strip = "台積電 1,085.00 ▲15.00 (1.40%) 鴻海 199.50 ▼0.50 (0.25%) 聯發科 1,430.00 ▲10.00 (0.70%)"
    found = extract("\n".join([strip, "變壓器的十年訂單", "2026-03-04", BODY[0], BODY[1]]), "")
    assert strip not in found.essays[0].body
    assert Reason.QUOTES in {left.reason for left in found.left_out}


@pytest.mark.parametrize(
    "heading", ["訂閱制：媒體靠 podcast 留住人", "加入 YouTube 會員的人都在買什麼", "下載量爆發的三個 APP"]
)
def test_an_essay_goes_on_below_a_heading_that_sounds_like_an_advertisement(heading: str) -> None:
    text = f"# 變壓器的十年訂單\n\n{BODY[0]}\n\n## {heading}\n\n{BODY[1]}\n\n{BODY[2]}"
    for form in (FileForm.MARKDOWN, FileForm.TEXT):
        (essay,) = extract(text, "", form).essays
        assert essay.headings == (heading,)
        assert [paragraph.text for paragraph in essay.paragraphs] == BODY


@pytest.mark.parametrize("columns", [16, 24, 34, 40, 60, 76, 80])
def test_lines_that_a_width_broke_are_joined(columns: int) -> None:
    paragraphs = ["".join(BODY), "".join(reversed(BODY))]
    broken = "\n\n".join(re.sub(rf"(.{{{columns // 2}}})", r"\1\n", text) for text in paragraphs)
    (essay,) = extract(f"變壓器的十年訂單\n\n2026/03/04\n\n{broken}", "").essays
    assert [block.text for block in essay.blocks] == paragraphs


def test_lines_that_their_writer_ended_stay() -> None:
    lines = read_lines(
        "今天聊聊散熱\n氣冷已經壓不住了\n雙鴻跟奇鋐都在擴產\n接頭占四成\n毛利最高的就是這段\n明年看得到出貨"
    )
    assert wrapping(lines) is None
    assert unwrapped(lines) == lines


def test_english_words_keep_their_blank_and_figures_are_never_glued() -> None:
    lines = [
        "The lead time of a transformer is now two years and the order book says so for 2025",
        "30 percent of it is for grids that nobody has built yet and another 12 percent is for",
        "the rest of the world as of the end of the last year or so they say in the industry",
        "now.",
    ]
    (line,) = unwrapped(read_lines("\n".join(lines)))
    assert "2025 30 percent" in line.text


def test_a_vertical_tab_ends_a_paragraph_and_a_page_does_not_cut_a_sentence() -> None:
    from corpus.intake import read_text

    text = f"變壓器的十年訂單\n\n2026/03/04\n\n{BODY[0]}\x0b{BODY[1][:20]}\x0c{BODY[1][20:]}\n{BODY[2]}"
    (essay,) = extract(read_text(text.encode(), "a.txt"), "").essays
    assert [block.text for block in essay.blocks] == BODY


@pytest.mark.parametrize(
    "markdown", ["<aside>\n💡 {}\n\n</aside>", "<p>{}</p>", "<div>{}</div>", "> {}", "[^1]\n\n[^1]: {}", "[註1]: {}"]
)
def test_nothing_of_a_markdown_text_is_lost(markdown: str) -> None:
    (essay,) = extract(f"# 題\n\n{BODY[0]}\n\n{markdown.format(BODY[1])}\n\n{BODY[2]}", "", FileForm.MARKDOWN).essays
    assert all(any(text in block.text for block in essay.blocks) for text in BODY)


def test_headings_of_markdown_without_a_blank_are_headings_and_a_table_is_one() -> None:
    table = "| 公司 | 營收 |\n|---|---|\n| 華城 | 33.1% |\n| 士電 | 1,250 |"
    (essay,) = extract(f"#標題甲\n\n{BODY[0]}\n\n##小標乙\n\n{table}\n", "", FileForm.MARKDOWN).essays
    assert (essay.title, essay.headings) == ("標題甲", ("小標乙",))
    assert essay.blocks[-1].table is not None
    assert essay.blocks[-1].table.rows == (("華城", "33.1%"), ("士電", "1,250"))


def signs(text: str) -> Counter[str]:
    """Letters and figures, which no reader may lose or make up."""
    return Counter(sign for sign in to_halfwidth(text) if sign.isalnum())


def told(found: Extracted) -> Counter[str]:
    texts = [left.text for left in found.left_out]
    for essay in found.essays:
        texts += [essay.title, *(block.text for block in essay.blocks)]
    return signs("\n".join(texts))


LINES = st.lists(
    st.sampled_from(
        [*BODY, *MENU, *OTHERS, *FOOT, "2026-03-04", "記者王小明／台北報導", "毛利率 33.1%(+3.0%)", "EPS 5.21", "• 第一點", "1. 先看交期", "## 小標",
         "相關新聞", "延伸閱讀", "分享", "", "推 tofu: 推 03/17", "訂閱電子報", "以下為會員專屬", "#電網 #重電", "圖／記者王小明攝",
         "台積電 1,085.00 ▲15.00 鴻海 199.5 ▼0.50", "作者: kite 看板: Stock", "標題: 重電",
         "時間: Fri Apr 11 19:45:20 2025", ": 引述", "變壓器的十年訂單"]
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_every_letter_of_a_page_is_in_an_essay_or_in_what_was_left_out(lines: list[str]) -> None:
    page = "\n".join(lines)
    missing = signs(page) - told(extract(page, ""))
    assert not missing, missing


def test_the_lines_in_the_paragraph_of_a_byline_below_the_lead_are_the_sites() -> None:
    lead = "變壓器的交期還要等三年，訂單寫進電網計畫。"
    head = [*MENU, "變壓器的十年訂單", lead, "", "2026/06/19", "Chris Lu", "重電", "電網", "分享", ""]
    (essay,) = extract("\n".join([*head, "\n\n".join(BODY), "", *FOOT]), "").essays
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "Chris Lu", date(2026, 6, 19))
    assert [block.text for block in essay.blocks] == [lead, *BODY]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (["訂單的三年", "矽鋼片缺料誰先付出代價", "王小明", "2026-03-04"], "訂單的三年"),
        (["人物專訪", "變壓器的訂單排到後年", "王小明", "2026-03-04"], "變壓器的訂單排到後年"),
    ],
)
def test_a_short_line_over_another_is_the_title_where_the_text_takes_it_up(head: list[str], title: str) -> None:
    text = ["變壓器訂單的三年都做不完。" + BODY[0], *BODY[1:]]
    (essay,) = extract("\n".join([*MENU, "", *head, "", "\n\n".join(text), "", *FOOT]), "").essays
    assert (essay.title, essay.author) == (title, "王小明")
