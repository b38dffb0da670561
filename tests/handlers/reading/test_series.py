"""A series: on the card and on the page, with what stands before and after it, for whoever may read that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.config import Settings
from bot.web.reader_view import reader_view_for
from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Series, Visibility
from corpus.intake.readers import FileForm, extract
from corpus.library import ArchiveResources
from corpus.storage.essay_json import content_hash, from_json, to_json
from handlers.club.club import Club
from handlers.context import Context
from handlers.reading.cards import essay_card

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NAME = "記憶體週期"


def part(number: int, visibility: Visibility = Visibility.PUBLIC) -> Essay:
    said = f"第{number}回談第{number}種記憶體，庫存{number}週，報價漲了{number}成，供應商各有各的算盤。"
    return Essay(
        f"週期的第{number}章",
        (Block(BlockKind.TEXT, said),),
        series=Series(NAME, number),
        visibility=visibility,
        lead="",
    )


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> ArchiveResources:
    """Parts 3, 1, 2 and 5 of a series, added in that order; the second is for members."""
    archive = ArchiveResources(engine, tmp_path / "index")
    archive.add([part(3), part(1), part(2, Visibility.MEMBERS), part(5)], NOW)
    return archive


def beside(archive: ArchiveResources, title: str, audience: Audience) -> list[str | None]:
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, audience)
        [mine] = [one for one in library.latest(9) if one.title == title]
        return [other.title if other else None for other in library.beside_in_series(mine)]


@pytest.mark.parametrize(
    ("typed", "series"),
    [
        ("記憶體週期 3", Series(NAME, 3)),
        ("記憶體週期第3篇", Series(NAME, 3)),
        ("記憶體週期 第 十二 篇", Series(NAME, 12)),
        ("記憶體週期＃３", Series(NAME, 3)),
        ("AI 2030", None),
        ("AI 2030 2", Series("AI 2030", 2)),
        ("記憶體週期", None),
        ("記憶體週期 0", None),
        ("3", None),
        ("", None),
    ],
)
def test_a_series_is_read_as_it_is_typed(typed: str, series: Series | None) -> None:
    assert Series.typed(typed) == series
    assert series is None or Series.typed(str(series)) == series


def test_the_neighbours_are_those_of_the_numbers_whatever_came_first(archive: ArchiveResources) -> None:
    assert beside(archive, "週期的第3章", Audience.MEMBER) == ["週期的第2章", "週期的第5章"]
    assert beside(archive, "週期的第1章", Audience.MEMBER) == [None, "週期的第2章"]
    assert beside(archive, "週期的第5章", Audience.MEMBER) == ["週期的第3章", None]


def test_a_guest_is_led_past_what_is_for_members_and_told_no_series_of_it(archive: ArchiveResources) -> None:
    assert beside(archive, "週期的第3章", Audience.GUEST) == ["週期的第1章", "週期的第5章"]
    assert beside(archive, "週期的第1章", Audience.GUEST) == [None, "週期的第3章"]
    assert beside(archive, "週期的第2章", Audience.GUEST) == [None, None]
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, Audience.GUEST)
        [locked] = [one for one in library.latest(9) if library.is_locked(one)]
        card = essay_card(Context(library, Club(work), NOW, lambda *_: ""), locked)
    assert locked.series is None
    assert not any("系列" in button.label for button in card.buttons)


def test_the_card_turns_to_the_neighbours_by_their_numbers(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, Audience.GUEST)
        ids = {one.title: one.id for one in library.latest(9)}
        [mine] = [one for one in library.latest(9) if one.title == "週期的第3章"]
        card = essay_card(Context(library, Club(work), NOW, lambda *_: ""), mine)
    turns = {button.label: getattr(button, "says", "") for button in card.buttons}
    assert turns["系列上一篇"] == f"讀 #{ids['週期的第1章']}"
    assert turns["系列下一篇"] == f"讀 #{ids['週期的第5章']}"


def test_the_page_turns_to_the_neighbours_of_its_reader(archive: ArchiveResources) -> None:
    view = reader_view_for(archive, Settings(), NOW.timestamp)
    with UnitOfWork(archive.engine) as work:
        ids = {one.title: one.id for one in archive.library(work, Audience.GUEST).latest(9)}
    page = view(ids["週期的第3章"], None)
    assert page is not None
    assert [one.title for one in (page.before, page.after) if one] == ["週期的第1章", "週期的第5章"]


def test_what_is_withdrawn_or_leaves_the_series_is_passed_over(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, Audience.EDITOR)
        ids = {one.title: one.id for one in library.latest(9)}
        library.withdraw(ids["週期的第2章"], NOW)
        work.commit()
    assert beside(archive, "週期的第3章", Audience.MEMBER) == ["週期的第1章", "週期的第5章"]


def test_front_matter_names_the_series_and_what_it_cannot_say_is_left_out() -> None:
    def read(front: str) -> tuple[Series | None, list[str]]:
        found = extract(f"---\ntitle: 甲\n{front}\n---\n\n{part(1).body}\n", "a.md", FileForm.MARKDOWN)
        return found.essays[0].series, [line.text for line in found.left_out]

    assert read("series: 記憶體週期 3") == (Series(NAME, 3), [])
    assert read("series: 記憶體週期") == (None, ["series: 記憶體週期"])


def test_an_essay_keeps_its_series_when_it_is_added_again_without(archive: ArchiveResources) -> None:
    from dataclasses import replace

    archive.add([replace(part(1), series=None)], NOW)
    assert beside(archive, "週期的第3章", Audience.MEMBER)[0] == "週期的第2章"
    assert beside(archive, "週期的第1章", Audience.MEMBER) == [None, "週期的第2章"]


def test_an_essay_without_a_series_is_known_by_the_same_fingerprint_as_before() -> None:
    plain = Essay("甲", (Block(BlockKind.TEXT, "乙"),))
    assert "series" not in to_json(plain)
    assert content_hash(plain) != content_hash(Essay("甲", plain.blocks, series=Series(NAME, 1)))
    assert from_json(to_json(part(4))) == part(4)
