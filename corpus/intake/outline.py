"""A plain page as a sequence of items: headings, paragraphs and list items, with the lines about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from corpus.essay import Block, BlockKind
from corpus.intake.boilerplate import role_of
from corpus.intake.byline import is_full_name
from corpus.intake.lines import (
    HEADING_BARS,
    HEADING_SIGNS,
    TextLine,
    bullet,
    could_be_heading,
    holds_pause,
    is_numbered,
    is_prose,
    narrowed,
    ordinal,
    read_lines,
    width,
)
from corpus.intake.role import LineRole
from corpus.intake.typed_tables import table_at

_BY_WORDING = frozenset(
    {LineRole.CHROME, LineRole.PLUG, LineRole.LOGIN, LineRole.NOTICE, LineRole.CREDIT, LineRole.CREW, LineRole.TEASER}
)
_LISTED = re.compile(r"[•●○◆◇▪▫■□‧·・▎◎]\s*\S|[-*–—]\s+\S")
_LIST_HEADS = frozenset({LineRole.RELATED_HEAD, LineRole.READING_HEAD})
_SAID_OF_IT = frozenset({LineRole.BYLINE, LineRole.TAGS, LineRole.TITLE})
_NO_LINKS = frozenset(BlockKind) - {BlockKind.TEXT, BlockKind.BULLET, BlockKind.NUMBERED}
_FILLERS = ("", "text", "文字", "-", "--")  # cells that a lost table leaves behind
_ROW = re.compile(r"^[^::。]{1,14}[::]\s?[^。]{1,40}$|^\S{1,12}\s+[\d.,]+\s?%?$")
FRAMED = re.compile(r"^【[^】]{4,}】$")
_FEELING = re.compile("[\u2600-\u26ff\u2764\U0001f300-\U0001faff]\ufe0f?$")
_MARKED = re.compile(r"(?:#\s+|#{2,6}\s*)(?P<said>[^\s#].*?)(?:\s+#+)?")  # a heading of Markdown, pasted as text
_SITE_SUFFIX = re.compile(r"\s*[|_–—-]\s*[^|_–—]{2,20}$")
LONGEST_SUBHEADING = 36  # in Han widths; a longer one must have a longer text under it
CLAUSES = 5  # short lines in a row, half of which pause, are somebody's text without full stops and no headings
TOP = 12  # lines of a page among which its title stands
LONGEST_MOTTO = 36  # in Han widths
LONGEST_TAG = 8.0  # in Han widths
LONGEST_SECTION = 8.0  # in Han widths, of the section's name that a page sets right before its title
_PICTURE_ENDS = "圖图片"
_PICTURED = re.compile(r"[\s_-]*(?:第\s?\d+\s?[張张])?(?:圖片?|图片?|照片)$")  # behind a title, for want of a caption
_REPEATED_WITHIN = 5
_LONGEST_CAPTION = 4  # lines


@dataclass(slots=True)  # not frozen, which takes twice as long to make: a page has thousands
class Item:
    """A line of the page with its role. `kind` is None for what is not content; `repeated`: it stood there twice.

    `clause`: one of several lines in a row that tell something without full stops.
    """

    text: str
    plain: str
    role: LineRole
    gap: bool
    kind: BlockKind | None = None
    repeated: bool = False
    block: Block | None = None
    clause: bool = False

    @property
    def is_content(self) -> bool:
        return self.role is LineRole.CONTENT

    @property
    def is_told(self) -> bool:
        """Whether it reads as text: a sentence, or a clause."""
        return self.is_content and (self.clause or is_prose(self.text))

    def with_role(self, role: LineRole) -> Item:
        """Return the same line in another role; `dataclasses.replace` would take five times as long, and most lines get one."""
        return Item(self.text, self.plain, role, self.gap, self.kind, self.repeated, self.block, self.clause)

    def outside(self, role: LineRole) -> Item:
        """Return the same line as one of another role that is not content."""
        return Item(self.text, self.plain, role, self.gap, None, self.repeated, self.block)

    def with_kind(self, kind: BlockKind | None) -> Item:
        return Item(self.text, self.plain, self.role, self.gap, kind, self.repeated, self.block, self.clause)

    @property
    def whole(self) -> str:
        """The text of the item; of a table the header, too."""
        return self.block.plain if self.block is not None and self.block.table is not None else self.text


def outline(text: str) -> list[Item]:
    """Return the items of a plain page in reading order. Every content item's text is its line, less a list or heading sign."""
    return outlined(read_lines(text))


def outlined(lines: Iterable[TextLine]) -> list[Item]:
    """Return the items of lines whose roles may be known in part."""
    items = _keep_lists(list(_read(list(lines))))
    items = _settle_tags(_settle_captions(_settle_lists(_settle_echoes(items))))
    return _settle_kinds(_merge_repeated(items))


