"""Changes to many essays at once, as the admin pages offer them after an import, and their undoing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.essay import Essay, Visibility
from corpus.storage.schema import State
from handlers.ask import Ask
from handlers.context import Context

MOST_TOGETHER = 100  # essays: so that nobody else waits long for the database

NOTHING_CHOSEN = "還沒有選文章。"
TOO_MANY = f"一次最多改 {MOST_TOGETHER} 篇，請縮小範圍。"
NO_SUCH_READERS = "請選給誰看。"
NO_SUCH_DAY = "日期看不懂，例如 2026-03-05。"
NOTHING_TYPED = "要改成什麼？請填上。"


class SharedChange(StrEnum):
    """The changes that can be made to many essays in one act."""

    VISIBILITY = "visibility"
    PUBLISHED = "published"
    AUTHOR = "author"
    SOURCE = "source"
    TAG = "tag"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


CHANGES = {
    SharedChange.VISIBILITY: "給誰看",
    SharedChange.PUBLISHED: "日期",
    SharedChange.AUTHOR: "作者",
    SharedChange.SOURCE: "來源",
    SharedChange.TAG: "加標籤",
    SharedChange.WITHDRAW: "撤回",
    SharedChange.RESTORE: "重新上架",
}


@dataclass(frozen=True, slots=True)
class RevisionSpan:
    """The archive's revisions that one act has made: after `before`, up to `last`."""

    before: int
    last: int


@dataclass(frozen=True, slots=True)
class SharedOutcome:
    """The words about an act, and its revisions; none where nothing was done."""

    text: str
    span: RevisionSpan | None = None


def change_together(
    change: SharedChange, value: str, numbers: Collection[int], ask: Ask, context: Context
) -> SharedOutcome:
    """Change all of these essays in the same way, or none of them; those that are so already stay as they are."""
    if not numbers:
        return SharedOutcome(NOTHING_CHOSEN)
    if len(numbers) > MOST_TOGETHER:
        return SharedOutcome(TOO_MANY)
    changed = _reader_of(change, value.strip(), context)
    if isinstance(changed, str):
        return SharedOutcome(changed)
    before = context.library.revision()
    known = [found for number in sorted(numbers) if (found := context.archive_admin.get_any(number)) is not None]
    count = sum(_keep(essay, state, *changed(essay, state), ask, context) for essay, state in known)
    if not count:
        return SharedOutcome("這幾篇本來就是這樣，沒有改。")
    told = f"{count} 篇：{CHANGES[change]}{f'「{value.strip()}」' if value.strip() else ''}"
    context.club.audit.note(ask.user or "", "together", "essays", ask.at, told)
    return SharedOutcome(f"改好了 {told}。不通知任何人。", RevisionSpan(before, context.library.revision()))


def undo_together(span: RevisionSpan, ask: Ask, context: Context) -> SharedOutcome:
    """Put back the essays that an act of the asker has changed; those that were changed again since stay as they are."""
    done = left = 0
    for number in context.archive_admin.changed_within(span.before, span.last, ask.user or ""):
        versions = context.archive_admin.history(number)
        earlier = next((version for version in versions if version.essay.revision <= span.before), None)
        if versions[0].essay.revision > span.last or earlier is None:
            left += 1
            continue
        done += _keep(versions[0].essay, versions[0].state, earlier.essay, earlier.state, ask, context)
    if not done:
        return SharedOutcome("沒有可以復原的：這幾篇後來又改過了。")
    context.club.audit.note(ask.user or "", "together", "essays", ask.at, f"{done} 篇：復原")
    return SharedOutcome(f"復原了 {done} 篇。{f'另外 {left} 篇後來又改過，沒有動。' if left else ''}")


Changed = Callable[[Essay, State], tuple[Essay, State]]


def _reader_of(change: SharedChange, value: str, context: Context) -> Changed | str:
    """Return the function that makes this change to an essay, or a sentence where the value does not fit."""
    if change is SharedChange.WITHDRAW:
        return lambda essay, _: (essay, State.WITHDRAWN)
    if change is SharedChange.RESTORE:
        return lambda essay, _: (essay, State.PUBLISHED)
    if change is SharedChange.VISIBILITY:
        return _for_readers(Visibility.typed(value), context)
    if change is SharedChange.PUBLISHED:
        return _of_day(value)
    if not value:
        return NOTHING_TYPED
    if change is SharedChange.TAG:
        return lambda essay, state: (replace(essay, tags=tuple(dict.fromkeys((*essay.tags, value)))), state)
    name = str(change)
    return lambda essay, state: (replace(essay, **{name: value}), state)  # type: ignore[arg-type]


def _for_readers(readers: Visibility | None, context: Context) -> Changed | str:
    if readers is None or not set(context.club.memberships.plans()).issuperset(readers.plans):
        return NO_SUCH_READERS
    lead = None if readers.is_public else ""
    return lambda essay, state: (replace(essay, visibility=readers, lead=essay.lead or lead), state)


def _of_day(value: str) -> Changed | str:
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        return NO_SUCH_DAY
    return lambda essay, state: (replace(essay, published=day), state)


def _keep(essay: Essay, state: State, changed: Essay, become: State, ask: Ask, context: Context) -> bool:
    """Write the changes to one essay; False where it is so already."""
    changed = replace(changed, revision=essay.revision)
    if changed != essay:
        context.library.change(changed, ask.at, by=ask.user)
    if become is not state:
        move = context.library.withdraw if become is State.WITHDRAWN else context.library.restore
        move(essay.id, ask.at, by=ask.user)
    return changed != essay or become is not state
