"""A draft as the list on its page says it: each essay's title, day and readers, and which of them stay or belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.web.admin.form import LONGEST_TITLE, read_date_field
from corpus.essay import Essay, Visibility
from handlers.club.drafts import Draft

Typed = Mapping[str, str]


def places(draft: Draft) -> range:
    """Return the places of a draft's essays, from 1."""
    return range(1, len(draft.essays) + 1)


def day_of(typed: Typed, place: int) -> str:
    """Return the day typed for one essay, else for all."""
    return typed.get(f"published-{place}") or typed.get("published", "")


def visibility_of(typed: Typed, place: int) -> Visibility | None:
    """Return who may read one essay, as chosen for it, else for all; None where that is not chosen."""
    text = typed.get(f"visibility-{place}") or typed.get("visibility", "")
    return Visibility.typed(text)


def as_kept(draft: Draft, typed: Typed, kept: list[int]) -> Draft:
    """Return the draft as it was listed: without the essays not kept, and with some put at the end of those above them."""
    listed = as_typed(draft, typed)
    for place in reversed(places(draft)):
        if place not in kept:
            listed = listed.without_essay(place - 1)
    for at in range(len(kept) - 1, 0, -1):
        if typed.get(f"join-{kept[at]}"):
            listed = listed.with_joined(at)
    return listed


def is_list_of(draft: Draft, typed: Typed) -> bool:
    """Tell whether a typed list is of the draft's essays, place by place, not of those that it held at another time."""
    named = {name for name in typed if name.startswith("title-")}
    return bool(draft.essays) and named == {f"title-{place}" for place in places(draft)}


def differs(draft: Draft, typed: Typed) -> bool:
    """Tell whether somebody has typed something that the draft does not say."""
    if not is_list_of(draft, typed):
        return False
    chosen = draft.visibility_chosen or not any(visibility_of(typed, place) for place in places(draft))
    is_whole = all(f"keep-{place}" in typed and f"join-{place}" not in typed for place in places(draft))
    return not (chosen and is_whole and as_typed(draft, typed) == draft)


def as_typed(draft: Draft, typed: Typed) -> Draft:
    """Return the draft with all that the list says, to be shown again."""
    return replace(draft, essays=tuple(_as_listed(draft.essays[place - 1], typed, place) for place in places(draft)))


def _as_listed(essay: Essay, typed: Typed, place: int) -> Essay:
    """Return the essay with the list's title, day and readers; a title or readers left empty stay as they were."""
    title = " ".join(typed.get(f"title-{place}", "").split())[:LONGEST_TITLE]
    visibility = visibility_of(typed, place) or essay.visibility
    no_lead = None if visibility.is_public else ""
    return replace(
        essay,
        title=title or essay.title,
        published=read_date_field(day_of(typed, place)),
        visibility=visibility,
        lead=essay.lead or no_lead,
    )
