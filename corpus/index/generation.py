"""One generation of the index on disk: opened only when every byte of it is sound."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from corpus.cache import BoundedCache
from corpus.essay import Audience, Essay
from corpus.index.documents import PARAGRAPH, STATE, WHOLE, documents, field, schema, state
from corpus.index.queries import (
    Match,
    Scope,
    Term,
    bigram_query,
    form_query,
    in_a_row,
    phrase,
    scope_clauses,
    search_query,
    text_query,
)
from corpus.language.segment import Segmenter, char_bigrams

_FOOTER = struct.Struct("<II")  # length of the JSON before it, magic number
_MAGIC = 1337
WORDS_KEPT, LIKENESSES_KEPT = 50_000, 500  # answers that one view remembers: counts of words, passages like a word
_HEAP = 30_000_000  # bytes of one writer thread
_AT_ONCE = 1 << 20  # bytes of a file that are checked at once


class DamagedError(Exception):
    """The files on disk are not those that were written."""


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The revision of the store that an index holds, and that revision's random mark."""

    revision: int
    mark: str = ""


class IndexGeneration:
    """Reader and writer of one folder. A reader keeps its view until `reload`."""

    def __init__(self, folder: Path, segmenter: Segmenter) -> None:
        self.folder = folder
        self.segmenter = segmenter
        self._files = verify(folder)
        self._index = tantivy.Index.open(str(folder))
        if self._index.schema != schema():
            raise DamagedError(f"{folder.name}: it has the fields of another version")
        self._index.config_reader("manual")
        self._look()

    @classmethod
    def create(
        cls, folder: Path, essays: Iterable[Essay], made_from: MadeFrom, segmenter: Segmenter
    ) -> IndexGeneration:
        folder.mkdir(parents=True)
        write(tantivy.Index(schema(), str(folder)), ((essay.id, essay) for essay in essays), made_from, segmenter)
        return cls(folder, segmenter)

    def changed(self) -> bool:
        """Tell whether another process has committed since this view was taken."""
        return _stat(self.folder / "meta.json") != self._meta

    def reload(self) -> None:
        """Take the newest commit as view. Raises DamagedError."""
        self._files = verify(self.folder)
        self._index.reload()
        self._look()

    def intact(self) -> bool:
        """Tell whether all files of this view still have the sizes they had: a cheap look at each question."""
        return all(_size(path) == size for path, size in self._files.items())

    def truncated(self) -> bool:
        """Tell whether reading on might run past the end of a mapped file, which would kill the process."""
        return any(0 <= _size(path) < size for path, size in self._files.items())

    def apply(self, changes: Iterable[tuple[int, Essay | None]], made_from: MadeFrom) -> None:
        write(self._index, changes, made_from, self.segmenter)
        self.reload()

    def search(self, kind: str, terms: tuple[Term, ...], scope: Scope, limit: int) -> list[Match]:
        if not terms:
            return []
        return self._matches(search_query(kind, terms, scope, self.segmenter), kind, limit)

    def holding_pairs(self, kind: str, units: Sequence[str], scope: Scope, limit: int) -> list[Match]:
        """Find the documents that hold most of these pairs of characters; the rarer a pair, the more it counts."""
        return self._matches(bigram_query(kind, units, scope), kind, limit) if units else []

    def sounding_like(self, syllable_pairs: list[str], scope: Scope, limit: int) -> list[Match]:
        """Find paragraphs with these sounds in a row."""
        key = ("sounds", *syllable_pairs, scope, limit)
        return self._likenesses.remember(key, lambda: self._passages(in_a_row("sounds", syllable_pairs), scope, limit))

    def spelt_like(self, word: str, distance: int, scope: Scope, limit: int) -> list[Match]:
        """Find paragraphs with a Latin word at most `distance` edits from `word`; a swap is one edit."""

        def find() -> list[Match]:
            fuzzy = Query.fuzzy_term_query(schema(), field(PARAGRAPH, "body"), word, distance=distance)
            return self._passages(fuzzy, scope, limit)

        return self._likenesses.remember((word, distance, scope, limit), find)

    def _passages(self, query: Query, scope: Scope, limit: int) -> list[Match]:
        clauses = [*scope_clauses(PARAGRAPH, scope), (Occur.Must, query)]
        return self._matches(Query.boolean_query(clauses), PARAGRAPH, limit)

    def holding(self, words: Sequence[str], limit: int) -> list[int]:
        """Return the ids of the essays of which a title, heading or paragraph holds one of these folded words, however it was cut.

        `limit`: of documents of each kind.
        """
        found: dict[int, None] = {}
        for kind in (WHOLE, PARAGRAPH):
            held = Query.boolean_query([(Occur.Should, phrase(kind, "pairs", char_bigrams(word))) for word in words])
            query = Query.boolean_query([*scope_clauses(kind, Scope(Audience.EDITOR)), (Occur.Must, held)])
            found.update((match.essay, None) for match in self._matches(query, kind, limit))
        return list(found)

    def frequency(self, folded: str, audience: Audience) -> int:
        """Count the paragraphs that hold these characters in a row, in text or byline; of a word, in heading or title, too."""
        return self._frequencies.remember((folded, audience), lambda: self._count(folded, audience))

    def _count(self, folded: str, audience: Audience) -> int:
        found = form_query(PARAGRAPH, folded, self.segmenter)
        query = Query.boolean_query([*scope_clauses(PARAGRAPH, Scope(audience)), (Occur.Must, found)])
        return self._number(query)

    def is_byline(self, folded: str, audience: Audience) -> bool:
        """Tell whether the author or source of an essay holds this name."""
        return bool(folded) and bool(self.latest(Scope(audience, byline=folded), 1))

    def is_spoken_of(self, folded: str, audience: Audience) -> bool:
        """Tell whether a paragraph that somebody else wrote holds a name: then the name alone need not mean its bearer's essays."""
        others = [
            *scope_clauses(PARAGRAPH, Scope(audience)),
            (Occur.MustNot, phrase(PARAGRAPH, "byline", char_bigrams(folded))),
        ]
        query = Query.boolean_query([*others, (Occur.Must, text_query(PARAGRAPH, folded, self.segmenter))])
        return bool(self._number(query))

    def paragraphs(self, audience: Audience) -> int:
        """Count all paragraphs that the audience sees."""
        if audience not in self._paragraphs:
            self._paragraphs[audience] = self._number(Query.boolean_query(scope_clauses(PARAGRAPH, Scope(audience))))
        return self._paragraphs[audience]

    def _number(self, query: Query) -> int:
        counted: Any = self._searcher.search(query, 1)  # its `count` is missing from tantivy's type hints
        return int(counted.count)

    def latest(self, scope: Scope, limit: int) -> list[Match]:
        """Return whole essays within the scope, newest first."""
        query = Query.boolean_query(scope_clauses(WHOLE, scope))
        found = self._searcher.search(query, limit, count=False, order_by_field="day")
        ids = self._searcher.fast_field_values("essay", [address for _, address in found.hits])
        return [Match(int(essay or 0), None, 0.0) for essay in ids]

    def _matches(self, query: Query, kind: str, limit: int) -> list[Match]:
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        essays = self._searcher.fast_field_values("essay", addresses)
        places = self._searcher.fast_field_values("paragraph", addresses) if kind == PARAGRAPH else [None] * len(hits)
        return [
            Match(int(essay or 0), None if place is None else int(place), float(score))
            for (score, _), essay, place in zip(hits, essays, places, strict=True)
        ]

    def _look(self) -> None:
        self._meta = _stat(self.folder / "meta.json")
        self._searcher = self._index.searcher()
        self._frequencies: BoundedCache[tuple[str, Audience], int] = BoundedCache(WORDS_KEPT)
        self._likenesses: BoundedCache[Hashable, list[Match]] = BoundedCache(LIKENESSES_KEPT)
        self._paragraphs: dict[Audience, int] = {}
        found = self._searcher.search(Query.term_query(schema(), "circle", STATE), 1).hits
        if not found:
            raise DamagedError(f"{self.folder.name}: it does not say what it was made from")
        revision, mark, self.fingerprint = str(self._searcher.doc(found[0][1])["stamp"][0]).split(" ")
        self.made_from = MadeFrom(int(revision), mark)

    @property
    def revision(self) -> int:
        return self.made_from.revision


