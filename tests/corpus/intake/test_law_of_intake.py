"""The law of intake: every character that comes in is in an essay or among what was left out, and no number is changed.

LUOPAN_EXAMPLES=100000 runs as many generated documents of each form.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.essay import BlockKind
from corpus.intake import Extracted, FileForm, extract, read_text
from tests.support.documents import SUPERS, Document, as_html, documents, kept, lost, plain, withheld

EXAMPLES = int(os.environ.get("LUOPAN_EXAMPLES", "60"))
many = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FORMS: dict[FileForm, Callable[[Document], str]] = {FileForm.HTML: as_html}
PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.html"))


@pytest.mark.parametrize("form", FORMS)
@given(document=documents())
@many
def test_every_text_is_in_an_essay_or_among_what_was_left_out(form: FileForm, document: Document) -> None:
    found = extract(FORMS[form](document), "", form)
    texts = [
        document.title,
        *(text for piece in document.pieces for text in piece.texts),
        *document.menu,
        *document.below,
    ]
    assert lost(texts, found) == []


@pytest.mark.parametrize("form", FORMS)
@given(document=documents())
@many
def test_nothing_that_the_author_marked_is_left_out_for_what_it_says(form: FileForm, document: Document) -> None:
    found = extract(FORMS[form](document), "", form)
    assert len(found.essays) == 1
    assert found.essays[0].title == document.title
    assert withheld(document, found) == []


@given(document=documents())
@many
def test_what_a_site_puts_around_an_article_stays_out_of_it(document: Document) -> None:
    said = kept(extract(as_html(document), "", FileForm.HTML))
    assert [text for text in (*document.menu, *document.below) if plain(text) in said] == []


@given(
    number=st.sampled_from(["33", "1,250", "10", "0.5%", "2330"]),
    mark=st.sampled_from(list(SUPERS)),
    tag=st.sampled_from(["p", "li", "td", "h2"]),
)
@many
def test_a_superscript_never_becomes_a_figure_of_its_number(number: str, mark: str, tag: str) -> None:
    told = "這一段談的是光纖布建的單價，去年每公里降了兩成，原因是陶瓷插芯的良率拉高。"
    inside = f"<{tag}>單位是 {number}<sup>{mark}</sup> 元</{tag}>"
    shown = {
        "li": f"<ul>{inside}</ul>",
        "td": f"<table><tr><td>甲</td>{inside}</tr><tr><td>乙</td><td>1</td></tr></table>",
    }.get(tag, inside)
    found = extract(f"<h1>光纖的單價</h1><p>{told}</p>{shown}<p>{told}</p>", "", FileForm.HTML)
    text = "\n".join(block.plain for block in found.essays[0].blocks)
    assert f"{number}{SUPERS[mark]} 元" in text
    assert f"{number}{mark}" not in text


def test_the_law_notices_a_reader_that_drops_a_row_or_glues_a_superscript() -> None:
    rows = "<tr><th>項</th><th>值</th></tr><tr><td>銅</td><td>33.1%</td></tr><tr><td>鋁</td><td>13.7%</td></tr>"
    page = f"<h1>題目在此</h1><p>這一段談的是光纖布建的單價，去年降了 10<sup>6</sup> 元。</p><table>{rows}</table>"
    found = extract(page, "", FileForm.HTML)
    texts = ["銅", "33.1%", "鋁", "13.7%", "10⁶"]
    assert lost(texts, found) == []
    (essay,) = found.essays
    blocks = [
        replace(block, table=replace(block.table, rows=block.table.rows[1:])) if block.table else block
        for block in essay.blocks
    ]
    assert lost(texts, Extracted((replace(essay, blocks=tuple(blocks)),), found.left_out)) == ["銅", "33.1%"]
    text, table = essay.blocks
    assert table.kind is BlockKind.TABLE
    assert "10⁶" in text.text
    assert "106" not in text.text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_law_holds_on_every_page_at_hand(page: Path) -> None:
    text = read_text(page.read_bytes(), page.name)
    body = lxml.html.document_fromstring(text).body
    code = body.xpath(".//script | .//style")
    for element in code:
        element.drop_tree()
    assert lost([piece for piece in body.itertext() if plain(piece)], extract(text, "", FileForm.HTML)) == []
