"""The confidence of a finding, in figures that hold for any archive."""

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
TOP_WEIGHT = 0.6  # weight of a word of the title or a heading for each sentence below it
FACET_WORTH = 0.6  # of its worth, which a side of the subject counts among the words besides names
Flags = NDArray[np.bool_]
LEXICON = Path(__file__).parents[1] / "lexicon"
_GIVEN = LEXICON / "thresholds.toml"
_HAN = re.compile(r"[㐀-鿿]")
SUBJECT = 0.5  # of all words' proof, the least that those for the subjects must make up
UNTOLD = 0.5  # the share of runs of words where the question has none
LONGEST_REMARK = 4  # characters
OFTEN = 3  # times that a word stands on a page about it


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of a question that an essay holds, each as a share of its words' worth or proof, from 0 to 1."""

    title: float  # held in the title
    besides: float  # 1 less the missing share of the words besides names: little for a side of the subject, next to nothing for an everyday word
    alone: float  # the most telling word held: half a question held by one word is less than half held by several
    traces: float  # of words it does not hold, the characters in its title and headings: 油錢, where it has 油價
    together: float  # held by one sentence with the top: said of the subject, and not somewhere on the page
    unnamed: float  # names that it does not hold, of all words: a question about one company wants no other
    figure: float  # the kind of figure asked for, in the sentence that holds the most or beside it; 1 where none is asked for
    strange: float  # the most telling word that it does not hold, as a share of one that the archive holds nowhere
    words: float  # held of the words, each counted alike
    phrases: float  # held of the runs of words that the archive writes in a row; half where there are none

    @classmethod
    def of(cls, reading: QueryMatch) -> Evidence:
        proofs, plain = reading.proofs, _plain_worth(reading.wanted)
        held = reading.proven(reading.whole)
        names = np.array([term.word.name for term in reading.wanted], dtype=bool)
        if any(map(_is_strange, reading.wanted, reading.whole)) and not (held * names).any():
            return NOTHING  # a question about 寶雅 wants no other company
        if not all(map(reading.page.may_be_of, reading.years)):
            return NOTHING  # a question about 2023 wants no other year
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


