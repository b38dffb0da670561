"""The sentences shown: whole, verbatim, answering, marked."""

from __future__ import annotations

import pytest

from corpus.essay import Block, BlockKind, Essay
from tests.support.small_archive import Archive, essay

PAGES = [
    essay(
        "基板的價錢",
        """
        碳化矽基板的價格,一直是車廠抱怨的題目。
        它受到長晶速度的限制。
        目前八吋碳化矽基板一片約六百美元。這個價格是矽片的十倍。
        # 受惠的公司
        能穩定供貨的只有環球晶、漢磊與嘉晶。
        """,
    ),
    essay(
        "液冷的好處",
        """
        許多人問起液冷。
        改用液冷之後,機房至少有三項好處:
        - 伺服器可以多放一倍。
        - 電費每年省百分之十五。
        - 噪音變小。
        """,
    ),
    essay(
        "數位分身的定義",
        "數位分身(Digital Twin)指的是把工廠照樣搬進電腦裡的模型。因為可以先試再動手,所以出錯的代價小。",
    ),
    essay("記憶體與AI 伺服器", "在AI 伺服器裡,記憶體的成本已經超過處理器。"),
]


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(PAGES)


def test_every_snippet_is_verbatim_and_its_marks_lie_within(archive: Archive) -> None:
    for question in ("碳化矽基板多少錢", "液冷 好處", "digital twin", "数字孪生", "AI伺服器 記憶體"):
        for hit in archive.ask(question).hits:
            one = archive.essays[hit.essay_id]
            for snippet in hit.snippets:
                assert all(line in one.body for line in snippet.text.split("\n"))
                assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.marks)


def test_a_number_asked_for_is_in_the_first_snippet(archive: Archive) -> None:
    assert "六百美元" in archive.ask("碳化矽基板一片多少錢").hits[0].snippets[0].text


def test_names_asked_for_are_shown(archive: Archive) -> None:
    assert "環球晶、漢磊與嘉晶" in archive.says("碳化矽 受惠公司有哪些")


def test_a_lead_in_comes_with_what_it_leads_in(archive: Archive) -> None:
    for snippet in archive.ask("液冷有什麼好處").hits[0].snippets:
        assert not snippet.text.rstrip().endswith((":", ":"))
    assert "三項好處:\n伺服器可以多放一倍。" in archive.says("液冷有什麼好處")


def test_a_sentence_that_points_back_comes_with_what_it_points_at(archive: Archive) -> None:
    for snippet in archive.ask("矽片 十倍").hits[0].snippets:
        assert not snippet.text.startswith("這個價格")


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("碳化矽", "碳化矽"),
        ("碳化系", "碳化矽"),  # a typo
        ("碳化硅", "碳化矽"),  # Simplified, mainland word
        ("數位孿生", "數位分身"),  # a synonym
        ("digital twin", "Digital Twin"),
        ("ai服务器", "AI 伺服器"),
    ],
)
def test_what_matched_is_marked_as_the_essay_writes_it(archive: Archive, question: str, marked: str) -> None:
    hit = archive.ask(question).hits[0]
    found = {snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.marks}
    assert any(marked in part for part in found)
    assert any(marked in word for word in hit.why)


def test_a_snippet_says_under_which_heading_it_stands(archive: Archive) -> None:
    headings = {snippet.heading for snippet in archive.ask("環球晶 供貨").hits[0].snippets}
    assert "受惠的公司" in headings


def test_a_snippet_has_at_most_three_sentences(archive: Archive) -> None:
    for question in ("碳化矽", "液冷", "數位分身"):
        for hit in archive.ask(question).hits:
            assert all(snippet.text.count("。") <= 3 for snippet in hit.snippets)


def test_a_quotation_before_the_first_sentence_bars_and_helps_none(archive: Archive) -> None:
    texts = ("水冷板的需求只會增加。", "分歧管占四成。")
    blocks = (Block(BlockKind.QUOTE, "氣冷還能再用十年。"), *(Block(BlockKind.TEXT, text) for text in texts))
    found = Archive([Essay("散熱的零件", blocks)]).ask("分歧管 四成 不要氣冷")
    assert found.hits[0].snippets[0].text == "分歧管占四成。"
    reading = Archive([Essay("散熱的零件", blocks)]).ask("氣冷 分歧管").hits[0].reading
    assert not reading.sentences[0].any()
