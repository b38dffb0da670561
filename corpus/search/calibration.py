"""Fits the matcher's confidence and thresholds to labelled questions, and writes them as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.search.confidence import ConfidenceModel, Evidence
from corpus.search.matcher import Finding

Numbers = NDArray[np.float64]

REFUSED = 0.91  # of the uncovered questions, at which one to one the `choices` begin
REFUSED_IN_GROUPS = 0.99  # of them, at which a group gets an answer
SURE, VERY_SURE = 0.65, 0.75  # least confidence of an answer, and of one in a group
SHRINK = 0.5  # L2 penalty on the weights: a few dozen questions must not pin them down
STEPS = 50
MOST_CHOICES = 3
NOTHING = Evidence(*[0.0] * len(fields(Evidence)))  # of a question without a single hit


@dataclass(frozen=True, slots=True)
class LabelledExample:
    """A question and the ids of the essays that answer it; none: the archive does not cover it."""

    question: str
    answers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    evidence: Evidence
    right: bool  # one of the choices answers


def examples(find: Callable[[str], Finding], labelled: Iterable[LabelledExample]) -> list[Example]:
    """What the matcher finds for labelled questions.

    Covered ones that none of the choices would answer are left out: those are for the ranking to mend.
    """
    found = [(find(one.question), one.answers) for one in labelled]
    return [
        Example(finding.evidence or NOTHING, bool(answers))
        for finding, answers in found
        if not answers or _among(finding, answers)
    ]


def _among(finding: Finding, answers: frozenset[int]) -> bool:
    return any(hit.essay_id in answers for hit in finding.hits[:MOST_CHOICES])


def fit(given: Sequence[Example]) -> ConfidenceModel:
    """A logistic model by Newton's method, both classes weighed alike; then thresholds from the uncovered questions.

    Raises ValueError without at least five questions of each kind.
    """
    right = np.array([example.right for example in given], dtype=float)
    if min(right.sum(), (1 - right).sum()) < 5:
        raise ValueError("refit needs at least five answered and five uncovered questions")
    inputs = np.array([(1.0, *astuple(example.evidence)) for example in given])
    weights = _newton(inputs, right, np.where(right > 0, 1 / right.sum(), 1 / (1 - right).sum()) * len(right) / 2)
    wrong = 1 / (1 + np.exp(-inputs[right == 0] @ weights))
    names = [field.name for field in fields(Evidence)]
    return ConfidenceModel(
        bias=float(weights[0]),
        weights=dict(zip(names, map(float, weights[1:]), strict=True)),
        answer=SURE,
        choices=min(SURE, float(np.quantile(wrong, REFUSED, method="higher"))),
        strict=max(VERY_SURE, float(np.quantile(wrong, REFUSED_IN_GROUPS))),
    )


def _newton(inputs: Numbers, right: Numbers, share: Numbers) -> Numbers:
    weights = np.zeros(inputs.shape[1])
    penalty = np.diag([0.0] + [SHRINK] * (len(weights) - 1))
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ ((likely - right) * share) + penalty @ weights
        curve = (inputs * (likely * (1 - likely) * share)[:, None]).T @ inputs + penalty
        weights -= np.linalg.solve(curve, slope)
    return weights


def write(judge: ConfidenceModel, path: Path) -> None:
    """The thresholds file, as `Judge.load` reads it."""
    model = "\n".join(f"{name} = {weight:.2f}" for name, weight in {"bias": judge.bias, **judge.weights}.items())
    path.write_text(
        "# How sure the matcher must be. Written by `luopan refit`; docs/finding.md says what the figures mean.\n\n"
        "[confidence]  # a logistic model over what the best essay holds of the question\n"
        f"{model}\n\n"
        "[outcome]  # least confidence\n"
        f"answer = {judge.answer:.2f}\n"
        f"choices = {judge.choices:.2f}\n"
        f"strict = {judge.strict:.2f}  # to answer in a group\n",
        encoding="utf-8",
    )
