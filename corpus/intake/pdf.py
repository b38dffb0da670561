"""Essays out of a PDF file; for files from outside only in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted
from corpus.intake.leveled import read_leveled
from corpus.intake.lines import width
from corpus.intake.pdf_layout import PrintedLine, blocks_of, ordinary

MOST_PAGES = 500


def read_pdf(data: bytes, source: str) -> Extracted:
    """The essays of a PDF. Raises IntakeError when it wants a password, has too many pages, or holds pictures only."""
    reader = PdfReader(BytesIO(data))
    if _is_locked(reader):
        raise IntakeError("檔案加了密碼", source, "請先取消密碼")
    if len(reader.pages) > MOST_PAGES:
        raise IntakeError(f"檔案超過 {MOST_PAGES} 頁", source, "請拆成幾個較小的檔案")
    pages = [list(_lines(page)) for page in reader.pages]
    if not any(pages):
        raise IntakeError("這份 PDF 只有圖片,沒有文字", source, "請把文章內容直接貼過來")
    return read_leveled(blocks_of(pages), "")


def _is_locked(reader: PdfReader) -> bool:
    """Whether reading takes a password; many files are encrypted with an empty one."""
    try:
        return reader.is_encrypted and not reader.decrypt("")
    except DependencyError:  # a cipher that is not installed
        return True


def _lines(page: PageObject) -> Iterator[PrintedLine]:
    """The lines of a page in the order of its content stream, which is reading order in all but odd files."""
    runs: list[PrintedLine] = []

    def see(text: str, matrix: Any, text_matrix: Any, font: Any, size: float) -> None:
        scale = hypot(matrix[2], matrix[3]) * hypot(text_matrix[2], text_matrix[3])
        x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        name = str((font or {}).get("/BaseFont", ""))
        bold = any(weight in name for weight in ("Bold", "Heavy", "Black"))
        letter = size * scale
        runs.append(PrintedLine(ordinary(text), x, x + letter * width(text.rstrip()), y, letter, bold))

    page.extract_text(visitor_text=see)
    line: list[PrintedLine] = []
    for run in runs:
        first, *later = run.text.split("\n")
        line.append(run.saying(first))
        for piece in later:
            yield from _joined(line)
            line = [run.saying(piece)]
    yield from _joined(line)


def _joined(runs: list[PrintedLine]) -> Iterator[PrintedLine]:
    """One line out of its runs: as large as its longest run, bold when all of it is; none when it is blank."""
    seen = [run for run in runs if run.text.strip()]
    if seen:
        text = "".join(run.text for run in runs).strip()
        longest = max(seen, key=lambda run: len(run.text))
        ends = max(run.end for run in seen)
        yield PrintedLine(
            text, min(run.x for run in seen), ends, seen[0].y, longest.size, all(run.bold for run in seen)
        )
