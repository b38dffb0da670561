"""Folders as the files to read in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".eml", ".mhtml", ".mht"}


def expand_paths(files: Iterable[Path]) -> list[Path]:
    """Return the files, and for each folder the pages in it, hidden ones and READMEs aside."""
    found: list[Path] = []
    for file in files:
        if file.is_dir():
            inside = sorted(path for path in file.rglob("*") if path.is_file() and _is_page(path))
            found += inside
        else:
            found.append(file)
    return found


def _is_page(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.stem.upper() != "README" and not path.name.startswith(".")