def write(
    index: tantivy.Index, changes: Iterable[tuple[int, Essay | None]], made_from: MadeFrom, segmenter: Segmenter
) -> None:
    """Replace the documents of every changed essay and commit, together with the revision they bring the index to, and its mark."""
    writer = index.writer(_HEAP, 1)
    for essay_id, essay in changes:
        # By query: by term, a number is not found, and nothing is deleted.
        writer.delete_documents_by_query(Query.term_query(schema(), "essay", essay_id))
        if essay is not None:
            for document in documents(essay, segmenter):
                writer.add_document(document)
    writer.delete_documents_by_term("circle", STATE)
    writer.add_document(state(made_from.revision, made_from.mark, segmenter.fingerprint))
    writer.commit()
    writer.wait_merging_threads()


def verify(folder: Path) -> dict[Path, int]:
    """Check the files of the last commit and return their sizes. Raises DamagedError when one is missing or its checksum is wrong."""
    try:
        segments = json.loads((folder / "meta.json").read_bytes())["segments"]
        stems = [segment["segment_id"].replace("-", "") for segment in segments]
        files = [path for stem in stems for path in sorted(folder.glob(f"{stem}.*"))]
        for path in files:
            _check(path)
        return {path: path.stat().st_size for path in files}
    except (OSError, ValueError, KeyError) as error:
        raise DamagedError(f"{folder.name}: {error}") from error


def _check(path: Path) -> None:
    """Check a file by its end: tantivy writes {"crc": ...}, the length of that and a magic number. Raises ValueError."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _FOOTER.size))
        length, magic = _FOOTER.unpack(file.read()) if size > _FOOTER.size else (0, 0)
        if magic != _MAGIC:
            raise ValueError(f"{path.name} is cut short")
        end = size - _FOOTER.size - length
        file.seek(max(0, end))
        stated = json.loads(file.read(length))["crc"]
        file.seek(0)
        found, left = 0, end
        while left > 0 and (data := file.read(min(left, _AT_ONCE))):
            found, left = zlib.crc32(data, found), left - len(data)
    if left or found != stated:
        raise ValueError(f"{path.name} is not what was written")


def _stat(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
