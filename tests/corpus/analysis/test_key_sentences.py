"""Key sentences: verbatim, whole, able to stand alone, from several essays."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.key_sentences import key_sentences
from corpus.analysis.sentence_quality import informativeness, is_quotable
from corpus.essay import Block, BlockKind, Essay
from corpus.language.text import fold

TERMS = ("液冷", "散熱")


def essay(number: int, *paragraphs: str, published: date | None = None) -> Essay:
    blocks = tuple(Block(BlockKind.TEXT, text) for text in paragraphs)
    return Essay(title=f"第{number}篇", blocks=blocks, published=published, id=number)


OLD = essay(
    1,
    "液冷在三年前還是選項,如今新機櫃有六成採用液冷散熱。這代表什麼?",
    "散熱廠的擴產計畫如下:水冷板、快接頭與分歧管。",
    "資料中心的散熱用電約占總用電的四成,是僅次於運算的支出。",
    "液冷系統的維護需要新的技師,全台灣受過訓練的不到五百人。",
    published=date(2024, 3, 1),
)
NEW = essay(
    2,
    "水冷板的單價是傳統散熱片的十倍以上,毛利率也高出二十個百分點。這使散熱廠的獲利結構改變。",
    "午餐時間的員工餐廳很熱鬧。",
    "因此散熱廠都在擴產。",
    published=date(2025, 9, 1),
)
UNDATED = essay(3, "浸沒式液冷的冷卻液一公升要價三千元,漏液風險讓保險公司卻步。他們認為液冷還太早。")
ARCHIVE = [OLD, UNDATED, NEW]


def texts(essays: list[Essay], **options: object) -> list[str]:
    return [sentence.text for sentence in key_sentences(essays, TERMS, **options)]  # type: ignore[arg-type]


def test_sentences_are_verbatim_and_know_their_paragraph() -> None:
    for sentence in key_sentences(ARCHIVE, TERMS):
        assert sentence.text in sentence.essay.paragraphs[sentence.paragraph].text


def test_only_what_the_author_says_in_running_text_speaks_for_an_essay() -> None:
    says = "液冷散熱的單櫃價值約三萬美元，其中接頭與分歧管占四成，是毛利最高的部分。"
    others = {
        BlockKind.NOTE: "液冷散熱的市場規模根據研調機構估計，2027 年將突破三百億美元，成長兩倍。",
        BlockKind.QUOTE: "液冷散熱的龍頭宣布擴產，預計 2027 年產能翻倍，占全球市場的六成。",
        BlockKind.TABLE: "液冷散熱的營收成長 45%，占公司整體營收的六成，超過氣冷散熱的兩倍。",
        BlockKind.HEADING: "液冷散熱的營收成長 85%，占公司整體營收的七成，超過氣冷散熱的三倍。",
    }
    spoken = "「液冷散熱的訂單能見度到 2028 年，我們將投資三十億元擴產，占營收的兩成。」"
    blocks = [Block(BlockKind.TEXT, says), Block(BlockKind.TEXT, spoken)]
    blocks += [Block(kind, text) for kind, text in others.items()]
    blocks += [Block(BlockKind.PICTURE, "液冷散熱的機櫃在台中工廠組裝，占全球出貨的三成。")]
    assert texts([Essay("液冷", tuple(blocks), id=9)]) == [says]


def test_newest_dated_essays_come_first_and_undated_ones_last() -> None:
    order = [sentence.essay.id for sentence in key_sentences(ARCHIVE, TERMS)]
    assert order == sorted(order, key=[2, 1, 3].index)
    assert set(order) == {1, 2, 3}


def test_no_essay_speaks_more_than_twice_and_no_digest_more_than_five_times() -> None:
    many = [
        OLD,
        NEW,
        essay(4, "散熱風扇的出貨量三年來首次下滑,跌幅達一成。", "歐洲禁用含氟冷卻液,液冷廠商改用水性配方。"),
    ]
    many += [
        essay(5, "日本電信商把散熱餘熱賣給溫室,草莓提早兩週收成。", "液冷接頭的漏水保固已延長到八年。", "散熱膏漲價。")
    ]
    found = key_sentences(many, TERMS)
    assert len(found) == 5
    assert max(Counter(sentence.essay.id for sentence in found).values()) <= 2


def test_three_essays_are_heard_even_when_two_say_it_better() -> None:
    strong = [
        essay(n, *(f"液冷散熱占成本{n}{m}%,散熱廠營收成長{m}倍,超過{n}億元。" for m in range(2, 8))) for n in (1, 2)
    ]
    weak = essay(3, "液冷的施工需要耐心,師傅們大多從空調業轉來做這一行。")
    assert {sentence.essay.id for sentence in key_sentences([*strong, weak], TERMS)} == {1, 2, 3}


def test_a_sentence_with_figures_beats_one_without() -> None:
    plain = essay(1, "液冷是散熱廠近來最常被客戶問起的話題之一。", "液冷散熱的產值將在三年內成長4倍,達到120億美元。")
    assert texts([plain], limit=1) == ["液冷散熱的產值將在三年內成長4倍,達到120億美元。"]


def test_where_an_essay_names_the_subject_nothing_else_speaks_for_it() -> None:
    other = "電源供應器的產值將在三年內成長4倍,達到120億美元。"
    named = essay(1, f"液冷的施工需要耐心,師傅們大多從空調業轉來做這一行。{other}")
    assert other not in texts([named], paragraphs={1: {0}})
    assert texts([essay(2, other)], paragraphs={2: {0}}) == [other]


def test_where_names_are_asked_for_no_other_sentence_speaks() -> None:
    nameless = essay(1, "電源供應器的產值將在三年內成長4倍,達到120億美元。")
    assert key_sentences([nameless], TERMS, paragraphs={1: {0}}, confirmed=lambda _: True) == []
    ordinary = essay(2, "廠商大量採購鑽孔機,交期因此拉長到半年以上。", "大量的營收在這一季成長四成,達到12億元。")
    found = key_sentences([ordinary], ("大量",), confirmed=lambda text: text.startswith("大量的營收"))
    assert {sentence.paragraph for sentence in found} == {1}


def test_the_newest_essay_is_heard_first_if_it_says_something_fair() -> None:
    strong = [
        essay(n, *(f"液冷散熱占成本{n}{m}%,散熱廠營收成長{m}倍,超過{n}億元。" for m in (2, 3))) for n in (1, 2, 3)
    ]
    news = essay(4, "液冷的施工需要耐心,師傅們大多從空調業轉來做這一行。", published=date(2026, 2, 1))
    passing = essay(5, "師傅們大多從空調業轉來做這一行,有人說那是液冷。", published=date(2026, 3, 1))
    assert key_sentences([*strong, news, passing], TERMS, confirmed=lambda _: True)[0].essay is news


def test_the_sentences_of_one_essay_stand_together() -> None:
    undated = [essay(n, *(f"液冷散熱占成本{n}{m}%,營收成長{m}倍,超過{n}億元。" for m in (2, 9))) for n in (1, 2, 3)]
    order = [sentence.essay.id for sentence in key_sentences(undated, TERMS)]
    assert len([a for a, b in pairwise(order) if a != b]) == len(set(order)) - 1


def test_a_latin_name_is_no_part_of_a_word() -> None:
    either = essay(1, "這一季的 revenue 成長了兩成。", "REV 的營收在這一季成長了兩成,超過所有同業的預期。")
    assert {sentence.paragraph for sentence in key_sentences([either], ("REV",))} == {1}


def test_a_longer_word_that_holds_a_name_is_not_the_subject() -> None:
    both = essay(1, "南亞科的記憶體報價在這一季漲了兩成,超過預期。", "南亞的銅箔基板在這一季漲了兩成,超過預期。")
    assert {sentence.paragraph for sentence in key_sentences([both], ("南亞",), traps=("南亞科",))} == {1}


def test_what_was_shown_is_not_repeated() -> None:
    first = texts(ARCHIVE)
    assert not set(first) & set(texts(ARCHIVE, shown=first))


def test_the_same_thing_is_not_said_twice() -> None:
    fact = "資料中心的散熱用電約占總用電的40%,液冷可以減半。"
    twins = [essay(1, fact), essay(2, fact), essay(3, "液冷水冷板的單價是散熱片的10倍,毛利率高出20個百分點。")]
    assert sorted(texts(twins)) == sorted({sentence.text for sentence in key_sentences(twins, TERMS)})
    assert len(texts(twins)) == 2


def test_paragraphs_known_to_speak_of_the_subject_are_the_only_ones_read() -> None:
    found = key_sentences([OLD], TERMS, paragraphs={1: {3}})
    assert {sentence.paragraph for sentence in found} == {3}


def test_a_digest_of_nothing_is_empty() -> None:
    assert key_sentences([], TERMS) == key_sentences(ARCHIVE, ("咖啡",)) == key_sentences(ARCHIVE, TERMS, limit=0) == []


@pytest.mark.parametrize(
    "text",
    [
        "這使散熱廠的獲利結構發生了很大的改變。",
        "此舉讓散熱廠的獲利結構發生了很大的改變。",
        "其毛利率高出二十個百分點,超過所有同業。",
        "他們認為液冷還太早,應該再等一個世代。",
        "因此散熱廠都在擴產,交期仍然拉長到半年。",
        "同期散熱廠的營收成長了四成,超過所有同業。",
        "雙方把水冷板的價格壓到兩千元,低於散熱片的成本。",
        "3. 散熱廠都在擴產,交期仍然拉長到半年以上。",
        "「這使散熱廠的獲利結構發生了很大的改變。」",
        "散熱廠的擴產計畫可以分成以下三個部分:",
        "散熱廠的擴產計畫會不會在明年就過剩呢?",
        "散熱廠擴產。",
        "散熱廠的擴產計畫與冷卻液分配裝置的圖解",
        "散熱廠說「擴產計畫會在明年年底完成第一期。",
    ],
)
def test_what_cannot_stand_alone_is_not_quoted(text: str) -> None:
    assert not is_quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "散熱用電約占資料中心總用電的四成,僅次於運算。",
        "執行長說:「液冷不再是選項,而是所有新機櫃的標準。」",
        "至於晶片,先進製程的產能有七成集中在台灣。",
    ],
)
def test_a_whole_statement_may_be_quoted(text: str) -> None:
    assert is_quotable(text)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("散熱廠的營收成長四成,達到120億元。", "散熱廠的營收成長很多,幅度相當可觀。"),
        ("根據市調機構的統計,散熱廠的產能仍然不足。", "大家在聚會裡常說起,散熱廠的產能仍然不足。"),
        ("散熱廠宣布在越南興建新廠,明年完工。", "散熱廠在越南的天氣很熱,員工不習慣。"),
        ("散熱廠的交期拉長到半年,客戶仍在排隊。", "你不妨去問散熱廠交期,客戶仍在排隊呢。"),
        ("散熱廠把重心放在機櫃,電源不是重點。", "散熱廠則把重心放在機櫃,電源不是重點。"),
    ],
)
def test_a_sentence_is_worth_what_it_says(more: str, less: str) -> None:
    assert informativeness(more) > informativeness(less)


@given(st.lists(st.text(alphabet="液冷散熱這其。?!:,「」\n 1%a", max_size=80), max_size=6))
def test_any_text_yields_only_quotable_verbatim_sentences(paragraphs: list[str]) -> None:
    archive = [essay(number, text) for number, text in enumerate(paragraphs, start=1)]
    for sentence in key_sentences(archive, TERMS):
        assert is_quotable(sentence.text)
        assert sentence.text in sentence.essay.paragraphs[sentence.paragraph].text
        assert any(fold(term) in fold(sentence.essay.body) for term in TERMS)


def test_what_an_essay_quotes_from_others_is_never_its_authors() -> None:
    quoted = "散熱廠的液冷訂單已經排到後年,這一輪的漲價還沒有結束。"
    told = "液冷的毛利率比傳統散熱高出二十個百分點,客戶也願意付這個價。"
    blocks = (Block(BlockKind.QUOTE, quoted, author="某分析師"), Block(BlockKind.TEXT, told))
    assert texts([Essay("第四篇", blocks, published=date(2025, 9, 1), id=4)]) == [told]
