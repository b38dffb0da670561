"""Archives with labelled questions: those that come with the code, and the sets of a folder given."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.essay import Block, BlockKind, Essay, Visibility
from corpus.intake import essays_in_file
from corpus.search.labelled import ASKED, RIGHT, LabelledArchive, labelled_archives, numbered, read_questions

PARTS = 4  # of an archive, each of which is taken out of it once
LEFT_OUT = 0.35  # of the articles of a public set: questions about them are not covered
_BLANKS = re.compile(r"\s+")
_PAGE = re.compile(r"\.(?:html|txt)$")


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question with the ids of the essays that answer it, and of those that may stand for them; none: not covered."""

    text: str
    right: frozenset[int]
    near: frozenset[int]
    quotes: tuple[str, ...] = ()
    touching: frozenset[int] = frozenset()  # essays that say a little of it
    hard: bool = False  # a near miss: not covered, though an essay is about its subject (another plant of 台積電)

    @property
    def covered(self) -> bool:
        return bool(self.right)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions about essays. Sets of one `archive` are left out of a fit together."""

    name: str
    archive: str
    essays: tuple[Essay, ...]
    questions: tuple[SetQuestion, ...]
    asked: date = ASKED

    def sample(self, most: int) -> QuestionSet:
        """Keep at most so many covered questions and half as many others, always the same ones; 0: all."""
        if not most:
            return self
        mixed = sorted(self.questions, key=lambda question: _place(question.text))
        covered = [question for question in mixed if question.covered][:most]
        others = [question for question in mixed if not question.covered][: most // 2]
        return replace(self, questions=(*covered, *others))

    def without_answers(self) -> Iterator[QuestionSet]:
        """Yield the same archive, each time without some essays, with the questions that only those answer: asked in vain.

        All essays that a question is labelled with go together, and so do those of one title.
        """
        titles: dict[str, set[int]] = defaultdict(set)
        for essay in self.essays:
            titles[essay.title].add(essay.id)
        labelled = {question: question.near | question.touching for question in self.questions if question.covered}
        groups = _joined([*titles.values(), *labelled.values()])
        for part in range(PARTS):
            gone = {key for group in groups if _part(self.essays[min(group) - 1].title) == part for key in group}
            asked = tuple(
                replace(question, right=frozenset(), near=frozenset(), quotes=())
                for question, essays in labelled.items()
                if essays <= gone
            )
            kept = numbered([essay for essay in self.essays if essay.id not in gone])
            if asked and kept:
                yield replace(self, essays=tuple(kept), questions=asked)


def question_sets(folder: Path | None, pages: Sequence[Path]) -> Iterator[QuestionSet]:
    """Yield the archives of the code; and of a folder, `queries.json` over `pages`, `real/`, and `public/`, as far as they are there."""
    for archive in labelled_archives():
        yield _labelled(archive)
    if folder is None:
        return
    if pages and (folder / "queries.json").exists():
        yield _labelled(LabelledArchive("pages", folder / "queries.json", tuple(pages)))
    if (folder / "real").is_dir():
        yield _real(folder / "real")
    for file in sorted((folder / "public").glob("*.json")):
        yield _public(file)


def _labelled(archive: LabelledArchive) -> QuestionSet:
    essays = numbered(archive.essays())
    questions, asked = read_questions(archive.questions)
    found = []
    for question in questions:
        right = frozenset(essay.id for essay in essays if question.grades.get(essay.title, 0) >= RIGHT)
        touching = frozenset(essay.id for essay in essays if essay.title in question.grades)
        found.append(SetQuestion(question.text, right, right, (question.quote,) if question.quote else (), touching))
    return QuestionSet(archive.name, archive.name.partition(",")[0], tuple(essays), tuple(found), asked)


def _real(folder: Path) -> QuestionSet:
    """Read saved pages and posts, `pages/`, with their `*_questions.json`; of a page that is there twice the HTML."""
    names = {path.name for path in (folder / "pages").iterdir() if path.suffix in (".html", ".txt")}
    names -= {_PAGE.sub(".txt", name) for name in names if name.endswith(".html")}
    essays, sources = [], []
    for name in sorted(names):
        for essay in _essays_of(folder / "pages" / name):
            essays.append(replace(essay, visibility=Visibility.PUBLIC))
            sources.append(_PAGE.sub("", name))
    places: dict[str, set[int]] = {}
    for number, source in enumerate(sources, 1):
        places.setdefault(source, set()).add(number)
    labels = [
        label for file in sorted(folder.glob("*_questions.json")) for label in json.loads(file.read_text("utf-8"))
    ]
    questions = tuple(_real_question(label, places) for label in labels)
    return QuestionSet("real", "real", tuple(numbered(essays)), questions)


def _essays_of(page: Path) -> list[Essay]:
    try:
        return essays_in_file(page)
    except ValueError:
        return []  # a home page without an article


def _real_question(label: Mapping[str, Any], places: Mapping[str, set[int]]) -> SetQuestion:
    right = _ids(label.get("relevant"), places)
    more = [one["quote"] if isinstance(one, dict) else one for one in label.get("acceptable_quotes") or ()]
    quotes = (label.get("quote"), *(label.get("quotes_also") or ()), *more)
    text = re.sub(r"\s*\n\s*", " ", label["q"])
    near, hard = right | _ids(label.get("acceptable"), places), bool(label.get("hard"))
    return SetQuestion(text, right, near, tuple(filter(None, quotes)), hard=hard)


def _ids(pages: Iterable[str] | None, places: Mapping[str, set[int]]) -> frozenset[int]:
    return frozenset(number for page in pages or () for number in places.get(_PAGE.sub("", page), ()))


def _public(file: Path) -> QuestionSet:
    """Read a reading comprehension set in the form of SQuAD: each paragraph an essay under its article's title."""
    essays: list[Essay] = []
    questions: list[SetQuestion] = []
    for article in json.loads(file.read_text("utf-8"))["data"]:
        title = str(article.get("title") or article["id"])
        kept = _place(title) >= LEFT_OUT
        for paragraph in article["paragraphs"]:
            text = _BLANKS.sub(" ", paragraph["context"]).strip()
            if kept:
                essays.append(Essay(title, (Block(BlockKind.TEXT, text),)))
            right = frozenset({len(essays)}) if kept else frozenset[int]()
            for asked in paragraph["qas"]:
                answers = tuple({answer["text"] for answer in asked["answers"]}) if kept else ()
                questions.append(SetQuestion(_BLANKS.sub(" ", asked["question"]), right, right, answers))
    return QuestionSet(file.stem, file.stem, tuple(numbered(essays)), tuple(questions))


def _joined(groups: Iterable[Collection[int]]) -> list[frozenset[int]]:
    """Join the groups that share a member."""
    joined: list[frozenset[int]] = []
    for group in groups:
        apart = [other for other in joined if other.isdisjoint(group)]
        shared = [other for other in joined if not other.isdisjoint(group)]
        joined = [*apart, frozenset(group).union(*shared)]
    return joined


def _part(title: str) -> int:
    return int(_place(title) * PARTS)


def _place(text: str) -> float:
    """Return a number from 0 to 1, always the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 256**6
