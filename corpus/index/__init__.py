"""The search index: made from the store with tantivy, kept beside it, thrown away and rebuilt at will."""

from corpus.index.queries import Form, Match, Scope, Term
from corpus.index.upkeep import Index

__all__ = ["Form", "Index", "Match", "Scope", "Term"]
