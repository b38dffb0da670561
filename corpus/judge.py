"""How sure a finding is, in figures that hold for any archive."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from importlib.resources import files
from pathlib import Path

import numpy as np

from corpus.page import Parts, Reading
from corpus.text import spellings

LEAST_PROOF = 1e-9
_HAN = re.compile(r"[㐀-鿿]")
OFTEN = 3  # times that a word stands on a page which is about it


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of a question the best essays hold, each as a share of the worth of its words, from 0 to 1."""

    essay: float  # held anywhere in the best essay
    passage: float  # held together in one of its paragraphs, its heading and the title
    salience: float  # held in the title or a heading, or again and again, not in passing
    besides: float  # held of what is asked besides names: an essay on a company need not say what is asked of it
    focus: float  # how salient the most telling word is that the essay is about
    traces: float  # of words it does not hold, the characters in its title and headings: 油錢, where it has 油價

    @classmethod
    def of(cls, reading: Reading) -> Evidence:
        proofs = np.array([word.proof for word in reading.wanted])
        salient = np.maximum(reading.top, reading.whole * np.minimum(1.0, reading.times / OFTEN))
        return cls(
            essay=reading.proof(reading.whole),
            passage=max(map(reading.proof, reading.passages), default=0.0),
            salience=reading.proof(salient),
            besides=_besides(reading),
            focus=float((proofs * salient).max(initial=0.0) / max(proofs.max(initial=0.0), LEAST_PROOF)),
            traces=reading.proof(_traces(reading)),
        )


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic model of whether the first hit answers, and the thresholds on it."""

    bias: float
    weights: Mapping[str, float]
    answer: float
    choices: float
    strict: float

    @classmethod
    def load(cls, path: Path | None = None) -> Judge:
        """The judge of a thresholds file; without a path, of the one in corpus/lexicon/."""
        file = path or files("corpus").joinpath("lexicon", "thresholds.toml")
        data = tomllib.loads(file.read_text("utf-8"))
        model, outcome = dict(data["confidence"]), data["outcome"]
        return cls(model.pop("bias"), model, outcome["answer"], outcome["choices"], outcome["strict"])

    def confidence(self, evidence: Evidence) -> float:
        names = [field.name for field in fields(evidence)]
        total = self.bias + sum(
            self.weights[name] * value for name, value in zip(names, astuple(evidence), strict=True)
        )
        return 1 / (1 + math.exp(-total))

    def outcome(self, confidence: float, strict: bool) -> str:
        if confidence >= (self.strict if strict else self.answer):
            return "answer"
        return "choices" if confidence >= self.choices else "not_covered"


def _traces(reading: Reading) -> Parts:
    """Of each word that the page does not hold, the share of its Han characters that stand on its top."""
    top = set(reading.page.text[: reading.page.top])
    missing = zip(reading.wanted, reading.whole, strict=True)
    return np.array([0.0 if held else _share(_HAN.findall("".join(spellings(word.typed))), top) for word, held in missing])


def _share(characters: list[str], among: set[str]) -> float:
    return sum(character in among for character in characters) / len(characters) if characters else 0.0


def _besides(reading: Reading) -> float:
    others = np.array([0.0 if word.word.name else word.proof for word in reading.wanted])
    total = float(others.sum())
    return float(reading.whole @ others) / total if total else 1.0
