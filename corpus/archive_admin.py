"""The editors' side of the archive: look at all versions, make quiet essays news, teach it words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from corpus.analysis.analysis import Analysis, analyse
from corpus.analysis.newwords import propose
from corpus.essay import Essay
from corpus.language.text import fold
from corpus.library import Library
from corpus.resources import words_of
from corpus.storage import essay_store, lexicon_edits, topics
from corpus.storage.browse import EssayFilter, ResultPage, browse
from corpus.storage.essay_store import Version
from corpus.storage.lexicon_edits import LineKind, Lines
from corpus.storage.schema import State

MOST_READ_AGAIN = 5_000  # passages of each kind that are looked up for a new line of the lexicon


class ArchiveAdmin:
    """The archive for editors, whose rights the caller has checked: nothing here passes the gate."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.archive = library.archive
        self.work = library.work

    # essays

    def get_any(self, essay_id: int) -> tuple[Essay, State] | None:
        """Return an essay whole, in whatever state it is, and that state; None where there is none."""
        return essay_store.find_any(self.work.reader, essay_id)

    def browse(self, wanted: EssayFilter, limit: int, offset: int = 0, also: Collection[int] = ()) -> ResultPage:
        """Return a page of essays in whatever state, the last changed first; `also` are ids that a search has found for the same words."""
        return browse(self.work.reader, wanted, limit, offset, also)

    def history(self, essay_id: int) -> list[Version]:
        """Return every version of an essay, newest first."""
        return essay_store.history(self.work.reader, essay_id)

    def changed_within(self, before: int, last: int, by: str) -> list[int]:
        """Return the ids of the essays that this person changed after revision `before`, up to `last`."""
        return essay_store.changed_within(self.work.reader, before, last, by)

    def find_duplicate(self, essay: Essay) -> tuple[Essay, bool] | None:
        """Find a published essay that says nearly the same, and whether publishing this one would replace it."""
        found = essay_store.find_duplicate(self.work.reader, essay)
        known = essay_store.load(self.work.reader, [found[0]]) if found else {}
        return (known[found[0]], found[1]) if found and found[0] in known else None

    def mark_as_news(self, essay_id: int) -> bool:
        """Let an essay that was added quietly become news; return False where it is news already, or was withdrawn."""
        return essay_store.mark_as_news(self.work.writer, essay_id)

    # words

    def new_words(self, essay: Essay) -> list[str]:
        """Return the words of an essay that no lexicon knows, the most telling first."""
        return [word for word, _ in propose(essay, self.archive.language.known_words)]

    def lines(self) -> Lines:
        """Return the lines that moderators have added to the lexicon, by their kind."""
        return lexicon_edits.active_lines(self.work.reader)

    def edit_lexicon(self, kind: LineKind, line: str, at: datetime, by: str, *, stands: bool = True) -> bool:
        """Add a line to the lexicon, or strike it out; return False where that changes nothing. It holds from the next question on.

        Essays that hold one of its words are read again, so that a new theme has its essays at once. All reading comes
        before the first write.
        """
        before = self.lines()
        kept = tuple(other for other in before.get(kind, ()) if other != line)
        language = self.archive.with_lines(-1, before | {kind: (*kept, line) if stands else kept})

        def about(essay: Essay) -> Analysis:
            return analyse(essay, language.lexicon, language.themes)

        read = [
            (essay.id, about(essay), about(essay.teaser) if essay.is_partly_open else None)
            for essay in self._holding(kind, line)
        ]
        if not lexicon_edits.write(self.work.writer, kind, line, at, by, stands=stands):
            return False
        for essay_id, whole, open_part in read:
            topics.replace(self.work.writer, essay_id, whole, open_part)
        return True

    def suggestions(self, limit: int = 50) -> list[tuple[str, Essay | None]]:
        """Return the new words that wait for a decision, weightiest first, each with the essay it came from."""
        listed = topics.open_suggestions(self.work.reader, limit)
        essays = essay_store.load(self.work.reader, {essay_id for _, _, essay_id in listed})
        return [(word, essays.get(essay_id)) for word, _, essay_id in listed]

    def decide_suggestion(self, word: str, *, accept: bool) -> bool:
        """Settle a suggested word; return False when nobody suggested it."""
        return topics.decide(self.work.writer, word, "accepted" if accept else "rejected")

    def _holding(self, kind: LineKind, line: str) -> list[Essay]:
        """Find the published essays that hold a word of that line; none for a kind of line that changes no essay's topics."""
        self.library.sync_index()
        generation = self.archive.index.generation
        words = [fold(word) for word in words_of(kind, line)] if kind in _TOPICAL else []
        ids = generation.holding(words, MOST_READ_AGAIN) if generation and words else []
        return list(essay_store.load(self.work.reader, ids).values())


_TOPICAL = (
    LineKind.ALIAS,
    LineKind.THEME,
)  # synonyms and whole words change how questions are read, not what essays are about
