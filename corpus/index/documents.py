"""What the index holds of an essay: one document for the whole, one for each paragraph, one set for each audience."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import tantivy

from corpus.essay import Audience, Essay, Visibility
from corpus.segment import Segmenter, pairs, sounds
from corpus.text import fold

WHOLE = "whole"
PARAGRAPH = "paragraph"
STATE = "state"  # one document that tells which revision of the store the others were made from

WORD_FIELDS = ("body", "heading", "title")


@cache
def schema() -> tantivy.Schema:
    """`kind`, `audience`: filters; `day`: ordinal of the date, 0 without one; the rest: folded words, pairs, sounds."""
    builder = tantivy.SchemaBuilder()
    for name in ("kind", "audience"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("essay", indexed=True, fast=True)
    builder.add_unsigned_field("paragraph", fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("pairs", "sounds", "byline"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("stamp", stored=True, tokenizer_name="raw")
    return builder.build()


def documents(essay: Essay, segmenter: Segmenter) -> Iterator[tantivy.Document]:
    """All documents of an essay. A guest's documents of a members-only essay are made of its teaser."""
    if essay.visibility is Visibility.PUBLIC:
        yield from _documents(essay, segmenter, (Audience.GUEST, Audience.MEMBER))
    else:
        yield from _documents(essay, segmenter, (Audience.MEMBER,))
        yield from _documents(essay.teaser, segmenter, (Audience.GUEST,))


def _documents(essay: Essay, segmenter: Segmenter, audiences: tuple[Audience, ...]) -> Iterator[tantivy.Document]:
    title = fold(essay.title)
    byline = fold(f"{essay.author or ''} {essay.source or ''}")
    common = {
        "essay": essay.id,
        "audience": list(audiences),
        "day": essay.published.toordinal() if essay.published else 0,
        "title": _words(title, segmenter),
        "byline": " ".join(pairs(byline)),
    }
    bodies = [fold(paragraph.text) for paragraph in essay.paragraphs]
    headings = {heading: _words(fold(heading), segmenter) for heading in essay.headings}
    cut = [_words(body, segmenter) for body in bodies]
    yield tantivy.Document.from_dict(
        common
        | {
            "kind": WHOLE,
            "body": " ".join(cut),
            "heading": " ".join((*headings.values(), _words(fold(" ".join(essay.tags)), segmenter))),
            "pairs": " ".join(pairs("\n".join((title, *map(fold, essay.headings), fold("\n".join(essay.tags)))))),
            "sounds": " ".join(sounds(essay.title)),
        },
        schema(),
    )
    for paragraph, body, words in zip(essay.paragraphs, bodies, cut, strict=True):
        heading = paragraph.heading or ""
        yield tantivy.Document.from_dict(
            common
            | {
                "kind": PARAGRAPH,
                "paragraph": paragraph.index,
                "body": words,
                "heading": headings.get(heading, ""),
                "pairs": " ".join(pairs(f"{fold(heading)}\n{body}")),
                "sounds": " ".join(sounds(paragraph.text)),
            },
            schema(),
        )


def state(revision: int, fingerprint: str) -> tantivy.Document:
    return tantivy.Document.from_dict({"kind": STATE, "stamp": f"{revision} {fingerprint}"}, schema())


def _words(folded: str, segmenter: Segmenter) -> str:
    return " ".join(segmenter.cut_for_search(folded))
