"""Files into the archive: what `luopan split`, `scan` and `add` do, file by file, so that a bad one never stops the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from corpus.essay import Essay
from corpus.intake import IntakeError, essays_in_file, read_text
from corpus.library import Archive

Complain = Callable[[str], None]
Line = tuple[dict[str, Any] | None, str]  # None where the file could not be read


def essays_of(files: Sequence[Path], complain: Callable[..., None]) -> Iterator[tuple[Path, list[Essay] | None]]:
    """Each file with its essays; None, after one clear line, where it has none to give."""
    for file in _with_progress(expand(files)):
        try:
            yield file, essays_in_file(file)
        except IntakeError as error:
            complain(str(error))
            yield file, None


def expand(files: Iterable[Path]) -> list[Path]:
    """Folders stand for the files in them, hidden ones and READMEs aside."""
    found: list[Path] = []
    for file in files:
        if file.is_dir():
            inside = sorted(path for path in file.rglob("*") if path.is_file() and _is_page(path))
            found += inside
        else:
            found.append(file)
    return found


def _is_page(path: Path) -> bool:
    suffixes = {".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx"}
    return path.suffix.lower() in suffixes and path.stem.upper() != "README" and not path.name.startswith(".")


def add_files(
    archive: Archive, files: Sequence[Path], at: datetime, complain: Callable[..., None], *, news: bool
) -> Iterator[Line]:
    """Add every essay of every file; per essay what happened."""
    for file, essays in essays_of(files, complain):
        if essays is None:
            yield None, ""
            continue
        for added in archive.add(essays, at, news=news):
            value = {
                "source": str(file),
                "status": str(added.status),
                "near_duplicate_of": added.near_duplicate_of,
                "essay_id": added.essay.id,
                "title": added.essay.title,
            }
            twin = f"(和第 {added.near_duplicate_of} 篇很像)" if added.near_duplicate_of else ""
            yield value, f"{_SAID[added.status]} {added.essay.id}〈{added.essay.title}〉{twin}"


_SAID = {"added": "新增", "changed": "更新", "unchanged": "沒變"}


def scanned(files: Sequence[Path], complain: Callable[..., None]) -> Iterator[Line]:
    """The securities and themes of each file; offsets are code points of the file as decoded."""
    from corpus.intake import split
    from corpus.intake.files import form_of
    from corpus.securities import Lexicon
    from corpus.themes import Themes, detect, merge
    from corpus.tickers import scan

    lexicon, themes = Lexicon.load(), Themes.load()
    for file in _with_progress(expand(files)):
        try:
            text = read_text(file.read_bytes(), str(file))
            essays = split(text, file.stem, form_of(text, file.suffix))
        except (IntakeError, OSError) as error:
            complain(str(error))
            yield None, ""
            continue
        tickers = [
            {
                "code": named.security.code,
                "exchange": named.security.exchange,
                "name": named.security.name,
                "subject": named.subject,
                "mentions": [{"start": m.start, "end": m.end, "text": m.text} for m in named.mentions],
            }
            for named in scan(text, lexicon)
        ]
        found = merge(detect(essay, themes) for essay in essays)
        weights = [{"key": t.key, "name": t.name, "weight": t.weight, "main": t.main} for t in found]
        names = "、".join(f"{t['name']}({t['code']})" for t in tickers) or "沒有個股"
        line = f"{file}\n  {names}\n  {'、'.join(t.name for t in found) or '沒有主題'}"
        yield {"source": str(file), "tickers": tickers, "themes": weights}, line


def _with_progress(files: list[Path]) -> Iterable[Path]:
    """A progress bar on stderr while somebody watches."""
    if len(files) < 2 or not sys.stderr.isatty():
        return files
    return track(files, description="讀檔", console=Console(stderr=True), transient=True)
