"""The law of intake: every character that comes in is in an essay or among what was left out, and no number is changed.

pytestmark = pytest.mark.slow


LUOPAN_EXAMPLES=100000 reads as many generated documents of each form.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from corpus.intake import FileForm, extract, read_text
from tests.support.broken_readers import BROKEN
from tests.support.documents import SUPERS, Document, documents, hostile_pages, kept, lost, plain, signs, withheld
from tests.support.forms import MARKED, PAGES, READERS

EXAMPLES = int(os.environ.get("LUOPAN_EXAMPLES", "0"))
many = settings(
    max_examples=EXAMPLES or 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(many, max_examples=EXAMPLES or 12)
HTML_PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.html"))
TEXT_PAGES = sorted((Path(__file__).parents[2] / "data").rglob("*.txt"))


def violations(form: str, document: Document, broken: str = "") -> list[str]:
    """What the law finds missing of a document that was read from one of its forms, by a reader with this fault."""
    found = READERS[form](document)
    if broken:
        found = BROKEN[broken][1](found)
    around = (*document.menu, *document.below) if form in PAGES else ()
    gone = lost((document.title, *document.texts, *around), found)
    # In a text without marks a line that says 「相關新聞」 may be a site's, and what stands below it another article's.
    return gone + (withheld(document.texts, found) if form in MARKED else [])


@pytest.mark.parametrize("form", [form for form in READERS if form not in ("docx", "pdf")])
@given(document=documents())
@many
def test_every_text_is_in_an_essay_or_left_out_and_nothing_is_left_out_that_its_author_marked(
    form: str, document: Document
) -> None:
    assert violations(form, document) == []


@pytest.mark.parametrize("form", ["docx", "pdf"])
@given(document=documents())
@few
def test_the_same_holds_for_files(form: str, document: Document) -> None:
    assert violations(form, document) == []


@pytest.mark.parametrize("form", MARKED)
@given(document=documents())
@few
def test_an_article_is_one_essay_under_its_own_title(form: str, document: Document) -> None:
    found = READERS[form](document)
    assert [essay.title for essay in found.essays] == [document.title]


@given(page=hostile_pages())
@many
def test_no_letter_and_no_figure_of_a_page_of_odd_lines_is_lost(page: str) -> None:
    found = extract(page, "", FileForm.TEXT)
    assert signs(page) - signs("\n".join((kept(found), *(left.text for left in found.left_out)))) == Counter()


@pytest.mark.parametrize(
    ("form", "broken"),
    [("html", broken) for broken in BROKEN] + [("markdown", broken) for broken in BROKEN if "left out" not in broken],
)
def test_the_law_notices_a_reader_that(form: str, broken: str) -> None:
    make, _ = BROKEN[broken]
    document = find(
        documents(),
        lambda document: (
            any(piece.make == make for piece in document.pieces) and bool(violations(form, document, broken))
        ),
        settings=settings(max_examples=2_000, deadline=None, database=None, phases=[Phase.generate]),
    )
    assert violations(form, document) == []
    assert violations(form, document, broken) != []


@given(document=documents())
@many
def test_what_a_site_puts_around_an_article_stays_out_of_it(document: Document) -> None:
    for form in PAGES:
        said = kept(READERS[form](document))
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
