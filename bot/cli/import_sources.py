"""Sources on the command line: what is found, what becomes of each post, what is kept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cli.console import show
from bot.config import Settings
from bot.outbound.sender import manners_of
from corpus.database import reading, writing
from corpus.intake.errors import IntakeError
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import Discovery, discover, new_source
from corpus.intake.sources.placement import PostReport, of_post, report
from corpus.intake.sources.post import Post
from corpus.intake.sources.source import Source, SourceRule, SourceState
from corpus.intake.sources.sync import SourceSync
from corpus.library import ArchiveResources
from corpus.storage import post_readings, source_store
from corpus.storage.source_lock import SourceBusyError
from handlers.editing.source_drafts import SourceDrafts

Complain = Callable[..., None]

SAID = {
    "added": "新增",
    "changed": "更新",
    "unchanged": "沒變",
    "drafted": "草稿",
    "removed": "網站拿掉了",
    "refused": "沒收",
}


class SiteImport:
    """Finds, takes in, walks, lists and removes sources."""

    def __init__(self, settings: Settings, archive: ArchiveResources) -> None:
        self.archive = archive
        self.engine = archive.engine
        self.manners = manners_of(settings)
        self.sync = SourceSync(archive, self.manners, SourceDrafts(settings.owners))
        self.now = datetime.now(settings.zone)

    def find(self, url: str) -> Source | None:
        with reading(self.engine) as connection:
            return source_store.at_address(connection, with_scheme(url))

    def every(self) -> list[Source]:
        with reading(self.engine) as connection:
            return [source for source in source_store.every(connection) if source.state is not SourceState.FOUND]

    def discover(self, url: str, rule: SourceRule, *, ours: bool, complain: Complain) -> Source | None:
        """Return a source that is not kept yet, after telling what was found; None, after one clear line, where there is nothing."""
        try:
            found = discover(with_scheme(url), SourceClient(replace(self.manners, ignores_robots=ours)))
        except IntakeError as error:
            complain(str(error))
            return None
        complain(*told(found))
        return new_source(with_scheme(url), found, rule, self.now, is_ours=ours)

    def take_in(self, source: Source, rule: SourceRule | None, *, ours: bool) -> Source:
        """Save a source with the rule that is given now; one that was only found is to be walked."""
        state = SourceState.WALKING if source.state is SourceState.FOUND else source.state
        kept = replace(source, rule=rule or source.rule, is_ours=ours or source.is_ours, state=state)
        with writing(self.engine) as connection:
            return source_store.keep(connection, kept) if kept.id else source_store.add(connection, kept)

    def walk(self, sources: Sequence[Source], now: datetime, as_json: bool, complain: Complain) -> bool:
        """Look at sources, printing what becomes of each post; return whether anything was refused, or could not be had."""
        troubled = False
        for source in sources:
            counts: Counter[str] = Counter()
            told_of: set[str] = set()
            try:
                for one in self.sync.run(source.id, now):
                    counts[one.status] += 1
                    told_of.add(one.address)
                    _show(one, as_json)
                    _progress(source, sum(counts.values()))
                for one in self._rest(source, told_of):
                    counts[one.status] += 1
                    _show(one, as_json)
            except IntakeError as error:
                complain(str(error))
                troubled = True
            except SourceBusyError:
                complain(f"{source.address}：另一個行程正在收，等它收完再試")
                troubled = True
            troubled |= counts["refused"] > 0
            complain(
                f"{source.title}：{'，'.join(f'{SAID[name]} {count}' for name, count in counts.items()) or '沒有文章'}"
            )
        return troubled

    def listed(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield each source, as a value and as a line."""
        with reading(self.engine) as connection:
            for source in source_store.every(connection):
                counts = source_store.count_posts(connection, source.id)
                value = {
                    "address": source.address,
                    "title": source.title,
                    "kind": source.doors.kind.name.lower(),
                    "rule": str(source.rule),
                    "state": str(source.state),
                    "posts": counts.get("kept", 0),
                    "refused": counts.get("refused", 0),
                    "removed": counts.get("removed", 0),
                    "synced_at": source.synced_at.isoformat() if source.synced_at else None,
                    "next_at": source.next_at.isoformat(),
                    "problem": source.problem or None,
                }
                yield (
                    value,
                    f"{source.title}  {source.address}\n  {source.doors.kind}，{value['posts']} 篇，{source.rule}",
                )

    def remove(self, url: str, as_json: bool) -> bool:
        """Forget a source, telling of each of its posts, which stay; return False where there is none."""
        if (source := self.find(url)) is None:
            return False
        if as_json:
            for one in self._rest(source, set()):
                _show(one, as_json)
        with writing(self.engine) as connection:
            source_store.remove(connection, source.id)
        return True

    def _rest(self, source: Source, told_of: set[str]) -> Iterator[PostReport]:
        """Yield the posts that are here, or are refused still, and that this look had no reason to ask for."""
        with reading(self.engine) as connection:
            for post in source_store.posts(connection, source.id):
                if post.state == "refused" and post.address not in told_of:
                    yield of_post(Post(post.address, post.title), post.state, post.reason)
            for post, essay in source_store.shelved_posts(connection, source.id):
                if post.address not in told_of:
                    left_out = len(post_readings.left_out(connection, [post.id]).get(post.id, ()))
                    yield replace(
                        report(essay, "unchanged", essay_id=essay.id, left_out=left_out), address=post.address
                    )


def told(found: Discovery) -> list[str]:
    """Describe what was found at an address, for people."""
    until = f"{found.oldest} 到 {found.newest}" if found.oldest else f"最新一篇 {found.newest}"
    span = f"，{until}" if found.newest else ""
    lines = [f"{found.title}：{found.doors.kind}，{found.count} 篇{span}"]
    lines += [f"作者：{'、'.join(found.authors[:8])}"] if found.authors else []
    lines += [f"標籤：{'、'.join(found.tags[:12])}"] if found.tags else []
    lines += [f"看過的 {found.looked_at} 篇裡，{found.for_members} 篇像是會員專屬"] if found.for_members else []
    return [*lines, *(f"  {post.published or '日期未標示'} {post.title or post.address}" for post in found.samples)]


def with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _show(one: PostReport, as_json: bool) -> None:
    value: dict[str, Any] = {
        "address": one.address,
        "title": one.title,
        "published": one.published.isoformat() if one.published else None,
        "author": one.author,
        "tags": list(one.tags),
        "visibility": str(one.visibility),
        "status": one.status,
    }
    value |= {"left_out": one.left_out} if one.left_out is not None else {}
    value |= {"reason": one.reason} if one.reason else {}
    if as_json or one.status != "unchanged":
        reason = f"：{one.reason}" if one.reason else ""
        show(
            as_json, value, f"{SAID[one.status]} {one.published or '日期未標示'}〈{one.title or one.address}〉{reason}"
        )


def _progress(source: Source, count: int) -> None:
    """Show how far a long walk has come, while somebody watches."""
    if sys.stderr.isatty() and count % 10 == 0:
        sys.stderr.write(f"\r{source.title}：{count} 篇 ")
        sys.stderr.flush()
