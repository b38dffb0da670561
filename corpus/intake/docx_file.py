"""Essays out of a Word file (.docx); for files from outside only in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from corpus.essay import Block, BlockKind, Table
from corpus.intake.docx_parts import beside_body, boxes_in, chunk_of, is_data, is_hidden, is_raised, notes_of
from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.leveled import StyledBlock, read_leveled
from corpus.intake.web.text_runs import raised

MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 2**20

_LEVEL = re.compile(r"heading ([1-9])", re.IGNORECASE)
_HOLDERS = {qn(tag) for tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")}
_ASIDE = {qn(tag) for tag in ("w:pPr", "w:rPr", "w:txbxContent", "w:rt")}
_REMOVED, _REMOVED_TEXT = {qn("w:moveFrom"), qn("w:del")}, (qn("w:t"), qn("w:delText"))
_NOTE_MARKS = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_SAID = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_QUOTES = ("Quote", "Intense Quote")
_DEEPEST_STYLE = 10


def read_docx(data: bytes, source: str) -> Extracted:
    """Return the essays of a Word file. Raises IntakeError for any other file, and one that is encrypted, too large or declares entities."""
    _weigh(data, source)
    document = docx.Document(BytesIO(data))
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart) and part.element.getroottree().docinfo.doctype:
            raise IntakeError(
                "檔案裡藏著外部內容的宣告", source, "請用 Word 另存一份新的 .docx"
            )  # entity bombs and XXE
    reader = _DocumentReader(document)
    found = read_leveled([*reader.read(document.element.body), *reader.notes()], "")
    beside = [LeftOut(text, reason) for text, reason in beside_body(document.part)]
    return replace(
        found, left_out=(*found.left_out, *(LeftOut(text, Reason.HIDDEN) for text in reader.unseen), *beside)
    )


def _weigh(data: bytes, source: str) -> None:
    """Refuse a bad file before unpacking. A part cannot unpack to more than its size here says: zipfile stops there."""
    with ZipFile(BytesIO(data)) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise IntakeError("檔案解開後太大", source, "請把文章內容直接貼過來")
    if any(part.flag_bits & 1 for part in parts):
        raise IntakeError("檔案加了密碼", source, "請先取消密碼")
    if "word/document.xml" not in {part.filename for part in parts}:
        raise IntakeError("這不是 Word 檔", source, "壓縮檔請先解開；試算表與簡報請把文字貼過來")


class _DocumentReader:
    """Reads the blocks of a document in order, also those inside content controls, text boxes and pieces of other files.

    Its numbered lists go on counting wherever their items stand. `unseen` are the texts that Word shows nobody.
    """

    def __init__(self, document: Document) -> None:
        self.unseen: list[str] = []
        self._document = document
        self._counting = _counting_lists(document)
        self._numbers: dict[str, count[int]] = {}
        self._marks: list[str] = []  # ids of the notes, in the order of their marks
        self._style_of = cache(partial(document.part.get_style, style_type=WD_STYLE_TYPE.PARAGRAPH))

    def read(self, parent: Any) -> Iterator[StyledBlock]:
        for child in parent.iterchildren():
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:altChunk"):
                yield from chunk_of(self._document.part, child.get(qn("r:id"), ""))
            elif child.tag in _HOLDERS:
                yield from self.read(child)

    def _paragraph(self, element: Any) -> Iterator[StyledBlock]:
        paragraph = Paragraph(element, self._document._body)
        style = self._style_of(element.style)
        level = _level(element, style)
        kind, list_id = (BlockKind.TEXT, "") if level is not None else _listed(element, style, self._counting)
        lines = [line.strip() for line in self._text(element).split("\n") if line.strip()]
        if kind is not BlockKind.TEXT:
            lines = [" ".join(lines)] if lines else []
        if kind is BlockKind.NUMBERED and lines:
            lines = [f"{next(self._numbers.setdefault(list_id, count(1)))}. {lines[0]}"]
        bold = all(run.bold for run in paragraph.runs if run.text.strip())
        yield from (StyledBlock(line, kind, level, bold) for line in lines)
        for box in boxes_in(element):
            yield from self.read(box)

    def _table(self, table: Any) -> Iterator[StyledBlock]:
        """Yield a table of data as one block; of a table that only sets paragraphs side by side, its paragraphs."""
        seen = len(self._marks), len(self.unseen)
        rows = [[_cell(cell, self._text) for cell in row.iter(qn("w:tc"))] for row in table.iterchildren(qn("w:tr"))]
        if is_data(table, rows):
            cells = tuple(tuple(row) for row in rows)
            found = Table(cells[0], cells[1:])
            yield StyledBlock(found.text, BlockKind.TABLE, block=Block(BlockKind.TABLE, found.text, table=found))
            return
        del self._marks[seen[0] :], self.unseen[seen[1] :]  # the cells are read once more
        for cell in table.iterchildren(qn("w:tr")):
            for inside in cell.iterchildren(qn("w:tc"), qn("w:sdt")):
                yield from self.read(inside)

    def _text(self, paragraph: Any) -> str:
        """Return the text that a reader sees: with links, insertions and the marks of notes, without deletions and field codes."""
        return "".join(self._pieces(paragraph))

    def _pieces(self, element: Any) -> Iterator[str]:
        for child in element.iterchildren():
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in _SAID:
                yield _SAID[child.tag]
            elif child.tag in _NOTE_MARKS:
                self._marks.append(child.get(qn("w:id"), ""))
                yield raised(str(len(self._marks)))
            elif child.tag == qn("w:r"):
                pieces = "".join(self._pieces(child))
                if not is_hidden(child, self._document):
                    yield raised(pieces) if is_raised(child) else pieces
                elif pieces.strip():
                    self.unseen.append(pieces)
            elif child.tag in _REMOVED:
                self.unseen += filter(str.strip, ["".join(text.text or "" for text in child.iter(*_REMOVED_TEXT))])
            elif child.tag not in _ASIDE:
                yield from self._pieces(child)

    def notes(self) -> Iterator[StyledBlock]:
        texts = notes_of(self._document.part, lambda element: "".join(self._pieces(element)))
        for number, name in enumerate(list(self._marks), 1):
            if text := texts.get(name):
                yield StyledBlock(text, BlockKind.NOTE, block=Block(BlockKind.NOTE, text, mark=str(number)))


def _cell(cell: Any, said: Callable[[Any], str]) -> str:
    return " ".join(" ".join(map(said, cell.iter(qn("w:p")))).split())


def _level(paragraph: Any, style: Any) -> int | None:
    """Return the heading level, 0 for a title, by an outline level or by the style's name, which Word keeps in English; None for text."""
    if (outline := _outline(paragraph.pPr)) is not None:
        return outline
    for _ in range(_DEEPEST_STYLE):
        if style is None:
            return None
        if (style.name or "").lower() == "title":
            return 0
        if match := _LEVEL.match(style.name or ""):
            return int(match[1])
        if (outline := _outline(style.element.pPr)) is not None:
            return outline
        style = style.base_style
    return None


