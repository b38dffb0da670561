"""Shortcodes that WordPress left in a text because the plugin that knew them is gone."""

from __future__ import annotations

import re

_NAME = r"[a-z][a-z0-9_-]{1,40}"
_WITH_VALUES = re.compile(rf"\[{_NAME}(?:\s+[\w-]+\s*=\s*(?:\"[^\"\]]*\"|'[^'\]]*'|&#\d+;[^\]]*|[^\s\]]+))+\s*/?\]")
_CLOSED = re.compile(rf"\[(?P<name>{_NAME})\](?P<inside>.*?)\[/(?P=name)\]", re.DOTALL)
_LEFT = re.compile(rf"\[/{_NAME}\]|\[(?:gallery|playlist|toc|embed|contact-form|more|nextpage|rev_slider)\]")


def without_shortcodes(html: str) -> str:
    """Return the text with the shortcodes gone and what they enclose kept; [1], [註] and [sic] are no shortcodes."""
    before = ""
    while before != html:
        before, html = html, _CLOSED.sub(lambda match: match["inside"], html)
    return _LEFT.sub("", _WITH_VALUES.sub("", html))


_BLANK = re.compile(r"\n[ \t]*\n")
_BLOCK = re.compile(
    r"\s*(?:</?(?:p|div|h[1-6]|ul|ol|li|table|t[a-z]+|figure|figcaption|blockquote|pre|section|article|aside|hr|dl|d[dt]|iframe|script|style)\b|<!--)",
    re.IGNORECASE,
)
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.IGNORECASE | re.DOTALL)


def paragraphs(html: str) -> str:
    """Return the text with its blank lines as paragraphs, as WordPress shows what was written in its classic editor."""
    parts = _PREFORMATTED.split(html.replace("\r\n", "\n"))
    return "".join(part if number % 2 else _wrapped(part) for number, part in enumerate(parts))


def _wrapped(html: str) -> str:
    chunks = [chunk.strip("\n") for chunk in _BLANK.split(html) if chunk.strip()]
    return "\n\n".join(
        chunk if _BLOCK.match(chunk) else "<p>" + chunk.replace("\n", "<br>\n") + "</p>" for chunk in chunks
    )