def _read(lines: Sequence[TextLine]) -> Iterator[Item]:
    at = 0
    while at < len(lines):
        if (found := table_at(lines, at)) is not None:
            table, below = found
            block = Block(BlockKind.TABLE, table.text, table=table)
            yield Item(table.text, table.text, LineRole.CONTENT, lines[at].gap, BlockKind.TABLE, block=block)
            at = below
        else:
            yield _marked(lines[at]) or _item(lines[at])
            at += 1


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a text whose headings and lists are marked as such: one of its blocks, or a line whose part is known."""

    text: str
    block: Block | None = None
    role: LineRole | None = None


def marked_up(pieces: Iterable[Marked]) -> list[Item]:
    """Return the items of a text whose headings and lists are marked as such."""
    items = [_as_item(piece) for piece in pieces if piece.text.strip() or piece.block]
    return _merge_repeated(_keep_heads(_settle_lists(_keep_marked(items))))


def _keep_marked(items: list[Item]) -> list[Item]:
    """Make a list or a table content, whatever it says, unless it stands above the text and says who wrote it and when."""
    first = next((at for at, item in enumerate(items) if item.is_content and is_prose(item.text)), len(items))
    return [
        item.with_role(LineRole.CONTENT)
        if at > first and item.role in (LineRole.BYLINE, LineRole.TITLE) and item.kind not in (None, BlockKind.TEXT)
        else item
        for at, item in enumerate(items)
    ]


def _keep_heads(items: list[Item]) -> list[Item]:
    """Make a marked heading of further reading with none below it one of the text's."""
    return [
        item.with_role(LineRole.CONTENT)
        if item.role is LineRole.READING_HEAD
        and item.kind is BlockKind.HEADING
        and not _is_reading(items[at + 1 :][:1])
        else item
        for at, item in enumerate(items)
    ]


def _is_reading(items: Sequence[Item]) -> bool:
    return any(item.role is LineRole.READING for item in items)


def _as_item(piece: Marked) -> Item:
    if piece.block is None:
        return _item(TextLine(piece.text.strip(), gap=True, role=piece.role))
    item = _as_marked(piece.text.strip(), piece.block.kind, gap=True)
    return replace(item, text=piece.text, block=piece.block)


def _item(line: TextLine) -> Item:
    text = _without_fillers(line.text) if "|" in line.text else line.text
    plain = narrowed(text)
    role = line.role or (role_of(plain) if text else LineRole.BREAK)
    return Item(text, plain, role, line.gap)


def _marked(line: TextLine) -> Item | None:
    """Return the heading that Markdown marks a line as, whatever else it looks like; None for other lines."""
    match = _MARKED.fullmatch(line.text) if line.role is None and line.text[0] == "#" else None
    return _as_marked(match["said"], BlockKind.HEADING, line.gap) if match else None


def _keep_lists(items: list[Item]) -> list[Item]:
    """Make listed lines content, whatever they say: two or more in a row, and days below the text."""
    listed = [bool(_LISTED.match(item.text)) for item in items]
    first = next((at for at, item in enumerate(items) if item.is_content and is_prose(item.text)), len(items))
    items = [
        item.with_role(LineRole.CONTENT)
        if at > first and item.role is LineRole.BYLINE and (is_listed or is_numbered(item.text))
        else item
        for at, (item, is_listed) in enumerate(zip(items, listed, strict=True))
    ]
    beside = [before or after for before, after in zip([False, *listed[:-1]], [*listed[1:], False], strict=False)]
    return [
        item.with_role(LineRole.CONTENT) if item.role in _BY_WORDING and is_listed and has_others else item
        for item, is_listed, has_others in zip(items, listed, beside, strict=False)
    ]


def _as_marked(text: str, kind: BlockKind, gap: bool) -> Item:
    """Return a marked block as content, whatever it says, unless it heads further reading or, in a list, tells of the essay."""
    item = _item(TextLine(text, gap))
    if (
        kind is BlockKind.TEXT
        or item.role is LineRole.READING_HEAD
        or (kind is not BlockKind.HEADING and item.role in _SAID_OF_IT)
    ):
        return item.with_kind(kind)
    return item.with_kind(kind).with_role(LineRole.CONTENT)


def _without_fillers(text: str) -> str:
    cells = text.split("|")
    while len(cells) > 1 and cells[-1].strip().lower() in _FILLERS:
        cells.pop()
    return "|".join(cells).rstrip()


