"""The search index: made from the store with tantivy, kept beside it, thrown away and rebuilt at will."""

from corpus.index.lifecycle import Index
from corpus.index.queries import Form, Match, Scope, Term

__all__ = ["Form", "Index", "Match", "Scope", "Term"]
