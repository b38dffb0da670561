"""How sure a finding is, in figures that hold for any archive."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.language.segment import MANNER
from corpus.search.matchable import MEANS_THE_SAME, Parts, QueryMatch, QueryTerm, share_of
from corpus.search.question import NAME_BOOST

LEAST_PROOF = 1e-9
ON_TOP = 0.6  # what a word of the title or a heading counts for each sentence below it
FACET_WORTH = 0.6  # of its rarity: what a side of the subject counts among what is asked besides names
Flags = NDArray[np.bool_]
LEXICON = Path(__file__).parents[1] / "lexicon"
_GIVEN = LEXICON / "thresholds.toml"
_HAN = re.compile(r"[㐀-鿿]")
SUBJECT = 0.5  # of what all words prove: what those prove at least that say the subject
UNTOLD = 0.5  # what stands for a share of nothing
OFTEN = 3  # times that a word stands on a page which is about it


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of a question the best essay holds, each as a share of what its words are worth, from 0 to 1."""

    title: float  # held in the title
    besides: float  # of what is asked besides names, 1 less what is missing: little for a side of the subject, next to nothing for an everyday word
    alone: float  # the most telling word held: half a question held by one word is less than half of it by several
    traces: float  # of words it does not hold, the characters in its title and headings: 油錢, where it has 油價
    together: float  # held by one sentence or the top: said of the subject, and not somewhere on the page
    unnamed: float  # names that it does not hold, of all that is asked: who asks about a company wants no other
    figure: float  # the kind of figure asked for, in the sentence that holds the most or beside it; 1 where none is asked for
    strange: float  # the most telling word that it does not hold, beside one that the archive holds nowhere
    words: float  # of the words, each alike
    phrases: float  # of the runs of words that the archive writes in a row; half where there are none

    @classmethod
    def of(cls, reading: QueryMatch) -> Evidence:
        proofs, plain = reading.proofs, _plain_worth(reading.wanted)
        held = reading.proven(reading.whole)
        names = np.array([term.word.name for term in reading.wanted], dtype=bool)
        if any(map(_is_strange, reading.wanted, reading.whole)) and not (held * names).any():
            return NOTHING  # who asks about 寶雅 wants no other
        if not all(map(reading.page.may_be_of, reading.years)):
            return NOTHING  # nor who asks about 2023 another year
        return cls(
            title=reading.explained_weight(reading.title),
            besides=_besides(reading, names, plain),
            alone=float((proofs * held).max(initial=0.0) / max(proofs.sum(), LEAST_PROOF)),
            traces=share_of(_traces(reading), reading.proofs),
            together=reading.explained_weight(np.maximum(reading.sentences, reading.top)),
            unnamed=share_of((1 - held) * names, plain),
            figure=_figure(reading),
            strange=float((proofs * (1 - held)).max(initial=0.0)) / reading.rarest,
            words=share_of(held, np.where(proofs > 0, 1.0, 0.0)),
            phrases=_phrases(reading, held),
        )


