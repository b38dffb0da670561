"""Essays out of Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.essay import BlockKind, Essay, Visibility
from corpus.intake.assemble import assemble
from corpus.intake.byline import tags_in
from corpus.intake.dates import find_date
from corpus.intake.extracted import Extracted, joined
from corpus.intake.lines import width
from corpus.intake.outline import marked_up

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.{,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w+)\s*[::]\s*(.*)$", re.MULTILINE)
_MEMBERS = re.compile(r"member|private|paid|會員|付費|限定", re.IGNORECASE)
_BREAKS = ("softbreak", "hardbreak")
_SAID = ("text", "code_inline", *_BREAKS)
_HAN_END = re.compile(r"[\u3000-\u9fff\uff00-\uffef]$")

_NOTHING: tuple[object, ...] = ("", "~", "null", [])
MOST_TAGS = 50
WRAPPED = 30  # in Han widths; a shorter line ends where its writer wanted

Fields = Mapping[str, str | list[str]]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(text: str, source: str) -> Extracted:
    """The essays of a Markdown text and what is in none of them: one essay, unless it has several first-level headings and no title of its own.

    Front matter (`title, date, author, source, url, tags, visibility, lead`) counts more than the text; damaged front matter is read
    line by line.
    """
    fields, body = _front_matter(text)
    tokens = _parser().parse(body)
    found = joined(assemble(marked_up(_blocks(part)), title=_said(fields, "title")) for part in _parts(tokens, fields))
    return replace(found, essays=tuple(_completed(essay, fields, source) for essay in found.essays))


def _parts(tokens: Sequence[Token], fields: Fields) -> Iterator[Sequence[Token]]:
    """The tokens of each essay."""
    tops = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    bounds = [0, *tops[1:]] if len(tops) > 1 and "title" not in fields else [0]
    return (tokens[a:b] for a, b in pairwise([*bounds, len(tokens)]))


def _front_matter(text: str) -> tuple[Fields, str]:
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    try:
        # Everything is text to this loader: no day is impossible, nothing is merged, and it recurses in Python, not in C.
        said = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506  it makes less than the safe one
    except (yaml.YAMLError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        said = {key: value.strip("'\" ") for key, value in _FIELD.findall(match[1])}
    fields = {key.lower(): _plain(value) for key, value in said.items() if isinstance(key, str)}
    return {key: value for key, value in fields.items() if value not in _NOTHING}, text[match.end() :]


def _plain(value: object) -> str | list[str]:
    """A field's text or texts. What is nested deeper is left out: by its aliases it may be endless."""
    if isinstance(value, list):
        return [text for text in value[:MOST_TAGS] if isinstance(text, str) and text not in _NOTHING]
    return value if isinstance(value, str) else ""


def _completed(essay: Essay, fields: Fields, source: str) -> Essay:
    return replace(
        essay,
        author=_said(fields, "author") or essay.author,
        source=_said(fields, "source") or essay.source or source or None,
        url=_said(fields, "url", "canonical", "link"),
        published=find_date(_said(fields, "date", "published") or "") or essay.published,
        tags=_tags(fields.get("tags", [])) or essay.tags,
        visibility=Visibility.MEMBERS if _MEMBERS.search(_said(fields, "visibility") or "") else Visibility.PUBLIC,
        lead=_said(fields, "lead"),
    )


def _said(fields: Fields, *names: str) -> str | None:
    """The first of these fields that is there, as text."""
    value = next((fields[name] for name in names if name in fields), None)
    return "、".join(value) if isinstance(value, list) else value


def _tags(value: str | list[str]) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else tags_in(value)


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[BlockKind, str]]:
    """Every block that holds text, in order."""
    heading = fresh = False  # inside a heading; at the first paragraph of a list item
    lists: list[int | None] = []  # the next number of each open list, None for bullets
    cells: list[str] = []  # of the open table row
    row = False
    for token in tokens:
        match token.type:
            case "heading_open" | "heading_close":
                heading = token.type == "heading_open"
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                fresh = True
            case "tr_open":
                cells, row = [], True
            case "tr_close":
                yield BlockKind.TEXT, " | ".join(cells)
                row = False
            case "fence" | "code_block":
                yield from ((BlockKind.TEXT, line) for line in token.content.splitlines())
            case "inline" if row:
                cells.append(" ".join(_said_lines(token)))
            case "inline" if fresh and lists:
                yield _listed(" ".join(_said_lines(token)), lists[-1])
                lists[-1] = lists[-1] and lists[-1] + 1
                fresh = False
            case "inline":
                yield from ((BlockKind.HEADING if heading else BlockKind.TEXT, line) for line in _said_lines(token))


def _listed(text: str, number: int | None) -> tuple[BlockKind, str]:
    return (BlockKind.BULLET, text) if number is None else (BlockKind.NUMBERED, f"{number}. {text}")


def _said_lines(token: Token) -> list[str]:
    """A paragraph as its reader sees it, without marks and pictures; a line broken in mid-sentence is mended."""
    parts = ("\n" if child.type in _BREAKS else child.content for child in token.children or () if child.type in _SAID)
    lines: list[str] = []
    for line in "".join(parts).split("\n"):
        if lines and _is_wrapped(lines[-1]):
            lines[-1] += line if _HAN_END.search(lines[-1]) else f" {line}"
        else:
            lines.append(line)
    return lines


def _is_wrapped(line: str) -> bool:
    return width(line) >= WRAPPED and line[-1] not in "。!?!?::;;…」』)）"
