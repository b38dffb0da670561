"""The chosen parts of a page as an essay's blocks: captions with their pictures, notes tied to their marks, quotations signed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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
_CAPTIONS = ("figcaption", "caption")


def blocks_of(parts: Sequence[Part]) -> list[Block]:
    """The blocks of an article's parts."""
    told = sum(map(sentences_in, parts))
    quoted = sum(sentences_in(part) for part in parts if part.quoted is not None)
    quotes = told == 0 or quoted < MOST_QUOTED * told
    notes = _notes(parts)
    emphatic = 2 * sum(part.bold for part in parts if part.kind is BlockKind.TEXT) < sum(
        part.kind is BlockKind.TEXT for part in parts
    )
    found: list[Block] = []
    picture = False  # the last block is a picture without a caption
    for at, part in enumerate(parts):
        block = Block(part.kind, part.text, _links(part, notes), part.table, part.picture)
        if picture and _is_caption(parts[at - 1], part):
            found[-1] = replace(found[-1], text=part.text, links=block.links)
        elif (mark := _noted(part, notes)) is not None:
            found.append(_note(block, mark))
        elif quotes and part.quoted is not None and part.kind is not BlockKind.PICTURE:
            found += _quotation(found, block, parts, at)
        elif emphatic and part.bold and part.kind is BlockKind.TEXT and _heads(parts, at):
            found.append(replace(block, kind=BlockKind.HEADING))
        else:
            found.append(block)
        picture = bool(found) and found[-1].kind is BlockKind.PICTURE and not found[-1].text
    return found


def _heads(parts: Sequence[Part], at: int) -> bool:
    """Whether a bold line is the heading of what follows."""
    after = parts[at + 1] if at + 1 < len(parts) else None
    return (
        could_be_heading(parts[at].text)
        and after is not None
        and not after.bold
        and after.kind is not BlockKind.PICTURE
    )


def _is_caption(picture: Part, part: Part) -> bool:
    """Whether a line tells of the picture above it: by its element, by sharing the picture's, or by its wording."""
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


def _quotation(found: list[Block], block: Block, parts: Sequence[Part], at: int) -> list[Block]:
    """A paragraph of a quotation; its last line may say whose it is."""
    quoted = parts[at].quoted
    element = parts[at].above[-1]
    signed = _SIGNED.match(block.text)
    if element.tag in ("cite", "footer") or (signed and signed["name"].strip()):
        author = (signed["name"] if signed else block.text).strip(" —–―-")
        for back in range(len(found) - 1, -1, -1):
            if found[back].kind is not BlockKind.QUOTE or back >= len(found) or not _same_quote(parts, at, quoted):
                break
            found[back] = replace(found[back], author=found[back].author or author)
        return [replace(block, kind=BlockKind.QUOTE, author=author)]
    return [replace(block, kind=BlockKind.QUOTE)]


def _same_quote(parts: Sequence[Part], at: int, quoted: HtmlElement | None) -> bool:
    return at > 0 and parts[at - 1].quoted is quoted


def _notes(parts: Sequence[Part]) -> dict[str, str]:
    """The marks of the notes by the ids that the marks in the text lead to."""
    ids = {element.get("id"): at for at, part in enumerate(parts) for element in part.above if element.get("id")}
    found: dict[str, str] = {}
    for at, part in enumerate(parts):
        for link in part.links:
            target = unquote(link.url[1:]) if link.url.startswith("#") else ""
            said = unicodedata.normalize("NFKC", part.text[link.start : link.end])
            match = _MARK.fullmatch(said)
            if target and match and ids.get(target, -1) > at:
                found.setdefault(target, match[1])
    return found


def _noted(part: Part, notes: dict[str, str]) -> str | None:
    return (
        next((notes[name] for element in reversed(part.above) if (name := element.get("id")) in notes), None)
        if notes
        else None
    )


def _note(block: Block, mark: str) -> Block:
    """A note without its mark and without the arrow that leads back."""
    text = _BACK.sub("", block.text)
    shorter = _NUMBER.sub("", text) if text.startswith(mark) or block.kind is BlockKind.NUMBERED else text
    cut = len(text) - len(shorter)
    links = (replace(link, start=link.start - cut, end=link.end - cut) for link in block.links)
    kept = tuple(link for link in links if 0 <= link.start < link.end <= len(shorter))
    return Block(BlockKind.NOTE, shorter, kept, mark=mark)


def _links(part: Part, notes: dict[str, str]) -> tuple[Hyperlink, ...]:
    return tuple(_settled(part.links, notes))


def _settled(links: Iterable[Hyperlink], notes: dict[str, str]) -> Iterable[Hyperlink]:
    """The links that lead to pages, and those that lead to notes."""
    for link in links:
        if not link.url.startswith("#"):
            if link.url.startswith(("http://", "https://")):
                yield link
        elif (mark := notes.get(unquote(link.url[1:]))) is not None:
            yield replace(link, url=f"#note-{mark}")
