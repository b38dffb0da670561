"""A small archive to ask: essays by id, an index made of them, and the matcher over it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.analysis.themes import Themes
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.index import Index
from corpus.language.segment import Segmenter
from corpus.lexicon.securities import Lexicon
from corpus.search.finding import Finding
from corpus.search.matcher import Matcher
from tests.support.memory import memory_folder

TODAY = date(2026, 11, 20)


@cache
def segmenter() -> Segmenter:
    return Segmenter(Lexicon.load().words)


def essay(title: str, text: str, published: str | None = None, **more: object) -> Essay:
    """Lines that begin with # are headings, with - list items, others paragraphs."""
    kinds = {"#": BlockKind.HEADING, "-": BlockKind.BULLET}
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    blocks = tuple(
        Block(kinds.get(line[0], BlockKind.TEXT), line.lstrip("#- ") if line[0] in kinds else line) for line in lines
    )
    day = date.fromisoformat(published) if published else None
    return Essay(title, blocks, published=day, **more)  # type: ignore[arg-type]


class Archive:
    """A store in memory with the index that follows it, in that folder or in one of its own."""

    def __init__(self, essays: Iterable[Essay], synonyms: Sequence[str] = (), folder: Path | None = None) -> None:
        self._own_folder = TemporaryDirectory(prefix="index", dir=memory_folder())  # as long as the archive
        self.essays: dict[int, Essay] = {}
        self.revision = 0
        self.withdrawn: dict[int, int] = {}
        self.index = Index(folder or Path(self._own_folder.name) / "index", segmenter())
        for one in essays:
            self.publish(one)
        self.matcher = Matcher(self.index, Lexicon.load(), Themes.load(), synonyms)

    def publish(self, one: Essay) -> int:
        self.revision += 1
        number = one.id or len(self.essays) + len(self.withdrawn) + 1
        self.essays[number] = replace(one, id=number, revision=self.revision)
        return number

    def withdraw(self, number: int) -> None:
        self.revision += 1
        del self.essays[number]
        self.withdrawn[number] = self.revision

    def changes(self, since: int) -> list[tuple[int, Essay | None]]:
        gone = [(number, None) for number, revision in self.withdrawn.items() if revision > since]
        return [*((key, one) for key, one in self.essays.items() if one.revision > since), *gone]

    def follow(self) -> bool:
        return self.index.refresh(self.revision, self.changes)

    def read(self, ids: Collection[int], audience: Audience = Audience.MEMBER) -> Mapping[int, Essay]:
        return {key: _seen_by(self.essays[key], audience) for key in ids if key in self.essays}

    def ask(self, question: str, audience: Audience = Audience.MEMBER, *, strict: bool = False) -> Finding:
        self.follow()
        return self.matcher.find(question, audience, lambda ids: self.read(ids, audience), today=TODAY, strict=strict)

    def titles(self, question: str, audience: Audience = Audience.MEMBER) -> list[str]:
        return [self.essays[hit.essay_id].title for hit in self.ask(question, audience).hits]

    def first(self, question: str) -> str:
        return next(iter(self.titles(question)), "")

    def says(self, question: str) -> str:
        """The text of the first essay's snippets."""
        return "\n".join(snippet.text for snippet in self.ask(question).hits[0].snippets)


def _seen_by(one: Essay, audience: Audience) -> Essay:
    if audience is Audience.MEMBER or one.visibility == Visibility.PUBLIC:
        return one
    return replace(one, blocks=(Block(BlockKind.TEXT, one.lead),) if one.lead else ())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
