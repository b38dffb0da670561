"""An address in a text that a person wrote."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://[^\s，。；、「」（）]+")


def address_in(words: str) -> str:
    """Return the first web address in a text; empty where there is none."""
    found = _ADDRESS.search(words)
    return found[0] if found else ""
