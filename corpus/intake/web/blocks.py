"""The chosen parts of a page as an essay's blocks: captions with their pictures, notes tied to their marks, quotations signed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from lxml.html import HtmlElement

from corpus.essay import Block, BlockKind, Hyperlink
from corpus.intake.boilerplate import role_of
from corpus.intake.lines import could_be_heading, width
from corpus.intake.role import LineRole
from corpus.intake.web.body import sentences_in
from corpus.intake.web.parts import Part
from corpus.language.text import to_halfwidth

MOST_QUOTED = 0.6  # share of the text; more of it in quotations and they are but a style
_SIGNED = re.compile(r"^\s*(?:[—–―-]{1,2}|──)\s*(?P<name>[^()\d]{2,40}?)\s*(?:\(@?(?P<handle>[\w.]+)\).*)?$")
_MARK = re.compile(r"[\[(（〔註注*†‡]*\s*(\w{1,4}|[*†‡]+)\s*[\])）〕]?")
_BACK = re.compile(r"\s*[↩↑⤴^]\ufe0e?\s*$")
_NUMBER = re.compile(r"^\s*(?:[\[(]?\w{1,4}[\])]?[.、:：]?|[*†‡]+)\s+")
_POINTING = re.compile(r"[▲▼△▽]\s*\S")
_CAPTIONS = ("figcaption", "caption")


def blocks_of(parts: Sequence[Part]) -> list[Block]:
    """Return the blocks of an article's parts."""
    return placed_blocks(parts)[0]


def placed_blocks(parts: Sequence[Part]) -> tuple[list[Block], list[int]]:
    """Return the blocks of an article's parts, and for each part the place of its block: a caption stands in its picture's."""
    told = sum(map(sentences_in, parts))
    quoted = sum(sentences_in(part) for part in parts if part.quoted is not None)
    quotes = told == 0 or quoted < MOST_QUOTED * told
    notes = _notes(parts)
    emphatic = 2 * sum(part.bold for part in parts if part.kind is BlockKind.TEXT) < sum(
        part.kind is BlockKind.TEXT for part in parts
    )
    found: list[Block] = []
    places: list[int] = []
    picture = False  # the last block is a picture without a caption
    for at, part in enumerate(parts):
        block = Block(part.kind, part.text, _links(part, notes), part.table, part.picture)
        if part.kind is BlockKind.TEXT and _POINTING.match(part.text) and not picture:
            found.append(replace(block, kind=BlockKind.PICTURE))  # the caption of a picture that only a program shows
        elif picture and _is_caption(parts[at - 1], part):
            found[-1] = replace(found[-1], text=part.text, links=block.links)
        elif (mark := _noted(part, notes)) is not None:
            found.append(_note(block, mark))
        elif quotes and part.quoted is not None and part.kind is not BlockKind.PICTURE:
            found.append(_quotation(found, block, parts[: at + 1], places))
        elif emphatic and part.bold and part.kind is BlockKind.TEXT and _is_bold_heading(parts, at):
            found.append(replace(block, kind=BlockKind.HEADING))
        else:
            found.append(block)
        picture = found[-1].kind is BlockKind.PICTURE and not found[-1].text
        places.append(len(found) - 1)
    return found, places


def _is_bold_heading(parts: Sequence[Part], at: int) -> bool:
    """Tell whether a bold line is the heading of what follows."""
    after = parts[at + 1] if at + 1 < len(parts) else None
    return (
        could_be_heading(parts[at].text)
        and after is not None
        and not after.bold
        and after.kind is not BlockKind.PICTURE
    )


def _is_caption(picture: Part, part: Part) -> bool:
    """Tell whether a line tells of the picture above it: by its element, by sharing the picture's, or by its wording."""
    if part.kind is not BlockKind.TEXT:
        return False
    names = {
        name
        for element in part.above[-2:]
        for name in (element.tag, *re.findall("[a-z]+", (element.get("class") or "").lower()))
    }
    if not names.isdisjoint(_CAPTIONS) or (
        picture.above and picture.above[-1].tag == "figure" and picture.above[-1] in part.above
    ):
        return True
    return width(part.text) <= 100 and role_of(to_halfwidth(part.text)) is LineRole.CREDIT


def _quotation(found: list[Block], block: Block, parts: Sequence[Part], places: Sequence[int]) -> Block:
    """Return the last of some parts as a paragraph of a quotation; one that says whose it is signs those above it in the same, too.

    `places` are those of the other parts in `found`.
    """
    *above, last = parts
    element = last.above[-1]
    signed = _SIGNED.match(block.text)
    if element.tag in ("cite", "footer") or (signed and signed["name"].strip()):
        author = (signed["name"] if signed else block.text).strip(" —–―-")
        for part, place in zip(above, places, strict=True):
            if part.quoted is last.quoted and found[place].kind is BlockKind.QUOTE:
                found[place] = replace(found[place], author=found[place].author or author)
        return replace(block, kind=BlockKind.QUOTE, author=author)
    return replace(block, kind=BlockKind.QUOTE)


def _notes(parts: Sequence[Part]) -> dict[HtmlElement, str]:
    """Return the marks of the notes by the elements that hold them: those that figures in the text above lead to."""
    first = {element: at for at, part in reversed(list(enumerate(parts))) for element in part.above}
    found: dict[HtmlElement, str] = {}
    for at, part in enumerate(parts):
        for link in part.links:
            match = _MARK.fullmatch(unicodedata.normalize("NFKC", part.text[link.start : link.end]))
            holder = _holder(part, link.url, first) if link.url.startswith("#") and match else None
            if match and holder is not None and first[holder] > at:
                found.setdefault(holder, match[1])
    return found


def _holder(part: Part, url: str, known: Collection[HtmlElement]) -> HtmlElement | None:
    """Return the innermost element of a part that holds what a link within the page leads to."""
    if len(url) < 2:
        return None
    target = next(iter(part.above[0].getroottree().xpath("//*[@id=$name or @name=$name]", name=unquote(url[1:]))), None)
    while target is not None and target not in known:
        target = target.getparent()
    return target if target is not None and target.tag not in ("body", "html") else None


def _noted(part: Part, notes: Mapping[HtmlElement, str]) -> str | None:
    return next((notes[element] for element in reversed(part.above) if element in notes), None) if notes else None


def _note(block: Block, mark: str) -> Block:
    """Return a note without its mark and without the arrow that leads back."""
    text = _BACK.sub("", block.text)
    shorter = _NUMBER.sub("", text) if text.startswith(mark) or block.kind is BlockKind.NUMBERED else text
    cut = len(text) - len(shorter)
    links = (replace(link, start=link.start - cut, end=link.end - cut) for link in block.links)
    kept = tuple(link for link in links if 0 <= link.start < link.end <= len(shorter))
    return Block(BlockKind.NOTE, shorter, kept, mark=mark)


def _links(part: Part, notes: Mapping[HtmlElement, str]) -> tuple[Hyperlink, ...]:
    """Return the links of a part that lead to pages, and those that lead to notes."""
    found: list[Hyperlink] = []
    for link in part.links:
        if link.url.startswith(("http://", "https://")):
            found.append(link)
        elif link.url.startswith("#") and notes and (holder := _holder(part, link.url, notes)) is not None:
            found.append(replace(link, url=f"#note-{notes[holder]}"))
    return tuple(found)
