"""Words that the archive does not hold, read as ones it does: 台機電 by its sound, boradcom by its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from rapidfuzz.distance import OSA

from corpus.essay import Essay, Paragraph
from corpus.index import Match, Scope, TermForm
from corpus.language.pinyin import syllables
from corpus.language.segment import Segmenter, pinyin_bigrams
from corpus.language.text import fold
from corpus.lexicon.thesaurus import LIKENESS, SynonymGroup
from corpus.search.question import Word
from corpus.search.question_parser import QuestionParser
from corpus.search.term_stats import TermStats

Essays = Callable[[Collection[int]], Mapping[int, Essay]]

REPAIR_WEIGHT = 0.9
LONGEST_HEARD = 6  # characters that are compared by sound
_DIGITS = "0123456789"
_LATIN_NAME = re.compile(r"[a-z]{4,}\d*")  # of a model the number must be right: tranium3 is Trainium3, not Trainium2
_WITNESSES = 3  # paragraphs read to find the word meant


class QueryCorrector:
    """Repairs the words of one question, with one view of the index."""

    def __init__(self, reader: QuestionParser, archive: TermStats, essays: Essays) -> None:
        self._reader = reader
        self._segmenter = reader.segmenter
        self._archive = archive
        self._scope = Scope(archive.audience)
        self._essays = essays

    def repair(self, words: Iterable[Word], chunks: Iterable[str]) -> list[Word]:
        """Return the words; those unknown to the archive get as further forms the words that may be meant."""
        asked = list(words)
        absent = {word.typed for word in asked if not self._archive.holds(word)}
        heard = {window: meant for chunk in chunks for window, meant in self._heard(chunk, absent)}
        repaired: dict[str, Word] = {}
        for word in asked:
            window = next((window for window in heard if word.typed in absent and word.typed in window), None)
            if window:
                word = _meaning(Word((TermForm(window),)), heard[window])
            elif word.typed in absent and word.typed.isascii():
                word = _meaning(word, self._spelt_like(word.typed))
            repaired.setdefault(word.typed, word)
        for window, meant in heard.items():
            repaired.setdefault(window, _meaning(Word((TermForm(window),)), meant))
        return list(repaired.values())

    def _heard(self, chunk: str, absent: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the stretches of a question that the archive spells otherwise, with its forms: 碳化系, (碳化硅)."""
        found: list[str] = []
        for window in self._windows(chunk, absent):
            if any(window in other or other in window for other in found):
                continue
            if self._reader.is_everyday(window) or self._archive.frequency(window):
                continue
            if meant := self._sounding_like(window):
                found.append(window)
                yield window, meant

    def _windows(self, chunk: str, absent: set[str]) -> list[str]:
        """Return runs of one to three words around one that the archive lacks, or around a stray character; longest first.

        None begins or ends with a word of asking: nobody misspells the 何目的 of 有何目的.
        """
        tokens, stops = self._segmenter.cut(chunk), self._reader.stops
        suspects = [i for i, token in enumerate(tokens) if token in absent or self._is_stray(token)]
        runs = {
            "".join(tokens[start : start + length])
            for i in suspects
            for length in (1, 2, 3)
            for start in range(max(0, i - length + 1), i + 1)
            if start + length <= len(tokens) and not {(tokens[start],), (tokens[start + length - 1],)} & stops
        }
        spoken = [run for run in runs if 2 <= len(run) <= LONGEST_HEARD and pinyin_bigrams(run) and not _has_latin(run)]
        return sorted(spoken, key=lambda run: (-len(run), chunk.find(run)))

    def _is_stray(self, token: str) -> bool:
        return len(token) == 1 and (token,) not in self._reader.stops

    def _sounding_like(self, window: str) -> tuple[str, ...]:
        found = self._archive.generation.sounding_like(pinyin_bigrams(window), self._scope, _WITNESSES)
        for paragraph in self._paragraphs(found):
            if heard := heard_in(paragraph.text, window, self._segmenter):
                return (heard,)
        return self._held(self._reader.thesaurus.sounding_like(window))

    def _spelt_like(self, word: str) -> tuple[str, ...]:
        """Return the word that a Latin one misspells: one of the archive first, else a name that the archive writes otherwise."""
        best, likeness = "", LIKENESS
        name = _LATIN_NAME.fullmatch(word)
        found = (
            self._archive.generation.spelt_like(word, 1 if len(word) < 6 else 2, self._scope, _WITNESSES)
            if name
            else []
        )
        for paragraph in self._paragraphs(found):
            for token in set(self._segmenter.cut(fold(paragraph.text))):
                alike = token[0] == word[0] and token[len(token.rstrip(_DIGITS)) :] == word[len(word.rstrip(_DIGITS)) :]
                score = OSA.normalized_similarity(word, token) if alike else 0.0
                best, likeness = (token, score) if score > likeness else (best, likeness)
        return (best,) if best else self._held(self._reader.thesaurus.spelt_like(word))

    def _held(self, groups: Iterable[SynonymGroup]) -> tuple[str, ...]:
        forms = dict.fromkeys(form.removeprefix("$") for group in groups if group.name for form in group.forms)
        return tuple(form for form in forms if self._archive.frequency(form))

    def _paragraphs(self, matches: list[Match]) -> Iterator[Paragraph]:
        essays = self._essays([match.essay for match in matches]) if matches else {}
        for match in matches:
            essay = essays.get(match.essay)
            if essay and match.paragraph is not None and match.paragraph < len(essay.paragraphs):
                yield essay.paragraphs[match.paragraph]


def heard_in(text: str, window: str, segmenter: Segmenter) -> str | None:
    """Return the words of `text` that sound like `window` and share a character with it, folded; None without such words."""
    wanted = syllables(window)
    spoken = syllables(text)
    for start in range(len(spoken) - len(wanted) + 1):
        if spoken[start : start + len(wanted)] == wanted:
            as_written = text[start : start + len(wanted)]
            found = fold(as_written)
            if set(fold(as_written)) & set(window) and _stands_as_words(found, fold(text), segmenter):
                return found
    return None


def _stands_as_words(found: str, folded: str, segmenter: Segmenter) -> bool:
    """Tell whether a stretch stands somewhere between the edges of words: the 配吸 of 分配吸引 does not."""
    edges, position = {0}, 0
    for token in segmenter.tokens(folded):
        position += len(token)
        edges.add(position)
    return any(folded.startswith(found, start) and start + len(found) in edges for start in edges)


def _has_latin(text: str) -> bool:
    return any(character.isascii() for character in text)


def _meaning(word: Word, forms: Iterable[str]) -> Word:
    """Return the word with further forms that may be meant."""
    return replace(word, forms=(*word.forms, *(TermForm(form, REPAIR_WEIGHT) for form in forms)))
