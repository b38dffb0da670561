"""Searches of the index, as values, and the tantivy queries made of them; a user's text is never parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from corpus.essay import Audience
from corpus.index.documents import PARAGRAPH, WHOLE, circle_of, circles_of, field, schema
from corpus.language.segment import Segmenter, char_bigrams

Days = tuple[int, int]  # first and last day as ordinals, both included

FIELD_WEIGHTS = {
    PARAGRAPH: {"body": 1.0, "heading": 0.5, "title": 0.5},
    WHOLE: {"body": 1.0, "heading": 0.7, "title": 1.2},
}


@dataclass(frozen=True, slots=True)
class TermForm:
    """One way to write a term, folded; `weight` is 1 for what was typed and less for synonyms and repairs."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question asks for, in all its forms; the best form of it counts."""

    forms: tuple[TermForm, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a search: audience, days (an undated essay is in none), byline, and words that must not be there."""

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
    wanted = [Query.boost_query(term_query(kind, term, segmenter), term.weight) for term in terms]
    return Query.boolean_query([*scope_clauses(kind, scope), (Occur.Must, _any(wanted))])


def bigram_query(kind: str, units: Sequence[str], scope: Scope) -> Query:
    """Build a query for any of these pairs of characters, each by its rarity."""
    wanted = [_term(field(kind, "pairs"), unit, "position") for unit in units]
    return Query.boolean_query([*scope_clauses(kind, scope), (Occur.Must, _any(wanted))])


def term_query(kind: str, term: Term, segmenter: Segmenter) -> Query:
    """Build a query for a term, by its best form; bylines are searched only for the form that was typed."""
    typed, *others = term.forms
    forms = [Query.boost_query(form_query(kind, typed.text, segmenter), typed.weight)]
    forms += [Query.boost_query(text_query(kind, form.text, segmenter), form.weight) for form in others]
    return Query.disjunction_max_query(forms) if len(forms) > 1 else forms[0]


def form_query(kind: str, folded: str, segmenter: Segmenter) -> Query:
    """Build a query for these characters in text or byline."""
    return _any([text_query(kind, folded, segmenter), phrase(kind, "byline", char_bigrams(folded))])


def text_query(kind: str, folded: str, segmenter: Segmenter) -> Query:
    """Build a query for these characters in text: one word by its BM25 in each field, several words as characters in a row.

    A word that no dictionary has may be cut otherwise in the middle of a sentence: either will do.
    """
    words = segmenter.cut(folded)
    if len(folded) == 1 and not folded.isascii():
        return _any([_term(field(kind, "body"), folded), _beginning(field(kind, "pairs"), folded)])
    spelt = phrase(kind, "pairs", char_bigrams(folded))
    if len(words) != 1:
        return spelt
    weights = FIELD_WEIGHTS[kind].items()
    found = _any([Query.boost_query(_term(field(kind, name), words[0]), weight) for name, weight in weights])
    known = words[0].isascii() or segmenter.has(words[0])
    return found if known else Query.disjunction_max_query([found, spelt])


def _any(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def scope_clauses(kind: str, scope: Scope) -> list[tuple[Occur, Query]]:
    seen, unseen = ([_circle(kind, one) for one in circles] for circles in circles_of(scope.audience))
    clauses = [(Occur.Must, Query.const_score_query(_any(seen) if len(seen) > 1 else seen[0], 0.0))]
    clauses.extend((Occur.MustNot, query) for query in unseen)
    if scope.days is not None:
        first, last = scope.days
        between = Query.range_query(schema(), "day", tantivy.FieldType.Unsigned, max(1, first), max(1, last))
        clauses.append((Occur.Must, Query.const_score_query(between, 0.0)))
    if scope.byline:
        clauses.append((Occur.Must, Query.const_score_query(phrase(kind, "byline", char_bigrams(scope.byline)), 0.0)))
    clauses.extend(
        (Occur.MustNot, phrase(kind, "pairs", char_bigrams(word))) for word in scope.without if char_bigrams(word)
    )
    return clauses


def _circle(kind: str, circle: str) -> Query:
    return _term("circle", circle_of(kind, circle), "basic")


def phrase(kind: str, name: str, units: list[str]) -> Query:
    """Build a query for these units in a row."""
    return in_a_row(field(kind, name), units)


def in_a_row(name: str, units: list[str]) -> Query:
    if not units:
        return Query.empty_query()
    return Query.phrase_query(schema(), name, list(units)) if len(units) > 1 else _term(name, units[0], "position")


def _beginning(name: str, character: str) -> Query:
    """Build a query for a single character at the beginning of a pair: the 铜 of 铜价."""
    return Query.regex_query(schema(), name, f"{character}.")


def _term(name: str, value: str, option: str = "freq") -> Query:
    return Query.term_query(schema(), name, value, index_option=option)
