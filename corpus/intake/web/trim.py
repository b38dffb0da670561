"""Parts inside an article's element that are not of the article: lists of links, buttons, bylines, the site's own lines.

Nothing that the author marked is set aside for what it says: a heading, a list item, a row, a quotation. Short unmarked lines are
read by their wording; lists of links to the same site by their shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from urllib.parse import urlsplit

from corpus.essay import BlockKind
from corpus.intake.boilerplate import is_quote_strip, role_of
from corpus.intake.dates import is_recent
from corpus.intake.extracted import Reason
from corpus.intake.lines import could_be_heading, width
from corpus.intake.role import REASONS, LineRole
from corpus.intake.web.body import sentences_in
from corpus.intake.web.parts import Part
from corpus.language.text import to_halfwidth

LINK = 0.6  # share of a line that lies in links; more makes it one
LONGEST_LABEL = 24  # in Han widths, of what heads a list of links, or stands between headline and text
MOST_FACTS = 5  # of an article, in a list under its headline
LEAD = 3  # parts of a subtitle, a picture and a lead, which may stand above that list
_LISTED = (BlockKind.BULLET, BlockKind.NUMBERED)
_OFFERED = (Reason.ADVERT, Reason.LOGIN, Reason.RELATED, Reason.READING)
_BYLINE = re.compile(r"(?:^|[\s_-])(?:meta|date|time|author|byline|info)(?:$|[\s_-])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_WORDED = (BlockKind.TEXT, *_LISTED)


def trimmed(parts: Sequence[Part], reasons: Sequence[Reason | None], headline: int | None) -> list[Reason | None]:
    """Return the reasons with those added for the parts inside the article that are not of it."""
    settled = list(reasons)
    _set_head_aside(parts, settled, headline)
    for at, part in enumerate(parts):
        if settled[at] is Reason.OTHER:
            settled[at] = _by_wording(part) or Reason.OTHER
        elif settled[at] is None and _is_unmarked(part):
            settled[at] = _by_wording(part)
    _set_links_aside(parts, settled)
    _set_heads_aside(parts, settled)
    return settled


def _is_unmarked(part: Part) -> bool:
    """Tell whether a part is a line that its author did not set off from others."""
    return part.kind is BlockKind.TEXT and part.quoted is None and not (part.bold and part.linked < LINK)


def _set_head_aside(parts: Sequence[Part], settled: list[Reason | None], headline: int | None) -> None:
    """Set aside what stands above the headline, the headline itself, and the short lines between it and the text."""
    _set_byline_aside(parts, settled, headline)
    told = [at for at, part in enumerate(parts) if settled[at] is None and _tells(part)]
    if not told:
        return
    _set_labels_aside(parts, settled, told)
    if headline is None:
        return
    for at in range(headline):
        if settled[at] is None:
            settled[at] = (
                Reason.TITLE if parts[at].text == parts[headline].text else _by_wording(parts[at]) or Reason.MENU
            )
    settled[headline] = Reason.TITLE
    first = next((at for at in told if at > headline), headline)
    beside = parts[first].above[:-1] if first < len(parts) else ()
    for at in range(headline + 1, first):
        part = parts[at]
        if (
            settled[at] is None
            and part.kind is BlockKind.TEXT
            and width(part.text) <= LONGEST_LABEL
            and part.above[:-1] != beside
        ):
            settled[at] = _by_wording(part) or Reason.BYLINE
        elif settled[at] is None and part.text == parts[headline].text:
            settled[at] = Reason.TITLE


def _set_byline_aside(parts: Sequence[Part], settled: list[Reason | None], headline: int | None) -> None:
    """Set aside the list under the headline, or under the lead below it, that says who wrote the article and when."""
    if headline is None:
        return
    start = headline + 1
    below = range(start, min(len(parts), start + LEAD))
    start = next((at for at in below if parts[at].kind is BlockKind.BULLET and _is_marked_byline(parts[at])), start)
    items = list(
        takewhile(lambda part: part.kind is BlockKind.BULLET and width(part.text) <= LONGEST_LABEL, parts[start:])
    )
    if len(items) <= MOST_FACTS and any(map(_says_when, items)):
        for at in range(start, start + len(items)):
            settled[at] = settled[at] or _by_wording(parts[at]) or Reason.BYLINE


def _says_when(part: Part) -> bool:
    """Tell whether a line says who or when and nothing else; sites leave the year out."""
    return _by_wording(part) is Reason.BYLINE or is_recent(to_halfwidth(part.text))


def _is_marked_byline(part: Part) -> bool:
    """Tell whether the class of a list or of its item says that it tells who and when."""
    return any(_BYLINE.search(element.get("class") or "") for element in part.above[-2:])


def _tells(part: Part) -> bool:
    return bool(sentences_in(part)) or (part.linked < LINK and part.kind in (BlockKind.TABLE, *_LISTED))


def _set_labels_aside(parts: Sequence[Part], settled: list[Reason | None], told: Sequence[int]) -> None:
    """Set aside short lines above the first and below the last of the text that stand in no element like those of the text."""
    makes = {_make(parts[at]) for at in told}
    holders = {parts[at].above[-2:-1] for at in told}
    for at, part in enumerate(parts):
        beyond = at < told[0] or at > told[-1]
        short = part.kind is BlockKind.TEXT and width(part.text) <= LONGEST_LABEL
        if beyond and short and settled[at] is None and _make(part) not in makes and part.above[-2:-1] not in holders:
            settled[at] = _by_wording(part) or Reason.OTHER


def _make(part: Part) -> tuple[str, str]:
    return part.above[-1].tag, part.above[-1].get("class") or ""


def _by_wording(part: Part) -> Reason | None:
    """Return the reason why a line is not of the article, by its wording; None where it may be."""
    said = to_halfwidth(part.text)
    if part.kind not in _WORDED or (is_quote_strip(said) and part.linked < LINK) or _ADDRESS.fullmatch(part.text):
        return None
    role = role_of(said)
    return None if role is LineRole.CREDIT else REASONS.get(role)


def _set_links_aside(parts: Sequence[Part], settled: list[Reason | None]) -> None:
    """Set aside runs of lines that are links to the same site, each run with the label that heads it."""
    run: list[int] = []
    for at, part in enumerate(parts):
        if settled[at] is not None or part.kind is BlockKind.PICTURE:
            continue
        if _is_link(part):
            run.append(at)
            continue
        if run and _goes_between(part) and _link_follows(parts, settled, at):
            continue
        _close(parts, settled, run, at)
        run = []
    _close(parts, settled, run, len(parts))


def _is_link(part: Part) -> bool:
    return (
        part.linked >= LINK
        and part.kind is not BlockKind.TABLE
        and bool(part.links or part.linked)
        and not sentences_in(part)
    )


def _goes_between(part: Part) -> bool:
    """Tell whether a line may stand among links: a date, a name, the line that tells more of one."""
    return part.kind in (BlockKind.TEXT, *_LISTED) and width(part.text) <= LONGEST_LABEL


def _link_follows(parts: Sequence[Part], settled: Sequence[Reason | None], at: int) -> bool:
    after = [below for below in range(at + 1, min(len(parts), at + 4)) if settled[below] is None]
    return bool(after) and _is_link(parts[after[0]])


def _close(parts: Sequence[Part], settled: list[Reason | None], run: list[int], end: int) -> None:
    """Set a run of links aside, with what stands between them; a list that leads elsewhere is the author's."""
    if not run or (len(run) == 1 and _belongs(parts, settled, run[0])):
        return
    label = next((at for at in range(run[0] - 1, -1, -1) if parts[at].kind is not BlockKind.PICTURE), None)
    offered = label is not None and settled[label] is Reason.ADVERT
    if len(run) > 1 and not offered and _leads_elsewhere([parts[at] for at in run]):
        return
    for at in range(run[0], run[-1] + 1):
        if settled[at] is None:
            settled[at] = Reason.ADVERT if offered else Reason.RELATED
    if label is not None and settled[label] is None and _heads(parts[label], len(run)):
        settled[label] = Reason.RELATED


