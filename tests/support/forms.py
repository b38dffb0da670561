"""Generated articles as files of every form that intake reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import groupby

import docx
from docx.text.paragraph import Paragraph

from corpus.essay import Block, BlockKind
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.docx_file import read_docx
from corpus.intake.pdf import read_pdf
from tests.support.documents import RAISED, Document, Piece, as_html, lowered, notes_of, with_sup
from tests.support.hostile.pdfs import Printed, printed

COLUMN = 38  # characters of a printed line
LEFT, TOP, BOTTOM = 72.0, 780.0, 80.0
STEP = 1.6  # heights of its letters from one printed line to the next


def rows_of(piece: Piece) -> list[tuple[str, ...]]:
    """The rows of a table, the header first."""
    return [piece.texts[at : at + piece.columns] for at in range(0, len(piece.texts), piece.columns)]


def as_text(document: Document) -> str:
    """The document as a person would type it."""
    return "\n\n".join((document.title, *map(_typed, document.pieces), *notes_of(document))) + "\n"


def as_paste(document: Document) -> str:
    """The document as the text of a whole page, with the site's lines around it."""
    menu, below = "\n".join(document.menu), "\n".join(document.below)
    article = "\n\n".join((f"{document.title}\n2026-03-04", *map(_typed, document.pieces), *notes_of(document)))
    return f"{menu}\n\n{article}\n\n相關新聞\n{below}\n© 某某網 版權所有\n"


def _typed(piece: Piece) -> str:
    match piece.make:
        case "list":
            return "\n".join(f"• {text}" for text in piece.texts)
        case "counted":
            return "\n".join(f"{number}. {text}" for number, text in enumerate(piece.texts, 1))
        case "table":
            return "\n".join("\t".join(row) for row in rows_of(piece))
        case _:
            return piece.texts[0]


def as_markdown(document: Document) -> str:
    """The document in Markdown."""
    notes = (f"[^{number}]: {note}" for number, note in enumerate(notes_of(document), 1))
    return "\n\n".join((f"# {document.title}", *map(_marked, document.pieces), *notes)) + "\n"


def _marked(piece: Piece) -> str:
    match piece.make:
        case "heading":
            return f"## {piece.texts[0]}"
        case "list":
            return "\n".join(f"- {text}" for text in piece.texts)
        case "table":
            head, *body = (f"| {' | '.join(row)} |" for row in rows_of(piece))
            return "\n".join((head, "|" + " --- |" * piece.columns, *body))
        case "quote":
            return f"> {piece.texts[0]}"
        case "picture":
            return f"![{piece.texts[0]}](https://example.com/{len(piece.texts[0])}.jpg)"
        case "raised":
            return with_sup(piece.texts[0])
        case "noted":
            return RAISED.sub(lambda match: f"[^{lowered(match[0])}]", piece.texts[0])
        case _:
            return _typed(piece)


def as_docx(document: Document) -> bytes:
    """The document as a Word file."""
    word = docx.Document()
    word.add_heading(document.title, 0)
    for piece in document.pieces:
        if piece.make == "table":
            rows = rows_of(piece)
            table = word.add_table(len(rows), piece.columns)
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    table.cell(at, column).text = text
        elif piece.make == "heading":
            word.add_heading(piece.texts[0], 1)
        else:
            style = {"list": "List Bullet", "counted": "List Number", "quote": "Quote", "picture": "Caption"}.get(
                piece.make
            )
            for text in piece.texts[:1] if piece.make == "noted" else piece.texts:
                _paragraph(word.add_paragraph(style=style), text)
    for note in notes_of(document):
        word.add_paragraph(note)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _paragraph(paragraph: Paragraph, text: str) -> None:
    """Write a text in runs, its superscripts raised."""
    for run in re.split(f"({RAISED.pattern})", text):
        is_raised = RAISED.fullmatch(run) is not None
        paragraph.add_run(lowered(run) if is_raised else run).font.superscript = is_raised or None


def as_pdf(document: Document) -> bytes:
    """The document in print: large headings, broken lines, tables in columns."""
    pages: list[list[Printed]] = [[]]
    y = TOP
    for line in _set(document):
        size = line[0][3] if line else 10.0
        y -= STEP * size
        if y < BOTTOM:
            pages.append([])
            y = TOP - STEP * size
        pages[-1] += [(text, x, y, letter) for text, x, _, letter in line]
    return printed(*pages)


def _set(document: Document) -> Iterator[list[Printed]]:
    """The lines of the print from top to bottom, an empty one between two pieces."""
    yield [(document.title, LEFT, 0, 20)]
    yield []
    for piece in document.pieces:
        if piece.make == "table":
            width = 440 / piece.columns
            yield from ([(text, LEFT + width * at, 0, 10) for at, text in enumerate(row)] for row in rows_of(piece))
        elif piece.make == "heading":
            yield [(piece.texts[0], LEFT, 0, 14)]
        else:
            for text in _typed(piece).split("\n"):
                yield from ([(line, LEFT, 0, 10)] for line in _broken(text))
        yield []
    for note in notes_of(document):
        yield from ([(line, LEFT, 0, 10)] for line in _broken(note))
        yield []


def _broken(text: str) -> Iterator[str]:
    """The lines of a paragraph; figures and Latin words are not broken."""
    line = ""
    for sign in text:
        is_inside = (sign.isascii() and line[-1:].isascii()) or sign in "，。" or RAISED.match(sign)
        if len(line) >= COLUMN and not is_inside:
            yield line
            line = ""
        line += sign
    yield line


def _whole(found: Extracted) -> Extracted:
    """The same with the paragraphs of each essay as one: print does not always tell where one ends."""
    return replace(found, essays=tuple(replace(essay, blocks=tuple(_merged(essay.blocks))) for essay in found.essays))


def _merged(blocks: Sequence[Block]) -> Iterator[Block]:
    for kind, some in groupby(blocks, key=lambda block: block.kind):
        if kind is BlockKind.TEXT:
            yield Block(kind, "".join(block.text for block in some))
        else:
            yield from some


READERS: dict[str, Callable[[Document], Extracted]] = {
    "text": lambda document: extract(as_text(document), "", FileForm.TEXT),
    "paste": lambda document: extract(as_paste(document), "", FileForm.TEXT),
    "markdown": lambda document: extract(as_markdown(document), "", FileForm.MARKDOWN),
    "html": lambda document: extract(as_html(document), "", FileForm.HTML),
    "docx": lambda document: read_docx(as_docx(document), ""),
    "pdf": lambda document: _whole(read_pdf(as_pdf(document), "")),
}
PAGES = ("paste", "html")  # hold the site's lines, too
MARKED = ("markdown", "html", "docx")  # say what is a heading