NOTHING = Evidence(*[0.0] * len(fields(Evidence)))  # of a question without a single hit


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic model of whether the first hit answers, and the thresholds on it."""

    bias: float
    weights: Mapping[str, float]
    answer: float
    choices: float
    strict: float

    @classmethod
    def load(cls, fitted: Path | None = None) -> ConfidenceModel:
        """The judge of a refitted thresholds file; of the one in corpus/lexicon/ where there is none or it is outdated."""
        try:
            return cls.read((fitted or _GIVEN).read_text("utf-8"))
        except (OSError, KeyError, ValueError):
            return cls.read(_GIVEN.read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> ConfidenceModel:
        """The judge that `calibration.write` has written. Raises KeyError, or ValueError when it weighs other evidence."""
        data = tomllib.loads(text)
        model, outcome = dict(data["confidence"]), data["outcome"]
        bias = model.pop("bias")
        if set(model) != {field.name for field in fields(Evidence)}:
            raise ValueError(f"weights of {sorted(model)}")
        return cls(bias, model, outcome["answer"], outcome["choices"], outcome["strict"])

    def confidence(self, evidence: Evidence) -> float:
        if evidence == NOTHING:
            return 0.0
        names = [field.name for field in fields(evidence)]
        total = self.bias + sum(
            self.weights[name] * value for name, value in zip(names, astuple(evidence), strict=True)
        )
        return 1 / (1 + math.exp(-total))

    def outcome(self, confidence: float, strict: bool) -> str:
        """`strict`, in a group: what would be an answer to one person is an offer of choices, and what less, none."""
        answer, choices = (self.strict, self.answer) if strict else (self.answer, self.choices)
        if confidence >= answer:
            return "answer"
        return "choices" if confidence >= choices else "not_covered"


def tells_of_the_subject(reading: QueryMatch) -> bool:
    """Whether the page is about all that the question names, and lacks only what may be said of anything."""
    subjects = [number for number, term in enumerate(reading.wanted) if _is_subject(term)]
    names_one = any(not reading.wanted[number].typed.isdigit() for number in subjects)  # a bare number names nothing
    named = np.array([float(_is_subject(term)) for term in reading.wanted])
    asked = share_of(named, reading.proofs)  # who asks 曾炯是什麼人 asks for no 人
    return names_one and asked >= SUBJECT and bool((_salience(reading)[subjects] >= MEANS_THE_SAME).all())


def salience(reading: QueryMatch) -> float:
    """What it holds in the title or a heading, or again and again, not in passing."""
    return reading.explained_weight(_salience(reading))


def _salience(reading: QueryMatch) -> Parts:
    """How well the page tells of each word: on its top, or again and again."""
    often: Parts = np.maximum(reading.top, reading.whole * np.minimum(1.0, reading.times / OFTEN))
    return often


def _is_subject(term: QueryTerm) -> bool:
    return not term.extra and (term.word.name or (term.word.telling > MANNER and not term.word.facet))


def _plain_worth(wanted: Sequence[QueryTerm]) -> Parts:
    """The rarity of each of the question's own words; a name counts as another word."""
    return np.array(
        [0.0 if term.extra else term.worth / (NAME_BOOST if term.word.name else 1.0) for term in wanted], dtype=float
    )


def _traces(reading: QueryMatch) -> Parts:
    """Of each word that the page does not hold, the share of its Han characters that stand on its top.

    Not those of a word that is held: 電腦 is no trace of 量子.
    """
    both = list(zip(reading.wanted, reading.whole, strict=True))
    held = {character for word, found in both if found for character in word.typed}
    top = {c for c in reading.page.top_text if c not in held}
    return np.array([0.0 if found else _share(_HAN.findall(word.typed), top) for word, found in both])


def _share(characters: list[str], among: set[str]) -> float:
    """The share of them, where it is half and more."""
    held = sum(character in among for character in characters)
    return held / len(characters) if 2 * held >= len(characters) > 0 else 0.0


def _figure(reading: QueryMatch) -> float:
    """How much of the question stands beside a figure of the kind it asks for, as a share of the most that a sentence holds."""
    if reading.figure is None:
        return 1.0
    held = np.maximum(reading.proven(reading.sentences), ON_TOP * reading.proven(reading.top)) @ reading.proofs
    figured = [held[number] for number in reading.figured if 0 <= number < len(held)]
    return float(max(figured, default=0.0) / max(held.max(initial=0.0), LEAST_PROOF))


def _besides(reading: QueryMatch, names: Flags, plain: Parts) -> float:
    """What is held of the other words; one that tells little of a subject takes little away where it is missing."""
    lacking = (1 - reading.proven(reading.whole)) * reading.proofs * ~names
    facets = np.array([term.word.facet for term in reading.wanted], dtype=bool)
    asked = plain * ~names * np.where(facets, FACET_WORTH, 1.0)
    return 1.0 - float(lacking.sum()) / max(float(asked.sum()), LEAST_PROOF)


def _phrases(reading: QueryMatch, held: Parts) -> float:
    """What it writes in a row of what the question does, and the archive somewhere."""
    worth = np.array([term.worth if term.extra else 0.0 for term in reading.wanted])
    return share_of(held, worth) if worth.any() else UNTOLD


def _is_strange(word: QueryTerm, held: float) -> bool:
    """Whether it is a name that neither the page nor the archive has in any form that means the same."""
    known = held >= MEANS_THE_SAME or any(form.weight >= MEANS_THE_SAME for form in word.word.forms)
    return word.word.name and not known
