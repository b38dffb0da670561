"""Files that hold data and no prose, told by what they hold: nobody means them as essays."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_STAMP = r"(?:\d\d:)?\d\d:\d\d[.,]\d{3}"
# What a file is whose text begins so.
_BEGINNINGS = (
    (re.compile(r"BEGIN:VCALENDAR\b"), "行事曆"),
    (re.compile(r"BEGIN:VCARD\b"), "通訊錄"),
    (re.compile(rf"WEBVTT\b|(?:\d+\n)?{_STAMP} --> {_STAMP}"), "字幕"),
    (re.compile(r"<\?xml\b|<(?:svg|opml|rdf:RDF)\b", re.IGNORECASE), "資料檔（XML）"),
)
_TABLES = (".csv", ".tsv")


def data_kind(text: str, suffix: str) -> str | None:
    """Return what a text is in an editor's words if it is data; None for prose, and for HTML, which is asked about before."""
    start = text.lstrip()
    if suffix in _TABLES:
        return "表格"
    if start.startswith(("{", "[")) and _is_json(start):
        return "資料檔（JSON）"
    return next((kind for pattern, kind in _BEGINNINGS if pattern.match(start)), None)


def _is_json(text: str) -> bool:
    """Tell whether a text is JSON, or an object on each line."""
    return _are_json([text]) or _are_json(text.split("\n"))


def _are_json(values: Sequence[str]) -> bool:
    try:
        return all(isinstance(json.loads(value), dict | list) for value in values if value.strip())
    except (ValueError, RecursionError):
        return False
