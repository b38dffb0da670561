"""An essay as documents of the index: one for the whole and one for each paragraph; for some circles made of its teaser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import tantivy

from corpus.essay import Audience, Essay
from corpus.language.segment import Segmenter, char_bigrams, pinyin_bigrams
from corpus.language.text import fold
from corpus.visibility import ALL_MEMBERS, EVERYBODY

WHOLE = "whole"
PARAGRAPH = "paragraph"
STATE = "state"  # one document that tells which revision of the store the others were made from

# Circles that are no plan: an editor, who reads all; members, who read the open part of an essay for some plans.
ALL, LEAD = "*", "-"

WORD_FIELDS = ("body", "heading", "title")
PLACED_FIELDS = ("pairs", "byline")  # with positions, so that characters are found in a row


@cache
def schema() -> tantivy.Schema:
    """Build the index's schema. `circle`: see `circle_of`; `day`: ordinal of the date, 0 without one; the rest: folded words, pairs, sounds.

    Text has fields of its own for either kind, so that a search of one kind does not walk through the other.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("circle", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("essay", indexed=True, fast=True)
    builder.add_unsigned_field("paragraph", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for kind in (WHOLE, PARAGRAPH):
        for name in WORD_FIELDS:
            builder.add_text_field(field(kind, name), tokenizer_name="whitespace", index_option="freq")
        for name in PLACED_FIELDS:
            builder.add_text_field(field(kind, name), tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("sounds", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw")
    return builder.build()


def field(kind: str, name: str) -> str:
    """Return the name of the field in which a kind of document keeps this text."""
    return f"{kind}_{name}"


def circle_of(kind: str, circle: str) -> str:
    """Return the mark of the documents of one kind that one circle of readers may see."""
    return f"{kind} {circle}"


def circles_of(audience: Audience) -> tuple[list[str], list[str]]:
    """Return the circles whose documents an audience sees, and those whose it must not: open parts of essays that it reads whole."""
    if audience.reads_all:
        return [ALL], []
    if audience == Audience.GUEST:
        return [EVERYBODY], []
    return [ALL_MEMBERS, *audience.plans, LEAD], [LEAD + plan for plan in audience.plans]


def documents(essay: Essay, segmenter: Segmenter) -> Iterator[tantivy.Document]:
    """Yield all documents of an essay. Circles that may not read it whole have documents made of its teaser."""
    visibility = essay.visibility
    if visibility.is_public:
        yield from _documents(essay, segmenter, (EVERYBODY, ALL_MEMBERS, ALL))
        return
    yield from _documents(essay, segmenter, (*visibility.circles, ALL))
    leads = (LEAD, *(LEAD + plan for plan in visibility.plans)) if visibility.plans else ()
    yield from _documents(essay.teaser, segmenter, (EVERYBODY, *leads))


def _documents(essay: Essay, segmenter: Segmenter, circles: tuple[str, ...]) -> Iterator[tantivy.Document]:
    title = fold(essay.title)
    byline = fold(f"{essay.author or ''} {essay.source or ''}")
    common = {"essay": essay.id, "day": essay.published.toordinal() if essay.published else 0}
    bodies = [fold(paragraph.text) for paragraph in essay.paragraphs]
    headings = {heading: _words(fold(heading), segmenter) for heading in essay.headings}
    cut = [_words(body, segmenter) for body in bodies]
    shared = {"title": _words(title, segmenter), "byline": " ".join(char_bigrams(byline))}
    tags = fold("\n".join(essay.tags))
    whole = shared | {
        "body": " ".join(cut),
        "heading": " ".join((*headings.values(), _words(tags, segmenter))),
        "pairs": " ".join(char_bigrams("\n".join((title, *map(fold, essay.headings), tags)))),
    }
    yield _document(WHOLE, circles, whole, common)
    for paragraph, body, words in zip(essay.paragraphs, bodies, cut, strict=True):
        heading = paragraph.heading or ""
        texts = shared | {
            "body": words,
            "heading": headings.get(heading, ""),
            "pairs": " ".join(char_bigrams(f"{fold(heading)}\n{body}")),
        }
        more = {"paragraph": paragraph.index, "sounds": " ".join(pinyin_bigrams(paragraph.text))}
        yield _document(PARAGRAPH, circles, texts, common | more)


def _document(
    kind: str, circles: tuple[str, ...], texts: Mapping[str, str], values: Mapping[str, object]
) -> tantivy.Document:
    seen = {"circle": [circle_of(kind, circle) for circle in circles]}
    return tantivy.Document.from_dict({**values, **seen, **{field(kind, n): t for n, t in texts.items()}}, schema())


def state(revision: int, mark: str, fingerprint: str) -> tantivy.Document:
    return tantivy.Document.from_dict({"circle": STATE, "stamp": f"{revision} {mark} {fingerprint}"}, schema())


def _words(folded: str, segmenter: Segmenter) -> str:
    return " ".join(segmenter.cut_for_search(folded))
