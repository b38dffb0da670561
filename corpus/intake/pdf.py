"""Essays out of a PDF file; for files from outside only in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.leveled import read_leveled
from corpus.intake.lines import width
from corpus.intake.pdf_layout import PrintedLine, blocks_of, edges_of, ordinary, tightened, upright
from corpus.intake.pdf_tables import Cell
from corpus.intake.web.text_runs import raised

MOST_PAGES = 500
LETTERS_OF_A_PAGE = 15  # fewer beside pictures are page numbers and stamps of a scan
MOST_UNKNOWN = 0.3  # share of letters
SMALL, RAISED = 0.8, 0.15  # of the line's letters: as small, and as far above the baseline, and a figure is an exponent
APART = 1.2  # letters; pieces of a line as far from one another may be cells of a table


def read_pdf(data: bytes, source: str) -> Extracted:
    """Return the essays of a PDF. Raises IntakeError when it is locked, has too many pages, or holds only pictures or unreadable fonts."""
    reader = PdfReader(BytesIO(data))
    if _is_locked(reader):
        raise IntakeError("檔案加了密碼", source, "請先取消密碼")
    if len(reader.pages) > MOST_PAGES:
        raise IntakeError(f"檔案超過 {MOST_PAGES} 頁", source, "請拆成幾個較小的檔案")
    seen = _Seen()
    pages = [upright(list(_lines(page, seen))) for page in reader.pages]
    if seen.letters < LETTERS_OF_A_PAGE * len(pages) and (seen.letters == 0 or _holds_pictures(reader)):
        raise IntakeError("這份 PDF 只有圖片，沒有文字", source, "請把文章內容直接貼過來")
    if seen.unknown > MOST_UNKNOWN * seen.letters:
        raise IntakeError("這份 PDF 的字型沒有文字對照表，讀出來會是亂碼", source, "請把文章內容直接貼過來")
    found = read_leveled(blocks_of(pages), "")
    edges = tuple(LeftOut(text, Reason.FRAME) for text in edges_of(pages))
    return replace(found, left_out=(*found.left_out, *edges))


@dataclass
class _Seen:
    """Counts of the letters read, and of those in a font that does not say which characters they are."""

    letters: int = 0
    unknown: int = 0

    def count(self, text: str, font: Any) -> None:
        letters = len("".join(text.split()))
        self.letters += letters
        self.unknown += letters if _is_unknown(font or {}) or "\ufffd" in text else 0


def _is_unknown(font: Any) -> bool:
    return (
        font.get("/Subtype") == "/Type0"
        and "/ToUnicode" not in font
        and str(font.get("/Encoding", "")).startswith("/Identity")
    )


def _holds_pictures(reader: PdfReader) -> bool:
    return any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)


def _is_locked(reader: PdfReader) -> bool:
    """Tell whether reading takes a password; many files are encrypted with an empty one."""
    try:
        return reader.is_encrypted and not reader.decrypt("")
    except DependencyError:  # a cipher that is not installed
        return True


def _lines(page: PageObject, seen: _Seen) -> Iterator[PrintedLine]:
    """Yield the lines of a page in the order of its content stream, which is reading order in all but odd files."""
    runs: list[PrintedLine] = []

    def see(text: str, matrix: Any, text_matrix: Any, font: Any, size: float) -> None:
        scale = hypot(matrix[2], matrix[3]) * hypot(text_matrix[2], text_matrix[3])
        x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        name = str((font or {}).get("/BaseFont", ""))
        bold = any(weight in name for weight in ("Bold", "Heavy", "Black"))
        letter = size * scale
        seen.count(text, font)
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
    """Yield one line out of its runs: as large as its longest run, bold when all of it is; none when it is blank."""
    seen = [run for run in runs if run.text.strip()]
    if seen:
        longest = max(seen, key=lambda run: len(run.text))
        said = [run.saying(raised(run.text)) if _is_raised(run, longest) else run for run in runs]
        text = tightened("".join(run.text for run in said).strip())
        ends = max(run.end for run in seen)
        cells = tuple(_cells([run for run in said if run.text.strip()], longest.size))
        is_bold = all(run.bold for run in seen)
        yield PrintedLine(text, min(run.x for run in seen), ends, seen[0].y, longest.size, is_bold, cells)


def _is_raised(run: PrintedLine, line: PrintedLine) -> bool:
    """Tell whether a run is an exponent or the mark of a note: smaller than the line's letters, and above its baseline."""
    return run.size < SMALL * line.size and run.y > line.y + RAISED * line.size


def _cells(runs: list[PrintedLine], size: float) -> Iterator[Cell]:
    """Yield the pieces of a line, parted where more than a letter's width is empty."""
    first, *others = runs
    text, x, end = first.text.strip(), first.x, first.end
    for run in others:
        if run.x - end > APART * size:
            yield Cell(text, x, end)
            text, x = "", run.x
        text, end = f"{text}{run.text}".strip(), run.end
    yield Cell(text, x, end)
