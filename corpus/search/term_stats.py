"""The frequency of a word in the archive, and the worth of finding it."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from corpus.essay import Audience
from corpus.index import Term, TermForm
from corpus.index.generation import IndexGeneration
from corpus.language.segment import Segmenter
from corpus.search.matchable import QueryTerm, best_first, gapped, in_a_row, query_term
from corpus.search.question import Word

APART_WEIGHT = 0.8  # 電信設備, where the essay writes 電信網路設備
ACROSS_WEIGHT = 0.9  # 案例, where the segmenter reads 這 檔案 例
SHORT_FORM_WEIGHT = 0.6  # 罕病, where it writes 罕見疾病
FOREIGN_SHARE = 0.6  # of its worth, for an English word that the archive lacks: it says less than a Chinese one
_LONG_RUN = re.compile(r"[㐀-鿿]{4,8}")
_SHORT_FORM = re.compile(r"[㐀-鿿]{2,3}")


class TermStats:
    """One view of the index as one audience sees it."""

    def __init__(self, generation: IndexGeneration, audience: Audience) -> None:
        self.generation = generation
        self.audience = audience
        self._everything = generation.paragraphs(audience)

    @property
    def rarest(self) -> float:
        """The worth of a word that the archive holds nowhere."""
        return self._rarity(0.0)

    def frequency(self, folded: str) -> int:
        """Count the paragraphs with these characters in a row, in the paragraph or above it."""
        return self.generation.frequency(folded, self.audience)

    def holds(self, word: Word, least: float = 0.0) -> bool:
        return any(form.weight >= least and self.frequency(form.text) for form in word.forms)

    def parts(self, word: Word, segmenter: Segmenter) -> list[str]:
        """Return the shorter words in a term that the archive holds; of a run no dictionary knows, the stretches it holds."""
        found = [part for part in segmenter.parts(word.typed) if self.frequency(part)]
        if found or word.name or not _LONG_RUN.fullmatch(word.typed):
            return found
        return self._stretches(word.typed)

    def _stretches(self, run: str) -> list[str]:
        """Return the longest stretches of two and more characters that the archive holds, from the left: 核三, 延役."""
        found, start = [], 0
        while start < len(run) - 1:
            ends = (end for end in range(len(run), start + 1, -1) if self.frequency(run[start:end]))
            if end := next(ends, 0):
                found.append(run[start:end])
            start = end or start + 1
        return found

    def sought(self, word: Word, extra: bool = False) -> QueryTerm:
        """Return the word in the forms that the archive holds; its worth is its weight times its inverse paragraph frequency."""
        held = tuple(form for form in word.forms if self.frequency(form.text))
        found = query_term(word, held, word.weight * self._rarity(self._holding(held)), extra)
        if len(word.parts) > 1:
            return replace(found, spellings=best_first(*found.spellings, gapped(word.parts, APART_WEIGHT)))
        return found if word.typed in {form.text for form in held} else _unheld(found, word)

    def term(self, word: QueryTerm) -> Term:
        """Return the word as the index is asked for it.

        BM25 weighs each form by its own rarity; a nickname used once must not outweigh the name used everywhere, so
        each form is brought down to the rarity of all forms together.
        """
        forms = word.word.forms
        rarity = self._rarity(self._holding(forms))
        scaled = tuple(TermForm(f.text, f.weight * rarity / self._rarity(self.frequency(f.text))) for f in forms)
        return Term(scaled, word.word.weight)

    def _holding(self, forms: tuple[TermForm, ...]) -> float:
        return sum(self.frequency(form.text) * form.weight for form in forms)

    def _rarity(self, holding: float) -> float:
        return math.log(1 + self._everything / (min(holding, self._everything) + 2))


def _unheld(found: QueryTerm, word: Word) -> QueryTerm:
    """Adapt a word that the archive lacks as it was typed: a short Chinese one may be a short form, an English one is worth less."""
    if _SHORT_FORM.fullmatch(word.typed):
        characters = tuple(word.typed)
        across, apart = in_a_row(word.typed, ACROSS_WEIGHT), gapped(characters, SHORT_FORM_WEIGHT)
        return replace(found, spellings=best_first(*found.spellings, across, apart))
    if word.typed.isascii() and word.typed.isalpha() and not word.name and not found.word.forms:
        return replace(found, worth=found.worth * FOREIGN_SHARE)
    return found
