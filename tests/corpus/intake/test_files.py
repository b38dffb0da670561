"""Files at the door of intake: encodings, and what is refused in one clear line."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from corpus.intake import MAX_BYTES, IntakeError, essays_in_file, read_text

TEXT = "變壓器的十年訂單\n\n電網的升級要花十年,變壓器的交期卻只看這兩年。台電說,訂單已經排到後年。\n"
SIMPLE = "变压器的十年订单\n\n电网的升级要花十年,变压器的交期却只看这两年。公司说,订单已经排到后年。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "cp950", "gb18030"]
)
def test_a_text_is_read_in_its_own_encoding(encoding: str) -> None:
    assert read_text(TEXT.encode(encoding), "a.txt") == TEXT


def test_simplified_chinese_is_read_in_its_own_encoding() -> None:
    assert read_text(SIMPLE.encode("gbk"), "a.txt") == SIMPLE


def test_a_text_may_begin_like_a_program_and_hold_japanese() -> None:
    for text in (f"MZ 世代的消費\n\n{TEXT}", "価格が上がる売上高は読み応えがある。" * 3):
        assert read_text(text.encode(), "a.txt") == text


def test_line_ends_are_unified_and_controls_taken_out() -> None:
    assert read_text("甲\r\n乙\r丙\u2028丁\x07\u200b戊".encode(), "a.txt") == "甲\n乙\n丙\n丁戊"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "空的"),
        (b" \n\t\n", "空的"),
        (b"\x00\x01\x02\x03" * 50, "不是文字檔"),
        ("有一個\x00空字元".encode(), "不是文字檔"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "不是文字檔"),
        (b"%PDF-1.7 plain looking", "不是文字檔"),
        (bytes(range(128, 256)) * 20, "不是文字檔"),
        (b"MZ" + b"\0" * 100, "是程式"),
        (b"\x7fELF\x02\x01\x01\0" + bytes(range(256)), "是程式"),
        (gzip.compress(TEXT.encode()), "是壓縮檔"),
        (b"\0\0\0\x18ftypmp42" + bytes(range(256)), "是影音檔"),
        (b"\xff\xfe" + hashlib.shake_256(b"noise").digest(4_000), "不是文字檔"),
        (b"\xfe\xff" + b"plain English under a wrong mark " * 9, "不是文字檔"),
        (hashlib.shake_256(b"noise").digest(4_000).replace(b"\0", b""), "不是文字檔"),
        (b"a" * (MAX_BYTES + 1), "超過 50 MB"),
    ],
    ids=[
        *(
            "empty",
            "blank",
            "zeros",
            "one NUL",
            "picture",
            "PDF",
            "bytes",
            "program",
            "Linux program",
            "archive",
            "film",
        ),
        *("UTF-16 over noise", "UTF-16 over ASCII", "noise", "oversized"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, what: str) -> None:
    with pytest.raises(IntakeError) as refused:
        read_text(data, "某檔.txt")
    assert what in str(refused.value)
    assert str(refused.value).startswith("某檔.txt")
    assert "\n" not in str(refused.value)
    assert refused.value.do


def test_a_file_of_nothing_but_noise_holds_no_essay(tmp_path: Path) -> None:
    path = tmp_path / "noise.txt"
    path.write_text("首頁 登入\n© 2026 某某網\n版權所有\n", "utf-8")
    with pytest.raises(IntakeError, match="沒有文章"):
        essays_in_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="找不到檔案"):
        essays_in_file(tmp_path / "none.txt")
    with pytest.raises(IntakeError, match="資料夾"):
        essays_in_file(tmp_path)


def test_the_form_shows_in_the_content_where_the_suffix_hides_it(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(f"<!DOCTYPE html><html><body><h1>題目在此</h1><p>{TEXT * 5}</p></body></html>", "utf-8")
    note = tmp_path / "note"
    note.write_text(f"---\ntitle: 前頁的題目\n---\n{TEXT}", "utf-8")
    assert essays_in_file(page)[0].title == "題目在此"
    assert essays_in_file(note)[0].title == "前頁的題目"


@pytest.mark.slow
def test_a_page_of_fifty_thousand_lines_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\n".join(f"第{i}段說的是訂單。" if i % 3 else f"小節{i}" for i in range(50_000)), "utf-8")
    assert essays_in_file(path)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.json", '[{"question": "散熱的瓶頸在哪裡？", "grade": 3}]', "JSON"),
        ("a.txt", '{"title": "散熱"}\n{"title": "變壓器"}\n', "JSON"),
        ("a.opml", '<?xml version="1.0"?><opml><body><outline text="散熱"/></body></opml>', "XML"),
        ("a.csv", "日期,收盤,成交量\n2025-01-02,1075,30000\n", "表格"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:04,000\n散熱的瓶頸在哪裡？\n", "字幕"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:04.000\n散熱的瓶頸在哪裡？\n", "字幕"),
        ("a.ics", "BEGIN:VCALENDAR\nSUMMARY:法說會\nEND:VCALENDAR\n", "行事曆"),
    ],
)
def test_data_is_no_essay(name: str, text: str, what: str, tmp_path: Path) -> None:
    (file := tmp_path / name).write_text(text)
    with pytest.raises(IntakeError, match=what):
        essays_in_file(file)


def test_prose_that_begins_like_data_is_an_essay(tmp_path: Path) -> None:
    for start in ("[盤後] ", "{草稿} ", "1\n"):
        (file := tmp_path / "a.txt").write_text(start + TEXT * 3)
        assert essays_in_file(file)
