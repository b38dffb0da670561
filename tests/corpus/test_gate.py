"""One gate decides who reads what: for one essay, for what the database lists, and for what the index finds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain, combinations
from pathlib import Path

import pytest
from sqlalchemy import Engine

from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.gate import is_locked
from corpus.library import ArchiveResources
from corpus.search.finding import Finding
from corpus.visibility import plan_name, plan_names

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLANS = ("分析者", "決策者", "Pro_100%")
SOME = [*chain.from_iterable(combinations(PLANS, n) for n in range(1, len(PLANS) + 1))]
VISIBILITIES = [Visibility.PUBLIC, Visibility.MEMBERS, *map(Visibility.of_plans, SOME)]
AUDIENCES = [Audience.GUEST, Audience.MEMBER, Audience.EDITOR, *map(Audience.of_plans, SOME)]


def essay(number: int, visibility: Visibility) -> Essay:
    words = f"台積電（2330）的第{number}個暗號是鯨魚{'甲乙丙丁戊己庚辛壬癸'[number]}，散熱的水冷板出貨延到明年。"
    title = f"散熱月報之{number}"
    blocks = (Block(BlockKind.TEXT, words), Block(BlockKind.TEXT, f"散熱與水冷板的第{number}段。"))
    return Essay(title, blocks, published=date(2026, 1, 1 + number), visibility=visibility, lead=f"前言{number}。")


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> ArchiveResources:
    resources = ArchiveResources(engine, tmp_path / "index")
    resources.add([essay(number, one) for number, one in enumerate(VISIBILITIES)], NOW)
    return resources


def readable(visibility: Visibility, audience: Audience) -> bool:
    """The rule once more, told in another way."""
    if audience == Audience.EDITOR or visibility == Visibility.PUBLIC:
        return True
    if visibility == Visibility.MEMBERS:
        return audience != Audience.GUEST
    return any(plan in audience.plans for plan in visibility.plans)


def test_each_audience_reads_what_is_for_it_on_every_way(archive: ArchiveResources) -> None:
    for audience in AUDIENCES:
        assert_reads_what_is_for_it(archive, audience)


def assert_reads_what_is_for_it(archive: ArchiveResources, audience: Audience) -> None:
    expected = {f"散熱月報之{n}" for n, one in enumerate(VISIBILITIES) if readable(one, audience)}
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, audience)
        library.wait_for_index()
        latest = library.latest(50)
        assert {one.title for one in latest if not library.is_locked(one)} == expected
        assert {one.title for one in latest if "暗號" in one.body} == expected
        (theme,) = (library.subjects.resolve_theme("散熱"),)
        assert theme is not None
        assert {one.title for one in library.subjects.theme(theme).essays} <= expected
        assert len(library.subjects.theme(theme).places) == len(expected)
        (security,) = library.subjects.resolve_security("2330")
        assert len(library.subjects.security(security).places) == len(expected)
        for number, one in enumerate(VISIBILITIES):
            word = f"鯨魚{'甲乙丙丁戊己庚辛壬癸'[number]}"
            shown = [hit for hit in library.search(word, NOW).hits if any(word in s.text for s in hit.snippets)]
            assert bool(shown) == readable(one, audience)


def test_the_title_of_each_essay_is_found_once_by_everybody(archive: ArchiveResources) -> None:
    for audience in AUDIENCES:
        with UnitOfWork(archive.engine) as work:
            library = archive.library(work, audience)
            library.wait_for_index()
            for number in range(len(VISIBILITIES)):
                found = [hit.essay.title for hit in library.search(f"散熱月報之{number}", NOW).hits]
                assert found.count(f"散熱月報之{number}") == 1, audience


def test_a_question_asked_again_is_found_at_once_until_the_archive_changes(archive: ArchiveResources) -> None:
    def found(audience: Audience) -> Finding:
        with UnitOfWork(archive.engine) as work:
            library = archive.library(work, audience)
            library.wait_for_index()
            return library.search("鯨魚乙", NOW)

    member = found(Audience.MEMBER)
    assert found(Audience.MEMBER) is member
    assert found(Audience.GUEST).hits != member.hits
    with UnitOfWork(archive.engine) as work:
        archive.library(work, Audience.EDITOR).withdraw(member.hits[0].essay_id, NOW)
        work.commit()
    assert member.hits[0].essay_id not in {hit.essay_id for hit in found(Audience.MEMBER).hits}


def test_a_visibility_is_kept_as_text_and_read_again() -> None:
    assert [Visibility.read(str(one)) for one in VISIBILITIES] == VISIBILITIES
    assert Visibility.read("public") is Visibility.PUBLIC
    assert Visibility.typed(" 決策者，分析者 ") == Visibility.of_plans(["分析者", "決策者"])
    assert Visibility.typed("") is None
    assert Visibility.typed("，,") is None


@pytest.mark.parametrize(
    ("narrow", "wide", "within"),
    [
        ("members", "public", True),
        ("public", "members", False),
        ("決策者", "members", True),
        ("members", "決策者", False),
        ("決策者", "分析者,決策者", True),
        ("分析者,決策者", "決策者", False),
        ("分析者", "決策者", False),
        ("決策者", "決策者", True),
    ],
)
def test_who_is_let_in_by_one_visibility_and_not_by_another(narrow: str, wide: str, within: bool) -> None:
    assert Visibility.read(narrow).is_within(Visibility.read(wide)) is within


def test_adding_an_essay_once_more_lets_nobody_else_in(archive: ArchiveResources) -> None:
    for number, before in enumerate(VISIBILITIES):
        for visibility in VISIBILITIES:
            [added] = archive.add([essay(number, visibility)], NOW)
            assert added.essay.visibility.is_within(before)
            for audience in AUDIENCES:
                assert is_locked(added.essay, audience) or not is_locked(essay(number, before), audience)
            before = added.essay.visibility


@pytest.mark.parametrize("text", ["public", "Members", "", "a,b", "。", "x" * 33, "-", "*", "(甲)"])
def test_what_no_plan_can_be_called(text: str) -> None:
    assert plan_name(text) == ""


def test_a_plan_has_one_spelling() -> None:
    assert plan_name("　決策者　") == "決策者"
    assert plan_name("ＰＲＯ  ２") == "PRO 2"
    assert plan_names("決策者、分析者;決策者") == ("決策者", "分析者")
