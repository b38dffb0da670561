"""The search index: made from the store with tantivy, kept beside it, thrown away and rebuilt at will."""

from corpus.index.lifecycle import Index
from corpus.index.queries import Match, Scope, Term, TermForm

__all__ = ["Index", "Match", "Scope", "Term", "TermForm"]
