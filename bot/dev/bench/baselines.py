"""Peers that one could use instead of the matcher: fuzzy matching, BM25, SQLite's full text search, plain tantivy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import tantivy
from rapidfuzz import fuzz, process

from corpus.essay import Essay
from corpus.language.dictionary import plain_jieba
from corpus.language.segment import char_bigrams
from corpus.language.text import fold

FOUND = 60  # paragraphs a peer may return, as many as the matcher asks of its index

Search = Callable[[str], list[tuple[int, float]]]  # question -> (number of a paragraph, score), best first


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that a peer indexes, with its heading and title, folded as ours is."""

    essay: int
    paragraph: int
    text: str


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    build: Callable[[Sequence[Passage]], Search]


def passages(essays: Sequence[Essay]) -> list[Passage]:
    return [
        Passage(essay.id, p.index, fold(f"{essay.title}\n{p.heading or ''}\n{p.text}"))
        for essay in essays
        for p in essay.paragraphs
    ]


def words(text: str) -> list[str]:
    """Cut a question or passage into words by rjieba's search mode with jieba's own dictionary, the same for every peer of words."""
    return [word for word in plain_jieba().cut_for_search(fold(text)) if word.strip() and word.isalnum()]


def rapidfuzz_wratio(given: Sequence[Passage]) -> Search:
    texts = [passage.text for passage in given]

    def search(question: str) -> list[tuple[int, float]]:
        found = process.extract(fold(question), texts, scorer=fuzz.WRatio, limit=FOUND)
        return [(number, score) for _, score, number in found]

    return search


def words_and_pairs(text: str) -> list[str]:
    """Return the words of a text, and every two characters that stand side by side."""
    return [*words(text), *char_bigrams(fold(text))]


def bm25s_words(given: Sequence[Passage]) -> Search:
    return _bm25s(given, words)


def bm25s_pairs(given: Sequence[Passage]) -> Search:
    return _bm25s(given, words_and_pairs)


def _bm25s(given: Sequence[Passage], units: Callable[[str], list[str]]) -> Search:
    import bm25s  # a development dependency: only this bench needs it

    retriever = bm25s.BM25()
    retriever.index([units(passage.text) for passage in given], show_progress=False)

    def search(question: str) -> list[tuple[int, float]]:
        numbers, scores = retriever.retrieve([units(question)], k=min(FOUND, len(given)), show_progress=False)
        return [(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if s > 0]

    return search


def sqlite_trigram(given: Sequence[Passage]) -> Search:
    """Search by FTS5's own trigram tokenizer; a question is the OR of its runs of three characters."""
    return _fts5(given, "trigram", lambda text: text, _trigrams)


def sqlite_words(given: Sequence[Passage]) -> Search:
    """Search by FTS5 over words cut beforehand."""
    return _fts5(given, "unicode61", lambda text: " ".join(words(text)), words)


def _trigrams(question: str) -> list[str]:
    runs = "".join(character if character.isalnum() else " " for character in fold(question)).split()
    return [run[i : i + 3] for run in runs for i in range(max(0, len(run) - 2))]


def _fts5(
    given: Sequence[Passage], tokenizer: str, prepare: Callable[[str], str], terms: Callable[[str], list[str]]
) -> Search:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(f"CREATE VIRTUAL TABLE passages USING fts5(text, tokenize='{tokenizer}')")
    rows = [(number, prepare(passage.text)) for number, passage in enumerate(given)]
    database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", rows)

    def search(question: str) -> list[tuple[int, float]]:
        wanted = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms(question)))
        if not wanted:
            return []
        query = "SELECT rowid, -bm25(passages) FROM passages WHERE passages MATCH ? ORDER BY 2 DESC LIMIT ?"
        return [(int(number), float(score)) for number, score in database.execute(query, (wanted, FOUND))]

    return search


def plain_tantivy(given: Sequence[Passage]) -> Search:
    """Search by tantivy one field of words and one of character pairs, nothing else."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    for name in ("words", "pairs"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(30_000_000, 1)
    for number, passage in enumerate(given):
        fields = {
            "number": number,
            "words": " ".join(words(passage.text)),
            "pairs": " ".join(char_bigrams(passage.text)),
        }
        writer.add_document(tantivy.Document.from_dict(fields, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> list[tuple[int, float]]:
        terms = [("words", word) for word in words(question)] + [
            ("pairs", pair) for pair in char_bigrams(fold(question))
        ]
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, *term, "freq")) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(clauses), FOUND, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(n or 0), float(score)) for n, (score, _) in zip(numbers, hits, strict=True)]

    return search


PEERS = (
    Peer("rapidfuzz WRatio", rapidfuzz_wratio),
    Peer("bm25s words", bm25s_words),
    Peer("bm25s words + pairs", bm25s_pairs),
    Peer("SQLite FTS5 trigram", sqlite_trigram),
    Peer("SQLite FTS5 words", sqlite_words),
    Peer("tantivy words + pairs", plain_tantivy),
)
