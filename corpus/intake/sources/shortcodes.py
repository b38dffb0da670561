"""Shortcodes that WordPress left in a text because the plugin that knew them is gone."""

from __future__ import annotations

import re

_NAME = r"[a-z][a-z0-9_-]{1,40}"
_WITH_VALUES = re.compile(rf"\[{_NAME}(?:\s+[\w-]+\s*=\s*(?:\"[^\"\]]*\"|'[^'\]]*'|&#\d+;[^\]]*|[^\s\]]+))+\s*/?\]")
_CLOSED = re.compile(rf"\[(?P<name>{_NAME})\](?P<inside>.*?)\[/(?P=name)\]", re.DOTALL)
_LEFT = re.compile(rf"\[/{_NAME}\]|\[(?:gallery|playlist|toc|embed|contact-form|more|nextpage|rev_slider)\]")


def without_shortcodes(html: str) -> str:
    """The text with the shortcodes gone and what they enclose kept; [1], [註] and [sic] are no shortcodes."""
    before = ""
    while before != html:
        before, html = html, _CLOSED.sub(lambda match: match["inside"], html)
    return _LEFT.sub("", _WITH_VALUES.sub("", html))
