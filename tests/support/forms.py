"""Generated articles as files of every form that intake reads."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from corpus.essay import Block, BlockKind
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.docx_file import read_docx
from corpus.intake.lines import width
from corpus.intake.pdf import read_pdf
from tests.support.documents import RAISED, Document, Piece, as_html, lowered, notes_of, with_sup
from tests.support.hostile import docx_files
from tests.support.hostile.pdfs import Printed, printed

COLUMN = 38  # Han widths of a printed line
_WORD = re.compile(rf"(?:[!-~▲]+|.)[，。{RAISED.pattern[1:-2]}]* ?")
LEFT, TOP, BOTTOM = 72.0, 780.0, 80.0
_WORD_STYLES = {
    "heading": "Heading1",
    "list": "ListBullet",
    "counted": "ListNumber",
    "quote": "Quote",
    "picture": "Caption",
}
RAISED_SIZE, RAISED_BY = 0.6, 0.4  # of a superscript: its height, and how far above the line it stands
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
    """The document as a Word file, in the styles that Word has from the start."""
    body = [_styled("Title", document.title)]
    for piece in document.pieces:
        if piece.make == "table":
            rows = ("".join(f"<w:tc>{_styled('', text)}</w:tc>" for text in row) for row in rows_of(piece))
            body.append(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
        else:
            texts = piece.texts[:1] if piece.make == "noted" else piece.texts
            body += [_styled(_WORD_STYLES.get(piece.make, ""), text) for text in texts]
    body += [_styled("", note) for note in notes_of(document)]
    return docx_files.with_body("".join(body))


def _styled(style: str, text: str) -> str:
    """A paragraph in runs, its superscripts raised."""
    runs = "".join(map(_run, filter(None, re.split(f"({RAISED.pattern})", text))))
    named = f"<w:pPr><w:pStyle w:val='{style}'/></w:pPr>" if style else ""
    return f"<w:p>{named}{runs}</w:p>"


def _run(text: str) -> str:
    if not RAISED.fullmatch(text):
        return f"<w:r><w:t xml:space='preserve'>{html.escape(text)}</w:t></w:r>"
    return f"<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{lowered(text)}</w:t></w:r>"


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
        pages[-1] += [run for text, x, _, letter in line for run in _set_raised(text, x, y, letter)]
    return printed(*pages)


def _set_raised(text: str, x: float, y: float, size: float) -> Iterator[Printed]:
    """A printed text in runs, its superscripts small and above the line; every letter of the font is as wide as it is high."""
    for run in filter(None, re.split(f"({RAISED.pattern})", text)):
        is_raised = RAISED.fullmatch(run)
        letter = RAISED_SIZE * size if is_raised else size
        yield (lowered(run), x, y + RAISED_BY * size, letter) if is_raised else (run, x, y, letter)
        x += len(run) * letter


def _set(document: Document) -> Iterator[list[Printed]]:
    """The lines of the print from top to bottom, an empty one between two pieces."""
    yield [(document.title, LEFT, 0, 20)]
    yield []
    for piece in document.pieces:
        if piece.make == "table":
            wide = 440 / piece.columns
            yield from ([(text, LEFT + wide * at, 0, 10) for at, text in enumerate(row)] for row in rows_of(piece))
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
    """The lines of a paragraph as a typesetter breaks it: a word that does not fit stands in the next one, a comma never does."""
    line = ""
    for word in _WORD.findall(text):
        if line and width(line + word.rstrip()) > COLUMN:
            yield line.rstrip()
            line = ""
        line += word
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
FILES = ("docx", "pdf")
