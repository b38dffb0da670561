"""Puts the essays of a source where they belong: on the shelf, among the drafts, or in the place of what they were before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay, Visibility
from corpus.intake.extracted import Extracted
from corpus.intake.sources.post import TAIPEI, Post
from corpus.intake.sources.source import Source, SourceRule, SourceState
from corpus.library import ArchiveResources
from corpus.storage import essay_store, post_readings, source_store
from corpus.storage.essay_json import content_hash
from corpus.storage.source_store import KnownPost

GRACE = timedelta(days=2)  # a post whose date lies further before the last look is no news
BY_SOURCE = "source:"  # before a source's id, where it changed an essay


@dataclass(frozen=True, slots=True)
class PostReport:
    """The outcome for one post."""

    address: str
    title: str
    published: date | None
    author: str | None
    tags: tuple[str, ...]
    visibility: Visibility
    status: str  # added, changed, unchanged, drafted, removed, refused
    reason: str = ""
    essay_id: int | None = None
    left_out: int | None = None  # lines of it that are in no essay; None: not read now


class DraftKeeper(Protocol):
    """The keeper of essays that wait for an editor."""

    def draft(self, work: UnitOfWork, source: Source, found: Extracted, at: datetime) -> int:
        """Keep a new draft and return its number."""

    def revise(self, work: UnitOfWork, draft: int, found: Extracted, at: datetime) -> bool:
        """Let a draft that is still to be published say something else; return False where it is none any more."""

    def correct(self, work: UnitOfWork, source: Source, before: Essay, after: Essay, at: datetime) -> int:
        """Keep a draft that corrects an essay which somebody here has changed, and return its number."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The place where an essay has gone."""

    status: str
    essay_id: int | None = None
    draft_id: int | None = None
    shelved: str = ""


