"""A question understood: words with their other names, a period, an author, unwanted subjects, the kind of answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.index import TermForm
from corpus.language.segment import DEED, EVERYDAY
from corpus.search.answer_signs import Sign
from corpus.search.period import AskedYear, Period

NAME_BOOST = 1.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word or name asked for. `forms`: the typed one first, then its other names, all folded."""

    forms: tuple[TermForm, ...]
    weight: float = 1.0
    name: bool = False
    parts: tuple[str, ...] = ()  # the words that a term of several is made of
    facet: bool = False  # a side of the subject and not the subject: 營收, 展望
    telling: float = 1.0  # how much its absence tells: little for a remark that fits any subject (變高, 爆單)
    known: bool = False  # to the lexicon, as a term or a name
    proper: bool = False  # to the dictionary a name, of a place or a person

    @property
    def typed(self) -> str:
        return self.forms[0].text

    def is_same(self, other: Word) -> bool:
        """Tell whether both words have a form in common."""
        return not {form.text for form in self.forms}.isdisjoint(form.text for form in other.forms)

    @property
    def is_subject(self) -> bool:
        """Whether an essay could be about the word: 散熱, 罷工, never 太早 or 笑一個."""
        return self.telling >= DEED or (self.known and not self.facet and self.telling > EVERYDAY)


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood. `chunks`: runs of what is left of its text, for phrases; all text is folded."""

    words: tuple[Word, ...]
    chunks: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()  # patterns of a sentence that answers
    period: Period | None = None
    byline: str = ""
    signed: str = ""  # the words that say the byline: 高以安寫的
    without: tuple[str, ...] = ()  # the unwanted subjects, under all their names
    newest: bool = False  # the latest essays are asked for
    view: bool = False  # an opinion is asked for, which a later essay may have changed
    years: tuple[AskedYear, ...] = ()
    figure: re.Pattern[str] | None = None  # pattern of the figure asked for

    def naming(self, name: Word) -> Question:
        """Return the question about one of its names alone."""
        others = [word.typed for word in self.words if word.name and not word.is_same(name)]
        words = tuple(word for word in self.words if word.typed not in others)
        return replace(self, words=words, chunks=tuple(_apart_from(others, self.chunks)))

    @property
    def names(self) -> tuple[Word, ...]:
        """The companies asked about, each once: 台積電 2330 is one."""
        found: list[Word] = []
        for word in self.words:
            if word.name and not any(word.is_same(other) for other in found):
                found.append(word)
        return tuple(found)

    @property
    def unsigned(self) -> Question:
        """The question without the words that say its author or source."""
        return replace(self, words=tuple(word for word in self.words if word.typed not in self.signed))

    @property
    def dated(self) -> Question:
        """The question with its period as a word, for essays that speak of it, whenever they were written."""
        period = self.period
        if period is None or not period.said:
            return self
        years = self.years or ((AskedYear(period.year),) if period.year else ())
        return replace(self, words=(*self.words, Word(period.said, known=True)), years=years)

    @property
    def undated(self) -> Question:
        """The question without its period, and without the words that say it."""
        said = self.period.text if self.period else ""
        return replace(self, period=None, words=tuple(word for word in self.words if word.typed not in said))


def _apart_from(names: Sequence[str], chunks: Iterable[str]) -> Iterator[str]:
    """Return the chunks without these names, cut where one stood."""
    between = re.compile("|".join(map(re.escape, names)) or r"(?!)")
    return (piece for chunk in chunks for piece in between.split(chunk) if piece)
