"""Links in the lines of a manuscript: `[words](address)`."""

from __future__ import annotations

import re

from corpus.essay import Block, Hyperlink

_WORDS = r"(?:[^\[\]]|\[[^\[\]]*\])*"
_ADDRESS = r"https?://|#note-"
_LINK = re.compile(rf"\[({_WORDS})\]\(((?:{_ADDRESS})[^\s()]*)\)")
_LIKE = re.compile(rf"\](\\*)\((?={_ADDRESS})")  # where a text that is no link looks like one


def linked(block: Block) -> str:
    """Write a block's text with its links in it."""
    written, at = "", 0
    for link in sorted(block.links, key=lambda link: link.start):
        words = block.text[link.start : link.end]
        if at <= link.start < link.end <= len(block.text) and re.fullmatch(_WORDS, words):
            address = link.url.replace("(", "%28").replace(")", "%29")
            written += f"{_escaped(block.text[at : link.start])}[{words}]({address})"
            at = link.end
    return written + _escaped(block.text[at:])


def unlinked(written: str) -> tuple[str, tuple[Hyperlink, ...]]:
    """Read the text and the links of a written line."""
    text, at = "", 0
    links: list[Hyperlink] = []
    for match in _LINK.finditer(written):
        text += _plain(written[at : match.start()])
        links.append(Hyperlink(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        at = match.end()
    return text + _plain(written[at:]), tuple(links)


def _escaped(text: str) -> str:
    return _LIKE.sub(lambda match: f"]\\{match[1]}(", text)


def _plain(text: str) -> str:
    return _LIKE.sub(lambda match: f"]{match[1][1:]}(", text)
