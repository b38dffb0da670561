"""`luopan bench search --sets`: sets of a folder, each measured by a fit that never saw it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.dev.bench import left_out
from bot.dev.bench.question_sets import QuestionSet, SetQuestion, question_sets
from corpus.search.confidence import ConfidenceModel
from corpus.search.labelled import numbered
from corpus.search.ranking import Ranker
from tests.support.small_archive import essay

METALS = ("鎢礦", "鈷礦", "鋰礦", "鎳礦", "錫礦", "鉬礦")
FRUITS = ("鳳梨", "芒果", "香蕉", "木瓜", "蓮霧", "荔枝")


def told_of(name: str, things: tuple[str, ...]) -> QuestionSet:
    """An archive with an essay on each thing, asked about it and about what it lacks."""
    essays = numbered([essay(f"{one}的價格", f"{one}今年漲了三成。供應集中在少數國家。") for one in things])
    asked = [
        SetQuestion(f"{one} 漲價", frozenset({place}), frozenset({place}), (f"{one}今年漲了三成。",))
        for place, one in enumerate(things, 1)
    ]
    lacked = [
        SetQuestion(f"{one} 植牙 費用", frozenset(), frozenset(), hard=one == "郵輪")
        for one in ("郵輪", "球員", "減肥藥", "牙醫", "棒球", "貓咪")
    ]
    return QuestionSet(name, name, tuple(essays), (*asked, *lacked))


@pytest.fixture(scope="module")
def sets() -> list[QuestionSet]:
    return [told_of("metals", METALS), told_of("fruits", FRUITS)]


def test_each_set_is_measured_by_a_fit_on_the_others_and_by_the_shipped_one(sets: list[QuestionSet]) -> None:
    for report in left_out.run(sets, lambda _text: None, peers=True):
        ours, shipped, *peers = report.rows
        assert (ours["engine"], shipped["engine"]) == ("left out", "shipped")
        assert ours["hit_1"] == 1.0
        assert ours["refused"] == ours["hard_refused"] == 1.0
        assert peers


def test_of_the_questions_that_must_be_refused_the_near_misses_count_by_themselves(sets: list[QuestionSet]) -> None:
    metals = sets[0]
    missed = SetQuestion("鎢礦 漲價", frozenset(), frozenset(), hard=True)  # which the essay answers
    more = replace(metals, questions=(*metals.questions, missed))
    shipped = next(left_out.run([more, sets[1]], lambda _text: None)).rows[1]
    assert shipped["hard_refused"] == 0.5
    assert shipped["refused"] == pytest.approx(6 / 7)


def test_a_fit_writes_the_two_files_that_are_shipped(sets: list[QuestionSet], tmp_path: Path) -> None:
    asked = [question for one in sets for question in left_out.ask_all(one)]
    fitted = left_out.fit(asked)
    left_out.save(fitted, tmp_path)
    assert ConfidenceModel.load(tmp_path / "thresholds.toml").weights == pytest.approx(fitted.judge.weights, abs=0.01)
    assert Ranker.load(tmp_path / "ranking.toml").weights == pytest.approx(fitted.ranker.weights, abs=0.01)


def test_pages_with_labels_and_public_sets_are_read_from_a_folder(tmp_path: Path) -> None:
    pages = tmp_path / "real" / "pages"
    pages.mkdir(parents=True)
    (pages / "one.txt").write_text(
        "鎢礦的價格\n\n鎢礦今年漲了三成,因為供應集中在少數國家,而需求還在成長。\n", encoding="utf-8"
    )
    labels = [
        {"q": "鎢礦漲多少", "kind": "number", "relevant": ["one.txt"], "quote": "鎢礦今年漲了三成"},
        {"q": "郵輪團費", "kind": "uncovered", "relevant": [], "hard": True},
    ]
    (tmp_path / "real" / "one_questions.json").write_text(json.dumps(labels), encoding="utf-8")
    (tmp_path / "public").mkdir()
    articles = [
        {
            "title": f"第{number}篇",
            "paragraphs": [
                {"context": "一段文字。", "qas": [{"question": f"問{number}?", "answers": [{"text": "文字"}]}]}
            ],
        }
        for number in range(40)
    ]
    (tmp_path / "public" / "some.json").write_text(json.dumps({"data": articles}), encoding="utf-8")
    found = {one.name: one for one in question_sets(tmp_path, [])}
    assert [question.covered for question in found["real"].questions] == [True, False]
    assert [question.hard for question in found["real"].questions] == [False, True]
    public = found["some"]
    assert {question.covered for question in public.questions} == {True, False}
    assert len(public.essays) == sum(question.covered for question in public.questions)


@pytest.mark.parametrize(
    ("quote", "text", "stands"),
    [
        ("三成", "今年漲了三成", True),
        ("三成", "今年跌了", False),
        ("鎢礦今年漲了三成,供應", "鎢礦 今年漲了三成。", True),
    ],
)
def test_a_quotation_counts_where_most_of_it_stands(quote: str, text: str, stands: bool) -> None:
    assert left_out.quotes(SetQuestion("", frozenset(), frozenset(), (quote,)), text) is stands


def test_the_questions_of_missing_essays_are_asked_in_vain_of_the_rest(sets: list[QuestionSet]) -> None:
    metals = sets[0]
    parts = list(metals.without_answers())
    asked = [question.text for part in parts for question in part.questions]
    assert sorted(asked) == sorted(question.text for question in metals.questions if question.covered)
    for part in parts:
        assert not any(question.covered for question in part.questions)
        bodies = "".join(essay.body for essay in part.essays)
        assert not any(question.text.split()[0] in bodies for question in part.questions)
        assert [essay.id for essay in part.essays] == list(range(1, len(part.essays) + 1))


def test_essays_that_answer_one_question_are_missing_together() -> None:
    metals = told_of("metals", METALS)
    both = SetQuestion("金屬 漲價", frozenset({1}), frozenset({1, 2}), touching=frozenset({3}))
    for part in QuestionSet("metals", "metals", metals.essays, (both,)).without_answers():
        assert len(part.essays) <= len(metals.essays) - 3
