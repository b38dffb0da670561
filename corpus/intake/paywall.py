"""Marks that say who may read a text: an essay under one is for members until an editor says otherwise.

Our own mark, a line 「---會員---」, parts an essay: what stands above it everybody may read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.essay import Essay, Visibility
from corpus.intake.extracted import Extracted, LeftOut, Reason

# Marks that no reader of the page sees: comments of the page's source, and what it tells search engines.
_UNSEEN = re.compile(
    r"<!--\s*/?\s*(?:kg-card-begin:\s*paywall|members?[-_ ]?only|membership|paywall|paid|premium|subscribers?[-_ ]?only)\b[^>]{0,80}-->"
    r"|\"isAccessibleForFree\"\s*:\s*\"?false\"?",
    re.IGNORECASE,
)


MARK = "---會員---"
_DASHES = r"\s*[-\u2010-\u2015\u2212\u2500\u2501=~\uff0d]+\s*"  # a site may make one long dash of three short ones
_MARK = re.compile(rf"{_DASHES}[會会][員员](?:[專专][屬属])?{_DASHES}")


def is_mark(line: str) -> bool:
    """Tell whether a line says that what follows is for members."""
    return _MARK.fullmatch(line) is not None


def with_paywall(found: Extracted, text: str) -> Extracted:
    """Return the essays of a text, those beside a mark for members. A mark that only the text's source shows counts for the first."""
    unseen = () if _is_told(found) else tuple(_unseen(text))
    told = (replace(left, reason=Reason.PAYWALL) if is_mark(left.text) else left for left in found.left_out)
    left_out = (*told, *unseen)
    marked = [
        [left for left in left_out if left.essay == n and left.reason is Reason.PAYWALL]
        for n in range(len(found.essays))
    ]
    essays = tuple(map(_closed, found.essays, marked))
    return Extracted(essays, left_out)


def _closed(essay: Essay, marks: Sequence[LeftOut]) -> Essay:
    """Return the essay for members where there is a mark, and open as far as our own mark, if it is there."""
    if not marks:
        return essay
    visibility = Visibility.MEMBERS if essay.visibility.is_public else essay.visibility
    ours = [mark.before for mark in marks if is_mark(mark.text)]
    return replace(essay, visibility=visibility, open_blocks=min(ours, default=0))


def is_paywalled(found: Extracted, essay: int) -> bool:
    """Tell whether a mark, not a field, keeps an essay from the public."""
    return any(left.reason is Reason.PAYWALL for left in found.of(essay))


def _is_told(found: Extracted) -> bool:
    return any(left.reason is Reason.PAYWALL for left in found.left_out)


def _unseen(text: str) -> Iterator[LeftOut]:
    return (LeftOut(match[0], Reason.PAYWALL) for match in list(_UNSEEN.finditer(text))[:1])
