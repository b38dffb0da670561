"""A line 「---會員---」 parts an essay: what stands above it is for everybody, the rest for its members."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.web.admin.manuscript import as_manuscript, blocks_in, opened_in
from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.intake.paywall import MARK, is_mark
from corpus.intake.readers import FileForm, extract
from corpus.library import ArchiveResources

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OPEN = (
    "台積電的先進封裝需要更好的散熱，水冷板的需求在今年會大幅成長，供應鏈正在調整產能。",
    "第二段說的是市場的規模：去年是三十億元，今年會到五十億元，明年還會再多。",
)
CLOSED = (
    "真正的關鍵是藍色鯨魚：奇鋐的產能利用率已經到九成，明年第一季會再擴產兩成，毛利率回到三成。",
    "最後一段談風險，客戶集中度太高是最大的問題，要看第二供應商的進度。",
)


def written(form: FileForm, mark: str) -> str:
    if form is FileForm.HTML:
        body = "".join(f"<p>{line}</p>" for line in (*OPEN, mark, *CLOSED))
        return f"<html><body><article><h1>散熱的新秩序</h1>{body}</article></body></html>"
    head = "# 散熱的新秩序" if form is FileForm.MARKDOWN else "散熱的新秩序\n2026-01-02"
    return "\n\n".join((head, *OPEN[:1], f"{OPEN[1]}\n{mark}\n{CLOSED[0]}", CLOSED[1]))


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("mark", [MARK, "--- 會員 ---", "—會員—", "－－－會員專屬－－－", "———会员———", "-會員-"])
def test_the_mark_is_no_text_and_parts_the_essay_where_it_stands(form: FileForm, mark: str) -> None:
    found = extract(written(form, mark), "", form)
    (essay,) = found.essays
    assert essay.visibility == Visibility.MEMBERS
    assert tuple(block.text for block in essay.blocks) == (*OPEN, *CLOSED)
    assert essay.open_blocks == len(OPEN)
    assert [paragraph.text for paragraph in essay.teaser.paragraphs] == list(OPEN)
    assert any(is_mark(left.text) for left in found.left_out)


def test_a_plan_named_above_the_text_keeps_what_is_behind_the_mark() -> None:
    text = f"---\ntitle: 散熱的新秩序\nvisibility: 決策者\n---\n{OPEN[0]}\n\n{MARK}\n\n{CLOSED[0]}\n"
    (essay,) = extract(text, "", FileForm.MARKDOWN).essays
    assert essay.visibility == Visibility.of_plans(["決策者"])
    assert essay.open_blocks == 1


def test_a_mark_above_everything_leaves_nothing_open() -> None:
    text = f"# 散熱的新秩序\n\n{MARK}\n\n{OPEN[0]}\n\n{CLOSED[0]}\n"
    (essay,) = extract(text, "", FileForm.MARKDOWN).essays
    assert essay.visibility == Visibility.MEMBERS
    assert essay.teaser.paragraphs == ()


def test_short_lines_behind_the_mark_stay_in_the_essay() -> None:
    text = f"# 散熱的新秩序\n\n{OPEN[0]}\n\n{MARK}\n\n- 毛利率三成\n- 第二供應商\n\n目標三成\n"
    (essay,) = extract(text, "", FileForm.MARKDOWN).essays
    assert [block.text for block in essay.blocks[1:]] == ["毛利率三成", "第二供應商", "目標三成"]
    assert essay.open_blocks == 1


@pytest.mark.parametrize("line", ["會員", "---", "我們的會員---很多", "----會員制---的未來", "--- 會員日 ---"])
def test_what_is_no_mark(line: str) -> None:
    assert not is_mark(line)


def test_an_editor_sees_the_mark_and_can_move_it() -> None:
    blocks = tuple(Block(BlockKind.TEXT, text) for text in (*OPEN, *CLOSED))
    for opened in range(len(blocks) + 1):
        text = as_manuscript(blocks, opened)
        assert (MARK in text) == bool(opened)
        assert (blocks_in(text), opened_in(text)) == (blocks, opened)


def test_an_author_may_write_a_line_like_the_mark() -> None:
    blocks = (Block(BlockKind.TEXT, OPEN[0]), Block(BlockKind.TEXT, MARK))
    assert (blocks_in(as_manuscript(blocks)), opened_in(as_manuscript(blocks))) == (blocks, 0)


def test_a_guest_finds_and_is_quoted_what_is_open_alone(engine: Engine, tmp_path: Path) -> None:
    blocks = tuple(Block(BlockKind.TEXT, text) for text in (*OPEN, *CLOSED))
    essay = Essay("散熱的新秩序", blocks, visibility=Visibility.of_plans(["決策者"]), open_blocks=len(OPEN))
    archive = ArchiveResources(engine, tmp_path / "index")
    archive.add([essay], NOW)
    for audience, reads in (
        (Audience.GUEST, False),
        (Audience.of_plans(["分析者"]), False),
        (Audience.of_plans(["決策者"]), True),
        (Audience.EDITOR, True),
    ):
        with UnitOfWork(engine) as work:
            library = archive.library(work, audience)
            library.wait_for_index()
            (hit,) = library.search("水冷板的需求", NOW).hits
            assert hit.snippets[0].text in OPEN[0]
            said = [snippet.text for one in library.search("藍色鯨魚", NOW).hits for snippet in one.snippets]
            assert any("藍色鯨魚" in text for text in said) is reads
            shown = library.essay(hit.essay_id)
            assert shown is not None
            assert ("藍色鯨魚" in shown.body) is reads
            assert OPEN[0] in shown.body
            assert library.is_locked(shown) is not reads


def test_adding_it_once_more_changes_nothing_and_moving_the_mark_does(engine: Engine, tmp_path: Path) -> None:
    blocks = tuple(Block(BlockKind.TEXT, text) for text in (*OPEN, *CLOSED))
    essay = Essay("散熱的新秩序", blocks, visibility=Visibility.MEMBERS, open_blocks=2)
    archive = ArchiveResources(engine, tmp_path / "index")
    moved = Essay("散熱的新秩序", blocks, visibility=Visibility.MEMBERS, open_blocks=1)
    assert [str(one.status) for one in archive.add([essay, essay, moved], NOW)] == ["added", "unchanged", "changed"]
