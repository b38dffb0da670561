"""Intake: from files and pasted text to Essays. Its parsers are loaded when the first of its names is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.intake.decode import read_text
    from corpus.intake.errors import MAX_BYTES, IntakeError
    from corpus.intake.extracted import Extracted
    from corpus.intake.files import essays_in_file, extract_file
    from corpus.intake.login_wall import looks_like_login_wall
    from corpus.intake.readers import FileForm, extract, split
    from corpus.intake.sandbox import essays_in_bytes, extract_bytes

__all__ = [
    "MAX_BYTES",
    "Extracted",
    "FileForm",
    "IntakeError",
    "essays_in_bytes",
    "essays_in_file",
    "extract",
    "extract_bytes",
    "extract_file",
    "looks_like_login_wall",
    "read_text",
    "split",
]

_HOMES = {
    "MAX_BYTES": "errors",
    "IntakeError": "errors",
    "Extracted": "extracted",
    "essays_in_file": "files",
    "extract_file": "files",
    "essays_in_bytes": "sandbox",
    "extract_bytes": "sandbox",
    "looks_like_login_wall": "login_wall",
    "read_text": "decode",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: the parsers take half a second and 15 MB, which a process that only answers questions saves."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"corpus.intake.{_HOMES.get(name, 'readers')}"), name)
