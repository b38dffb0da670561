"""Posts and pages as people copy them out of apps and sites: what the app adds stays out, what the author marked stays in."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import BlockKind, Essay
from corpus.intake import FileForm, extract

STORY = "電網的升級要花十年，變壓器的交期卻只看這兩年，兩者之間的落差正是訂單的來源。"
MORE = "矽鋼片的缺料要到明年才會緩解，漲價已經寫進報價單，訂單的落差也會拉大。"
TITLE = "重電的交期還要等多久"


def only(text: str, form: FileForm = FileForm.TEXT) -> Essay:
    (essay,) = extract(text, "", form).essays
    return essay


@pytest.mark.parametrize(
    "line",
    [
        "READ IN APP", "Powered by Firstory Hosting", "12.8萬位訂閱者", "1.3K Followers", "Spotify：https://spoti.fi/abc", "t.me/channel",
        "小額贊助支持本節目：https://open.firstory.me/join/abc", "工具的連結放在留言，有興趣可自行參考", "@tree_invest", "個人分類：產業",
        "CC BY-NC-ND 4.0", "點擊上方藍字關注我們", "無法正常顯示？在瀏覽器中檢視", "喜歡我的作品嗎？別忘了給予支持與讚賞！", "END", "（全文完）",
        "此郵件及附件可能含有機密資訊，若您非指定收件人，請刪除本郵件。", "👁 1.2K  編輯於 21:10", "轉發自 小樹產業頻道",
        "已編輯", "查看翻譯", "… 顯示較少", "Duplicate", "你收到這封信是因為訂閱了產業週報", "喜歡這封信嗎？轉寄給朋友", "加入 Google News 追蹤我們",
    ],
)  # fmt: skip
def test_what_an_app_or_a_channel_adds_to_a_post_is_not_of_it(line: str) -> None:
    assert [block.text for block in only(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}").blocks] == [STORY, MORE]


@pytest.mark.parametrize(
    "line", ["報告全文：https://www.example.com/2026/q1.pdf", "變壓器分類：油浸、乾式", "毛利率 33.1%/38.2%"]
)
def test_what_looks_like_it_and_is_the_authors_stays(line: str) -> None:
    assert line in only(f"{TITLE}\n\n{STORY}\n\n{line}\n\n{MORE}").body


def test_a_hashtag_behind_an_ornament_is_a_heading_and_the_last_line_of_hashtags_is_none() -> None:
    essay = only(f"▍ #重電 #交期\n\n{STORY}\n\n📌 #漲價的下一步\n\n{MORE}\n\n#電網 #變壓器")
    assert (essay.title, essay.headings, essay.tags) == ("#重電 #交期", ("📌 #漲價的下一步",), ("#電網", "#變壓器"))


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (f"看板：Stock\n標題：{TITLE}\n作者：hsinchu99 (小工)\n時間：2026/03/20 12:33", "hsinchu99"),
        (f"小樹的頻道, [2026/3/20 下午 08:00]\n{TITLE}", "小樹的頻道"),
        (f"林大同\n2026.03.20 20:11\n{TITLE}", "林大同"),
        (f"{TITLE}\n某某網記者劉小芬 台北\n2026-03-20 18:20", "劉小芬"),
        (f"{TITLE}\n某某報\n2026/03/20 18:20\n【某報記者張漢綺台北報導】", "張漢綺"),
        (f"{TITLE}\n2026/03/20\n某某時報\n李娟萍", "李娟萍"),
        (f"某某投顧\n2026/03/20\n{TITLE}\n投資評等：增加持股　目標價：95元\n分析師：陳冠宇", "陳冠宇"),
        (f"{TITLE}\n2026.03.20 04:10 工商時報 杜小蓉", "杜小蓉"),
        (f"{TITLE}\n何小恩 報導 / 台北市\n發佈時間：2026/03/20 12:30", "何小恩"),
        (f"{TITLE}\n2026-03-20 12:30\n財經中心／戴小丞報導", "戴小丞"),
        (f"{TITLE}\n文 王小凌 某某雜誌 830期\n2026-03-20", "王小凌"),
        (f"某某論壇\n\n射頻小廠工程師\n2026/03/20 21:40\n{TITLE}", "射頻小廠工程師"),
        (f"Mar 20 Fri 2026 20:00\n{TITLE}", None),
        (f"{TITLE}\n觀看次數：45,678次  2026年3月20日", None),
    ],
)
def test_the_head_of_a_post_names_its_writer_and_day(head: str, author: str | None) -> None:
    essay = only(f"{head}\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.author, essay.published) == (TITLE, author, date(2026, 3, 20))
    assert [block.text for block in essay.blocks if block.kind is BlockKind.TEXT][-2:] == [STORY, MORE]


def test_a_blog_hosts_page_is_told_by_its_headline_and_not_by_what_stands_beneath_it_or_by_a_menu() -> None:
    top = "Open in app\nSign up\nSearch\n相簿 部落格 留言 名片\n"
    below = "小樹\n小樹\n\nFollow\n4 min read\nMar 20, 2026\n\nListen\nShare\n"
    foot = "\nResponses (2)\nHelp\nAbout\nPrivacy\nTerms"
    essay = only(f"{top}\n{TITLE}\n變壓器的交期與訂單的落差\n{below}\n{STORY}\n\n{MORE}\n{foot}")
    assert (essay.title, essay.author, essay.published) == (TITLE, "小樹", date(2026, 3, 20))
    assert essay.body == f"變壓器的交期與訂單的落差\n{STORY}\n{MORE}"


def test_an_authors_name_in_a_pages_head_is_read_as_a_byline_is() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s","author":{"name":"某某網記者劉小芬 台北"}}</script>'
    page = f"<html><head>{head % TITLE}</head><body><h1>{TITLE}</h1><p>{STORY}</p><p>{MORE}</p></body></html>"
    assert only(page, FileForm.HTML).author == "劉小芬"


def test_what_follows_the_text_under_other_writings_of_an_account_is_none_of_it() -> None:
    foot = "往期推薦\n記憶體的循環到了哪裡\n面板報價為什麼止跌\n閱讀 1234"
    assert only(f"{TITLE}\n2026-03-20\n\n{STORY}\n\n{MORE}\n\n{foot}").body == f"{STORY}\n{MORE}"


def test_a_short_message_posts_handle_hour_and_counters_are_its_frame() -> None:
    essay = only(
        f"小樹\n@tree_invest\n1/ {TITLE} 👇\n8:12 PM · Mar 20, 2026\n·\n12.3K\n Views\n2/ {STORY}\n3/ {MORE}\nShow more"
    )
    assert (essay.title, essay.author, essay.published) == (f"1/ {TITLE} 👇", "小樹", date(2026, 3, 20))
    assert essay.body == f"1/ {TITLE} 👇\n2/ {STORY}\n3/ {MORE}"


def test_a_list_under_the_headline_that_says_who_and_when_is_a_byline_and_other_articles_are_others() -> None:
    facts = "<ul><li>小樹</li><li>2026年3月20日</li><li>讀畢需時 4 分鐘</li></ul>"
    post = f"<div data-hook='post'><h1>{TITLE}</h1>{facts}<div><p>{STORY}</p><p>{MORE}</p></div></div>"
    others = "<div data-hook='related'><h2>最新文章</h2><article><h2>面板止跌了</h2><p>面板報價止跌，法人說還要看下半年的需求。</p></article></div>"
    essay = only(f"<html><body><div>首頁</div>{post}{others}</body></html>", FileForm.HTML)
    assert (essay.title, essay.published, essay.body) == (TITLE, date(2026, 3, 20), f"{STORY}\n{MORE}")
    listed = only(
        f"<html><body><h1>{TITLE}</h1><ul><li>毛利率 33.1%</li><li>交期 48 週</li></ul><p>{STORY}</p></body></html>",
        FileForm.HTML,
    )
    assert listed.body == f"毛利率 33.1%\n交期 48 週\n{STORY}"


def test_how_many_answered_heads_what_they_said() -> None:
    answers = "<section><h2>共 42 則回應</h2><div><p>樓主說得好，我也是這樣想，重電就放著領股息。</p></div></section>"
    page = (
        f"<html><body><article><h1>{TITLE}</h1><div><p>{STORY}</p><p>{MORE}</p></div></article>{answers}</body></html>"
    )
    assert only(page, FileForm.HTML).body == f"{STORY}\n{MORE}"


@pytest.mark.parametrize("form", [FileForm.MARKDOWN, FileForm.HTML])
def test_a_persons_name_that_is_marked_as_a_heading_is_one(form: FileForm) -> None:
    markdown = f"# {TITLE}\n\n## 張忠謀\n\n{STORY}\n\n{MORE}"
    html = f"<html><body><h1>{TITLE}</h1><h2>張忠謀</h2><p>{STORY}</p><p>{MORE}</p></body></html>"
    assert only(markdown if form is FileForm.MARKDOWN else html, form).headings == ("張忠謀",)


def test_simplified_wordings_are_told_as_traditional_ones_are() -> None:
    essay = only(
        f"{TITLE}\n2026-04-16 09:20 来源：产业观察网 记者：陆一帆\n字号：大 中 小\n\n{STORY}\n\n{MORE}\n\n"
        "（责任编辑：高原）\n免责声明：本文与本网无关。"
    )
    assert (essay.author, essay.published) == ("陆一帆", date(2026, 4, 16))
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_caption_that_ends_with_whose_picture_it_is_is_no_text() -> None:
    essay = only(f"{TITLE}\n\n{STORY}\n\n變電所的變壓器。圖／業者提供\n\n{MORE}")
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_channel_that_a_post_was_forwarded_from_is_its_author() -> None:
    essay = only(f"轉發自 小樹產業頻道\n{TITLE}\n\n{STORY}\n\n{MORE}\n\n2026/9/3 21:14")
    assert (essay.title, essay.author, essay.published) == (TITLE, "小樹產業頻道", date(2026, 9, 3))


def test_a_newsletter_says_once_more_in_the_mail_who_sent_it_and_when() -> None:
    essay = only(
        f"寄件者: 港口週記 <harbor@example.com>\n主旨: {TITLE}\n日期: 2026年10月8日\n\n{TITLE}\n矽鋼片缺料的代價\n\n"
        f"港口週記\n10月 8日\n\n在應用程式中閱讀\n\n{STORY}\n\n{MORE}"
    )
    assert [block.text for block in essay.blocks] == ["矽鋼片缺料的代價", STORY, MORE]


def test_a_subtitle_between_title_and_byline_is_of_the_text() -> None:
    essay = only(f"{TITLE}\n矽鋼片缺料的真正代價\nWei-Ting Lo\nMar 02, 2026\n\n14\n\n3\nShare\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.author, essay.published) == (TITLE, "Wei-Ting Lo", date(2026, 3, 2))
    kept = [block.text for block in essay.blocks]
    assert (kept[0], kept[-2:]) == ("矽鋼片缺料的真正代價", [STORY, MORE])


def test_a_name_under_the_day_of_a_blog_is_its_writers() -> None:
    essay = only(f"{TITLE}\nJanuary 16, 2026\nMarcus Feld\n\n{STORY}\n\n{MORE}")
    assert (essay.author, essay.published) == ("Marcus Feld", date(2026, 1, 16))
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_name_over_a_day_with_its_year_is_the_writers_and_no_title() -> None:
    essay = only(f"王大明\n2025年12月21日上午10:32 · \n\n{STORY}\n\n{MORE}\n\n所有心情：\n128\n12則留言\n5次分享")
    assert (essay.title, essay.author, essay.published) == (STORY.removesuffix("。"), "王大明", date(2025, 12, 21))
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_title_over_a_day_is_no_writers_name() -> None:
    essay = only(f"{TITLE}\n2025年12月21日上午10:32\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.author, essay.published) == (TITLE, None, date(2025, 12, 21))


def test_a_letters_row_of_name_day_and_access_says_whose_it_is_and_for_whom() -> None:
    essay = only(f"{TITLE}\n\n小樹\n3月 4, 2026\n ∙ 付費\n\n{STORY}\n\n{MORE}\n\n訂閱《產業週報》以繼續閱讀")
    assert (essay.title, essay.author, essay.published) == (TITLE, "小樹", date(2026, 3, 4))
    assert not essay.visibility.is_public
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_forums_mirror_sets_the_title_over_the_other_fields() -> None:
    head = f"某某鏡像站 › Stock\n\n[心得] {TITLE}\n\n作者: tree2330 (小樹)\n看板: Stock\n時間: Wed Mar  4 10:32:11 2026"
    essay = only(f"{head}\n\n{STORY}\n\n{MORE}\n\n--\n※ 發信站: 批踢踢實業坊(ptt.cc), 來自: 1.2.3.4")
    assert (essay.title, essay.author, essay.published) == (TITLE, "tree2330", date(2026, 3, 4))
    assert [block.text for block in essay.blocks] == [STORY, MORE]


def test_a_line_alone_under_the_day_that_opens_a_blogs_page_is_its_title() -> None:
    essay = only(f"2025年12月18日 星期四\n\n🚀【筆記】別再被「交期」騙了\n\n最近交期又成話題：\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.published) == ("🚀【筆記】別再被「交期」騙了", date(2025, 12, 18))
    assert [block.text for block in essay.blocks] == ["最近交期又成話題：", STORY, MORE]


@pytest.mark.parametrize("line", ["◤變壓器必買清單◢", "收藏 分享 邀請", "本研究報告僅供參考，投資人應自負盈虧。"])
def test_what_a_site_sets_below_a_report_is_not_of_it(line: str) -> None:
    assert [block.text for block in only(f"{TITLE}\n\n{STORY}\n\n{MORE}\n\n{line}").blocks] == [STORY, MORE]
