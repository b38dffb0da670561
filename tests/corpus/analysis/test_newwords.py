"""New words: what an essay introduces and no lexicon knows."""

from __future__ import annotations

import pytest

from corpus.analysis.newwords import keywords, propose
from corpus.essay import Block, BlockKind, Essay
from corpus.language.text import fold

ESSAY = Essay(
    title="微環調變器的量產之路",
    blocks=tuple(
        Block(BlockKind.TEXT, text)
        for text in (
            "新創公司光禾芯宿(Guanghe)展示了微環調變器,速度是舊元件的三倍。",
            "光禾芯宿說,微環調變器的良率已有七成,客戶下半年開始試產。",
            "所謂「光學豆腐塊」是把雷射與微環調變器疊在一起,「光學豆腐塊」的散熱因此更難。",
            "分析師認為微環調變器會先用在交換器,光禾芯宿的對手是兩家美國公司。",
            "我們的看法是,大家的需求都在成長,我們的市場也在成長。",
        )
    ),
)


def words(known: frozenset[str] = frozenset()) -> list[str]:
    return [word for word, _ in propose(ESSAY, known)]


def test_names_and_terms_that_an_essay_introduces_are_proposed_as_written() -> None:
    assert {"光禾芯宿", "微環調變器", "光學豆腐塊"} <= set(words())


def test_what_a_lexicon_knows_is_not_proposed() -> None:
    assert "微環調變器" not in words(known=frozenset({fold("微環調變器")}))
    assert "光禾芯宿" not in words(known=frozenset({"光禾芯宿"}))


def test_ordinary_words_are_not_proposed() -> None:
    assert not {"市場", "需求", "美國", "我們的", "成長"} & set(words())


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    weights = [weight for _, weight in propose(ESSAY, frozenset(), limit=2)]
    assert len(weights) == 2
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_an_empty_essay_proposes_nothing() -> None:
    assert propose(Essay(title="", blocks=()), frozenset()) == []


def test_a_keyword_weighs_its_share_of_the_text_times_how_rare_it_is() -> None:
    """13.90 in jieba's table is what one text in a million has; what the table does not hold weighs as its middle word."""
    weights = dict(keywords("生化学、生化学、劳动防护、的、the、zzq", 60))
    assert weights == pytest.approx({"生化学": 13.9007 * 2 / 4, "劳动防护": 13.9007 / 4, "zzq": 11.9547 / 4}, rel=1e-3)


def test_a_latin_word_is_not_taken_for_the_character_with_the_same_bytes() -> None:
    weights = dict(keywords("oS 、 zzq", 60))
    assert weights["oS"] == weights["zzq"]
