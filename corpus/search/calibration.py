"""Fits the matcher's confidence and thresholds to labelled questions, and writes them as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.search.confidence import NOTHING, ConfidenceModel, Evidence
from corpus.search.finding import Finding

Numbers = NDArray[np.float64]

REFUSED = 0.87  # of the uncovered questions, each archive counted alike, that stay below the `choices` one to one
REFUSED_IN_GROUPS = 0.97  # of them, that stay below an answer in a group
SURE = 0.65  # least confidence of an answer
SHRINK = (
    2.0  # L2 penalty on the weights of shares that all have one spread: a few dozen questions must not pin them down
)
LEAST_SPREAD = 0.05
ARCHIVE_POWER = 0.6  # n questions of one archive and class weigh n^0.6 together
STEPS = 50
MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and the ids of the essays judged to answer it; none: the archive does not cover it."""

    question: str
    answers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """What the matcher finds for one judged question."""

    evidence: Evidence
    right: bool  # one of the choices answers
    archive: str = ""


def examples(
    find: Callable[[str], Finding], labelled: Iterable[JudgedQuestion], archive: str = ""
) -> list[TrainingExample]:
    """Return the evidence that the matcher finds for labelled questions.

    Covered ones that none of the choices would answer are left out: mending those is for the ranking.
    """
    found = [(find(one.question), one.answers) for one in labelled]
    return [
        TrainingExample(finding.evidence or NOTHING, bool(answers), archive)
        for finding, answers in found
        if not answers or _among(finding, answers)
    ]


def _among(finding: Finding, answers: frozenset[int]) -> bool:
    return any(hit.essay_id in answers for hit in finding.hits[:MOST_CHOICES])


def fit(given: Sequence[TrainingExample]) -> ConfidenceModel:
    """Fit a logistic model by Newton's method, both classes weighed alike; then thresholds from the uncovered questions.

    The n questions of one archive and class together weigh n^0.6, so that a large set does not decide alone.
    Raises ValueError without at least five questions of each kind.
    """
    right = np.array([example.right for example in given], dtype=float)
    if min(right.sum(), (1 - right).sum()) < 5:
        raise ValueError("refit needs at least five answered and five uncovered questions")
    evidence = np.array([astuple(example.evidence) for example in given])
    share = _shares(given, right)
    spread = evidence.std(axis=0) + LEAST_SPREAD
    weights = _newton(np.hstack([np.ones((len(given), 1)), evidence / spread]), right, share)
    weights[1:] /= spread
    wrong = right == 0
    likely = 1 / (1 + np.exp(-weights[0] - evidence[wrong] @ weights[1:]))
    names = [field.name for field in fields(Evidence)]
    choices = min(SURE, _refusing(likely, _alike(given, wrong), REFUSED))
    return ConfidenceModel(
        bias=float(weights[0]),
        weights=dict(zip(names, map(float, weights[1:]), strict=True)),
        answer=SURE,
        choices=choices,
        strict=max(SURE, _refusing(likely, _alike(given, wrong), REFUSED_IN_GROUPS)),
    )


def _shares(given: Sequence[TrainingExample], right: Numbers) -> Numbers:
    """Return the weight of each example: on average 1, both classes alike."""
    keys = [(example.archive, example.right) for example in given]
    sizes = Counter(keys)
    share = np.array([sizes[key] ** (ARCHIVE_POWER - 1) for key in keys])
    for side in (right > 0, right == 0):
        share[side] *= len(given) / 2 / share[side].sum()
    return share


def _alike(given: Sequence[TrainingExample], chosen: NDArray[np.bool_]) -> Numbers:
    """Return a weight for each chosen example, such that those of every archive weigh the same together."""
    archives = [example.archive for example, taken in zip(given, chosen, strict=True) if taken]
    sizes = Counter(archives)
    return np.array([1 / sizes[archive] for archive in archives])


def _refusing(confidences: Numbers, weights: Numbers, share: float) -> float:
    """Return the weighted quantile: the least confidence up to which this share of all weight lies."""
    order = np.argsort(confidences)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(confidences[order][min(len(order) - 1, int(np.searchsorted(reached, share)))])


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
    """Write the thresholds file, as `ConfidenceModel.load` reads it."""
    model = "\n".join(f"{name} = {weight:.2f}" for name, weight in {"bias": judge.bias, **judge.weights}.items())
    path.write_text(
        "# How sure the matcher must be; docs/finding.md says what the figures mean.\n"
        "# Written by `luopan bench search --fit`; for one archive by `luopan refit`.\n\n"
        "[confidence]  # a logistic model over what the best essay holds of the question\n"
        f"{model}\n\n"
        "[outcome]  # least confidence\n"
        f"answer = {judge.answer:.2f}\n"
        f"choices = {judge.choices:.2f}\n"
        f"strict = {judge.strict:.2f}  # to answer in a group\n",
        encoding="utf-8",
    )
