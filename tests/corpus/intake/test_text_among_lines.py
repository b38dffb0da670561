"""What a text is told from by repetition, pauses and address: tables of contents, lines without full stops, a site's rules, kickers, tails."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Essay
from corpus.intake import extract
from corpus.intake.extracted import Extracted, Reason

TITLE = "變壓器的十年訂單要等到什麼時候"
BODY = [
    "電網的升級要花十年，變壓器的交期卻只看這兩年，兩者之間的落差正是變壓器訂單的來源。",
    "變壓器的矽鋼片缺料要到明年才會緩解，漲價已經寫進電網的報價單，訂單的落差也會拉大。",
    "台電說，強韌電網的訂單排到後年，變壓器擴產要等土地和熟手，交期不會縮短。",
]
HEADS = ["電網的升級", "變壓器的交期", "矽鋼片的等級"]
CLAUSES = [
    "這幾年電網一直在升級，變壓器的交期拉得很長",
    "很多人以為只是短期缺料，其實背後是十年一次的設備汰換",
    "矽鋼片漲價之後，報價單也跟著調整",
    "台電的計畫排到後年，重電廠的產能要等土地和熟手，所以交期不會很快縮短",
    "如果只看單季毛利率，會錯過訂單能見度的變化",
]
MENU = ["首頁", "台股", "美股", "基金", "房產", "登入", "註冊", "會員中心"]
FOOT = ["相關文章", "颱風假要不要放", "關於我們", "服務條款", "隱私權政策"]


def only(*lines: str, gap: bool = True) -> tuple[Essay, Extracted]:
    found = extract(("\n\n" if gap else "\n").join(lines), "")
    (essay,) = found.essays
    return essay, found


def texts(essay: Essay) -> list[str]:
    return [block.text for block in essay.blocks]


def reason(found: Extracted, text: str) -> Reason | None:
    return next((left.reason for left in found.left_out if left.text == text), None)


@pytest.mark.parametrize("gap", [True, False])
@pytest.mark.parametrize("sign", ["", "• ", "1. "])
def test_a_table_of_contents_is_left_out_and_no_title(gap: bool, sign: str) -> None:
    told = [line for head, paragraph in zip(HEADS, BODY, strict=True) for line in (head, paragraph)]
    essay, found = only(TITLE, "2026-03-04", "目錄", *(f"{sign}{head}" for head in HEADS), *told, gap=gap)
    assert (essay.title, essay.published, texts(essay)) == (TITLE, date(2026, 3, 4), told)
    assert reason(found, f"{sign}{HEADS[0]}") is Reason.REPEATED


def test_labels_that_come_again_right_below_one_another_are_no_table_of_contents() -> None:
    labels = ["營收成長率", "營業毛利率", "每股盈餘數"]
    essay, _ = only(TITLE, BODY[0], *labels, BODY[1], *labels, BODY[2])
    assert [text for text in texts(essay) if text in labels] == labels * 2


@pytest.mark.parametrize("gap", [True, False])
def test_lines_without_full_stops_are_text_on_a_sites_page(gap: bool) -> None:
    told = [BODY[0], HEADS[0], *CLAUSES, HEADS[1], *(f"{clause}，訂單還在" for clause in CLAUSES)]
    essay, _ = only(*MENU, TITLE, "2026-03-04", *told, *FOOT, gap=gap)
    assert (essay.title, texts(essay)) == (TITLE, told)
    assert not set(CLAUSES) & set(essay.headings)


def test_broken_lines_are_joined_between_menus_and_a_day_is_not_drawn_into_the_title() -> None:
    told = "".join((*CLAUSES, *reversed(CLAUSES)))
    broken = [told[at : at + 16] for at in range(0, len(told), 16)]
    essay, _ = only(*MENU, *MENU, TITLE, "2026-03-04", *broken, *FOOT, gap=False)
    assert (essay.title, essay.published, texts(essay)) == (TITLE, date(2026, 3, 4), [told])


@pytest.mark.parametrize(
    "rules",
    [
        ["留言規範", "1. 請勿張貼廣告或人身攻擊的留言。", "2. 留言內容不代表本站立場，本站有權刪除。"],
        ["您的留言不得有任何商業廣告的行為。", "如有上述情形，網站管理員得逕行移除，不另通知。"],
        ["请勿发表人身攻击的言论，违者将删除留言。", "本站保留删除留言的权利。"],
    ],
)
def test_a_sites_rules_for_comments_are_none_of_the_text(rules: list[str]) -> None:
    essay, found = only(TITLE, "2026-03-04", *BODY, *rules)
    assert texts(essay) == BODY
    assert {reason(found, rule) for rule in rules} == {Reason.NOTICE}


def test_a_text_about_rules_for_comments_keeps_its_end() -> None:
    told = [
        "平台的留言規範改了，刪除留言的權利從版主移到公司，網友不滿。",
        "留言規範說，網友不得張貼廣告，違反的留言由公司刪除。",
        "公司刪除留言要說明理由，網友的權利和版主的權利都寫進規範。",
    ]
    assert texts(only("留言規範改了之後", "2026-03-04", *told)[0]) == told


@pytest.mark.parametrize("kicker", ["觀點｜電網", "專欄｜產業", "【產業觀點】", "〔名家專欄〕"])
@pytest.mark.parametrize("title", [TITLE, "電網的十年"])
def test_a_sections_name_over_the_title_is_no_title(kicker: str, title: str) -> None:
    essay, found = only(kicker, title, *BODY)
    assert essay.title == title
    assert reason(found, kicker) is Reason.MENU


def test_a_title_in_brackets_or_with_a_bar_stays_one_over_a_heading() -> None:
    assert only("電網升級｜變壓器", "三個理由", *BODY)[0].title == "電網升級｜變壓器"
    assert only("【變壓器的十年】", "三個理由", *BODY)[0].title == "【變壓器的十年】"


def test_a_post_by_nobody_named_under_a_day_with_its_year_is_one() -> None:
    essay, _ = only(
        "投資", "匿名", "國立某某大學", "2024年3月5日 12:33", TITLE, *BODY, "324", "・", "回應 87", gap=False
    )
    assert (essay.title, essay.author, essay.published) == (TITLE, "匿名", date(2024, 3, 5))
    assert texts(essay) == BODY
    head = only(TITLE, "國立某某大學", "2024年3月5日 12:33", *BODY)[0]
    assert (head.title, head.published) == (TITLE, date(2024, 3, 5))


def test_a_label_of_what_is_paid_for_is_no_mark_for_members_and_one_in_a_row_is() -> None:
    assert only(TITLE, "2026-03-04", "付費", *BODY)[0].visibility.is_public
    assert not only(TITLE, "小樹", "2026-03-04", "∙ 付費", *BODY)[0].visibility.is_public


@pytest.mark.parametrize(
    "line",
    [
        "人氣", "文章推薦指數：80 %", "投票人數：10人", "綜合報導", "國際中心／綜合外電", "关注某某官方微博：",
        "#電網#矽 鋼片#變壓器#重電", "透過Google新聞追蹤某某報",
    ],
)  # fmt: skip
def test_what_stands_between_title_and_text_and_tells_nothing_of_it_is_left_out(line: str) -> None:
    essay, _ = only(TITLE, "2026-03-04", line, *BODY)
    assert (essay.title, texts(essay)) == (TITLE, BODY)


def test_a_name_that_the_byline_says_again_is_the_writers() -> None:
    essay, _ = only(TITLE, "某某訊", "2024-06-19 21:52發布於某某訊官方帳號", *BODY)
    assert (essay.author, essay.published) == ("某某訊", date(2024, 6, 19))


def test_labels_below_a_source_are_the_sites_where_its_lines_follow() -> None:
    essay, _ = only(TITLE, "2026-03-04", *BODY, "新聞來源：某某新聞", "新聞關鍵字", "某某新聞 Facebook", "加入Line好友")
    assert texts(essay) == BODY


def test_what_stands_below_a_pictures_address_is_the_authors() -> None:
    told = [BODY[0], "附上對帳單", "停損110"]
    essay, _ = only(TITLE, "2026-03-04", *told[:2], "https://i.example.com/a.jpg", told[2], "分享")
    assert texts(essay) == told


def test_a_page_that_ends_in_short_lines_ends_there_where_nothing_of_a_site_follows() -> None:
    end = ["單位：百萬元", "重電 變壓器 開關", "外銷占比", "以上資料自行整理"]
    essay, _ = only(*MENU, TITLE, "2026-03-04", *BODY, *end, gap=False)
    assert [block.text for block in essay.blocks][-len(end) :] == end


def test_a_line_said_twice_at_the_top_is_the_title_whatever_stands_above() -> None:
    essay, found = only("電網筆記 101", "從變壓器到電網的產業筆記。", TITLE, "重電看交期，不看題材。", TITLE, *BODY)
    assert essay.title == TITLE
    assert texts(essay)[-len(BODY) :] == BODY
    assert reason(found, "從變壓器到電網的產業筆記。") is Reason.MENU


@pytest.mark.parametrize("named", [f"{TITLE}_第1張圖片", f"{TITLE} 照片", f"變壓器1 2 {TITLE}"])
def test_a_picture_named_by_the_title_is_no_text(named: str) -> None:
    below_title = [named] if named.startswith(TITLE) else []
    essay, found = only(TITLE, *below_title, "文／王小明", BODY[0], named, *BODY[1:])
    assert (essay.title, essay.author, texts(essay)) == (TITLE, "王小明", BODY)
    assert reason(found, named) is Reason.REPEATED


def test_a_title_that_stands_below_in_two_halves_is_taken_once() -> None:
    found = extract("變壓器的訂單到哪了？三個要點！\n\n變壓器的訂單到哪了？\n三個要點 ！\n\n" + "\n\n".join(BODY), "")
    (essay,) = found.essays
    assert (essay.title, texts(essay)) == ("變壓器的訂單到哪了？三個要點！", BODY)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("文丨小樹創投ID:treeventures", "小樹創投"),
        ("作者丨小樹創投", "小樹創投"),
        ("Last Updated on 2026 年 3 月 4 日 by Bob", "Bob"),
    ],
)
def test_an_author_is_named_behind_a_han_stroke_with_an_account_or_behind_the_day(line: str, author: str) -> None:
    essay, _ = only(TITLE, line, *BODY)
    assert (essay.author, texts(essay)) == (author, BODY)


def test_a_forums_head_is_read_in_simplified_characters_as_it_is_written() -> None:
    head = "作者tree2330 (小树)\n看板Stock\n标题[新闻] 变压器的十年订单\n时间Wed Mar  4 10:32:11 2026\n"
    (essay,) = extract(head + "\n".join(BODY), "").essays
    assert (essay.title, essay.author, essay.published) == ("变压器的十年订单", "tree2330", date(2026, 3, 4))


@pytest.mark.parametrize(
    "line", ["本文編輯：某某內容團隊", "（本網發表的文章若提出批評，旨在指出制度的缺點，絕無意圖煽動他人。）"]
)
def test_what_the_newsroom_says_of_itself_is_none_of_the_text(line: str) -> None:
    assert texts(only(TITLE, "2026-03-04", *BODY, line)[0]) == BODY
