"""The gate: what an audience may see of an essay. Every reading of the archive passes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypeVar

from corpus.cache import BoundedCache
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay
from corpus.resources import SharedResources
from corpus.storage import essay_store

T = TypeVar("T")


def seen_by(essay: Essay, audience: Audience) -> Essay:
    """Return an essay as this audience may see it: whole, or its teaser and nothing else."""
    return essay.teaser if is_locked(essay, audience) else essay


def is_locked(essay: Essay, audience: Audience) -> bool:
    """Tell whether `seen_by` holds something back."""
    return not audience.reads_all and audience.circles.isdisjoint(essay.visibility.circles)


class GatedReading:
    """Essays as one audience may see them, within one unit of work."""

    def __init__(self, archive: SharedResources, work: UnitOfWork, audience: Audience) -> None:
        self.archive = archive
        self.work = work
        self.audience = audience

    def revision(self) -> int:
        return essay_store.revision(self.work.reader)

    def read(self, ids: Collection[int]) -> Mapping[int, Essay]:
        """Return published essays by id, each as this audience may see it."""
        return {key: seen_by(essay, self.audience) for key, essay in self._load(ids).items()}

    def _load(self, ids: Collection[int]) -> dict[int, Essay]:
        """Load published essays: from this process's cache where it holds their present revision, else from the store."""
        if self.work.has_written:
            return essay_store.load(self.work.reader, ids)  # uncommitted changes stay out of the shared cache
        bounded_cache, revisions = self.archive.essays, essay_store.revisions(self.work.reader, ids)
        known = {
            key: essay for key, number in revisions.items() if (essay := bounded_cache.get((key, number))) is not None
        }
        read = essay_store.load(self.work.reader, revisions.keys() - known.keys())
        for essay in read.values():
            bounded_cache.put((essay.id, essay.revision), essay)
        return known | read

    def essay(self, essay_id: int) -> Essay | None:
        return self.read([essay_id]).get(essay_id)

    def is_locked(self, essay: Essay) -> bool:
        return is_locked(essay, self.audience)

    def remembered(self, bounded_cache: BoundedCache[Hashable, T], what: Hashable, look: Callable[[], T]) -> T:
        """Return what `look` finds, looking once for each audience and each revision of archive and lexicon."""
        if self.work.has_written:
            return look()  # uncommitted changes stay out of the shared cache
        return bounded_cache.remember((what, self.audience, self.revision(), self.archive.language.revision), look)
