"""A page as the parts that its reader sees, in order, each with the elements that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from corpus.essay import BlockKind, Hyperlink, Picture, Table
from corpus.intake.extracted import Reason
from corpus.intake.web.figures import picture_of
from corpus.intake.web.tables import is_data_table, table_of
from corpus.intake.web.text_runs import TextRun, lowered, raised
from corpus.intake.web.zones import is_hidden, zone_of

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb rp rt rtc ruby s samp small"
    " span strike strong sub sup time tt u var wbr math mi mn mo msup msub mrow msqrt mfrac mtext semantics annotation"
    " source track param embed area picture"
)
_CODE_TAGS = "script style link meta base"
_UNREAD_TAGS = (
    "svg canvas iframe object audio video map title noframes"  # what they hold is drawn, or shown where they fail
)
_INLINE, _CODE, _UNREAD = (frozenset(tags.split()) for tags in (_INLINE_TAGS, _CODE_TAGS, _UNREAD_TAGS))
_CONTROLS = frozenset(
    ["button", "select", "option", "optgroup", "textarea", "input", "datalist", "dialog", "progress", "meter"]
)
_NAME = re.compile(r"[a-z][\w:.-]*", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_HEADING = re.compile(r"h[1-6]")
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad "
_DEEPEST = 500  # elements inside one another; a page that needs more is made to harm


@dataclass(slots=True)
class Part:
    """One block of the page: a paragraph, heading, list item, table or picture; or a control, a hidden text.

    `above` are the elements that it stands in, outermost first; `zones` those among them whose markup says that they are none
    of the article's; `linked` is the share of its text that lies in links.
    """

    kind: BlockKind
    text: str
    above: tuple[HtmlElement, ...]
    zones: tuple[tuple[HtmlElement, Reason], ...] = ()
    links: tuple[Hyperlink, ...] = ()
    linked: float = 0.0
    bold: bool = False
    level: int = 0  # of a heading
    table: Table | None = None
    picture: Picture | None = None
    quoted: HtmlElement | None = None  # the quotation that it stands in
    shut: Reason | None = None  # why it can never be of the article: a control, a hidden text


@dataclass(slots=True)
class _Frame:
    """The state that holds for the texts inside one open element."""

    element: Any
    kind: BlockKind = BlockKind.TEXT
    level: int = 0
    number: int | None = None
    shut: Reason | None = None
    quoted: Any = None
    pre: bool = False
    zones: tuple[tuple[HtmlElement, Reason], ...] = ()
    above: tuple[HtmlElement, ...] = ()
    script: str = ""  # sup or sub
    bold: bool = False
    stashed: TextRun | None = None  # the line that a hidden element stands in


@dataclass(slots=True)
class PageReader:
    """Reads the parts of a page; `base` is the address that its links are relative to."""

    base: str
    _run: TextRun = field(default_factory=TextRun)
    _parts: list[Part] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _fresh: bool = False  # at the first text of a list item

    def read(self, body: HtmlElement) -> list[Part]:
        """Read all parts below an element. It is walked without recursion: pages nest as deep as they like."""
        self._enter(body)
        self._text(body.text)
        walk: list[Iterator[HtmlElement]] = [iter(body)]
        while walk:
            child = next(walk[-1], None)
            if child is None:
                walk.pop()
                frame = self._leave()
                if walk:
                    self._text(frame.element.tail)
                continue
            if not isinstance(child.tag, str) or child.tag in _CODE or len(walk) > _DEEPEST or self._atom(child):
                self._text(child.tail)
            else:
                self._enter(child)
                self._text(child.text)
                walk.append(iter(child))
        self._flush()
        return self._parts

    def _atom(self, element: HtmlElement) -> bool:
        """Read what is one thing without looking into it: a break, a picture, a table of data."""
        tag = element.tag
        if tag == "br" or tag == "hr":
            self._flush()
        elif tag == "img" or tag == "amp-img":
            self._picture(element)
        elif tag == "table" and is_data_table(element):
            self._flush()
            table = table_of(element)
            self._add(Part(BlockKind.TABLE, table.text, (), table=table, linked=_linked(element)))
        else:
            return False
        return True

    def _picture(self, element: HtmlElement) -> None:
        """Add a picture between paragraphs; one in the middle of a line parts nothing."""
        picture = picture_of(element, self.base)
        if picture is not None:
            place = self._run
            self._run = TextRun()
            self._add(Part(BlockKind.PICTURE, "", (), picture=picture))
            self._run = place

    def _enter(self, element: HtmlElement) -> None:
        outer = self._stack[-1] if self._stack else _Frame(element)
        tag = element.tag
        frame = _Frame(
            element,
            outer.kind,
            outer.level,
            outer.number,
            outer.shut,
            outer.quoted,
            outer.pre,
            outer.zones,
            outer.above,
        )
        frame.script, frame.bold = outer.script, outer.bold
        if tag in _INLINE:
            self._enter_inline(element, frame)
        else:
            self._flush()
            self._enter_block(element, frame)
        self._stack.append(frame)

    def _enter_inline(self, element: HtmlElement, frame: _Frame) -> None:
        tag = element.tag
        if is_hidden(element):  # a link that is hidden, too, opens in the run of its own
            frame.zones = (*frame.zones, (element, Reason.HIDDEN))
            frame.stashed, self._run = self._run, TextRun()
        if tag == "a":
            self._run.open_link(self._address(element.get("href", "")))
            frame.script = "sup" if _is_note_mark(element) else frame.script
        elif tag in ("sup", "msup"):
            frame.script = "sup" if tag == "sup" else frame.script
        elif tag == "sub":
            frame.script = "sub"
        elif tag in ("b", "strong"):
            frame.bold = True
        if (place := _RAISED.search(element.get("style") or "")) is not None:
            frame.script = "sup" if place[1].lower() == "super" else "sub"

    def _enter_block(self, element: HtmlElement, frame: _Frame) -> None:
        tag = element.tag
        frame.above = (*frame.above, element)
        if (zone := zone_of(element)) is not None:
            frame.zones = (*frame.zones, (element, zone))
        if _HEADING.fullmatch(tag):
            frame.kind, frame.level = BlockKind.HEADING, int(tag[1])
        elif tag == "li":
            frame.kind, frame.number = _listed(element)
            self._fresh = True
        elif tag == "blockquote":
            frame.quoted = frame.quoted if frame.quoted is not None else element
        elif tag == "pre":
            frame.pre = True
        elif tag in _CONTROLS:
            frame.shut = Reason.MENU
        elif tag in _UNREAD or tag == "xmp" or not _NAME.fullmatch(tag):
            frame.shut = Reason.HIDDEN  # code that is shown as it stands, and what only looks like an element
        elif tag in ("noscript", "template") or is_hidden(element):
            frame.zones = (*frame.zones, (element, Reason.HIDDEN))

    def _leave(self) -> _Frame:
        frame = self._stack[-1]
        if frame.stashed is not None:
            self._flush()
            self._run = frame.stashed
        elif frame.element.tag == "a":
            self._run.close_link()
        elif frame.element.tag not in _INLINE:
            self._flush()
        self._stack.pop()
        return frame

    def _text(self, text: str | None) -> None:
        if not text or not self._stack:
            return
        frame = self._stack[-1]
        if "\n" in text and (frame.pre or ("\n" in text.strip() and _BLANK_LINE.search(text.strip()))):
            first, *others = text.split("\n") if frame.pre else _BLANK_LINE.split(text)
            self._run.add(first)
            for line in others:
                self._flush()
                self._run.add(line)
            return
        text = raised(text) if frame.script == "sup" else lowered(text) if frame.script == "sub" else text
        self._run.add(text, bold=frame.bold)

    def _flush(self) -> None:
        if self._run.is_empty:
            return
        run, self._run = self._run, TextRun()
        if (reopened := run.reopened()) is not None:
            self._run.open_link(reopened)
        if not run or not run.text.strip(_UNSEEN):
            return
        text = run.text
        frame = self._stack[-1]
        shift = 0
        kind = frame.kind
        if kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            if not self._fresh:
                kind = BlockKind.TEXT
            elif kind is BlockKind.NUMBERED:
                sign = f"{frame.number}. "
                text, shift = sign + text, len(sign)
            self._fresh = False
        links = tuple(Hyperlink(link.start + shift, link.end + shift, link.url) for link in run.links)
        length = max(1, len(run.text))
        self._add(
            Part(
                kind,
                text,
                (),
                links=links,
                linked=run.linked / length,
                bold=run.bold >= 0.9 * length,
                level=frame.level,
            )
        )

    def _add(self, part: Part) -> None:
        frame = self._stack[-1]
        part.above, part.zones, part.quoted, part.shut = frame.above, frame.zones, frame.quoted, frame.shut
        self._parts.append(part)

    def _address(self, href: str) -> str:
        if href.startswith(("https://", "http://")):
            return href.strip()
        try:
            return urljoin(self.base, href.strip())
        except ValueError:
            return ""


def _is_note_mark(link: HtmlElement) -> bool:
    """Tell whether a link is the figure of a footnote, which a style sheet raises."""
    return (
        link.get("href", "").startswith("#")
        and bool(re.fullmatch(r"\s*[0-9]{1,3}\s*", link.text or ""))
        and not len(link)
    )


def _listed(item: HtmlElement) -> tuple[BlockKind, int | None]:
    """Return the kind of a list's item, and its number where the list counts."""
    holder = item.getparent()
    if holder is None or holder.tag != "ol":
        return BlockKind.BULLET, None
    if (value := _number(item.get("value"))) is not None:
        return BlockKind.NUMBERED, value
    before = sum(1 for _ in item.itersiblings("li", preceding=True))
    start = _number(holder.get("start"))
    if holder.get("reversed") is None:
        return BlockKind.NUMBERED, (1 if start is None else start) + before
    return BlockKind.NUMBERED, (len(holder.findall("li")) if start is None else start) - before


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?[0-9]{1,6}", value.strip()) else None


def _linked(element: HtmlElement) -> float:
    """Return the share of an element's text that lies in links."""
    total = len("".join(element.itertext()).strip())
    inside = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return inside / total if total else 0.0
