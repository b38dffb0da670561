"""The desk's form of an essay: lines that a person edits, and what cannot be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.admin.form import EssayForm
from bot.web.admin.manuscript import as_manuscript, blocks_in
from corpus.essay import Block, BlockKind, Essay, Hyperlink, Picture, Series, Table, Visibility
from tests.support.admin_site import COOLING, MEMBERS

TODAY = date(2026, 11, 20)
words = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
cells = st.lists(st.lists(words, min_size=2, max_size=2).map(tuple), min_size=1, max_size=4).map(tuple)
tables = st.builds(Table, st.sampled_from([(), ("項目", "--- |")]), cells, st.sampled_from(["", "單位：元"])).map(
    lambda table: Block(BlockKind.TABLE, table.text, table=table)
)
pictures = st.builds(
    lambda alt, caption: Block(BlockKind.PICTURE, caption, picture=Picture("https://example.com/a.jpg", alt)),
    st.sampled_from(["", "廠房"]),
    st.sampled_from(["", "台南的廠房"]),
)
linking = st.builds(
    lambda before, inside, after: Block(
        BlockKind.TEXT,
        f"{before}{inside}{after}",
        (Hyperlink(len(before), len(before) + len(inside), "https://example.com/a"),),
    ),
    st.sampled_from(["", "見[註]", "[a](https://b) "]),
    st.sampled_from(["年報", "[1]"]),
    st.sampled_from(["", "。", "]"]),
)
marked = st.sampled_from(
    [
        Block(BlockKind.QUOTE, "多頭還沒走完。", author="張三"),
        Block(BlockKind.QUOTE, "[轉貼] 多頭還沒走完。"),
        Block(BlockKind.NOTE, "資料來源：年報。", mark="1"),
    ]
)
lines = st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
blocks = st.lists(
    st.one_of(st.builds(Block, st.sampled_from(BlockKind), lines), tables, pictures, linking, marked), max_size=8
).map(tuple)


@given(blocks)
def test_a_manuscript_gives_back_the_blocks_it_was_written_from(essay: tuple[Block, ...]) -> None:
    assert blocks_in(as_manuscript(essay)) == essay


def test_a_manuscript_reads_as_one_would_type_it() -> None:
    typed = "開場的一段。\n\n## 水冷板\n- 單櫃價值\n* 良率\n1. 先看出貨\n2. 再看占比\n\n\\- 這不是項目\n3.5 倍也不是"
    assert blocks_in(typed) == (
        Block(BlockKind.TEXT, "開場的一段。"),
        Block(BlockKind.HEADING, "水冷板"),
        Block(BlockKind.BULLET, "單櫃價值"),
        Block(BlockKind.BULLET, "良率"),
        Block(BlockKind.NUMBERED, "先看出貨"),
        Block(BlockKind.NUMBERED, "再看占比"),
        Block(BlockKind.TEXT, "- 這不是項目"),
        Block(BlockKind.TEXT, "3.5 倍也不是"),
    )


@pytest.mark.parametrize(
    "essay", [COOLING, MEMBERS, replace(COOLING, published=None, author=None, tags=("AI 伺服器", "散熱"))]
)
def test_an_untouched_form_changes_nothing(essay: Essay) -> None:
    assert EssayForm.of(essay).essay(essay) == essay


GOOD = EssayForm.of(COOLING)


def test_a_half_typed_day_or_series_stays_as_it_was_and_an_empty_one_goes() -> None:
    dated = replace(COOLING, published=date(2026, 3, 5), series=Series("散熱", 2))
    form = EssayForm.of(dated)
    half = replace(form, published="2026-0", series="散熱").essay(dated)
    assert (half.published, half.series) == (dated.published, dated.series)
    gone = replace(form, published="", series="").essay(dated)
    assert (gone.published, gone.series) == (None, None)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(GOOD, title=""), "title"),
        (replace(GOOD, title="長" * 201), "title"),
        (replace(GOOD, published="昨天"), "published"),
        (replace(GOOD, published="2026-11-25"), "published"),
        (replace(GOOD, url="javascript:alert(1)"), "url"),
        (replace(GOOD, visibility=""), "visibility"),
        (replace(GOOD, visibility="everybody"), "visibility"),
        (replace(GOOD, body="\n \n"), "body"),
        (replace(GOOD, body="長" * 200_001), "body"),
    ],
)
def test_what_is_missing_or_odd_is_told_by_field(form: EssayForm, field: str) -> None:
    assert set(form.problems(TODAY)) == {field}
    assert GOOD.problems(TODAY) == {}


def test_tags_are_parted_however_they_are_typed() -> None:
    typed = replace(GOOD, tags="#散熱\u3001液冷\uff0cAI 伺服器, 散熱;")
    assert typed.essay(COOLING).tags == ("散熱", "液冷", "AI 伺服器")


def test_a_members_essay_without_a_lead_says_so_rather_than_nothing() -> None:
    essay = replace(GOOD, visibility="members").essay(COOLING)
    assert (essay.visibility, essay.lead) == (Visibility.MEMBERS, "")
