"""Files that mean harm: each refused with a sentence that helps, within its time and memory, and nothing in a page ever runs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.essay import Block, BlockKind, Essay
from corpus.intake import IntakeError, essays_in_bytes
from corpus.intake.sandbox_protocol import Limits
from corpus.intake.sanitize import sanitize
from tests.support.hostile import docx_files
from tests.support.hostile.pages import CODE, TOLD, endless

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MOST_SECONDS = 8
MOST_MEGABYTES = 900


def read(kind: str, which: str) -> dict[str, Any]:
    """How each file of a kind fared in a confined process, by name; under "" what the whole took."""
    command = [sys.executable, "-m", "tests.support.hostile.batch", kind, which]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"died after {lines[-1:]}"
    return {line.get("name", ""): line for line in lines}


@pytest.mark.parametrize(("kind", "number"), [("pdfs", 20), ("docx_files", 25)])
def test_hostile_documents_are_refused_in_time_and_memory(kind: str, number: int) -> None:
    fared = read(kind, "hostile")
    assert fared.pop("")["megabytes"] < MOST_MEGABYTES
    assert len(fared) >= number
    assert [name for name, one in fared.items() if "。" not in one["refused"]] == []
    assert [name for name, one in fared.items() if one["seconds"] > MOST_SECONDS] == []


def test_heavy_pages_are_read_or_refused_in_time_and_memory() -> None:
    fared = read("pages", "heavy")
    assert fared.pop("")["megabytes"] < MOST_MEGABYTES
    assert [name for name, one in fared.items() if one["seconds"] > MOST_SECONDS] == []
    assert all(one["refused"] or one["text"] != "[]" for one in fared.values())


def test_no_code_of_a_page_becomes_text_or_address() -> None:
    fared = read("pages", "scripted")
    del fared[""]
    assert [name for name, one in fared.items() if CODE in one["text"] or "javascript" in one["text"]] == []
    assert [name for name, one in fared.items() if TOLD not in one["text"]] == [], "the article itself is read"


def test_a_word_file_cannot_have_another_file_read_into_it(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("金絲雀在這裡。", "utf-8")
    with pytest.raises(IntakeError) as refused:
        essays_in_bytes(docx_files.xxe(canary.as_uri()), "a.docx")
    assert "金絲雀" not in str(refused.value)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(cpu_seconds=1),
        Limits(wall_seconds=1),
        Limits(memory=20 * 2**20),
    ],
    ids=["time of the processor", "time of the clock", "memory"],
)  # fmt: skip
def test_a_file_that_takes_too_much_ends_its_reader_and_nothing_else(limits: Limits) -> None:
    with pytest.raises(IntakeError) as refused:
        essays_in_bytes(endless(), "某頁.html", limits=limits)
    assert str(refused.value).startswith("某頁.html：檔案")


@pytest.mark.parametrize("limits", [Limits(output=1_000), Limits(characters=1_000)], ids=["bytes", "characters"])
def test_a_file_that_says_too_much_is_refused(limits: Limits) -> None:
    with pytest.raises(IntakeError, match=r"太大|太多"):
        essays_in_bytes(TOLD.encode() * 100, "a.txt", limits=limits)


@pytest.mark.parametrize(
    "name",
    ["a\x00b.txt", "a\nb.txt", "\ud800.txt", "../../a.txt", "x" * 5_000, "$(reboot).txt", "-c.txt", ""],
    ids=ascii,
)
def test_a_name_is_only_a_name(name: str) -> None:
    with pytest.raises(IntakeError) as refused:
        essays_in_bytes(b"", name)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_an_odd_name_reaches_the_reader() -> None:
    (essay,) = essays_in_bytes(TOLD.encode(), "\ud800\x00'\"\n.txt")
    assert essay.body == TOLD


NO_PAGES = [
    *("javascript:alert(1)", "data:text/html,x", "ftp://a.com", "//a.com", "/a", "https:///a", "https://u:p@a.com/"),
    *(" https://a.com", "https://a b.com", "https://a.com\\b", "https://a.com/\u202egpj", "https://" + "a" * 3_000),
]


@pytest.mark.parametrize("url", NO_PAGES, ids=ascii)
def test_an_address_that_is_no_page_is_dropped(url: str) -> None:
    assert sanitize(Essay("題目", (Block(BlockKind.TEXT, TOLD),), url=url)).url is None


def test_an_essay_holds_what_its_reader_sees_and_nothing_else() -> None:
    essay = Essay(
        "題\u202e目\x00" + "長" * 500,
        (Block(BlockKind.TEXT, "文\u2066字\ud83d\x1b[31m\ufeff。{{ 7*7 }} {\"type\": \"bubble\"} <b>粗</b> 👨\u200d👩"),),
        author="王\u200e小明",
        url="https://example.com/a?b=c#d",
        tags=("電\x08網",) * 100,
    )  # fmt: skip
    clean = sanitize(essay)
    assert clean.title.startswith("題目長")
    assert len(clean.title) == 300
    assert clean.body == "文字[31m。{{ 7*7 }} {\"type\": \"bubble\"} <b>粗</b> 👨\u200d👩"  # fmt: skip
    assert (clean.author, clean.url, len(clean.tags), clean.tags[0]) == (
        "王小明",
        "https://example.com/a?b=c#d",
        50,
        "電網",
    )
    assert sanitize(clean) == clean
    assert sanitize(replace(essay, author=None, url=None)).url is None
