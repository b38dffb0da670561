"""Essays out of HTML: the article's parts become its blocks, everything else is left out with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate, pairwise
from urllib.parse import urlsplit

import lxml.html
from lxml.html import HtmlElement

from corpus.essay import BlockKind, Essay
from corpus.intake.boilerplate import role_of
from corpus.intake.byline import author_in, day_in, is_full_name, is_label, is_organisation, labelled, tags_in
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.lines import width
from corpus.intake.plain import read_plain
from corpus.intake.role import LineRole
from corpus.intake.web.archive import PageEntry, entries_of
from corpus.intake.web.blocks import placed_blocks
from corpus.intake.web.body import LEAST_SENTENCES, Body, choose_body, plain, sentences_in
from corpus.intake.web.forum_page import forum_post
from corpus.intake.web.metadata import Metadata, metadata_of, without_site
from corpus.intake.web.parts import PageReader, Part
from corpus.intake.web.trim import LEAD, trimmed
from corpus.intake.web.writers import could_be_name, dates_in, names_in
from corpus.language.text import to_halfwidth

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that declares an encoding
_UPDATED = re.compile(r"更新|updated|modified", re.IGNORECASE)
_ABOUT = (Reason.BYLINE, Reason.SHARE, Reason.CREDIT, Reason.MENU, Reason.OTHER)
_OF_WRITER = re.compile(r"/(?:authors?|users?|profiles?|members?|writers?|reporters?|columnists?)/|/@")
_NEAR = 12  # parts on either side of the headline in which a byline stands


def read_webpage(text: str, source: str) -> Extracted:
    """Return the essays of an HTML page: one for the page, or one for each of several whole articles. `source` names its file."""
    try:
        page = lxml.html.document_fromstring(_DECLARATION.sub("", text))
    except (lxml.etree.LxmlError, ValueError):
        return Extracted()
    if (post := forum_post(page)) is not None:
        return read_plain(post, source)
    facts = metadata_of(page)
    base = next(iter(page.xpath("//base/@href")), None) or facts.url or ""
    parts = PageReader(base).read(page.body if page.body is not None else page)
    entries = [] if _is_single(parts, facts) else entries_of(parts, base)
    if entries:
        return _several(parts, entries, facts, source)
    return _single(parts, facts, source, page)


def _is_single(parts: Sequence[Part], facts: Metadata) -> bool:
    """Tell whether the head speaks of one article that stands on the page under a headline of its own."""
    if not facts.is_article or not facts.titles:
        return False
    tops = [part for part in parts if part.level == 1 and not part.links]
    return any(plain(part.text) in plain(title) for part in tops for title in facts.titles if plain(part.text))


def _single(parts: Sequence[Part], facts: Metadata, source: str, page: HtmlElement) -> Extracted:
    shorter = (without_site(title, None) for title in facts.titles)
    body = choose_body(parts, tuple(dict.fromkeys((*facts.titles, *shorter))), plain(facts.description))
    reasons = trimmed(parts, body.reasons, body.headline)
    chosen = [part for part, reason in zip(parts, reasons, strict=True) if reason is None]
    if not _is_article(chosen, body, facts):
        return Extracted(left_out=tuple(_left_out(parts, [reason or Reason.OTHER for reason in reasons], "")))
    title = _title(parts, body, facts, chosen)
    blocks, places = placed_blocks(chosen)
    about = _about(parts, reasons, body.headline)
    essay = Essay(
        title=title,
        blocks=tuple(blocks),
        author=_author(parts, reasons, body.headline, chosen, facts, names_in(page)),
        source=facts.site or source or None,
        url=facts.url,
        published=_day(facts.published) or _first_date(about) or _first_date(dates_in(page)[:1]),
        tags=facts.tags or tuple(_tags(parts, reasons)),
        further_reading=tuple(_reading(parts, reasons)),
    )
    return Extracted((essay,), tuple(_left_out(parts, reasons, title, places)))


def _several(parts: Sequence[Part], entries: Sequence[PageEntry], facts: Metadata, source: str) -> Extracted:
    """Return one essay for each entry; what stands outside the entries is left out below the one above it."""
    owner = [next((n for n, entry in enumerate(entries) if entry.element in part.above), None) for part in parts]
    beside = list(accumulate((own or 0 for own in owner), max))
    essays: list[Essay] = []
    left_out: list[LeftOut] = []
    for number, entry in enumerate(entries):
        inside = [at for at, own in enumerate(owner) if own == number]
        own_parts = [parts[at] for at in inside]
        title = own_parts[inside.index(entry.headline)].text
        body = choose_body(own_parts, (title,), "")
        reasons = trimmed(own_parts, body.reasons, body.headline)
        chosen = [part for part, reason in zip(own_parts, reasons, strict=True) if reason is None]
        about = _about(own_parts, reasons, body.headline)
        blocks, places = placed_blocks(chosen)
        near = [at for at, above in enumerate(beside) if above == number]
        said = {at: _outside(parts[at]) for at in near} | dict(zip(inside, reasons, strict=True))
        left = _left_out([parts[at] for at in near], [said[at] for at in near], title, places)
        left_out += (replace(line, essay=number) for line in left)
        essays.append(
            Essay(
                title=title,
                blocks=tuple(blocks),
                author=entry.author or _author(own_parts, reasons, body.headline, chosen, Metadata(site=facts.site)),
                source=facts.site or source or None,
                url=entry.url,
                published=_day(entry.published) or _first_date(about),
                tags=entry.tags or tuple(_tags(own_parts, reasons)),
            )
        )
    return Extracted(tuple(essays), tuple(left_out))


def _outside(part: Part) -> Reason:
    """Return the reason why a part that stands outside all entries is left out."""
    return part.shut or (part.zones[-1][1] if part.zones else Reason.MENU)


def _is_article(chosen: Sequence[Part], body: Body, facts: Metadata) -> bool:
    """Tell whether what was chosen is an article: running text or data under a headline, and no front page of a site."""
    told = sum(map(sentences_in, chosen))
    listed = sum(
        width(part.text) for part in chosen if part.kind in (BlockKind.TABLE, BlockKind.BULLET, BlockKind.NUMBERED)
    )
    if body.headline is None and facts.is_front and not facts.is_article:
        return False
    if body.headline is None:
        return told >= 2 * LEAST_SENTENCES or (told > 0 and not facts.titles)
    return told > 0 or listed > LEAST_SENTENCES


def _title(parts: Sequence[Part], body: Body, facts: Metadata, chosen: Sequence[Part]) -> str:
    """Return the headline as the page shows it; else the head's title without the site's name; else the first heading or sentence."""
    given = facts.titles[0] if facts.titles else ""
    if body.headline is not None:
        shown = parts[body.headline].text
        return given if shown.endswith(("…", "...")) and given.startswith(shown.rstrip("….")) else shown
    if given:
        return without_site(given, facts.site)
    heading = next((part.text for part in chosen if part.kind is BlockKind.HEADING), None)
    opening = next((part.text for part in chosen if part.text), "")
    first = next(filter(None, re.split(r"[。!?!?]+", opening)), opening)
    return heading or (first if len(first) <= 40 else first[:39] + "…")


def _about(parts: Sequence[Part], reasons: Sequence[Reason | None], headline: int | None) -> list[str]:
    """Return the lines that tell when the article appeared and who wrote it, the nearest to the headline first."""
    first = next((at for at, reason in enumerate(reasons) if reason is None), 0)
    place = headline if headline is not None else first
    lines = [
        (at, part)
        for at, part in enumerate(parts)
        if reasons[at] in _ABOUT or (place < at < first and reasons[at] is Reason.FOOTER)  # of the headline's element
    ]
    near = [(at, part) for at, part in lines if abs(at - place) <= _NEAR and not _leads_away(part)]
    texts = [to_halfwidth(part.text) for _, part in sorted(near, key=lambda one: (one[0] < place, abs(one[0] - place)))]
    told = next((at for at, part in enumerate(parts) if reasons[at] is None and sentences_in(part)), first)
    rows = (line for part in parts[place:told] if part.table for line in labelled(part.table))
    return sorted((*texts, *rows), key=lambda text: bool(_UPDATED.search(text)))


def _leads_away(part: Part) -> bool:
    """Tell whether a line is a link, and not that of a day to what appeared on it."""
    return part.linked >= 0.9 and role_of(to_halfwidth(part.text)) is not LineRole.BYLINE


def _author(
    parts: Sequence[Part],
    reasons: Sequence[Reason | None],
    headline: int | None,
    chosen: Sequence[Part],
    facts: Metadata,
    marked: Iterable[str] = (),
) -> str | None:
    """Return the reporter whom the page names, rather than the site. `marked`: the names in elements made for them."""
    told = [to_halfwidth(part.text) for part in chosen if sentences_in(part)]
    about = _about(parts, reasons, headline)
    below = (f"{label}:{said}" for label, said in pairwise(about) if is_label(label))
    signed = [*about, *below, *told[:2], *told[-1:]]  # a caption may stand first
    named = [name for line in signed if (name := author_in(line))]
    named += (*filter(is_full_name, about), *_linked_names(parts, headline), *marked)
    people = [name for name in (facts.author, *named) if name and not is_organisation(name, facts.site)]
    return next(iter(people), facts.author or next(iter(named), None))


def _linked_names(parts: Sequence[Part], headline: int | None) -> Iterator[str]:
    """Yield the names near the headline that lead to the page of a writer: 「/author/…」, 「/user/…」, 「/@…」."""
    if headline is None:
        return
    for part in parts[max(0, headline - LEAD) : headline + _NEAR]:
        for link in part.links:
            if _OF_WRITER.search(urlsplit(link.url).path) and could_be_name(name := part.text[link.start : link.end]):
                yield name


def _first_date(lines: Iterable[str]) -> date | None:
    return next(filter(None, map(_day, lines)), None)


def _day(said: str | None) -> date | None:
    return day_in(to_halfwidth(said)) if said else None


def _tags(parts: Sequence[Part], reasons: Sequence[Reason | None]) -> Iterable[str]:
    lines = (part.text for part, reason in zip(parts, reasons, strict=True) if reason is Reason.TAGS)
    return dict.fromkeys(tag for line in lines for tag in tags_in(line))


def _reading(parts: Sequence[Part], reasons: Sequence[Reason | None]) -> Iterable[str]:
    lines = (part.text for part, reason in zip(parts, reasons, strict=True) if reason is Reason.READING)
    return dict.fromkeys(line for line in lines if role_of(to_halfwidth(line)) is not LineRole.READING_HEAD)


def _left_out(
    parts: Sequence[Part], reasons: Sequence[Reason | None], title: str, places: Sequence[int] = ()
) -> Iterator[LeftOut]:
    """Yield the texts left out, each above the block that follows it, but for the title said once more.

    `places` are those of the chosen parts' blocks.
    """
    upcoming = iter([*places, places[-1] + 1 if places else 0])
    before = next(upcoming)
    for part, reason in zip(parts, reasons, strict=True):
        if reason is None:
            before = next(upcoming)
        elif part.text and not (reason is Reason.TITLE and part.text == title):
            yield LeftOut(_said(part), reason, before=before)


def _said(part: Part) -> str:
    return part.text if part.table is None else part.table.tabbed
