"""Keeps the archive in step with a source: each post once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from corpus.database import reading, writing
from corpus.intake.errors import IntakeError
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.known import KnownPosts
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.pages import HALF_READ
from corpus.intake.sources.pictures import POSTS_A_LOOK, count_lost
from corpus.intake.sources.placement import DraftKeeper, PostReport, SourcePlacement, of_post, report
from corpus.intake.sources.post import Post
from corpus.intake.sources.reading import read_posts
from corpus.intake.sources.source import (
    MONTH,
    Source,
    SourceState,
    pause_after_failures,
    pause_after_success,
)
from corpus.intake.sources.walk import WalkBatch, walk
from corpus.library import ArchiveResources
from corpus.storage import essay_store, post_readings, source_store
from corpus.storage.source_lock import hold_source
from corpus.storage.source_store import KnownPost

READ_AT_ONCE = 25  # posts that one reading process takes


class SourceSync:
    """Looks at sources, one at a time."""

    def __init__(self, archive: ArchiveResources, manners: Manners, drafts: DraftKeeper) -> None:
        self.archive = archive
        self.manners = manners
        self.drafts = drafts

    def run(self, source_id: int, now: datetime) -> Iterator[PostReport]:
        """Walk a source and keep what is found, post by post. Raises SourceBusyError; and IntakeError, after noting it,
        where the site gives nothing for now."""
        engine = self.archive.engine
        with hold_source(engine, source_id, self.archive.index_folder):
            with reading(engine) as connection:
                source = source_store.get(connection, source_id)
                posts = source_store.posts(connection, source_id)
            if source is None:
                return
            visit = SourceVisit(self, source, KnownPosts(source.doors.home, posts), now)
            try:
                yield from visit.reports()
            except IntakeError as problem:
                self._keep(_failed(visit.source, problem, now), source.next_at)
                raise
            with reading(engine) as connection:
                written = source_store.count_published_since(connection, source_id, now - MONTH)
            self._keep(_succeeded(visit.source, written, now), source.next_at)

    def _keep(self, source: Source, was_next: datetime) -> None:
        """Keep what a visit has found out; what people have set meanwhile stays as they set it, and a call to look again."""
        with writing(self.archive.engine) as connection:
            if (set_now := source_store.get(connection, source.id)) is not None:
                kept = replace(source, rule=set_now.rule, is_ours=set_now.is_ours, cursor=set_now.cursor)
                if set_now.next_at != was_next:
                    kept = replace(kept, next_at=min(kept.next_at, set_now.next_at))
                source_store.keep(connection, kept)


class SourceVisit:
    """One walk over one source."""

    def __init__(self, sync: SourceSync, source: Source, known: KnownPosts, now: datetime) -> None:
        self.archive = sync.archive
        self.source = source
        self.known = known
        self.now = now
        self.client = SourceClient(replace(sync.manners, ignores_robots=source.is_ours))
        self.placement = SourcePlacement(sync.archive, sync.drafts, source, now)

    def reports(self) -> Iterator[PostReport]:
        """Yield a report on each post as soon as it is kept; an unchanged one is told once, and only if nothing else was told of it."""
        told: set[str] = set()
        yield from self._bring_along()
        for batch in walk(self.source, self.client, self.known):
            if batch.moved_to:
                self._move(batch.moved_to)
                yield from self._bring_along()
            for one in chain(self._keep_posts(batch.posts), map(self._note_removal, batch.removed)):
                if one.status != "unchanged" or one.address not in told:
                    yield one
                told.add(one.address)
            self._note_progress(batch)
        self._look_for_pictures()

    def _keep_posts(self, posts: Sequence[Post]) -> Iterator[PostReport]:
        waiting: list[Post] = []
        for post in posts:
            known = self.known.find(post) if self.known.has_current(post) else None
            if known is not None:
                if known.state == "kept":
                    yield of_post(post, "unchanged", essay_id=known.essay_id)
            elif post.refusal:
                yield self._refuse(post, post.refusal)
            elif post.address:
                waiting.append(post)
        for start in range(0, len(waiting), READ_AT_ONCE):
            some = waiting[start : start + READ_AT_ONCE]
            for post, found in zip(some, read_posts(some, self.source.title), strict=True):
                if isinstance(found, str):
                    yield self._refuse(post, found)
                    continue
                told, kept = self.placement.keep(post, found, self.known.key(post.address))
                self.known.note(kept)
                yield told

    def _look_for_pictures(self) -> None:
        """Look for the pictures of a few posts, so that their site hardly notices."""
        with reading(self.archive.engine) as connection:
            some = post_readings.without_a_look_at_pictures(connection, self.source.id, POSTS_A_LOOK)
        for post_id, pictures in some:
            lost = count_lost(self.client, pictures)
            with writing(self.archive.engine) as connection:
                post_readings.keep_lost_pictures(connection, post_id, lost)

    def _refuse(self, post: Post, reason: str) -> PostReport:
        if reason != HALF_READ:  # half a page is read again at the next look
            self.known.note(self.placement.refuse(post, reason, self.known.key(post.address)))
        return of_post(post, "refused", reason)

    def _note_removal(self, post: KnownPost) -> PostReport:
        removed = replace(post, state="removed", checked_at=self.now)
        with writing(self.archive.engine) as connection:
            self.known.note(source_store.keep_post(connection, self.source.id, removed))
            found = essay_store.find_any(connection, post.essay_id or 0)
        if found is None:
            return of_post(Post(post.address, post.title), removed.state)
        return replace(report(found[0], removed.state, essay_id=post.essay_id), address=post.address)

    def _note_progress(self, batch: WalkBatch) -> None:
        """Keep the place that the walk has come to, once everything before it is kept."""
        if batch.cursor is None and not batch.checked:
            return
        with writing(self.archive.engine) as connection:
            if batch.cursor is not None:
                source_store.keep_cursor(connection, self.source.id, dict(batch.cursor))
            for post in batch.checked:
                self.known.note(source_store.keep_post(connection, self.source.id, replace(post, checked_at=self.now)))

    def _move(self, host: str) -> None:
        """Move the source to the host where its site now stands; its posts keep their identity."""
        self.source = replace(self.source, doors=self.source.doors.moved(host))
        self.known.home = self.source.doors.home
        with writing(self.archive.engine) as connection:
            source_store.keep(connection, self.source)

    def _bring_along(self) -> Iterator[PostReport]:
        """Give every post that is still known by the host which the site has left its address on the new one."""
        for post in self.known.left_behind():
            told, kept = self.placement.readdress(post, self.known.at_home(post.address))
            self.known.note(kept)
            if told is not None:
                yield told


def _succeeded(source: Source, posts_of_a_month: int, now: datetime) -> Source:
    return replace(
        source,
        state=SourceState.KEPT,
        synced_at=now,
        next_at=now + pause_after_success(posts_of_a_month),
        failing_since=None,
        failures=0,
        problem="",
        owner_told=False,
    )


def _failed(source: Source, problem: IntakeError, now: datetime) -> Source:
    failures = source.failures + 1
    return replace(
        source,
        next_at=now + pause_after_failures(failures),
        failing_since=source.failing_since or now,
        failures=failures,
        problem=problem.what,
    )
