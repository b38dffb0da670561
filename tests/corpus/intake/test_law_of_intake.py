"""The law of intake: every character that comes in is in an essay or among what was left out, and no number is changed.

LUOPAN_EXAMPLES=100000 reads as many generated documents of each form; what fails is found again by its number.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.intake import Extracted, FileForm, extract, read_text
from tests.support.broken_readers import BROKEN
from tests.support.documents import SUPERS, Document, document, hostile_page, kept, lost, plain, signs, withheld
from tests.support.forms import FILES, MARKED, PAGES, READERS

EXAMPLES = int(os.environ.get("LUOPAN_EXAMPLES", "0"))
many = settings(
    max_examples=EXAMPLES or 60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
HTML_PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.html"))
TEXT_PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.txt"))


def violations(form: str, document: Document, found: Extracted) -> list[str]:
    """What is against the law in what was read of a document from one of its forms."""
    around = (*document.menu, *document.below) if form in PAGES else ()
    said = kept(found)
    gone = [f"lost: {text}" for text in lost((document.title, *document.texts, *around), found)]
    gone += [f"the site's: {text}" for text in around if plain(text) in said]
    # In a text without marks a line that says 「相關新聞」 may be a site's, and what stands below it another article's.
    if form in MARKED:
        gone += [f"left out: {text}" for text in withheld(document.texts, found)]
        gone += [f"an essay: {essay.title}" for essay in found.essays if essay.title != document.title]
    return gone


@pytest.mark.parametrize("form", [form for form in READERS if form not in FILES])
def test_every_text_is_in_an_essay_or_left_out_and_nothing_is_left_out_that_its_author_marked(form: str) -> None:
    for number in range(EXAMPLES or 60):
        made = document(number)
        assert violations(form, made, READERS[form](made)) == [], f"document {number}"


@pytest.mark.parametrize("form", FILES)
def test_the_same_holds_for_files(form: str) -> None:
    for number in range(EXAMPLES or 12):
        made = document(number)
        assert violations(form, made, READERS[form](made)) == [], f"document {number}"


ONCE_LOST = (
    14544,
    29360,
    30933,
)  # pages of odd lines: a table that was left out, or taken for the headline, lost a cell


def test_no_letter_and_no_figure_of_a_page_of_odd_lines_is_lost() -> None:
    for number in (*ONCE_LOST, *range(EXAMPLES or 60)):
        page = hostile_page(number)
        found = extract(page, "", FileForm.TEXT)
        gone = signs(page) - signs("\n".join((kept(found), *(left.text for left in found.left_out))))
        assert gone == Counter(), f"page {number}"


@pytest.mark.parametrize(
    ("form", "broken"),
    [("html", broken) for broken in BROKEN] + [("markdown", broken) for broken in BROKEN if "left out" not in broken],
)
def test_the_law_notices_a_reader_that(form: str, broken: str) -> None:
    make, breaking = BROKEN[broken]
    holding = (made for made in map(document, range(200)) if any(piece.make == make for piece in made.pieces))
    read = [(made, READERS[form](made)) for made in holding]
    assert not any(violations(form, made, found) for made, found in read)
    assert any(violations(form, made, breaking(found)) for made, found in read)


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


@pytest.mark.parametrize("page", HTML_PAGES, ids=lambda page: page.name)
def test_the_law_holds_on_every_page_at_hand(page: Path) -> None:
    text = read_text(page.read_bytes(), page.name)
    body = lxml.html.document_fromstring(text).body
    code = body.xpath(".//script | .//style")
    for element in code:
        element.drop_tree()
    assert lost([piece for piece in body.itertext() if plain(piece)], extract(text, "", FileForm.HTML)) == []


@pytest.mark.parametrize("page", TEXT_PAGES, ids=lambda page: page.name)
def test_no_line_of_a_text_at_hand_is_lost(page: Path) -> None:
    text = read_text(page.read_bytes(), page.name)
    found = extract(text, "", FileForm.TEXT)
    assert signs(text) - signs("\n".join((kept(found), *(left.text for left in found.left_out)))) == Counter()
