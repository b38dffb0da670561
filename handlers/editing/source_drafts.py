"""New posts of a source as drafts, and its edits of essays that were corrected here as corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from corpus.database import UnitOfWork
from corpus.essay import Essay
from corpus.intake.extracted import Extracted
from corpus.intake.sources.source import Source
from handlers.club.club import Club
from handlers.club.drafts import Drafts, DraftStage, new_correction, new_draft


class SourceDrafts:
    """The drafts' side of sources. A draft belongs to whoever added the source, else to the first owner."""

    def __init__(self, owners: tuple[str, ...] = ()) -> None:
        self.owners = owners

    def draft(self, work: UnitOfWork, source: Source, found: Extracted, at: datetime) -> int:
        """Keep a new draft with its left-out lines; return its number. Who may read a post for members is left to the editor."""
        essay = found.essays[0]
        draft = new_draft(
            self._editor(work, source),
            at,
            essays=found.essays,
            left_out=found.left_out,
            origin=essay.url or source.address,
            visibility_chosen=essay.visibility.is_public,
        )
        return Drafts(work).begin(draft).id

    def revise(self, work: UnitOfWork, draft: int, found: Extracted, at: datetime) -> bool:
        """Replace the essays of a draft that is still to be published; False where it is none any more."""
        kept = Drafts(work).get(draft)
        if kept is None or kept.stage is not DraftStage.READY:
            return False
        Drafts(work).keep(replace(kept, essays=found.essays, left_out=found.left_out), at)
        return True

    def correct(self, work: UnitOfWork, source: Source, before: Essay, after: Essay, at: datetime) -> int:
        """Keep a draft that corrects an essay which somebody here has changed; return its number."""
        return Drafts(work).begin(new_correction(self._editor(work, source), at, before, after)).id

    def _editor(self, work: UnitOfWork, source: Source) -> str:
        if source.added_by:
            return source.added_by
        staff = Club(work, self.owners).people.staff()
        return staff[0][0] if staff else ""