class SourcePlacement:
    """The essays of one source, as of one moment."""

    def __init__(self, archive: ArchiveResources, drafts: DraftKeeper, source: Source, now: datetime) -> None:
        self.archive = archive
        self.drafts = drafts
        self.source = source
        self.now = now

    def keep(self, post: Post, found: Extracted, key: str) -> tuple[PostReport, KnownPost]:
        """Put the essay of a post in its place and remember its post, in one transaction."""
        essay = found.essays[0]
        with UnitOfWork(self.archive.engine) as work:
            known = source_store.find_post(work.reader, self.source.id, post.number, key)
            known = known or KnownPost(key, post.address, seen_at=self.now)
            read = content_hash(essay)
            if known.fingerprint == read and known.state != "refused":
                placed = Placed("unchanged", known.essay_id, known.draft_id, known.shelved)
            else:
                placed = self._place(work, known, found)
            kept = source_store.keep_post(
                work.writer,
                self.source.id,
                replace(
                    _seen(known, post, key, self.now),
                    title=essay.title,
                    fingerprint=read,
                    essay_id=placed.essay_id,
                    draft_id=placed.draft_id,
                    shelved=placed.shelved,
                ),
            )
            post_readings.keep(work.writer, kept.id, found)
            work.commit()
        return report(essay, placed.status, essay_id=placed.essay_id, left_out=len(found.left_out)), kept

    def refuse(self, post: Post, reason: str, key: str) -> KnownPost:
        """Remember that a post could not be taken; an essay that is here stays as it is."""
        with UnitOfWork(self.archive.engine) as work:
            known = source_store.find_post(work.reader, self.source.id, post.number, key)
            known = known or KnownPost(key, post.address, seen_at=self.now)
            state = "kept" if known.essay_id or known.draft_id else "refused"
            seen = replace(_seen(known, post, key, self.now), state=state, reason=reason)
            kept = source_store.keep_post(work.writer, self.source.id, seen)
            work.commit()
        return kept

    def readdress(self, post: KnownPost, address: str) -> tuple[PostReport | None, KnownPost]:
        """Let a post and its essay stand at another address; the essay's last editor stays who it was."""
        with UnitOfWork(self.archive.engine) as work:
            kept, told = replace(post, address=address), None
            found = essay_store.find_any(work.reader, post.essay_id) if post.essay_id else None
            if found is not None and found[0].url == post.address:
                before, after = found[0], replace(found[0], url=address)
                last = essay_store.history(work.reader, before.id)[0]
                self.archive.library(work, Audience.EDITOR).change(after, self.now, by=last.changed_by)
                told = report(after, "changed", essay_id=after.id)
                if content_hash(before) == post.shelved:
                    kept = replace(kept, shelved=content_hash(after))
            kept = source_store.keep_post(work.writer, self.source.id, kept)
            work.commit()
        return told, kept

    def _place(self, work: UnitOfWork, known: KnownPost, found: Extracted) -> Placed:
        essay = found.essays[0]
        number = known.essay_id or essay_store.find_at(work.reader, essay.url or "")
        if number is not None:
            return self._change(work, known, number, essay)
        if known.draft_id is not None and self.drafts.revise(work, known.draft_id, found, self.now):
            return Placed("drafted", None, known.draft_id, content_hash(essay))
        if self.source.rule is SourceRule.DRAFT and self.source.state is SourceState.KEPT:
            return Placed("drafted", None, self.drafts.draft(work, self.source, found, self.now), content_hash(essay))
        library = self.archive.library(work, Audience.EDITOR)
        added = library.add(essay, self.now, news=self._is_news(essay), by=self._by)
        return Placed(str(added.status), added.essay.id, known.draft_id, content_hash(added.essay))

    def _change(self, work: UnitOfWork, known: KnownPost, number: int, essay: Essay) -> Placed:
        """Edit an essay at once where nobody here has changed it, else as a correction that an editor decides about."""
        found = essay_store.find_any(work.reader, number)
        if found is None:
            return Placed("unchanged", None, known.draft_id)
        before = found[0]
        if not essay.visibility.is_within(before.visibility):
            essay = replace(essay, visibility=before.visibility, lead=essay.lead or before.lead)
        after = replace(essay, id=number)
        if content_hash(before) == content_hash(after):
            return Placed("unchanged", number, known.draft_id, content_hash(before))
        if content_hash(before) != known.shelved and self._was_touched(work, number):
            if known.draft_id is None or not self.drafts.revise(work, known.draft_id, Extracted((after,)), self.now):
                draft = self.drafts.correct(work, self.source, before, after, self.now)
                return Placed("drafted", number, draft, known.shelved)
            return Placed("drafted", number, known.draft_id, known.shelved)
        self.archive.library(work, Audience.EDITOR).change(after, self.now, by=self._by)
        return Placed("changed", number, known.draft_id, content_hash(after))

    def _was_touched(self, work: UnitOfWork, number: int) -> bool:
        """Tell whether the last word on an essay is a person's."""
        last = next(iter(essay_store.history(work.reader, number)), None)
        return last is not None and bool(last.changed_by) and not str(last.changed_by).startswith(BY_SOURCE)

    def _is_news(self, essay: Essay) -> bool:
        """Tell whether a post may be told: written since the source is kept up, and seen as soon as it could be."""
        if self.source.rule is not SourceRule.PUBLISH or self.source.state is not SourceState.KEPT:
            return False
        last = (self.source.synced_at or self.source.added_at).astimezone(TAIPEI).date() - GRACE
        oldest = max(last, self.source.added_at.astimezone(TAIPEI).date())
        return essay.published is not None and oldest <= essay.published

    @property
    def _by(self) -> str:
        return f"{BY_SOURCE}{self.source.id}"


def of_post(post: Post, status: str, reason: str = "", essay_id: int | None = None) -> PostReport:
    """Report on a post that is no essay here, or was not read."""
    return PostReport(
        post.address, post.title, post.published, post.author, post.tags, post.visibility, status, reason, essay_id
    )


def report(essay: Essay, status: str, *, essay_id: int | None = None, left_out: int | None = None) -> PostReport:
    """Report on an essay that was read."""
    return PostReport(
        essay.url or "",
        essay.title,
        essay.published,
        essay.author,
        essay.tags,
        essay.visibility,
        status,
        "",
        essay_id,
        left_out,
    )


def _seen(known: KnownPost, post: Post, key: str, now: datetime) -> KnownPost:
    return replace(
        known,
        key=key,
        address=post.address,
        title=post.title or known.title,
        number=post.number or known.number,
        modified=post.modified,
        etag=post.etag,
        last_modified=post.last_modified,
        state="kept",
        reason="",
        checked_at=now,
    )
