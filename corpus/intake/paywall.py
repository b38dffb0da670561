"""Marks that say who may read a text: an essay under one is for members until an editor says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.essay import Visibility
from corpus.intake.extracted import Extracted, LeftOut, Reason

# Marks that no reader of the page sees: comments of the page's source, and what it tells search engines.
_UNSEEN = re.compile(
    r"<!--\s*/?\s*(?:kg-card-begin:\s*paywall|members?[-_ ]?only|membership|paywall|paid|premium|subscribers?[-_ ]?only)\b[^>]{0,80}-->"
    r"|\"isAccessibleForFree\"\s*:\s*\"?false\"?",
    re.IGNORECASE,
)


def with_paywall(found: Extracted, text: str) -> Extracted:
    """The essays of a text; those beside a mark are for members. A mark that only the text's source shows counts for the first."""
    unseen = () if _is_told(found) else tuple(_unseen(text))
    left_out = (*found.left_out, *unseen)
    closed = {left.essay for left in left_out if left.reason is Reason.PAYWALL}
    essays = (
        replace(essay, visibility=Visibility.MEMBERS) if number in closed and essay.visibility.is_public else essay
        for number, essay in enumerate(found.essays)
    )
    return Extracted(tuple(essays), left_out)


def is_paywalled(found: Extracted, essay: int) -> bool:
    """Whether a mark, not a field, keeps an essay from the public."""
    return any(left.reason is Reason.PAYWALL for left in found.of(essay))


def _is_told(found: Extracted) -> bool:
    return any(left.reason is Reason.PAYWALL for left in found.left_out)


def _unseen(text: str) -> Iterator[LeftOut]:
    return (LeftOut(match[0], Reason.PAYWALL) for match in list(_UNSEEN.finditer(text))[:1])