def _outline(properties: Any) -> int | None:
    """Return the outline level that paragraph properties name, counted from 1; Word's 9 says that there is none."""
    found = properties.find(qn("w:outlineLvl")) if properties is not None else None
    value = found.get(qn("w:val"), "") if found is not None else ""
    return int(value) + 1 if re.fullmatch("[0-8]", value) else None


def _listed(paragraph: Any, style: Any, counting: frozenset[str]) -> tuple[BlockKind, str]:
    """Tell whether a paragraph is a quotation or a list item, and of which list."""
    name = (style.name or "") if style is not None else ""
    if name in _QUOTES:
        return BlockKind.QUOTE, name
    properties = paragraph.pPr
    listed = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}") if properties is not None else None
    list_id = listed.get(qn("w:val"), "0") if listed is not None else "0"  # 0: taken out of its list
    if list_id != "0":
        return (BlockKind.NUMBERED if list_id in counting else BlockKind.BULLET), list_id
    if name.startswith("List Number"):
        return BlockKind.NUMBERED, name
    return (BlockKind.BULLET if name.startswith("List Bullet") else BlockKind.TEXT), name


def _counting_lists(document: Document) -> frozenset[str]:
    """Return the ids of the lists that number their items, which Word keeps in a part of its own."""
    ties = document.part.rels.values()
    part: Any = next((tie.target_part for tie in ties if tie.reltype == RT.NUMBERING and not tie.is_external), None)
    if not isinstance(part, XmlPart):
        return frozenset()
    root: Any = part.element
    forms = {
        form.get(qn("w:abstractNumId")): form.find(f"{qn('w:lvl')}/{qn('w:numFmt')}")
        for form in root.iter(qn("w:abstractNum"))
    }
    numbered = {
        key for key, form in forms.items() if form is not None and form.get(qn("w:val")) not in ("bullet", "none")
    }
    lists = {entry.get(qn("w:numId")): entry.find(qn("w:abstractNumId")) for entry in root.iter(qn("w:num"))}
    return frozenset(key for key, form in lists.items() if form is not None and form.get(qn("w:val")) in numbered)
