"""`luopan refit`: the confidence of the matcher, fitted to labelled questions and to what people were not content with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay
from corpus.library import ArchiveResources, Library
from corpus.resources import thresholds
from corpus.search.calibration import JudgedQuestion, TrainingExample, examples, fit, write
from corpus.search.confidence import ConfidenceModel
from corpus.search.labelled import RIGHT, labelled_archives, matcher_over, numbered, read_questions, reader_of
from corpus.storage import essay_store
from handlers.club.club import Club

MOST_GAPS = 500


def calibrate(
    archive: ArchiveResources, files: Sequence[Path], now: datetime, *, house_only: bool = False
) -> tuple[ConfidenceModel, int]:
    """Return a confidence model for this archive, and the number of questions it was fitted to.

    `files`: labelled questions about it, as corpus/newsroom/questions.json. Unless `house_only`, the archives that come
    with the code take part, so that a few questions of one community do not decide alone. Raises ValueError when there are
    too few questions, OSError or KeyError for a file that is none.
    """
    given = [] if house_only else list(_given())
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, Audience.EDITOR)
        library.wait_for_index()
        asked = [*_labelled(files, library), *_gaps(Club(work), library, now)]
        given += examples(lambda question: library.search(question, now), asked)
    return fit(given), len(given)


def save_thresholds(judge: ConfidenceModel, archive: ArchiveResources) -> Path:
    """Write the model where the bot looks when it starts; return the path."""
    path = thresholds(archive.index_folder)
    write(judge, path)
    return path


def _labelled(files: Sequence[Path], library: Library) -> Iterator[JudgedQuestion]:
    ids = {essay.title: key for key, essay, _ in essay_store.changes(library.work.reader, 0) if essay is not None}
    for file in files:
        for question in read_questions(file)[0]:
            right = {ids[title] for title, grade in question.grades.items() if grade >= RIGHT and title in ids}
            if right or not question.grades:
                yield JudgedQuestion(question.text, frozenset(right))


def _gaps(club: Club, library: Library, now: datetime) -> Iterator[JudgedQuestion]:
    """Yield questions asked in vain that still would be, and those answered beside the point: as not covered."""
    for gap in club.gaps.grouped(MOST_GAPS):
        if gap.wrong or library.search(gap.question, now).outcome != "answer":
            yield JudgedQuestion(gap.question)


def _given() -> Iterator[TrainingExample]:
    for archive in labelled_archives():
        essays = numbered(archive.essays())
        questions, day = read_questions(archive.questions)
        with tempfile.TemporaryDirectory() as folder:
            matcher, read = matcher_over(essays, Path(folder) / "index"), reader_of(essays)
            labelled = [JudgedQuestion(q.text, _answers(q.grades, essays)) for q in questions]
            find = partial(matcher.find, audience=Audience.GUEST, essays=read, today=day)
            yield from examples(find, labelled, archive.name.partition(",")[0])


def _answers(grades: Mapping[str, int], essays: Sequence[Essay]) -> frozenset[int]:
    return frozenset(essay.id for essay in essays if grades.get(essay.title, 0) >= RIGHT)
