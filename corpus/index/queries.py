"""What is asked of the index, as values, and the tantivy queries made of them; text of a user is never parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from corpus.essay import Audience
from corpus.index.documents import PARAGRAPH, WHOLE, schema
from corpus.segment import Segmenter, pairs

Days = tuple[int, int]  # first and last day as ordinals, both included

FIELD_WEIGHTS = {
    PARAGRAPH: {"body": 1.0, "heading": 0.5, "title": 0.5},
    WHOLE: {"body": 1.0, "heading": 0.7, "title": 1.2},
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a term, folded; `weight` is 1 for what was typed and less for synonyms and repairs."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question asks for, in all its forms; the best form of it counts."""

    forms: tuple[Form, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: as whom, in which days (an undated essay is in none), by whom, and without which words."""

    audience: Audience
    days: Days | None = None
    byline: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One document found; `paragraph` is None for a whole essay. `score` is BM25 over the weighted fields."""

    essay: int
    paragraph: int | None
    score: float


def search_query(kind: str, terms: tuple[Term, ...], scope: Scope, segmenter: Segmenter) -> Query:
    wanted = [(Occur.Should, Query.boost_query(term_query(kind, term, segmenter), term.weight)) for term in terms]
    return Query.boolean_query([*scope_clauses(kind, scope), (Occur.Must, Query.boolean_query(wanted))])


def term_query(kind: str, term: Term, segmenter: Segmenter) -> Query:
    forms = [Query.boost_query(form_query(kind, form.text, segmenter), form.weight) for form in term.forms]
    return Query.disjunction_max_query(forms) if len(forms) > 1 else forms[0]


def form_query(kind: str, folded: str, segmenter: Segmenter) -> Query:
    """One word of the dictionary: its BM25 in each field. Several words: exactly these characters in a row.

    A word that no dictionary has may be cut otherwise in the middle of a sentence: either will do.
    """
    words = segmenter.cut(folded)
    units = pairs(folded)
    found = [phrase("pairs", units)]
    if len(words) == 1:
        fields = [Query.boost_query(_term(name, words[0]), weight) for name, weight in FIELD_WEIGHTS[kind].items()]
        known = words[0].isascii() or segmenter.has(words[0])
        found = fields if known else [Query.disjunction_max_query([_any(fields), *found])]
    return _any([*found, phrase("byline", units)])


def _any(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def scope_clauses(kind: str, scope: Scope) -> list[tuple[Occur, Query]]:
    clauses = [
        (Occur.Must, Query.const_score_query(_term("kind", kind), 0.0)),
        (Occur.Must, Query.const_score_query(_term("audience", scope.audience), 0.0)),
    ]
    if scope.days is not None:
        first, last = scope.days
        between = Query.range_query(schema(), "day", tantivy.FieldType.Unsigned, max(1, first), max(1, last))
        clauses.append((Occur.Must, Query.const_score_query(between, 0.0)))
    if scope.byline:
        clauses.append((Occur.Must, Query.const_score_query(phrase("byline", pairs(scope.byline)), 0.0)))
    clauses.extend((Occur.MustNot, phrase("pairs", pairs(word))) for word in scope.without if pairs(word))
    return clauses


def phrase(field: str, units: list[str]) -> Query:
    if not units:
        return Query.empty_query()
    return Query.phrase_query(schema(), field, list(units)) if len(units) > 1 else _term(field, units[0])


def _term(field: str, value: str) -> Query:
    return Query.term_query(
        schema(), field, value, index_option="freq" if field in FIELD_WEIGHTS[WHOLE] else "position"
    )