def _heads(part: Part, links: int) -> bool:
    """Tell whether a line is the label of the links under it."""
    if width(part.text) > LONGEST_LABEL or part.kind in (BlockKind.TABLE, *_LISTED) or sentences_in(part):
        return False
    return links > 1 or _is_head(part)


def _is_head(part: Part) -> bool:
    return part.kind is BlockKind.HEADING or (part.kind is BlockKind.TEXT and part.bold and could_be_heading(part.text))


def _set_heads_aside(parts: Sequence[Part], settled: list[Reason | None]) -> None:
    """Set aside a heading with what it heads, where all that stands below it in its element is an offer or leads to other pages."""
    for at in reversed(range(len(parts) - 1)):
        if settled[at] is not None or settled[at + 1] not in _OFFERED or not _is_head(parts[at]):
            continue
        if all(settled[below] is not None for below in _below_in_element(parts, at)):
            settled[at] = settled[at + 1]


def _below_in_element(parts: Sequence[Part], at: int) -> Iterator[int]:
    """Yield the parts below one in the element that holds it."""
    holder = parts[at].above[-2:-1]
    return takewhile(lambda below: not set(holder).isdisjoint(parts[below].above), range(at + 1, len(parts)))


def _belongs(parts: Sequence[Part], settled: Sequence[Reason | None], at: int) -> bool:
    """Tell whether a single link stands among the text: the author's own, unless its wording told otherwise."""
    around = [parts[near] for near in (at - 1, at + 1) if 0 <= near < len(parts) and settled[near] is None]
    return any(part.above[:-1] == parts[at].above[:-1] for part in around)


def _leads_elsewhere(parts: Sequence[Part]) -> bool:
    """Tell whether links lead to several other sites, as an author's list of sources does."""
    hosts = {urlsplit(link.url).hostname for part in parts for link in part.links}
    return len(hosts) > max(1, len(parts) // 2)
