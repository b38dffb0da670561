"""What intake reads out of one text: title, data, kinds of blocks, noise; and the forms it takes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.essay import BlockKind, Essay, Visibility
from corpus.intake import FileForm, extract, looks_like_login_wall, split
from corpus.intake.dates import find_date

STORY = "電網的升級要花十年,變壓器的交期卻只看這兩年,兩者之間的落差正是訂單的來源。"
LATER = "市場還在等第三家供應商通過驗證，毛利率要到明年第二季才看得到，在那之前只有報價會動。"


def only(text: str, form: FileForm = FileForm.TEXT) -> Essay:
    (essay,) = split(text, "", form)
    return essay


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-21", "2025.12.21", "2025/12/21 10:30", "2025年12月21日", "12 月 21, 2025", "21 12 月, 2025", "20251221",
        "民國一一四年十二月二十一日", "二〇二五年十二月二十一日",
        "民國114年12月21日", "114年12月21日", "114.12.21", "114/12/21", "December 21, 2025", "21 Dec 2025", "Sun Dec 21 08:00:00 2025",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form(written: str) -> None:
    assert find_date(f"發布:{written}") == date(2025, 12, 21)


@pytest.mark.parametrize(
    "written", ["2025-13-01", "2025年2月30日", "12/21", "v1.14.2", "1142112", "營收 114.5 億", "第 110 頁"]
)
def test_what_is_no_day_is_no_date(written: str) -> None:
    assert find_date(written) is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("撰文/張小明", "張小明"),
        ("【撰文／陳怡君】", "陳怡君"),
        ("作者:老王", "老王"),
        ("文|林語 2025-12-21", "林語"),
        ("記者李大同/台北報導", "李大同"),
        ("By Jane Doe", "Jane Doe"),
        ("Posted by Jane Doe on December 21, 2025", "Jane Doe"),
        ("Jane Doe, Staff Reporter", "Jane Doe"),
        ("撰文 張小明", "張小明"),
        ("採訪整理:張小明", "張小明"),
        ("文.張小明", "張小明"),
        ("【採訪/張小明  攝影/許三】", "張小明"),
        ("撰文/張小明、攝影/許三", "張小明"),
        ("財經快報/記者李大同報導", "李大同"),
        ("鉅亨社記者 李大同 台北 2025-12-21 15:20", "李大同"),
        ("工商時報 李大同", "李大同"),
        ("作者 Jane | 發布日期 2025 年 12 月 21 日 10:30 | 分類 能源 , 電網 | edit", "Jane"),
        ("李大同 · 2025年12月21日 · 5 分鐘閱讀", "李大同"),
        ("分析師:李大同 (02) 2345-6789", "李大同"),
        ("責任編輯:周樹", None),
        ("某某網記者李大同 台北 2025-12-21 15:20", "李大同"),
        ("【文●張小明】", "張小明"),
        ("■李大同", "李大同"),
        ("作者:李大同發布時間:2025-12-21 06:35", "李大同"),
        ("作者:李大同|某某大學電機系副教授、電網研究中心主任", "李大同"),
        ("產業週刊編輯 by 產業週刊編輯", "產業週刊編輯"),
        ("作者 | 發布日期 2025 年 12 月 21 日 10:30 | 分類 能源 , 電網", None),
        ("某某社／ 新竹4日電", None),
        ("更新於 發佈於 閱讀時間約 7 分鐘", None),
        ("來源:某某網編輯:小美作者:李大同", "李大同"),
        ("財經特派記者 博遠", "博遠"),
        ("發布者: 鐵芯老王 發布時間: 2025-12-21 10:30 查看: 1523 回覆: 12", "鐵芯老王"),
        ("研究員:李大同 lee@example.com", "李大同"),
        ("撰文 李大同2025/12/21 08:00", "李大同"),
    ],
)
def test_an_author_is_read_from_a_byline(line: str, author: str | None) -> None:
    essay = only(f"變壓器的十年訂單\n\n{line}\n\n{STORY}")
    assert essay.author == author
    assert [block.text for block in essay.blocks] == [STORY]


def test_lines_between_a_title_and_its_date_are_no_headings() -> None:
    essay = only(f"變壓器的十年訂單\n風向週刊\n林語真\n2025-12-21 09:30\n\n{STORY}\n\n{STORY}")
    assert (essay.author, essay.published, essay.headings) == ("林語真", date(2025, 12, 21), ())


def test_a_line_over_a_date_is_the_title_among_the_sites_lines() -> None:
    essay = only(
        f"GRID WEEKLY TAIWAN\n\nHome News Opinion\n\n變壓器的十年訂單\n\nBy Jane Doe | March 4, 2026\n\n{STORY}"
    )
    assert (essay.title, essay.author, essay.headings) == ("變壓器的十年訂單", "Jane Doe", ())


def test_a_date_over_the_title_is_the_essays_where_only_the_site_stands_above_it() -> None:
    essay = only(f"電網新聞社\n\n2025-12-21 11:20\n\n變壓器的十年訂單\n\n〔記者李大同/台北報導〕\n\n{STORY}")
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "李大同", date(2025, 12, 21))


def test_rows_and_the_last_item_of_a_list_are_no_headings() -> None:
    rows = ["配置如下:", "金融股 25%", "短債 40%", "0050 20%", "現金 15%"]
    items = ["1. 訂單還在嗎?", "2. 交期會縮短嗎?", "3. 誰先降價?"]
    essay = only("\n".join(["變壓器的十年訂單", "2025-12-21", STORY, *rows, STORY, *items, STORY]))
    assert essay.headings == ()
    assert len(essay.paragraphs) == 3 + len(rows) + len(items)


def test_a_reply_is_no_essay() -> None:
    reply = "林小美\n2025-12-22 08:10\n#2\n說得真好"
    essay = only(f"變壓器的十年訂單\n2025-12-21 22:08\n#1\n{STORY}\n{STORY}\n引用\n回覆\n{reply}")
    assert "說得真好" not in essay.body


def test_the_opening_of_a_news_paragraph_names_its_author_and_stays_whole() -> None:
    opening = f"(中央社記者王小明台北21日電){STORY}"
    essay = only(f"變壓器的十年訂單\n\n{opening}")
    assert essay.author == "王小明"
    assert essay.paragraphs[0].text == opening


def test_the_day_a_page_was_printed_is_not_the_essays() -> None:
    assert only(f"12 月 24, 2025\n會員登入\n博客 頁面 3\n\n變壓器的十年訂單\n\n{STORY}").published is None


def test_a_date_that_opens_a_page_without_a_title_is_the_essays() -> None:
    essay = only(f"日期 2025-08-14 【撰文/許三】\n\n{STORY}\n\n交期為什麼縮不回來\n\n{STORY}")
    assert (essay.title, essay.author, essay.published) == ("交期為什麼縮不回來", "許三", date(2025, 8, 14))


def test_a_page_with_neither_title_nor_heading_is_called_by_its_opening() -> None:
    assert only(f"{STORY}\n\n{STORY}").title == STORY.rstrip("。")


def test_a_repeated_title_is_taken_once() -> None:
    essay = only(f"變壓器的十年訂單|某某網\n首頁 > 產業\n變壓器的十年訂單\n2025-12-21\n\n{STORY}")
    assert (essay.title, essay.headings) == ("變壓器的十年訂單", ())


def test_lists_keep_their_numbers_and_lose_their_bullets() -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n• 矽鋼片缺料\n• 熟手難找\n\n1. 先看交期\n2. 再看報價")
    kinds = [(block.kind, block.text) for block in essay.blocks[1:]]
    assert kinds == [
        (BlockKind.BULLET, "矽鋼片缺料"),
        (BlockKind.BULLET, "熟手難找"),
        (BlockKind.NUMBERED, "1. 先看交期"),
        (BlockKind.NUMBERED, "2. 再看報價"),
    ]


def test_a_heading_is_neither_a_sentence_nor_a_lead_in_nor_a_row() -> None:
    rows = "合作的設備商\n甲電信:北方設備\n乙電信:南方設備"
    essay = only(
        f"變壓器的十年訂單\n\n{STORY}\n\n電網怎麼升級?\n\n短句也是句子。\n\n三個重點如下:\n\n{STORY}\n\n{rows}\n\n{STORY}"
    )
    assert essay.headings == ("電網怎麼升級?",)
    assert "甲電信:北方設備" in essay.body


def test_an_ornament_before_a_short_line_over_a_text_marks_a_heading() -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n■ 交期為什麼不縮\n\n{STORY}\n\n■ 矽鋼片\n■ 繞線工")
    assert essay.headings == ("交期為什麼不縮",)
    assert [block.text for block in essay.blocks if block.kind is BlockKind.BULLET] == ["矽鋼片", "繞線工"]


def test_a_caption_keeps_its_sentence_and_loses_label_and_credit() -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n新廠空照\n新廠預計明年完工。\n圖/ 公司提供\n\n{STORY}")
    assert [block.text for block in essay.blocks] == [STORY, "新廠預計明年完工。", STORY]


@pytest.mark.parametrize("line", ["更新於 2026/03/05 • 發布於 2026/03/04 22:30", "發布 2026/03/04 更新 2026/03/05"])
def test_the_day_on_which_it_appeared_counts_before_that_of_a_change(line: str) -> None:
    assert only(f"變壓器的十年訂單\n\n{line}\n\n{STORY}").published == date(2026, 3, 4)


def test_an_address_is_no_title_and_the_byline_under_it_counts_over_broken_lines() -> None:
    broken = "電網的升級要花十年,變壓器的交期卻只看這兩年,兩者之間的落\n差正是訂單的來源,漲價已經寫進報價單。"
    essay = only(
        f"https://example.com/news/8304620.shtml\n【某某日報╱記者李大同/台北報導】 2025.12.21 02:37 am\n{broken}\n\n{STORY}"
    )
    assert (essay.author, essay.published) == ("李大同", date(2025, 12, 21))
    assert "://" not in essay.title


def test_a_forums_template_says_title_and_day() -> None:
    head = "原文標題:變壓器的十年訂單\n(請勿刪減原文標題)\n原文連結:https://example.com/1\n(請善用縮網址工具)\n發布時間:2025年12月21日13:47"
    essay = only(f"{head}\n(請以原文網頁/報紙之發布時間為準)\n原文內容:\n{STORY}\n{STORY}")
    assert (essay.title, essay.published) == ("變壓器的十年訂單", date(2025, 12, 21))
    assert [block.text for block in essay.blocks] == [STORY, STORY]


def test_a_column_is_by_the_name_in_front_of_its_title() -> None:
    assert only(f"李大同》變壓器的十年訂單\n\n{STORY}\n\n{STORY}").author == "李大同"


def test_a_counter_is_no_title_and_a_name_stands_in_the_row_of_its_day() -> None:
    essay = only(
        f"0\n\n0\n1\n\n變壓器的十年訂單要等到什麼時候\n\n小樹\n・2026/3/4 ・1343字 ・閱讀時間約 2 分鐘\n\n{STORY}\n\n{STORY}"
    )
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單要等到什麼時候", "小樹", date(2026, 3, 4))
    assert [block.text for block in essay.blocks] == [STORY, STORY]


def test_a_table_of_labels_over_the_text_says_who_wrote_it_and_when_and_stays() -> None:
    essay = only(f"變壓器的十年訂單\n\n研究員\t李大同\n日期\t2026/3/4\n評等\t買進\n\n{STORY}\n\n{STORY}")
    assert (essay.author, essay.published) == ("李大同", date(2026, 3, 4))
    assert essay.blocks[0].table is not None


@pytest.mark.parametrize(
    "caption",
    [
        "變壓器。(某某網資料照)",
        "左一為總經理李明輝、右一為董事長張衍義。（記者王小明攝）",
        "變壓器新廠。 路透",
        "報系資料照",
        "變壓器的新廠預計明年完工。（路透）",
    ],
)
def test_a_sentence_that_says_whose_picture_it_tells_of_is_a_caption(caption: str) -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n{caption}\n\n{STORY}")
    assert [block.text for block in essay.blocks] == [STORY, STORY]


def test_a_row_of_the_texts_own_words_over_the_sites_list_is_its_tags() -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n{STORY}\n\n變壓器 電網\n\n相關新聞\n\n連假車流估增兩成")
    assert (essay.tags, [block.text for block in essay.blocks]) == (("變壓器", "電網"), [STORY, STORY])


def test_a_title_that_stood_above_with_its_section_before_it_is_taken_once() -> None:
    title = "變壓器的十年訂單還要等多久才會交貨"
    essay = only(f"電力產業{title}\n\n{title}\n\n{STORY}")
    assert (essay.title, [block.text for block in essay.blocks]) == (title, [STORY])


@pytest.mark.parametrize(
    "noise",
    [
        "台積電 1,085.00 ▲15.00 (1.40%) 聯發科 1,320 ▼5 (0.38%)", "登入會員看全文", "加入LINE好友", "分享 Facebook LINE", "圖片來源:公司提供",
        "本網站使用 cookie", "© 2026 某某網", "責任編輯:王五", "閱讀時間約 3 分鐘", "首頁 > 產業 > 重電", "12,345 次瀏覽", "廣告", "https://example.com/a",
        "台北市中正區某某路12號5樓",
    ],
)  # fmt: skip
def test_a_line_of_the_site_in_the_midst_of_a_text_is_left_out(noise: str) -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n{noise}\n\n{STORY}")
    assert [block.text for block in essay.blocks] == [STORY, STORY]


@pytest.mark.parametrize(
    "sentence",
    [
        "瀏覽器業者宣布停用第三方 Cookie 之後,廣告主把預算搬到零售媒體,這一年增加了三成。",
        "這家串流業者的付費會員在第三季增加五百萬,漲價之後流失率反而下降。",
        "公司指出,訂閱方案改為按用量計價之後,單一客戶的年費平均增加兩成。",
    ],
)
def test_a_sentence_about_cookies_or_members_is_no_noise(sentence: str) -> None:
    assert sentence in only(f"變壓器的十年訂單\n\n{STORY}\n\n{sentence}\n\n{STORY}").body


def test_front_matter_says_more_than_the_text() -> None:
    essay = only(
        "---\ntitle: 題目\ndate: 2026-01-19\nauthor: 許三\ntags: [散熱, 液冷]\nvisibility: members\nlead: 一句話\nurl: https://e.example/1\n---\n"
        f"\n{STORY}\n\n## 小節\n\n- 一點\n- 兩點\n\n3. 三\n4. 四\n\n### 延伸閱讀\n\n- [另一篇](https://e.example/2)\n",
        FileForm.MARKDOWN,
    )
    assert (essay.title, essay.author, essay.published, essay.lead) == ("題目", "許三", date(2026, 1, 19), "一句話")
    assert (essay.tags, essay.visibility, essay.url) == (("散熱", "液冷"), Visibility.MEMBERS, "https://e.example/1")
    assert [block.text for block in essay.blocks] == [STORY, "小節", "一點", "兩點", "3. 三", "4. 四"]
    assert essay.further_reading == ("另一篇",)


def test_a_markdown_line_broken_in_mid_sentence_is_mended_and_others_are_kept() -> None:
    wrapped = STORY[:32] + "\n" + STORY[32:]
    essay = only(f"# 題\n\n{wrapped}\n2025年 180元\n2026年 **200**元\n", FileForm.MARKDOWN)
    assert [block.text for block in essay.blocks] == [STORY, "2025年 180元", "2026年 200元"]


def test_a_web_page_without_metadata_is_read_from_what_it_shows() -> None:
    text = f"<p>{STORY * 3}</p><h2>交期為什麼不縮</h2><p>{STORY * 2}</p><ul><li>矽鋼片缺料,兩年內無解。</li></ul>"
    page = (
        f"<html><head><title>變壓器的十年訂單 - 某某網</title></head><body><h1>變壓器的十年訂單</h1><div>文/許三 2025-12-21</div>{text}"
        "<p>延伸閱讀:另一篇</p><p>關鍵字:#重電 #電網</p><aside>熱門文章</aside></body></html>"
    )
    essay = only(page, FileForm.HTML)
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "許三", date(2025, 12, 21))
    assert (essay.headings, essay.tags) == (("交期為什麼不縮",), ("#重電", "#電網"))
    assert essay.further_reading == ("延伸閱讀:另一篇",)
    assert [block.kind for block in essay.blocks] == [
        BlockKind.TEXT,
        BlockKind.HEADING,
        BlockKind.TEXT,
        BlockKind.BULLET,
    ]


def test_damaged_front_matter_is_read_line_by_line() -> None:
    essay = only(f"---\ntitle: 甲: 乙: 丙\ndate: 2026-01-19\ntags: [a, b\n---\n{STORY}", FileForm.MARKDOWN)
    assert (essay.title, essay.published) == ("甲: 乙: 丙", date(2026, 1, 19))


def test_a_login_wall_is_told_from_a_whole_text() -> None:
    wall = "訂閱會員,繼續閱讀全文"
    assert looks_like_login_wall(f"變壓器的十年訂單\n{STORY}\n{wall}")
    assert not looks_like_login_wall(f"變壓器的十年訂單\n{STORY * 12}\n{wall}")
    assert not looks_like_login_wall(f"變壓器的十年訂單\n{STORY}")
    assert looks_like_login_wall(f"變壓器的十年訂單\n{STORY}\n請先登入\n© 2026 某某網")


def test_a_text_that_speaks_of_a_wall_or_goes_on_below_it_is_whole() -> None:
    wall = "登入後閱讀全文"
    assert not looks_like_login_wall(f"變壓器的十年訂單\n{wall}\n{STORY}")
    assert not looks_like_login_wall(f"變壓器的十年訂單\n{STORY}\n讀者看到「{wall}」就走了。")


def test_headings_of_markdown_in_a_pasted_text_are_headings_and_hashtags_are_none() -> None:
    essay = only(f"變壓器的十年訂單\n\n{STORY}\n\n## 誰會先漲價\n{STORY}\n\n###交期 ###\n{STORY}\n\n#電網 #重電")
    assert (essay.title, essay.headings) == ("變壓器的十年訂單", ("誰會先漲價", "交期"))
    assert essay.tags == ("#電網", "#重電")


@pytest.mark.parametrize("text", ["標題而已", "標題而已\n第二行", "首頁\n登入\n變壓器的訂單", "## 標題而已"])
def test_a_title_whose_text_is_still_to_come_is_no_essay(text: str) -> None:
    assert split(text, "") == []


def test_a_post_without_a_single_full_stop_is_an_essay() -> None:
    lines = [
        "今天聊聊散熱這件事情",
        "氣冷已經壓不住溫度了",
        "雙鴻跟奇鋐都在擴產",
        "接頭占了四成的價值",
        "毛利最高的就是這一段",
        "明年看得到出貨量",
        "越南廠先開出來再說",
    ]
    assert only("\n".join(lines)).title == lines[0]


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                STORY,
                "電網怎麼升級?",
                "• 一點",
                "1. 先看",
                "",
                "2025-12-21",
                "延伸閱讀",
                "點我訂閱",
                "圖/ 某某",
                "# 題",
                "---",
                "① 甲",
            ]
        ),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(LINES, st.sampled_from(FileForm))
def test_no_text_makes_intake_fail(lines: list[str], form: FileForm) -> None:
    for essay in split("\n".join(lines), "", form):
        assert essay.title
        assert essay.paragraphs


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_every_block_is_a_line_of_the_page_and_every_sentence_becomes_a_block(lines: list[str]) -> None:
    page = "\n".join([*lines, "", STORY])
    blocks = [block.text for essay in split(page, "") for block in essay.blocks]
    assert all(any(block in line for line in page.split("\n")) for block in blocks)
    assert STORY in blocks


def test_rows_copied_from_a_browser_are_a_table() -> None:
    told = "這一季的營收比去年同期多了兩成，原因是新廠在第三季投產，良率也拉高了。"
    text = f"電網的三年訂單\n\n{told}\n\n\t2024\t2025\n營收\t1,250\t1,480\n毛利率\t33.1%\t35.2%\n2025/11/20\t1\t2\n\n{told}\n"
    (essay,) = extract(text, "").essays
    table = next(block.table for block in essay.blocks if block.table is not None)
    assert table.header == ("", "2024", "2025")
    assert table.rows == (("營收", "1,250", "1,480"), ("毛利率", "33.1%", "35.2%"), ("2025/11/20", "1", "2"))


def test_a_table_between_bars_is_a_table_in_a_plain_text_too() -> None:
    told = "這一季的營收比去年同期多了兩成，原因是新廠在第三季投產，良率也拉高了。"
    text = f"電網的三年訂單\n\n{told}\n\n| 項目 | 2025 |\n|---|---|\n| 營收 | 1,480 |\n| 毛利率 | 35.2% |\n\n{told}\n"
    (essay,) = extract(text, "").essays
    assert [block.table.text for block in essay.blocks if block.table] == ["營收　2025：1,480\n毛利率　2025：35.2%"]


def test_a_list_item_that_holds_a_day_is_the_authors() -> None:
    told = "這一季的營收比去年同期多了兩成，原因是新廠在第三季投產，良率也拉高了。"
    (essay,) = extract(f"電網的三年訂單\n\n{told}\n\n• 法說會 2025/11/20\n• 除息 2025/12/01\n\n{told}\n", "").essays
    assert "法說會 2025/11/20" in [block.text for block in essay.blocks]


@pytest.mark.parametrize(
    "plug",
    [
        "👀 點我閱讀更多：https://example.com/a/29",
        "P.S. 下一期寫的是低軌衛星的地面站，成本與交期都會算一遍，有興趣的話不妨訂閱我的週報，每週五寄出。",
        "📌 如果這篇對你有幫助，\n按個讚，追蹤粉專就不會錯過下一篇",
    ],
)
def test_a_writers_invitation_below_the_text_is_no_part_of_it(plug: str) -> None:
    essay = only(f"變壓器的交期\n\n{STORY}\n\n{LATER}\n\n{plug}")
    assert plug.splitlines()[0] not in essay.body


@pytest.mark.parametrize(
    "kept",
    ["P.S. 上一篇把產能寫成八萬片，正確是六萬片，已經更正。", "如果這篇對台積電的估計太樂觀，毛利率會先掉下來。"],
)
def test_an_afterword_that_invites_nobody_is_the_authors(kept: str) -> None:
    essay = only(f"變壓器的交期\n\n{STORY}\n\n{LATER}\n\n{kept}")
    assert kept in essay.body


def test_a_byline_names_people_without_what_they_are() -> None:
    essay = only(f"變壓器的交期\n\n{STORY}\n\n{LATER}\n\n✏️ 作者：羅大偉（某校教授）、鍾小華（某公司創辦人）")
    assert essay.author == "羅大偉、鍾小華"
    assert "教授" not in essay.body
