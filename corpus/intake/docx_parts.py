"""Parts of a Word file that stand beside its paragraphs: text boxes, pieces of other files, notes; and what is hidden in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from io import BytesIO
from typing import Any

import docx
import lxml.html
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from corpus.essay import BlockKind
from corpus.intake.decode import decode
from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Reason
from corpus.intake.leveled import StyledBlock
from corpus.intake.lines import is_prose, width
from corpus.intake.web.blocks import blocks_of
from corpus.intake.web.parts import PageReader

LONGEST_CELL = 60  # in Han widths; tables of data hold longer ones seldom
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = (RT.FOOTNOTES, RT.ENDNOTES)
_BESIDE = {RT.HEADER: Reason.FRAME, RT.FOOTER: Reason.FRAME, RT.COMMENTS: Reason.COMMENTS}


def boxes_in(paragraph: Any) -> Iterator[Any]:
    """Yield the text boxes anchored in a paragraph, each once: older programs find a second copy in the file."""
    for box in paragraph.iter(qn("w:txbxContent")):
        above = [element.tag for element in box.iterancestors()]
        inner = above[: above.index(paragraph.tag)] if paragraph.tag in above else above
        if _FALLBACK not in above and qn("w:txbxContent") not in inner:
            yield box


def is_data(table: Any, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a table holds data: two rows and two columns or more, in cells of a few words, none with a table of its own."""
    cells = [cell for row in rows for cell in row if cell]
    if (
        len(rows) < 2
        or not cells
        or max(map(len, rows)) < 2
        or next(table.iterdescendants(qn("w:tbl")), None) is not None
    ):
        return False
    told = sum(is_prose(cell) and width(cell) > LONGEST_CELL for cell in cells)
    return 4 * told <= len(cells)


def is_hidden(run: Any, document: Document) -> bool:
    """Tell whether a run is hidden, by itself or by its character style."""
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return False
    if (vanish := properties.find(qn("w:vanish"))) is not None:
        return vanish.get(qn("w:val"), "true") not in ("0", "false", "off")
    named = properties.find(qn("w:rStyle"))
    if named is None:
        return False
    styles: Any = document.styles.element
    style = next(
        (one for one in styles.iter(qn("w:style")) if one.get(qn("w:styleId")) == named.get(qn("w:val"))), None
    )
    return style is not None and style.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None


def is_raised(run: Any) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    return found is not None and found.get(qn("w:val")) == "superscript"


def notes_of(part: Any, said: Callable[[Any], str]) -> dict[str, str]:
    """Return the texts of the notes at the foot and at the end, by their ids."""
    found: dict[str, str] = {}
    for tie in part.rels.values():
        if tie.is_external or tie.reltype not in _NOTES:
            continue
        target: Any = tie.target_part
        root: Any = target.element if isinstance(target, XmlPart) else parse_xml(target.blob)
        for note in root.iter(qn("w:footnote"), qn("w:endnote")):
            text = " ".join(" ".join(map(said, note.iter(qn("w:p")))).split())
            if text:
                found[note.get(qn("w:id"), "")] = text
    return found


def beside_body(part: Any) -> Iterator[tuple[str, Reason]]:
    """Yield the lines at the head and foot of the document's pages and in comments, each with the reason why it is not of the text."""
    for tie in part.rels.values():
        if tie.is_external or tie.reltype not in _BESIDE:
            continue
        target: Any = tie.target_part
        root: Any = target.element if isinstance(target, XmlPart) else parse_xml(target.blob)
        for paragraph in root.iter(qn("w:p")):
            if text := "".join(run.text or "" for run in paragraph.iter(qn("w:t"))).strip():
                yield text, _BESIDE[tie.reltype]


def chunk_of(part: Any, name: str) -> Iterator[StyledBlock]:
    """Yield the blocks of a piece of another file that stands in the document: HTML, mail archive, text or Word."""
    tie = part.rels.get(name)
    if tie is None or tie.is_external:
        return
    data, kind = tie.target_part.blob, str(tie.target_part.content_type)
    if "wordprocessingml" in kind:
        inner = docx.Document(BytesIO(data))
        yield from (StyledBlock(paragraph.text.strip()) for paragraph in inner.paragraphs if paragraph.text.strip())
    elif "html" in kind:
        yield from _html(decode(data, name))
    elif "rfc822" in kind or "mht" in kind or data[:13].lower() == b"mime-version:":
        yield from _archived(message_from_bytes(data), name)
    else:
        yield from (StyledBlock(line.strip()) for line in decode(data, name).splitlines() if line.strip())


def _archived(message: Message, name: str) -> Iterator[StyledBlock]:
    page = next((piece for piece in message.walk() if piece.get_content_type() == "text/html"), None)
    data = page.get_payload(decode=True) if page is not None else None
    if not isinstance(data, bytes):
        raise IntakeError("檔案裡夾著讀不懂的內容", name, "請用 Word 另存一份新的 .docx")
    yield from _html(decode(data, name))


def _html(text: str) -> Iterator[StyledBlock]:
    page = lxml.html.document_fromstring(text)
    parts = [part for part in PageReader("").read(page.body if page.body is not None else page) if part.shut is None]
    levels = {part.text: part.level for part in parts if part.kind is BlockKind.HEADING}
    for block in blocks_of(parts):
        level = levels.get(block.text) if block.kind is BlockKind.HEADING else None
        plain = block.kind in (BlockKind.TEXT, BlockKind.BULLET, BlockKind.NUMBERED, BlockKind.HEADING)
        kind = BlockKind.TEXT if block.kind is BlockKind.HEADING else block.kind
        yield StyledBlock(block.text, kind, level, block=None if plain else block)