NOTHING = Evidence(*[0.0] * len(fields(Evidence)))  # the evidence of a question without a hit


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
        """Load a refitted thresholds file; the one in corpus/lexicon/ where that is missing, unreadable or outdated."""
        try:
            return cls.read((fitted or _GIVEN).read_text("utf-8"))
        except (OSError, KeyError, ValueError):
            return cls.read(_GIVEN.read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> ConfidenceModel:
        """Parse the text that `calibration.write` writes. Raises KeyError, or ValueError where it weighs other evidence."""
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
        """Return the outcome at a confidence. `strict`, in a group: an answer to one person may be choices, choices none."""
        answer, choices = (self.strict, self.answer) if strict else (self.answer, self.choices)
        if confidence >= answer:
            return "answer"
        return "choices" if confidence >= choices else "not_covered"


def tells_of_the_subject(reading: QueryMatch) -> bool:
    """Tell whether the page is about all subjects of the question, and these make up half of its proof and more."""
    subjects = [number for number, term in enumerate(reading.wanted) if _is_subject(term)]
    names_one = any(not reading.wanted[number].typed.isdigit() for number in subjects)  # a bare number names nothing
    named = np.array([float(_is_subject(term)) for term in reading.wanted])
    asked = share_of(named, reading.proofs)  # of 曾炯是什麼人 only 曾炯
    return names_one and asked >= SUBJECT and bool((_salience(reading)[subjects] >= MEANS_THE_SAME).all())


def lacks_one_word(reading: QueryMatch) -> bool:
    """Tell whether the title names a subject of the question, and the page holds all of it but one short word: 智邦 踏空.

    A name, a term of the lexicon or a model that is lacking is a subject of its own; who asks for a figure or a year wants no other.
    """
    if reading.figure is not None or reading.years:
        return False
    read = zip(reading.wanted, reading.title, reading.whole, strict=True)
    subjects = [(term, title, held) for term, title, held in read if _is_subject(term)]
    titled = any((term.word.name or term.word.known) and title >= MEANS_THE_SAME for term, title, _ in subjects)
    lacking = [term for term, _, held in subjects if held < MEANS_THE_SAME and term.word.telling > MANNER]
    return titled and len(lacking) <= 1 and all(map(_is_a_remark, lacking))


def _is_a_remark(term: QueryTerm) -> bool:
    word = term.word
    return (
        not (word.name or word.known or word.proper)
        and len(term.typed) <= LONGEST_REMARK
        and all(map(_HAN.match, term.typed))
    )


def salience(reading: QueryMatch) -> float:
    """Return the share of the question that the page holds on its top or again and again, not in passing."""
    return reading.explained_weight(_salience(reading))


def _salience(reading: QueryMatch) -> Parts:
    """Rate how well the page tells of each word: on its top, or again and again."""
    often: Parts = np.maximum(reading.top, reading.whole * np.minimum(1.0, reading.times / OFTEN))
    return often


def _is_subject(term: QueryTerm) -> bool:
    return not term.extra and (term.word.name or (term.word.telling > MANNER and not term.word.facet))


def _plain_worth(wanted: Sequence[QueryTerm]) -> Parts:
    """Return the worth of each of the question's own words; a name counts as another word."""
    return np.array(
        [0.0 if term.extra else term.worth / (NAME_BOOST if term.word.name else 1.0) for term in wanted], dtype=float
    )


def _traces(reading: QueryMatch) -> Parts:
    """Return for each word that the page does not hold the share of its Han characters on the page's top.

    Characters of a word that is held are left out: 電腦 is no trace of 量子.
    """
    both = list(zip(reading.wanted, reading.whole, strict=True))
    held = {character for word, found in both if found for character in word.typed}
    top = {c for c in reading.page.top_text if c not in held}
    return np.array([0.0 if found else _share(_HAN.findall(word.typed), top) for word, found in both])


def _share(characters: list[str], among: set[str]) -> float:
    """Return the share of the characters that are `among` others; 0 where it is below half."""
    held = sum(character in among for character in characters)
    return held / len(characters) if 2 * held >= len(characters) > 0 else 0.0


def _figure(reading: QueryMatch) -> float:
    """Return the most of the question beside a figure of the kind asked for, as a share of the most in any sentence.

    1 where no figure is asked for.
    """
    if reading.figure is None:
        return 1.0
    held = np.maximum(reading.proven(reading.sentences), TOP_WEIGHT * reading.proven(reading.top)) @ reading.proofs
    figured = [held[number] for number in reading.figured if 0 <= number < len(held)]
    return float(max(figured, default=0.0) / max(held.max(initial=0.0), LEAST_PROOF))


def _besides(reading: QueryMatch, names: Flags, plain: Parts) -> float:
    """Return 1 less the missing share of the words besides names; one that tells little takes little away."""
    lacking = (1 - reading.proven(reading.whole)) * reading.proofs * ~names
    facets = np.array([term.word.facet for term in reading.wanted], dtype=bool)
    asked = plain * ~names * np.where(facets, FACET_WORTH, 1.0)
    return 1.0 - float(lacking.sum()) / max(float(asked.sum()), LEAST_PROOF)


def _phrases(reading: QueryMatch, held: Parts) -> float:
    """Return the held share of the question's runs of words that the archive writes in a row; UNTOLD without any.

    A question of one word has no run that could be missing.
    """
    if len(reading.wanted) == 1:
        return 1.0
    worth = np.array([term.worth if term.extra else 0.0 for term in reading.wanted])
    return share_of(held, worth) if worth.any() else UNTOLD


def _is_strange(word: QueryTerm, held: float) -> bool:
    """Tell whether a word is a name that neither the page nor the archive has in a form that means the same."""
    known = held >= MEANS_THE_SAME or any(form.weight >= MEANS_THE_SAME for form in word.word.forms)
    return word.word.name and not known
