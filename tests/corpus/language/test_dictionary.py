"""The table of jieba's dictionary cuts as rjieba does, which would keep a dictionary in memory for each set of words."""

from __future__ import annotations

from importlib.resources import files
from itertools import accumulate

import numpy as np
import pytest
import rjieba

from corpus.language.dictionary import TABLE, Dictionary, new_jieba
from corpus.language.rebuild import dictionary
from corpus.language.text import fold
from corpus.lexicon.security import flatten

OWN = {"力旺": 400, "群創": 400, "中美晶": 1_500, "世芯-ky": 1_500, "储能": 1_500, "共封装光学": 1_500, "電": 7}
WORDS = ("力旺", "火力", "巨頭", "的", "共封装", "共封装光学", "世芯", "没有这个词", "abc", "跨国巨头", "是在", "𠮷")


@pytest.fixture(scope="module")
def lines() -> list[str]:
    pages = [page for folder in ("samples", "newsroom/pieces") for page in files("corpus").joinpath(folder).iterdir()]
    return [line for page in pages if page.name.endswith(".md") for line in page.read_text("utf-8").splitlines()]


def rjieba_and_ours() -> tuple[rjieba.Jieba, Dictionary]:
    theirs, ours = rjieba.Jieba(), Dictionary()
    for word, count in OWN.items():
        theirs.add_word(word, count, "nt")
        ours.add(word, count)
    return theirs, ours


def edges(words: list[str]) -> list[int]:
    return list(accumulate(map(len, words), initial=0))


def test_every_line_is_cut_as_rjieba_cuts_it(lines: list[str]) -> None:
    plain, ours = rjieba.Jieba(), Dictionary()
    assert len(lines) > 400
    assert [line for line in map(fold, lines) if edges(plain.cut(line, False)) != edges(ours.cut(line))] == []


def test_words_of_ones_own_count_beside_jiebas(lines: list[str]) -> None:
    theirs, ours = rjieba_and_ours()
    assert [line for line in map(flatten, lines) if edges(theirs.cut(line, False)) != edges(ours.cut(line))] == []
    assert ours.cut("火力旺 群創新高") == theirs.cut("火力旺 群創新高", False)
    assert Dictionary().count("力旺") == 0, "a dictionary's own words are its own"


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_as_likely_and_of_the_same_kind_as_for_rjieba(word: str) -> None:
    theirs, ours = rjieba_and_ours()
    assert (ours.count(word) > 0, ours.likely(word)) == (theirs.has_word(word), theirs.suggest_freq(word))
    assert ours.kind(word[0]) == theirs.tag(word[0])[0][1] or word.isascii()


def test_only_the_clauses_that_hold_a_place_are_cut() -> None:
    text, ours = "中国人民，中国人民。中国人民", Dictionary()
    assert list(ours.edges(text)) == [1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1]
    assert list(ours.edges(text, [6])) == [1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]


def test_the_dictionary_that_importing_rjieba_makes_is_not_made_twice() -> None:
    dictionaries = [new_jieba() for _ in range(2)]
    dictionaries[0].add_word("只在第一本裡的詞", 5, None)
    assert not dictionaries[1].has_word("只在第一本裡的詞")


def test_the_table_is_made_from_the_dictionary_that_is_installed() -> None:
    assert np.array_equal(np.load(TABLE), dictionary())
