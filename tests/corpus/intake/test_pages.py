"""Intake on pages of many shapes: news sites, a blog, a forum, posts of fan pages, a broker's note and an HTML article."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.essay import Essay
from corpus.intake import essays_in_file

PAGES = Path(__file__).parents[2] / "data" / "pages"
LABELS: dict[str, dict[str, Any]] = json.loads((PAGES / "labels.json").read_text("utf-8"))


@pytest.fixture(scope="module", params=LABELS)
def page(request: pytest.FixtureRequest) -> tuple[Essay, dict[str, Any]]:
    essays = essays_in_file(PAGES / request.param)
    assert len(essays) == 1
    return essays[0], LABELS[request.param]


def test_a_page_of_any_shape_gives_its_title_author_date_and_source(page: tuple[Essay, dict[str, Any]]) -> None:
    essay, label = page
    assert essay.title == label["title"]
    assert essay.author == label["author"]
    assert essay.published == (date.fromisoformat(label["published"]) if label["published"] else None)
    assert essay.source == label["source"]


def test_a_page_of_any_shape_gives_its_tags_and_further_reading(page: tuple[Essay, dict[str, Any]]) -> None:
    essay, label = page
    assert list(essay.tags) == label["tags"]
    assert list(essay.further_reading) == label["further_reading"]


def test_a_page_of_any_shape_gives_its_headings_and_all_its_text(page: tuple[Essay, dict[str, Any]]) -> None:
    essay, label = page
    assert list(essay.headings) == label["headings"]
    assert len(essay.paragraphs) == label["paragraphs"]
    assert essay.paragraphs[0].text.startswith(label["begins"])
    assert essay.paragraphs[-1].text.endswith(label["ends"])


def test_nothing_of_the_site_stays_in_a_body(page: tuple[Essay, dict[str, Any]]) -> None:
    essay, label = page
    assert [noise for noise in label["noise"] if noise in essay.body] == []
