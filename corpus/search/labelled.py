"""Archives with labelled questions: for measuring the search and for fitting its thresholds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from corpus.analysis.themes import Themes
from corpus.essay import Essay
from corpus.index import Index
from corpus.intake import essays_in_file
from corpus.intake.paths import expand_paths
from corpus.language.segment import Segmenter
from corpus.lexicon.securities import Lexicon
from corpus.search.matcher import Matcher

ASKED = date(2026, 11, 20)  # the day of questions that do not say when they were asked
RIGHT = 2  # grade from which an essay answers
SAMPLES = Path(__file__).parents[1] / "samples"
NEWSROOM = Path(__file__).parents[1] / "newsroom"


@dataclass(frozen=True, slots=True)
class LabelledArchive:
    """An archive with questions about it."""

    name: str
    questions: Path
    pages: tuple[Path, ...]

    def essays(self) -> list[Essay]:
        return [essay for page in expand_paths(self.pages) for essay in essays_in_file(page)]


def labelled_archives() -> list[LabelledArchive]:
    """List the archives that come with the code: the samples and the newsroom, each with questions to fit and blind ones."""
    pieces = (NEWSROOM / "pieces",)
    return [
        LabelledArchive("samples", SAMPLES / "questions.json", (SAMPLES,)),
        LabelledArchive("samples, blind", SAMPLES / "blind.json", (SAMPLES,)),
        LabelledArchive("newsroom", NEWSROOM / "questions.json", pieces),
        LabelledArchive("newsroom, blind", NEWSROOM / "blind.json", pieces),
    ]


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A labelled question: grades by essay title (none: not covered), and a sentence that answers."""

    text: str
    grades: Mapping[str, int]
    quote: str = ""


def read_questions(path: Path) -> tuple[list[LabelledQuestion], date]:
    """Read the questions of a labelled file and the day they were asked. Raises OSError, ValueError or KeyError."""
    data = json.loads(path.read_text("utf-8"))
    questions = [
        LabelledQuestion(q["q"], {r["essay"]: r["grade"] for r in q.get("relevant", [])}, q.get("answer_quote") or "")
        for q in data["queries"]
    ]
    return questions, date.fromisoformat(data["asked"]) if data.get("asked") else ASKED


def numbered(essays: Sequence[Essay]) -> list[Essay]:
    """Give essays ids and revisions from 1, as a store would."""
    return [replace(essay, id=number, revision=number) for number, essay in enumerate(essays, 1)]


def matcher_over(essays: Iterable[Essay], folder: Path) -> Matcher:
    """Return a matcher over an index of these essays, made anew in `folder`."""
    lexicon = Lexicon.load()
    shutil.rmtree(folder, ignore_errors=True)
    index = Index(folder, _segmenter())
    index.refresh(1, lambda _since: ((essay.id, essay) for essay in essays), wait=True)
    return Matcher(index, lexicon, Themes.load())


@cache
def _segmenter() -> Segmenter:
    return Segmenter(Lexicon.load().words)


def reader_of(essays: Sequence[Essay]) -> Callable[[Collection[int]], Mapping[int, Essay]]:
    by_id = {essay.id: essay for essay in essays}
    return lambda ids: {key: by_id[key] for key in ids if key in by_id}
