"""What people ask about those who write, told through the front door; and whose names mean their essays."""

from __future__ import annotations

import pytest

from corpus.essay import Audience
from corpus.storage.authors import is_by, names_in
from handlers.reading.digest_builder import TopicTerm
from tests.support.phones import Cast, Phone
from tests.support.small_archive import TODAY, Archive, essay

PANEL, COWOS = "先進封裝不再只有一條路", "CoWoS 會不會蓋太多"


@pytest.mark.parametrize("typed", ["作者 林以晨", "作者：林以晨", "林以晨", "作者 林以晨。", "author 林以晨"])
def test_an_author_is_told_with_what_was_written_when(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "林以晨寫了 4 篇，2024/11/18 到 2026/09/14。常寫：先進封裝" in heard.text
    assert heard.text.index(PANEL) < heard.text.index("矽光子的三道牆")
    assert COWOS in chat("更多").text


@pytest.mark.parametrize("typed", ["作者", "作者是誰", "作者有誰", "有哪些作者", "作者有哪些？"])
def test_all_authors_are_listed(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "共 4 位作者" in heard.text
    assert "許庭瑜" in heard.text
    assert "何沐恩寫了 3 篇" in chat("3").text


def test_the_author_of_the_essay_just_shown(chat: Phone) -> None:
    chat("讀 #10")
    assert "是林以晨寫的。" in chat("作者是誰").text


@pytest.mark.parametrize(
    ("typed", "held", "left"),
    [
        ("作者 林以晨 2024", COWOS, PANEL),
        ("2024 林以晨", COWOS, PANEL),
        ("林以晨 今年 寫了什麼", PANEL, COWOS),
        ("去年林以晨寫了什麼", "矽光子的三道牆", PANEL),
        ("許庭瑜怎麼看散熱", "氣冷還沒下課", PANEL),
        ("散熱 許庭瑜", "氣冷還沒下課", PANEL),
    ],
)
def test_author_period_and_subject_narrow_in_any_order(chat: Phone, typed: str, held: str, left: str) -> None:
    heard = chat(typed).text
    assert held in heard
    assert left not in heard


def test_what_an_author_did_not_write_is_offered_of_others(chat: Phone) -> None:
    heard = chat("林以晨 散熱")
    assert "林以晨的文章裡沒找到「散熱」。" in heard.text
    assert "許庭瑜" in chat.press(heard, "不限作者再找").text


def test_a_name_mistyped_is_asked_about(chat: Phone) -> None:
    heard = chat("作者 林以臣")
    assert "沒有叫「林以臣」的作者。" in heard.text
    assert "林以晨寫了" in chat("1").text


def test_an_author_is_subscribed_to_and_let_go(chat: Phone) -> None:
    heard = chat("作者 林以晨")
    assert "已訂閱：作者 林以晨。" in chat.press(heard, "訂閱這位作者").text
    assert "已退訂：作者 林以晨。" in chat("退訂 作者 林以晨").text
    assert "沒有訂閱" not in chat("訂閱 作者 林以晨").text
    assert "已退訂：作者 林以晨。" in chat("退訂 林以晨").text


def test_a_group_is_shown_one_essay(cast: Cast) -> None:
    heard = cast.in_group()("羅盤 作者 林以晨")
    assert PANEL in heard.text
    assert "矽光子的三道牆" not in heard.text


def test_a_byline_of_two_names_both() -> None:
    assert names_in("林以晨、許庭瑜") == ("林以晨", "許庭瑜")
    assert is_by("林以晨、許庭瑜", "許庭瑜")
    assert not is_by("林以晨", "林以")


def test_a_name_that_others_write_about_steals_no_question() -> None:
    notes, about = "礦場筆記", "他說了什麼"
    archive = Archive(
        [
            essay(notes, "銅礦的品位逐年下降，開採成本因此墊高。", author="高以安"),
            essay("冶煉費", "冶煉廠的加工費跌到零。", author="馬禮遜"),
            essay(about, "馬禮遜在法說會上談到銅礦的品位。", author="高以安"),
        ],
    )

    def found(question: str) -> list[str]:
        held = archive.matcher.find(question, Audience.MEMBER, archive.read, today=TODAY, authors=("高以安", "馬礼逊"))
        return [hit.essay.title for hit in held.hits]

    archive.follow()
    assert found("馬禮遜 銅礦")[0] == about
    assert "冶煉費" not in found("高以安 冶煉費")


def test_who_subscribes_to_an_author_is_told_what_he_wrote_and_not_what_is_written_of_him() -> None:
    wanted = TopicTerm("作者 高以安", None, ())
    assert wanted.is_subject(essay("礦場筆記", "銅礦的品位下降。", author="高以安、許庭瑜"), ())
    assert not wanted.is_subject(essay("採訪", "高以安談銅礦。", author="許庭瑜"), ())
