"""The text of a Ghost post that holds none as HTML: its Lexical (Ghost 5.50 and later) or its Mobiledoc (before), as HTML."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from corpus.intake.sources.post import html_of_plain

Node = dict[str, Any]

DEEPEST = 40
# Lexical's TextNode formats, as bits: bold 1, italic 2, strikethrough 4, underline 8, code 16, subscript 32, superscript 64.
_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup"))
_PAYWALL = "<!--members-only-->"


def html_of_lexical(written: str) -> str:
    """Render a Lexical document, a JSON object with a tree of nodes under `root`. Raises ValueError for what is none."""
    return _inside(_object(written).get("root"), 0)


def html_of_mobiledoc(written: str) -> str:
    """Render a Mobiledoc 0.3 document: sections of markers, and cards. Raises ValueError for what is none."""
    document = _object(written)
    cards, markups = document.get("cards") or [], document.get("markups") or []
    return "\n".join(_section(section, cards, markups) for section in document.get("sections") or [])


def _object(written: str) -> Node:
    read = json.loads(written)
    if not isinstance(read, dict):
        raise ValueError("not a document")
    return read


def _inside(node: Any, depth: int) -> str:
    children = node.get("children") if isinstance(node, dict) else None
    if not isinstance(children, list) or depth > DEEPEST:
        return ""
    return "".join(_node(child, depth + 1) for child in children if isinstance(child, dict))


def _node(node: Node, depth: int) -> str:
    """Render one node and all below it; a card that is not known gives the texts that it holds."""
    kind = str(node.get("type") or "").removeprefix("extended-")
    if kind == "text":
        return _formatted(node)
    if kind == "linebreak":
        return "<br>"
    if kind in _WRAPPED:
        return f"<{_WRAPPED[kind]}>{_inside(node, depth)}</{_WRAPPED[kind]}>\n"
    if kind in ("heading", "list"):
        tag = str(node.get("tag") or {"heading": "h2", "list": "ul"}[kind])
        tag = tag if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol") else "p"
        return f"<{tag}>{_inside(node, depth)}</{tag}>\n"
    if kind in ("link", "autolink"):
        return f'<a href="{escape(str(node.get("url") or ""))}">{_inside(node, depth)}</a>'
    return card(kind, node) or _inside(node, depth)


_WRAPPED = {"paragraph": "p", "quote": "blockquote", "aside": "blockquote", "listitem": "li"}


def _formatted(node: Node) -> str:
    text, bits = escape(str(node.get("text") or "")), node.get("format")
    for bit, tag in _FORMATS:
        if isinstance(bits, int) and bits & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text


def card(kind: str, held: Node) -> str:
    """Render a card of Ghost's editor, of either format."""
    draw = _CARDS.get(kind)
    return draw(held) + "\n" if draw else "".join(html_of_plain(text) + "\n" for text in _texts(held))


def _picture(held: Node) -> str:
    caption = f"<figcaption>{held['caption']}</figcaption>" if held.get("caption") else ""
    alt, source = escape(str(held.get("alt") or "")), escape(str(held.get("src") or ""))
    return f'<figure><img src="{source}" alt="{alt}">{caption}</figure>'


def _gallery(held: Node) -> str:
    return "".join(_picture(one) for one in held.get("images") or [] if isinstance(one, dict))


def _markdown(held: Node) -> str:
    from markdown_it import MarkdownIt  # slow to import

    return str(MarkdownIt("commonmark").enable("table").render(str(held.get("markdown") or "")))


def _linked(held: Node) -> str:
    told = held.get("metadata") if isinstance(held.get("metadata"), dict) else {}
    title = held.get("buttonText") or held.get("title") or (told or {}).get("title") or held.get("url")
    address = held.get("buttonUrl") or held.get("url") or held.get("src")
    return f'<p><a href="{escape(str(address or ""))}">{escape(str(title or ""))}</a></p>'


def _titled(heading: str, content: str) -> Callable[[Node], str]:
    """Return a renderer of cards that hold a heading and a text that is HTML already."""

    def draw(held: Node) -> str:
        said = f"<h3>{held[heading]}</h3>" if held.get(heading) else ""
        return said + (f"<p>{held[content]}</p>" if held.get(content) else "")

    return draw


_CARDS: dict[str, Callable[[Node], str]] = {
    "image": _picture,
    "gallery": _gallery,
    "html": lambda held: str(held.get("html") or ""),
    "markdown": _markdown,
    "card-markdown": _markdown,
    "code": lambda held: f"<pre><code>{escape(str(held.get('code') or ''))}</code></pre>",
    "codeblock": lambda held: f"<pre><code>{escape(str(held.get('code') or ''))}</code></pre>",
    "horizontalrule": lambda _: "<hr>",
    "hr": lambda _: "<hr>",
    "paywall": lambda _: _PAYWALL,
    "bookmark": _linked,
    "embed": _linked,
    "button": _linked,
    "file": _linked,
    "audio": _linked,
    "video": _linked,
    "callout": _titled("", "calloutText"),
    "toggle": _titled("heading", "content"),
    "email": lambda _: "",  # is sent, and not shown on the page
    "email-cta": lambda _: "",
    "signup": lambda _: "",
}


def _texts(held: Node) -> list[str]:
    """Return the texts of a card that is not known."""
    named = (held.get(name) for name in ("heading", "header", "title", "text", "content", "description", "caption"))
    return [value for value in named if isinstance(value, str) and value]


def _section(section: Any, cards: list[Any], markups: list[Any]) -> str:
    """Render a section of Mobiledoc, by its kind: 1 a text, 2 a picture, 3 a list, 10 a card."""
    if not isinstance(section, list) or not section:
        return ""
    kind, rest = section[0], section[1:]
    if kind == 1 and len(rest) >= 2:
        tag = rest[0] if rest[0] in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside") else "p"
        tag = "blockquote" if tag == "aside" else tag
        return f"<{tag}>{_markers(rest[1], markups)}</{tag}>"
    if kind == 2 and rest:
        return f'<img src="{escape(str(rest[0]))}">'
    if kind == 3 and len(rest) >= 2:
        tag = "ol" if rest[0] == "ol" else "ul"
        return f"<{tag}>{''.join(f'<li>{_markers(item, markups)}</li>' for item in rest[1])}</{tag}>"
    if kind == 10 and rest and isinstance(rest[0], int) and 0 <= rest[0] < len(cards):
        name, held = cards[rest[0]]
        return card(str(name), held if isinstance(held, dict) else {})
    return ""


def _markers(markers: Any, markups: list[Any]) -> str:
    """Render markers, each [kind, markups that open, how many close, text]; kind 1 is an atom, which here is a soft return."""
    out, opened = [], list[str]()
    for marker in markers if isinstance(markers, list) else []:
        kind, opens, closes, text = marker
        for number in opens:
            name, *values = markups[number]
            tag = name if name in ("a", "strong", "em", "b", "i", "s", "code", "sub", "sup") else "span"
            said = dict(zip(values[0][::2], values[0][1::2], strict=True)) if values else {}
            href = f' href="{escape(str(said.get("href") or ""))}"' if tag == "a" else ""
            out.append(f"<{tag}{href}>")
            opened.append(tag)
        out.append("<br>" if kind == 1 else escape(str(text)))
        out += [f"</{opened.pop()}>" for _ in range(min(closes, len(opened)))]
    return "".join(out)
