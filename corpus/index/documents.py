"""What the index holds of an essay: one document for the whole, one for each paragraph, one set for each audience."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import tantivy

from corpus.essay import Audience, Essay, Visibility
from corpus.language.segment import Segmenter, char_bigrams, pinyin_bigrams
from corpus.language.text import fold

WHOLE = "whole"
PARAGRAPH = "paragraph"
STATE = "state"  # one document that tells which revision of the store the others were made from

WORD_FIELDS = ("body", "heading", "title")
PLACED_FIELDS = ("pairs", "byline")  # with positions: characters in a row


@cache
def schema() -> tantivy.Schema:
    """`part`: see `part`; `day`: ordinal of the date, 0 without one; the rest: folded words, pairs, sounds.

    Text has fields of its own for either kind, so that a search of one kind does not walk through the other.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("part", tokenizer_name="raw", index_option="basic")
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
    """Where a kind of document keeps this text."""
    return f"{kind}_{name}"


def part(kind: str, audience: Audience) -> str:
    """The documents of one kind that one audience may see."""
    return f"{kind} {audience}"


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
    yield _document(WHOLE, audiences, whole, common)
    for paragraph, body, words in zip(essay.paragraphs, bodies, cut, strict=True):
        heading = paragraph.heading or ""
        texts = shared | {
            "body": words,
            "heading": headings.get(heading, ""),
            "pairs": " ".join(char_bigrams(f"{fold(heading)}\n{body}")),
        }
        more = {"paragraph": paragraph.index, "sounds": " ".join(pinyin_bigrams(paragraph.text))}
        yield _document(PARAGRAPH, audiences, texts, common | more)


def _document(
    kind: str, audiences: tuple[Audience, ...], texts: Mapping[str, str], values: Mapping[str, object]
) -> tantivy.Document:
    parts = {"part": [part(kind, audience) for audience in audiences]}
    return tantivy.Document.from_dict({**values, **parts, **{field(kind, n): t for n, t in texts.items()}}, schema())


def state(revision: int, mark: str, fingerprint: str) -> tantivy.Document:
    return tantivy.Document.from_dict({"part": STATE, "stamp": f"{revision} {mark} {fingerprint}"}, schema())


def _words(folded: str, segmenter: Segmenter) -> str:
    return " ".join(segmenter.cut_for_search(folded))
