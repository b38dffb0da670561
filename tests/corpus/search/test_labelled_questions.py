"""The questions that relevance is measured with point at essays that exist and quote them word for word."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.search.labelled import NEWSROOM, SAMPLES

LABELS = {"samples": SAMPLES / "questions.json", "newsroom": NEWSROOM / "questions.json"}


@cache
def texts(archive: str) -> tuple[str, ...]:
    """Every file of the archive as its reader sees it: tags gone, Big5 decoded."""
    files = sorted((NEWSROOM / "pieces").iterdir()) if archive == "newsroom" else sorted(SAMPLES.iterdir())
    return tuple(read(file) for file in files if file.suffix in (".md", ".txt", ".html") and file.stem != "README")


def read(file: Path) -> str:
    data = file.read_bytes()
    text = data.decode("big5" if file.name == "big5.txt" else "utf-8")
    return html.unescape(re.sub(r"<[^>]+>", "", text)) if file.suffix == ".html" else text


def pages_titled(archive: str, title: str) -> list[str]:
    line = re.compile(rf'^(?:title: )?"?{re.escape(title)}"?$', re.MULTILINE)
    return [text for text in texts(archive) if line.search(text)]


def questions(archive: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(LABELS[archive].read_text(encoding="utf-8"))["queries"]
    return found


EVERY = [pytest.param(archive, question, id=question["q"]) for archive in LABELS for question in questions(archive)]
COVERED = [case for case in EVERY if case.values[1]["kind"] != "none"]


@pytest.mark.parametrize(("archive", "question"), COVERED)
def test_a_covered_question_names_essays_that_exist(archive: str, question: dict[str, Any]) -> None:
    titles = [label["essay"] for label in question["relevant"]]
    assert [title for title in titles if len(pages_titled(archive, title)) != 1] == []
    assert max(label["grade"] for label in question["relevant"]) == 3


@pytest.mark.parametrize(("archive", "question"), COVERED)
def test_an_answer_is_quoted_word_for_word_from_an_essay_that_answers(archive: str, question: dict[str, Any]) -> None:
    best = [label["essay"] for label in question["relevant"] if label["grade"] == 3]
    assert any(question["answer_quote"] in page for title in best for page in pages_titled(archive, title))


@pytest.mark.parametrize("archive", LABELS)
def test_no_question_is_asked_twice_and_uncovered_ones_name_no_essay(archive: str) -> None:
    asked = [question["q"] for question in questions(archive)]
    assert len(set(asked)) == len(asked)
    assert all(not question["relevant"] for question in questions(archive) if question["kind"] == "none")


def test_the_newsroom_is_large_enough_to_measure_with() -> None:
    kinds = [question["kind"] for question in questions("newsroom")]
    assert len(texts("newsroom")) >= 40
    assert kinds.count("none") >= 25
    assert len(kinds) - kinds.count("none") >= 60
