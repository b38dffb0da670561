"""Files into the archive: the work of `luopan split`, `scan` and `add`, file by file, so that a bad one never stops the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import track

from corpus.essay import Visibility
from corpus.intake import Extracted, IntakeError, extract_file
from corpus.intake.files import is_export_file
from corpus.intake.paths import expand_paths
from corpus.intake.paywall import is_paywalled
from corpus.library import ArchiveResources
from corpus.storage.essay_store import Added

if TYPE_CHECKING:
    from corpus.analysis.themes import ThemeWeight
    from corpus.analysis.tickers import Named, Suspicion

Complain = Callable[[str], None]
Line = tuple[dict[str, Any] | None, str]  # None where the file could not be read


def parse_files(
    files: Sequence[Path], complain: Callable[..., None], *, drafts: bool = False
) -> Iterator[tuple[Path, Extracted | None]]:
    """Yield each file with its essays and what was left out; None, after one clear line, where it has no essay to give."""
    for file in _with_progress(expand_paths(files)):
        try:
            yield file, extract_file(file, drafts=drafts)
        except IntakeError as error:
            complain(str(error))
            yield file, None


@dataclass(frozen=True, slots=True)
class AddOptions:
    """The ways of adding essays: as news or not, with an export's drafts or without, for whom or as each says itself."""

    news: bool
    drafts: bool = False
    visibility: Visibility | None = None
    plans: Collection[str] = ()  # the member plans that there are


def add_files(
    archive: ArchiveResources,
    files: Sequence[Path],
    at: datetime,
    complain: Callable[..., None],
    options: AddOptions,
) -> Iterator[Line]:
    """Add every essay of every file; yield what became of each, and complain of codes that do not belong to the name before them.

    An export of a platform is an archive, and never news.
    """
    from corpus.analysis.tickers import suspicious

    for file, found in parse_files(files, complain, drafts=options.drafts):
        if found is None:
            yield None, ""
            continue
        is_news = options.news and not is_export_file(file)
        chosen = options.visibility
        essays = [replace(essay, visibility=chosen) for essay in found.essays] if chosen else found.essays
        for number, added in enumerate(archive.add(essays, at, news=is_news)):
            if unknown := [plan for plan in added.essay.visibility.plans if plan not in options.plans]:
                complain(f"〈{added.essay.title}〉沒有這個方案：{'、'.join(unknown)}。先只有編輯看得到全文。")
            if chosen is None and is_paywalled(found, number):
                complain(f"〈{added.essay.title}〉原文標著會員專屬，先只給會員看；要公開請到後台改。")
            doubts = suspicious(f"{added.essay.title}\n{added.essay.body}", archive.lexicon)
            for doubt in doubts:
                complain(f"〈{added.essay.title}〉{doubt.text}：{doubt.name}應該是 {doubt.expected}")
            yield _told(file, added, doubts, left_out=len(found.of(number)))


def _told(file: Path, added: Added, doubts: Sequence[Suspicion], left_out: int) -> Line:
    """Return what became of one essay, as JSON and for people."""
    value = {
        "source": str(file),
        "status": str(added.status),
        "near_duplicate_of": added.near_duplicate_of,
        "essay_id": added.essay.id,
        "title": added.essay.title,
        "left_out": left_out,
        "visibility": str(added.essay.visibility),
        "suspicious": [
            {"text": one.text, "name": one.name, "code": one.code, "expected": one.expected} for one in doubts
        ],
    }
    twin = f"（和 #{added.near_duplicate_of} 很像）" if added.near_duplicate_of else ""
    rest = f"，沒收進來 {left_out} 行" if left_out else ""
    return value, f"{_SAID[added.status]} {added.essay.id}〈{added.essay.title}〉{twin}{rest}"


_SAID = {"added": "新增", "changed": "更新", "unchanged": "沒變"}


def scan_files(files: Sequence[Path], complain: Callable[..., None]) -> Iterator[Line]:
    """Yield the subjects of each file: its securities, without mere sources and products, and its themes.

    Offsets are code points of the file as decoded, markup and all.
    """
    from corpus.analysis.themes import CLEAR, Themes, detect, merge
    from corpus.analysis.tickers import scan
    from corpus.intake.verbatim import verbatim
    from corpus.lexicon.securities import Lexicon

    lexicon, themes = Lexicon.load(), Themes.load()
    for file in _with_progress(expand_paths(files)):
        try:
            text, plain, essays = verbatim(file)
        except (IntakeError, OSError) as error:
            complain(str(error))
            yield None, ""
            continue
        named = [one for one in scan(plain, lexicon) if one.subject and not one.weak]
        said = [theme for theme in merge(detect(essay, themes) for essay in essays) if theme.weight >= CLEAR]
        yield _scan(file, text, named, said)


def _scan(file: Path, text: str, named: Sequence[Named], said: Sequence[ThemeWeight]) -> Line:
    value = {
        "source": str(file),
        "tickers": [
            {
                "code": one.security.code,
                "exchange": one.security.exchange,
                "name": one.security.name,
                "mentions": [{"start": m.start, "end": m.end, "text": text[m.start : m.end]} for m in one.mentions],
            }
            for one in named
        ],
        "themes": [{"key": theme.key, "name": theme.name, "weight": theme.weight} for theme in said],
    }
    names = "、".join(f"{one.security.name}({one.security.code})×{len(one.mentions)}" for one in named) or "沒有個股"
    return value, f"{file}\n  {names}\n  {'、'.join(theme.name for theme in said) or '沒有主題'}"


def _with_progress(files: list[Path]) -> Iterable[Path]:
    """Return the files, with a progress bar on stderr while somebody watches."""
    if len(files) < 2 or not sys.stderr.isatty():
        return files
    return track(files, description="讀檔", console=Console(stderr=True), transient=True)
