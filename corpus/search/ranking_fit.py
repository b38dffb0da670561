"""Fits the ranking to questions whose right essays are known, and writes its weights as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.search.ranking import Ranker, Signals

Numbers = NDArray[np.float64]

SHRINK = 20.0  # L2 penalty
ARCHIVE_POWER = 0.5  # n questions of one archive weigh n^0.5 together
STEPS = 30


@dataclass(frozen=True, slots=True)
class RankedExample:
    """The candidates of one question: their signals, and which of them answer."""

    signals: tuple[tuple[float, ...], ...]
    right: tuple[bool, ...]
    archive: str


def fit(given: Sequence[RankedExample]) -> Ranker:
    """Fit a conditional logit (McFadden 1974) of the chance that a right candidate is chosen, by Newton's method."""
    most, width = max(len(one.right) for one in given), len(fields(Signals))
    signals, right = np.zeros((len(given), most, width)), np.zeros((len(given), most))
    there = np.zeros((len(given), most), dtype=bool)
    for number, one in enumerate(given):
        size = len(one.right)
        signals[number, :size], right[number, :size], there[number, :size] = one.signals, one.right, True
    sizes = Counter(one.archive for one in given)
    share = 10 * np.array([sizes[one.archive] ** (ARCHIVE_POWER - 1) for one in given])
    return Ranker(tuple(map(float, _newton(signals, right, there, share))))


def _newton(signals: Numbers, right: Numbers, there: NDArray[np.bool_], share: Numbers) -> Numbers:
    weights = np.zeros(signals.shape[2])
    for _ in range(STEPS):
        chosen = _chances(signals @ weights, there)
        wanted = chosen * right
        wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1e-12)
        slope = np.einsum("q,qc,qcs->s", share, wanted - chosen, signals) - SHRINK * weights
        mean = np.einsum("qc,qcs->qs", chosen, signals)
        curve = np.einsum("q,qc,qcs,qct->st", share, chosen, signals, signals, optimize=True)
        curve += SHRINK * np.eye(len(weights)) - np.einsum("q,qs,qt->st", share, mean, mean)
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def _chances(scores: Numbers, there: NDArray[np.bool_]) -> Numbers:
    masked = np.where(there, scores, -np.inf)
    odds = np.exp(masked - masked.max(axis=1, keepdims=True))
    chances: Numbers = odds / odds.sum(axis=1, keepdims=True)
    return chances


def write(ranker: Ranker, path: Path) -> None:
    """Write the weights file, as `Ranker.load` reads it."""
    names = [field.name for field in fields(Signals)]
    lines = "\n".join(f"{name} = {weight:.2f}" for name, weight in zip(names, ranker.weights, strict=True))
    path.write_text(
        "# What each signal of a candidate counts (corpus/search/ranking.py says what they are).\n"
        "# Written by `luopan bench search --fit`; docs/finding.md has the figures.\n\n"
        f"[signals]\n{lines}\n",
        encoding="utf-8",
    )
