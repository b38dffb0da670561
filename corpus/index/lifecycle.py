"""The index's life: made, followed, checked, mended and shared by several processes of one host."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from corpus.essay import Audience, Essay
from corpus.index.documents import WHOLE
from corpus.index.generation import DamagedError, IndexGeneration, MadeFrom
from corpus.index.queries import Scope, Term, TermForm
from corpus.language.segment import Segmenter
from corpus.language.text import fold

Fetch = Callable[[int], Iterable[tuple[int, "Essay | None"]]]

AT_ONCE = 64  # revisions behind that a question waits for; more are caught up in the background
PATIENCE = 5.0  # seconds that a question waits for another process which holds the lock: it may apply what is asked for


@dataclass(frozen=True, slots=True)
class _Store:
    """The store as one refresh sees it."""

    revision: int
    fetch: Fetch
    mark_at: Callable[[int], str]

    @property
    def now(self) -> MadeFrom:
        return MadeFrom(self.revision, self.mark_at(self.revision))

    def has_been(self, made_from: MadeFrom) -> bool:
        """Tell whether an index was made from this store: it is not another archive, and was not set back since."""
        return made_from.revision <= self.revision and self.mark_at(made_from.revision) == made_from.mark


class Index:
    """The index in `folder`, for the threads of this process; other processes may use the same folder.

    `current` in the folder names the generation in use. A generation is followed in place by small commits; a rebuild
    makes a new one beside it and swaps the name. Writers of all processes take turns by a lock on a file beside the
    folder, which survives the folder. The store's revision is committed with the documents, so a writer killed at any
    point leaves either the old state or the new one.
    """

    def __init__(self, folder: Path, segmenter: Segmenter) -> None:
        self.folder = folder
        self._current_name = folder / "current"
        self.segmenter = segmenter
        self._generation: IndexGeneration | None = None
        self._turn = threading.Lock()
        self._rebuilding: threading.Thread | None = None
        self._renew()

    @property
    def revision(self) -> int:
        """The revision of the store that answers are made from; -1 when there is nothing to answer from."""
        generation = self._generation
        return generation.revision if generation else -1

    @property
    def generation(self) -> IndexGeneration | None:
        """The view to search; None until the first build. Take it once for all searches of one question."""
        return self._generation

    def refresh(
        self, revision: int, fetch: Fetch, wait: bool = False, *, mark_at: Callable[[int], str] = lambda _revision: ""
    ) -> bool:
        """Bring the index to the store's `revision`; return whether it is there.

        `fetch(since)` gives (id, essay or None when withdrawn) of all that changed after `since`; it may be called in
        another thread, so it opens a connection of its own. A small backlog is applied at once, a large one in the
        background unless `wait`. `mark_at(revision)` gives the store's random mark of a revision: an index of another
        archive, or of one that was set back since, is made anew, whatever its revision.
        """
        store = _Store(revision, fetch, mark_at)
        with self._turn:
            self._renew()
            if self._follows(store):
                return True
            if not wait and self._backlog(store) > AT_ONCE:
                self._rebuild_behind(store)
                return False
            with self._writers_turn(None if wait else PATIENCE) as mine:
                if mine:
                    self._catch_up(store)
                self._renew()
            return self._follows(store)

    def similar(self, text: str, audience: Audience, limit: int = 10) -> list[int]:
        """Return the ids of the essays whose text is nearest to `text`, a title or a sentence."""
        words = dict.fromkeys(word for word in self.segmenter.cut(fold(text)) if len(word) > 1)
        terms = tuple(Term((TermForm(word),)) for word in words)
        found = self._generation.search(WHOLE, terms, Scope(audience), limit) if self._generation else []
        return [match.essay for match in found]

    def _follows(self, store: _Store) -> bool:
        generation = self._generation
        return generation is not None and generation.made_from == store.now and self._usable(generation)

    def _usable(self, generation: IndexGeneration) -> bool:
        return (
            generation.fingerprint == self.segmenter.fingerprint
            and generation.folder == self._current()
            and generation.intact()
        )

    def _backlog(self, store: _Store) -> int:
        """Return how many revisions have to be read; all of them where the database is another, or was set back."""
        generation = self._generation
        if generation is None or not self._usable(generation) or not store.has_been(generation.made_from):
            return store.revision
        return store.revision - generation.revision

    def _renew(self) -> None:
        """Follow the commits and rebuilds of other processes; drop a view that is not safe to read."""
        generation = self._generation
        current = self._current()
        if generation is not None and generation.truncated():
            self._generation = generation = None
        if current is None:
            return  # deleted: the mapped files of the old view can still be read
        try:
            if generation is None or generation.folder != current:
                self._generation = IndexGeneration(current, self.segmenter)
            elif generation.changed():
                generation.reload()
        except (DamagedError, ValueError, OSError):
            pass  # not followed: `refresh` rebuilds it under the lock

    def _catch_up(self, store: _Store) -> None:
        self._renew()
        generation = self._generation
        if self._follows(store):
            return
        if generation is not None and self._usable(generation) and store.has_been(generation.made_from):
            generation.apply(store.fetch(generation.revision), store.now)
        else:
            self._rebuild(store)

    def _rebuild(self, store: _Store) -> None:
        made = self.folder / uuid4().hex
        made_from = store.now  # before the essays: what is changed meanwhile is read once more
        essays = (essay for _, essay in store.fetch(0) if essay is not None)
        generation = IndexGeneration.create(made, essays, made_from, self.segmenter)
        name = self.folder / f"{made.name}.name"
        name.write_text(made.name)
        name.replace(self._current_name)
        self._generation = generation
        for old in self.folder.iterdir():
            if old.is_dir() and old != made:
                shutil.rmtree(old, ignore_errors=True)  # readers keep what they have mapped

    def _rebuild_behind(self, store: _Store) -> None:
        if self._rebuilding is not None and self._rebuilding.is_alive():
            return
        self._rebuilding = threading.Thread(target=self._catch_up_behind, args=(store,), name="index", daemon=True)
        self._rebuilding.start()

    def _catch_up_behind(self, store: _Store) -> None:
        with self._writers_turn(0) as mine:
            if mine:
                self._catch_up(store)

    def wait(self) -> None:
        """Wait until the work in the background is done."""
        if self._rebuilding is not None:
            self._rebuilding.join()

    def _current(self) -> Path | None:
        with suppress(OSError):
            return self.folder / self._current_name.read_text().strip()
        return None

    @contextmanager
    def _writers_turn(self, patience: float | None) -> Iterator[bool]:
        """Hold the lock of all writers; yield False when it was not free within `patience` seconds (None: wait for it)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder.parent / f"{self.folder.name}.lock", timeout=-1 if patience is None else patience)
        try:
            lock.acquire(poll_interval=0.01)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
