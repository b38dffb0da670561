"""Posts of social sites, threads of forums, chats and mails as they are copied: whose text it is, and of which day."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Essay
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.dates import recent_day
from corpus.intake.extracted import Reason

STORY = "電網的升級要花十年，變壓器的交期卻只看這兩年，兩者之間的落差正是訂單的來源。"
MORE = "矽鋼片的缺料要到明年才會緩解，漲價已經寫進報價單，訂單的落差也會拉大。"
OTHERS = "股東會的時間表來了，這週有十二家，記得設提醒，晚上再來整理成一張表。"
TITLE = "重電的交期還要等多久"
TODAY = date(2026, 3, 5)


def only(text: str, today: date | None = TODAY) -> tuple[Essay, Extracted]:
    found = extract(text, "", FileForm.TEXT, today)
    (essay,) = found.essays
    return essay, found


def reasons(found: Extracted) -> dict[str, Reason]:
    return {left.text: left.reason for left in found.left_out}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("3小時", TODAY), ("剛剛", TODAY), ("17 分鐘", TODAY), ("昨天下午3:02", date(2026, 3, 4)), ("2天", date(2026, 3, 3)),
        ("1週", date(2026, 2, 26)),
        ("3月1日上午10:32 ·", date(2026, 3, 1)), ("12 月 30 日 21:14", date(2025, 12, 30)), ("May 4", date(2025, 5, 4)), ("2h", TODAY),
        ("2月29日", date(2024, 2, 29)), ("3月1日的法說會", None), ("3天的連假", None), ("2月30日", None), ("May 4, 2024", None), ("5 個月", None),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_last_one(said: str, day: date | None) -> None:
    assert recent_day(said, TODAY) == day


@pytest.mark.parametrize(
    ("head", "author", "day"),
    [
        ("小樹\n3月1日上午10:32\n · ", "小樹", date(2026, 3, 1)),
        ("tree.invest\n3小時\n翻譯", "tree.invest", TODAY),
        ("首頁\n搜尋\ntree.invest\n重電\n2天", "tree.invest", date(2026, 3, 3)),
        ("Dcard\n註冊 / 登入\n國立某某大學\n股票\n·\n3 月 1 日 21:14", "國立某某大學", date(2026, 3, 1)),
        ("小樹\n@tree_invest\n·\nMar 1", "小樹", date(2026, 3, 1)),
    ],
)
def test_a_name_over_a_day_as_social_sites_write_it_is_a_posts_head(head: str, author: str, day: date) -> None:
    text = f"{head}\n{TITLE}\n\n{STORY}\n\n{MORE}"
    essay, _ = only(text)
    assert (essay.title, essay.author, essay.published) == (TITLE, author, day)
    assert essay.body == f"{STORY}\n{MORE}"
    assert only(text, today=None)[0].published is None  # a file does not say when it was copied


def test_a_title_over_a_day_is_no_name() -> None:
    essay, _ = only(f"{TITLE}\n3月1日\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.author) == (TITLE, None)


def test_what_others_say_of_a_post_is_not_its_authors() -> None:
    shared = f"大樹\n2月28日\n · \n{OTHERS}"
    counters = "所有心情：\n1,203\n56則留言\n89次分享\n讚\n留言\n分享"
    answers = "林小華\n請問現在還能買嗎？我在一百二十元買進，現在很煩惱。\n6 天\n讚\n回覆"
    essay, found = only(f"小樹\n3月1日上午10:32\n · \n{STORY}\n\n{MORE}\n{shared}\n{counters}\n{answers}")
    assert (essay.author, essay.body) == ("小樹", f"{STORY}\n{MORE}")
    assert reasons(found)[OTHERS] is Reason.QUOTED
    assert reasons(found)["請問現在還能買嗎？我在一百二十元買進，現在很煩惱。"] is Reason.COMMENTS


def test_an_author_who_goes_on_below_the_counters_is_the_author_still() -> None:
    essay, found = only(
        f"tree.invest\n2天\n{STORY}\n88\n5\n12\n7\ntree.invest\n作者\n2天\n{MORE}\n23\n1\nowl\n1天\n{OTHERS}\n2"
    )
    assert essay.body == f"{STORY}\n{MORE}"
    assert reasons(found)[OTHERS] is Reason.COMMENTS


def test_figures_that_an_author_lists_are_no_counters() -> None:
    essay, _ = only(f"小樹\n@tree_invest\n{STORY}\n2330\n1519\n1503\n{MORE}")
    assert essay.body == f"{STORY}\n2330\n1519\n1503\n{MORE}"


def test_replies_in_a_counted_thread_are_other_peoples() -> None:
    head = f"首頁\n手機\n汽車\n登入\n註冊\n首頁  生活  股票\n{TITLE}\n股票\n2026-03-01 14:22\n3,201\n12"
    first = f"小樹\n個人積分：212分\n小樹\n樓主\n2026-03-01 14:22 #1\n{STORY}\n\n{MORE}\n引言\n分享\n讚 15"
    second = f"大樹\n個人積分：1024分\n2026-03-01 15:03 #2\n{OTHERS}\n引言\n分享\n讚 3"
    essay, found = only(f"{head}\n{first}\n{second}\n熱門文章\n台股大跌你賣了嗎？\n© 某某站")
    assert (essay.title, essay.author, essay.published) == (TITLE, "小樹", date(2026, 3, 1))
    assert essay.body == f"{STORY}\n{MORE}"
    assert reasons(found)[OTHERS] is Reason.COMMENTS


def test_the_long_message_of_a_copied_chat_is_its_text() -> None:
    essay, found = only(
        f"上午 09:31 小樹 {TITLE}\n\n{STORY}\n\n{MORE}\n上午 09:40 小美 謝謝分享\n上午 09:41 Kenny 收到"
    )
    assert (essay.title, essay.author, essay.body) == (TITLE, "小樹", f"{STORY}\n{MORE}")
    assert reasons(found)["謝謝分享"] is Reason.COMMENTS


def test_the_hours_of_a_diary_are_no_chat() -> None:
    text = f"上午 09:05 開盤跳空\n{STORY}{MORE}\n下午 01:30 收在最高\n{MORE}{STORY}"
    essay, _ = only(text)
    assert all(line in f"{essay.title}\n{essay.body}" for line in text.split("\n"))


def test_a_forwarded_mail_under_what_a_mail_program_shows_is_the_other() -> None:
    shown = f"Fwd: {TITLE}\n收件匣\n\n王小明 <ming@example.com>\n下午4:12 (3 小時前)\n寄給 我\n\n大家看一下。"
    fields = (
        f"寄件者： 林小光 <lin@example.com>\nDate: 2026年3月1日 週日 下午2:31\nSubject: {TITLE}\nTo: <list@example.com>"
    )
    essay, _ = only(f"{shown}\n\n---------- Forwarded message ---------\n{fields}\n\n{STORY}\n\n{MORE}")
    assert (essay.title, essay.author, essay.published) == (TITLE, "林小光", date(2026, 3, 1))
    assert essay.body == f"{STORY}\n{MORE}"


def test_a_mail_as_a_mail_program_shows_it_has_its_subject_for_a_title() -> None:
    essay, _ = only(
        f"Re: {TITLE}\n收件匣\n\n林小光 <lin@example.com>\n2026年3月1日 上午8:05\n寄給 我, 投資組\n\n{STORY}\n\n{MORE}\n全部回覆\n轉寄"
    )
    assert (essay.title, essay.author, essay.published) == (TITLE, "林小光", date(2026, 3, 1))
    assert essay.body == f"{STORY}\n{MORE}"


def test_a_signature_stands_between_two_rules() -> None:
    head = "作者kite (風箏)看板Stock標題[心得] 重電的交期時間Sun Mar  1 19:45:20 2026"
    foot = "※ 發信站: 批踢踢實業坊(ptt.cc), 來自: 1.2.3.4 (臺灣)"
    essay, found = only(f"{head}\n\n{STORY}\n\n--\n少賠就是賺\n--\n{foot}")
    assert essay.body == STORY
    assert reasons(found)["少賠就是賺"] is Reason.FRAME
    assert MORE in only(f"{head}\n\n{STORY}\n\n--\n{MORE}\n--\n{foot}")[0].body


@pytest.mark.parametrize("words", ["想看更多個股的存貨天數？", "想請我們喝幾杯咖啡？"])
def test_a_heading_of_nothing_but_an_offer_goes_with_it(words: str) -> None:
    offer = f"<div class='cta'><h3>{words}</h3><p>加入某某會員，解鎖 20 年財報數據</p></div>"
    kept = f"<h3>{TITLE}</h3><p>{MORE}</p>"
    page = f"<html><body><article><h1>電網的十年</h1><div><p>{STORY}</p>{kept}{offer}</div></article></body></html>"
    (essay,) = extract(page, "", FileForm.HTML).essays
    assert essay.headings == (TITLE,)


def test_the_lead_under_a_headline_is_the_authors() -> None:
    lead = "交期沒有變短，只是沒有人再問。"
    head = f"<div class='head'><h1>{TITLE}</h1><p>{lead}</p><p>2026/03/01</p></div>"
    page = f"<html><head><title>{TITLE}</title></head><body>{head}<article><p>{STORY}</p><p>{MORE}</p></article></body></html>"
    (essay,) = extract(page, "", FileForm.HTML).essays
    assert (essay.body, essay.published) == (f"{lead}\n{STORY}\n{MORE}", date(2026, 3, 1))


@pytest.mark.parametrize(
    "head",
    ["2026/3/1 16:20（3/2 17:45 更新）", "更新於 2026/03/02\n發佈於 2026/03/01", "2026.03.01 | 半導體與電子產業"],
)
def test_the_day_of_publication_is_neither_that_of_a_change_nor_of_other_news(head: str) -> None:
    others = "延伸閱讀\n面板報價為什麼止跌\n2026/02/27 18:22\n記憶體的循環到了哪裡\n2026/02/26 15:10"
    essay, _ = only(
        f"首頁\n政治\n產經\n國際\n科技\n生活\n{TITLE}\n{head}\n字級設定：\n小\n中\n特大\n\n{STORY}\n\n{MORE}\n\n{others}\n© 某某社"
    )
    assert (essay.title, essay.published, essay.body) == (TITLE, date(2026, 3, 1), f"{STORY}\n{MORE}")
