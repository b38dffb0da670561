"""這是另一篇, 這是舊文的新版: an editor's word on a draft whose essay is like one in the archive."""

from __future__ import annotations

from dataclasses import replace

from corpus.storage.essay_json import content_hash
from handlers.answer import Answer, Button, error_answer
from handlers.ask import Ask
from handlers.club.drafts import Draft
from handlers.command import editing_command
from handlers.context import Context, FetchedEssays
from handlers.editing.draft_access import find_to_change, keep
from handlers.editing.draft_import import with_essays
from handlers.text.numbering import own_number
from handlers.verb import Verb


def another(ask: Ask, context: Context) -> Answer:
    """Let publishing add the draft, and change no essay that it is like: 這是另一篇 3."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if not draft.essays:
        return error_answer("先貼文章，打「完成」之後再說。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    if draft.replaces is not None:
        draft = replace(draft, replaces=None, corrects=None, essays=tuple(replace(e, id=0) for e in draft.essays))
    return keep(replace(draft, is_another=True), ask, context, "好，當作另一篇，發布不會動到舊文。")


def new_version(ask: Ask, context: Context) -> Answer:
    """Let publishing put the draft in the place of an essay, by default the one it is most like: 這是舊文的新版 3 #24."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if len(draft.essays) != 1:
        return error_answer("一份草稿只有一篇時才能這樣說。", Button("看草稿", Verb.DRAFTS.of(draft.id)))
    old = _old(draft, found.rest, context)
    known = context.archive_admin.get_any(old) if old else None
    if known is None:
        return error_answer(
            f"是哪一篇的新版？編號在文章卡片上，例如「{Verb.NEW_VERSION} {draft.id} #24」。",
            Button("看草稿", Verb.DRAFTS.of(draft.id)),
        )
    (essay,) = draft.essays
    correction = replace(
        draft, replaces=known[0].id, corrects=content_hash(known[0]), is_another=False, essays=(known[0],)
    )
    arrival = FetchedEssays((essay,), draft.walled, draft.left_out)
    chosen = replace(with_essays(correction, arrival), visibility_chosen=True, undated_is_fine=True)
    return keep(chosen, ask, context, f"好，這是 #{known[0].id}〈{known[0].title}〉的新版，發布才算數。")


def _old(draft: Draft, said: str, context: Context) -> int | None:
    """Return the number of the essay that was named, or of the one that the draft's is most like."""
    if said:
        number, rest = own_number(said)
        return number if number and not rest else None
    found = context.archive_admin.find_duplicate(draft.essays[0])
    return found[0].id if found is not None else None


ANOTHER = editing_command((Verb.ANOTHER, "另一篇"), "這是另一篇 3", "草稿很像舊文，但不是同一篇", another)
NEW_VERSION = editing_command(
    (Verb.NEW_VERSION, "舊文的新版"), "這是舊文的新版 3 #24", "草稿取代哪一篇舊文", new_version
)