def _settle_lists(items: list[Item]) -> list[Item]:
    """Give the short lines under 「延伸閱讀」 and 「相關新聞」 the list's role, until text goes on."""
    settled: list[Item] = []
    role: LineRole | None = None
    for at, item in enumerate(items):
        if item.role in _LIST_HEADS or (item.role is LineRole.TICKER_HEAD and not any(map(_is_content, items[:at]))):
            role = LineRole.READING if item.role is LineRole.READING_HEAD else LineRole.RELATED
            settled.append(item)
            continue
        if role is not None and item.is_content and not _ends_list(items, at):
            listed = bullet(item.text)
            item = item.with_role(role) if listed is None else replace(item, role=role, text=listed)
        elif item.is_content or item.role is LineRole.TEASER:
            role = None
        settled.append(item)
    return settled


def _is_content(item: Item) -> bool:
    return item.is_content


def _ends_list(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line ends a list of links: a sentence, or a short line, but the first, that a sentence or a byline follows."""
    if is_prose(items[at].text) or items[at].kind in _NO_LINKS:
        return True
    if items[at - 1].role in (*_LIST_HEADS, LineRole.TICKER_HEAD) or at + 1 == len(items):
        return False
    after = items[at + 1]
    return after.role is LineRole.BYLINE or (after.is_content and is_prose(after.text)) or after.text == items[at].text


def _settle_captions(items: list[Item]) -> list[Item]:
    """Give labels in the caption above a credit line the role of credits; a whole sentence stays."""
    settled = list(items)
    for at, item in enumerate(items):
        if item.role is not LineRole.CREDIT:
            continue
        first = at
        while first > 0 and not items[first].gap and at - first < _LONGEST_CAPTION and items[first - 1].is_content:
            first -= 1
        if at - first < _LONGEST_CAPTION and items[first].gap:
            for above in range(first, at):
                if not is_prose(items[above].text):
                    settled[above] = items[above].with_role(LineRole.CREDIT)
    return settled


def _settle_echoes(items: list[Item]) -> list[Item]:
    """Give a line from the page's top the role of a repeated one where it names a picture below, or stands there in two halves."""
    top = [_joined(item.text) for item in items[:TOP]]
    settled = list(items)
    for at in range(1, len(top)):
        if not items[at].gap and top[at - 1] + top[at] in top[: at - 1]:
            settled[at - 1 : at + 1] = [half.with_role(LineRole.REPEATED) for half in items[at - 1 : at + 1]]
    for at, item in enumerate(items):
        named = _PICTURED.search(item.text) if item.text[-1:] in _PICTURE_ENDS else None
        if named and _joined(item.text[: named.start()]) in top[:at]:
            settled[at] = item.with_role(LineRole.REPEATED)
    return settled


def _joined(text: str) -> str:
    return "".join(text.split())


def _settle_tags(items: list[Item]) -> list[Item]:
    """Give a row of words right over the head of a list of other pages the role of tags, if the text above has used each of them."""
    settled = list(items)
    for at, (item, below) in enumerate(pairwise(items)):
        words = item.text.split() if below.role in _LIST_HEADS and item.is_content and not is_prose(item.text) else []
        if len(words) > 1 and max(map(width, words)) <= LONGEST_TAG:
            told = "".join(above.text for above in items[:at] if above.is_content)
            if all(word in told for word in words):
                settled[at] = item.with_role(LineRole.TAGS)
    return settled


def _merge_repeated(items: list[Item]) -> list[Item]:
    """Mark a heading-like line that was there a moment ago as the page's title said twice."""
    merged: list[Item] = []
    for item in items:
        could_be_title = item.is_content and item.block is None and could_be_heading(item.text)
        twin = _twin(merged, item) if could_be_title else None
        if twin is None:
            merged.append(item)
        else:
            is_longer = len(merged[twin].text) > len(item.text)  # longer by the site's name
            merged.append(replace(item, repeated=is_longer, role=item.role if is_longer else LineRole.REPEATED))
            merged[twin] = replace(
                merged[twin], repeated=not is_longer, role=LineRole.REPEATED if is_longer else item.role
            )
    return merged


def _twin(items: Sequence[Item], item: Item) -> int | None:
    """Find the same line among those right above, perhaps with the site's name behind it or a section's before it."""
    for at in range(len(items) - 1, max(-1, len(items) - 1 - _REPEATED_WITHIN), -1):
        earlier = items[at]
        if earlier.is_content and (_ends_head(earlier.text) or width(earlier.text) < 4):
            return None
        if not earlier.is_content or item.text not in earlier.text:
            continue
        before, _, behind = earlier.text.partition(item.text)
        is_sectioned = not behind and width(before) <= LONGEST_SECTION and width(item.text) > 2 * LONGEST_SECTION
        if is_sectioned or (not before and item.text in (earlier.text, _SITE_SUFFIX.sub("", earlier.text))):
            return at
    return None


def _ends_head(text: str) -> bool:
    """Tell whether a line is a paragraph, and no line under a site's name or a title that says what it is about."""
    return is_prose(text) and width(text) > LONGEST_MOTTO


def _settle_kinds(items: list[Item]) -> list[Item]:
    spaced = _is_spaced(items)
    content = [at for at, item in enumerate(items) if item.is_content]
    following = dict(pairwise(content))
    settled = list(items)
    for at in reversed(content):
        after = following.get(at)
        settled[at] = _with_kind(items, at, settled[after] if after is not None else None, spaced)
    return _settle_clauses(settled)


def _settle_clauses(items: list[Item]) -> list[Item]:
    """Make the lines that pause paragraphs where most in a row of short lines do: they tell something without full stops."""
    paused = {at for at, item in enumerate(items) if _could_be_clause(item) and holds_pause(item.text)}
    if 2 * len(paused) < CLAUSES:
        return items
    settled = list(items)
    for is_run, group in groupby(range(len(items)), lambda at: at in paused or _could_be_clause(items[at])):
        run = list(group)
        clauses = paused.intersection(run) if is_run and len(run) >= CLAUSES else ()
        if 2 * len(clauses) >= len(run):
            for at in clauses:
                settled[at] = replace(items[at], kind=BlockKind.TEXT, clause=True)
    return settled


def _could_be_clause(item: Item) -> bool:
    is_line = item.kind is BlockKind.HEADING or item.kind is BlockKind.TEXT
    return is_line and not is_prose(item.text) and not item.repeated and not FRAMED.match(item.text)


def _with_kind(items: Sequence[Item], at: int, after: Item | None, spaced: bool) -> Item:
    item = items[at]
    if item.kind in (BlockKind.HEADING, BlockKind.TABLE):
        return item
    if (listed := bullet(item.text)) is not None:
        is_head = could_be_heading(listed) and after is not None and _marks_heading(item.text[0], after)
        return replace(item, kind=BlockKind.HEADING if is_head else BlockKind.BULLET, text=listed)
    if _is_heading(items, at, after, spaced):
        return item.with_kind(BlockKind.HEADING)
    return item.with_kind(BlockKind.NUMBERED if is_numbered(item.text) else BlockKind.TEXT)


def _marks_heading(sign: str, after: Item) -> bool:
    """Tell whether the text behind a sign is the heading of what follows: bars never list, other signs do."""
    return sign in HEADING_BARS or (sign in HEADING_SIGNS and after.kind is BlockKind.TEXT)


def _is_heading(items: Sequence[Item], at: int, after: Item | None, spaced: bool) -> bool:
    item = items[at]
    if after is None or not could_be_heading(item.text):
        return False
    if _FEELING.search(item.text) and any(above.is_content for above in items[:at]):
        return False  # somebody talks; at the top the line is the page's name
    if item.repeated or FRAMED.match(item.text) or _stands_over_byline(items, at) or _opens_under_day(items, at):
        return True
    if is_numbered(item.text) and at > 0 and _counts_on(items[at - 1], item):
        return False
    beside = at > 0 and not item.gap and items[at - 1].is_content
    if (beside and spaced) or _is_row(items, at):
        return False
    if after.kind is BlockKind.HEADING:
        return not (ordinal(item.text) and ordinal(after.text) and is_numbered(item.text))
    if is_numbered(item.text) and after.kind is BlockKind.NUMBERED:
        return False
    if after.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
        return True
    if is_prose(after.text):
        return width(item.text) <= max(LONGEST_SUBHEADING, width(after.text))
    return width(after.text) > 2 * width(item.text)


def _is_row(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line and the one right above or below it read like the rows of a table."""
    above = items[at - 1 : at] if not items[at].gap else []
    below = [item for item in items[at + 1 : at + 2] if not item.gap]
    return bool(_ROW.match(items[at].text)) and any(
        item.is_content and _ROW.match(item.text) for item in (*above, *below)
    )


def _stands_over_byline(items: Sequence[Item], at: int) -> bool:
    below = list(items[at + 1 : at + 3])
    if len(below) == 2 and is_full_name(below[0].text) and not below[0].gap and not below[1].gap:
        del below[0]
    return bool(below) and below[0].role is LineRole.BYLINE


def _opens_under_day(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line stands alone right below the day that a page begins with, as a blog's title does."""
    is_alone = items[at].gap and at + 1 < len(items) and items[at + 1].gap
    return is_alone and 0 < at <= 2 and all(above.role is LineRole.BYLINE for above in items[:at])


def _counts_on(above: Item, item: Item) -> bool:
    """Tell whether an item carries on the list that the line above it belongs to: no heading has the next one right below."""
    first, second = ordinal(above.text), ordinal(item.text)
    return bool(above.is_content and first and second and second.number == first.number + 1)


def _is_spaced(items: Sequence[Item]) -> bool:
    """Tell whether the page sets its paragraphs apart by blank lines."""
    content = [item for item in items if item.is_content]
    return sum(item.gap for item in content) > 0.6 * len(content)
