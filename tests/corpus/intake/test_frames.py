"""What stands around a pasted text: forums, chats, mails, newsletters; and marks of members' texts."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Essay, Visibility
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.extracted import Reason

STORY = "電網的升級要花十年,變壓器的交期卻只看這兩年,兩者之間的落差正是訂單的來源。"
MORE = "矽鋼片的缺料要到明年才會緩解,漲價已經寫進報價單。"


def only(text: str, form: FileForm = FileForm.TEXT) -> tuple[Essay, Extracted]:
    found = extract(text, "", form)
    (essay,) = found.essays
    return essay, found


@pytest.mark.parametrize(
    "head",
    [
        "作者kite (風箏)看板Stock標題[心得] 重電的交期時間Fri Apr 11 19:45:20 2025",
        "作者  kite (風箏)                看板  Stock\n標題  [心得] 重電的交期\n時間  Fri Apr 11 19:45:20 2025",
        "作者: kite (風箏) 看板: Stock\n標題: [心得] 重電的交期\n時間: Fri Apr 11 19:45:20 2025",
        "作者\nkite (風箏)\n看板\nStock\n標題\n[心得] 重電的交期\n時間\nFri Apr 11 19:45:20 2025",
    ],
)
def test_a_forums_head_names_title_author_and_day(head: str) -> None:
    essay, found = only(
        f"{head}\n\n{STORY}\n\n--\n※ 發信站: 批踢踢實業坊(ptt.cc)\n推 tofu: 推                04/11 20:01"
    )
    assert (essay.title, essay.author, essay.published) == ("重電的交期", "kite", date(2025, 4, 11))
    assert [block.text for block in essay.blocks] == [STORY]
    assert next(left.text for left in found.left_out if left.reason is Reason.COMMENTS).startswith("推 tofu")


def test_what_a_forum_post_answers_to_is_not_its_authors() -> None:
    quoted = "※ 引述《other (別人)》之銘言：\n: 整流器缺到年底。\n: : 我不信。"
    essay, found = only(
        f"作者: kite 看板: Stock\n標題: Re: [標的] 大盤\n時間: Fri Apr 11 19:45:20 2025\n\n{quoted}\n\n{STORY}"
    )
    assert essay.title == "Re: [標的] 大盤"
    assert essay.body == STORY
    assert [left.text for left in found.left_out if left.reason is Reason.QUOTED] == quoted.split("\n")


def test_the_long_messages_of_a_chat_are_its_texts() -> None:
    chat = (
        "[LINE] 重電討論群的聊天記錄\n儲存日期：2025/03/06 09:00\n\n2025/03/05（週三）\n"
        f'20:10\t王大明\t早\n20:13\t林小光\t"【重電的交期】\n{STORY}\n{MORE}"\n20:15\t王大明\t感謝分享\n20:16\t王大明\t[貼圖]'
    )
    essay, found = only(chat)
    assert (essay.title, essay.author, essay.published) == ("【重電的交期】", "林小光", date(2025, 3, 5))
    assert essay.body == f"{STORY}\n{MORE}"
    assert {"感謝分享", "[貼圖]", "早"} <= {left.text for left in found.left_out}


def test_a_mails_subject_sender_and_day_are_the_essays() -> None:
    essay, _ = only(
        "寄件者: 林小光 <lin@example.com>\n日期: 2025年3月5日 下午3:10\n主旨: Fwd: 重電的交期\n收件者: 我 <me@example.com>\n\n"
        f"{STORY}\n\n{MORE}\n\n> 上次你說的那篇\n\n--\n林小光 0912-345-678"
    )
    assert (essay.title, essay.author, essay.published) == ("重電的交期", "林小光", date(2025, 3, 5))
    assert essay.body == f"{STORY}\n{MORE}"


def test_a_mail_that_only_hands_on_another_gives_the_other() -> None:
    essay, _ = only(
        "From: me@example.com\nSubject: FW: 看一下\nDate: Thu, 6 Mar 2025 09:00:00 +0800\n\n請看。\n\n"
        f"---------- Forwarded message ---------\nFrom: 林小光 <lin@example.com>\nDate: Wed, 5 Mar 2025 20:13:00 +0800\n"
        f"Subject: 重電的交期\nTo: <me@example.com>\n\n{STORY}\n\n{MORE}"
    )
    assert (essay.title, essay.author, essay.published) == ("重電的交期", "林小光", date(2025, 3, 5))


def test_a_newsletters_frame_stays_out() -> None:
    essay, _ = only(
        f"重電的交期\n交期比訂單重要的那一年\n林小光\nMar 05, 2025\n\n12\n\n3\nShare\n\n{STORY}\n\n{MORE}\n\n"
        "Thanks for reading! Subscribe for free to receive new posts and support my work.\n\nType your email...\nSubscribe"
    )
    assert (essay.title, essay.author, essay.published) == ("重電的交期", "林小光", date(2025, 3, 5))
    assert essay.body == f"交期比訂單重要的那一年\n{STORY}\n{MORE}"


def test_the_first_line_of_a_post_is_its_title_and_a_heading_cuts_nothing() -> None:
    parts = [f"▋第{n}個理由\n\n{STORY}\n\n{MORE}" for n in "一二三"]
    essay, _ = only("我很少談重電，也不鼓勵大家追。\n\n" + "\n\n".join(parts) + "\n\n💡 最後的提醒\n\n" + STORY)
    assert essay.title == "我很少談重電，也不鼓勵大家追"
    assert len(essay.paragraphs) == 8


@pytest.mark.parametrize("form", [FileForm.TEXT, FileForm.MARKDOWN])
@pytest.mark.parametrize(
    "mark",
    [
        "[membership]", "[membership level=2]", "<!--members-only-->", "以下為會員專屬", "—— 以下內容僅限付費會員 ——", "🔒 會員限定",
        "∙ Paid", "This post is for paid subscribers", "Member-only story", "付費即可解鎖", "剩餘 70% 內容", "加入會員閱讀全文",
    ],
)  # fmt: skip
def test_a_members_text_is_never_silently_public(mark: str, form: FileForm) -> None:
    essay, found = only(f"重電的交期\n2026-01-02\n\n{STORY}\n\n{mark}\n\n{MORE}", form)
    assert essay.visibility == Visibility.MEMBERS
    assert [left.text for left in found.left_out if left.reason is Reason.PAYWALL] != []


def test_a_text_about_members_and_a_menu_with_a_members_corner_are_public() -> None:
    told = "這家串流業者的付費會員在第三季增加五百萬,會員專屬的權益吃掉了毛利。"
    assert only(f"重電的交期\n2026-01-02\n\n{told}\n\n{STORY}")[0].visibility == Visibility.PUBLIC
    menu = "首頁\n登入\n註冊\n財經\n股市\n會員限定\n影音\n即時新聞"
    assert only(f"{menu}\n重電的交期\n2026-01-02\n{STORY}\n{MORE}\n版權所有")[0].visibility == Visibility.PUBLIC


@pytest.mark.parametrize("said", ["members", "premium", "publc", "[]]", "方案A", "private"])
def test_a_visibility_that_is_not_known_to_be_public_is_closed(said: str) -> None:
    essay, _ = only(f"---\ntitle: 重電\nvisibility: {said}\n---\n{STORY}", FileForm.MARKDOWN)
    assert not essay.visibility.is_public


@pytest.mark.parametrize("said", ["members", "premium", "Paid", "會員"])
def test_a_word_for_all_members_is_no_plan(said: str) -> None:
    essay, _ = only(f"---\ntitle: 重電\nvisibility: {said}\n---\n{STORY}", FileForm.MARKDOWN)
    assert essay.visibility == Visibility.MEMBERS


@pytest.mark.parametrize("said", ["決策者，分析者", "[分析者, 決策者]", "決策者、 分析者"])
def test_the_names_of_plans_keep_an_essay_for_their_members(said: str) -> None:
    essay, _ = only(f"---\ntitle: 重電\nvisibility: {said}\n---\n{STORY}", FileForm.MARKDOWN)
    assert essay.visibility == Visibility.of_plans(["分析者", "決策者"])


@pytest.mark.parametrize("said", ["public", "公開", "Public"])
def test_a_visibility_that_says_public_is_public(said: str) -> None:
    essay, _ = only(f"---\ntitle: 重電\nvisibility: {said}\n---\n{STORY}", FileForm.MARKDOWN)
    assert essay.visibility == Visibility.PUBLIC
