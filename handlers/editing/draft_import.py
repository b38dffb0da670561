"""Make drafts of pages behind addresses, and of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from corpus.essay import Essay
from corpus.intake.extracted import Extracted, joined
from handlers.answer import Answer, Button, error_answer
from handlers.ask import Ask
from handlers.club.drafts import Draft, DraftStage, new_draft
from handlers.context import Context, FetchedEssays
from handlers.editing.draft_access import keep, show
from handlers.verb import Verb

MOST_ADDRESSES = 5  # read at once

_URL = re.compile(r"https?://[^\s<>\"'，。；、）】」』]+", re.IGNORECASE)
_BESIDE = 120  # characters that may stand beside addresses: a title, as a telephone shares it


def import_into(
    fetch: Callable[[], FetchedEssays], origin: str, ask: Ask, context: Context, draft: Draft | None = None
) -> Answer:
    """Make a draft of the essays that `fetch` gets from outside, or answer why it got none."""
    from corpus.intake import IntakeError

    try:
        arrival = fetch()
    except IntakeError as error:
        return error_answer(str(error), Button("改用貼上的", Verb.POST))
    draft = replace(draft or new_draft(ask.user or "", ask.at), origin=origin)
    return keep(with_essays(draft, arrival), ask, context)


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a text that is little else, each once; none where they stand in an article."""
    beside = " ".join(_URL.sub(" ", text).split())
    if len(beside) > _BESIDE or "。" in beside or text.count("\n") > 2 * MOST_ADDRESSES:
        return []
    return list(dict.fromkeys(match.rstrip(".,;:!?") for match in _URL.findall(text)))


def open_draft(ask: Ask, context: Context) -> Draft | None:
    """Return the draft that waits for its first piece, if this person has just begun one."""
    draft = context.club.drafts.current(ask.user or "")
    return draft if draft is not None and draft.stage is DraftStage.OPEN and not draft.pieces else None


def import_addresses(addresses: Sequence[str], ask: Ask, context: Context, draft: Draft | None = None) -> Answer:
    """Make one draft of the pages behind these addresses; a single one that is a draft already is shown, not read again."""
    mine = {draft.origin: draft for draft in context.club.drafts.alive(ask.user or "")}
    if len(addresses) == 1 and (known := mine.get(addresses[0])) is not None:
        answer = show(known, ask, context)
        return replace(answer, text=f"這個網址已經在草稿 {known.id}。\n{answer.text}")
    problems: list[str] = []
    fetch = partial(_fetch_all, addresses[:MOST_ADDRESSES], context, problems)
    answer = import_into(fetch, " ".join(addresses[:MOST_ADDRESSES]), ask, context, draft)
    said = [f"這一個沒收：{problem}" for problem in problems]
    if addresses[MOST_ADDRESSES:]:
        said.append(f"一次最多 {MOST_ADDRESSES} 個網址，還有 {len(addresses) - MOST_ADDRESSES} 個沒讀。")
    return replace(answer, text="\n".join([*said, answer.text])) if said else answer


def _fetch_all(addresses: Sequence[str], context: Context, problems: list[str]) -> FetchedEssays:
    """Fetch the essays behind all addresses that can be read. Raises IntakeError where none can."""
    from corpus.intake import IntakeError

    arrivals: list[FetchedEssays] = []
    refused: IntakeError | None = None
    for address in addresses:
        try:
            arrivals.append(context.services.essays_at(address))
        except IntakeError as error:
            refused = error
            problems.append(str(error))
    if not arrivals and refused is not None:
        problems.clear()
        raise refused
    found = joined(Extracted(arrival.essays, arrival.left_out) for arrival in arrivals)
    return FetchedEssays(found.essays, any(arrival.walled for arrival in arrivals), found.left_out)


def with_essays(draft: Draft, arrival: FetchedEssays) -> Draft:
    """Return the draft with the essays read. A correction replaces its one essay, and keeps the facts only editors know."""
    essays = arrival.essays
    if draft.replaces is not None and draft.essays:
        essays = (_corrected(draft.essays[0], essays[0]),)
    read = replace(draft, essays=essays, walled=arrival.walled, left_out=arrival.left_out, stage=DraftStage.READY)
    return replace(read, visibility_chosen=draft.visibility_chosen or arrival.readers_said)


def _corrected(before: Essay, after: Essay) -> Essay:
    return replace(
        after,
        id=before.id,
        visibility=before.visibility,
        lead=before.lead,
        published=after.published or before.published,
        author=after.author or before.author,
        source=after.source or before.source,
        url=after.url or before.url,
        series=after.series or before.series,
    )
