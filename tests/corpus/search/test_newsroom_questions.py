"""What the matcher is worth on an archive it was not made for: floors below the measured figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot.dev.bench.search import EngineRow, compare
from corpus.intake import essays_in_file
from corpus.search import calibration
from corpus.search.confidence import ConfidenceModel, Evidence
from corpus.search.labelled import NEWSROOM, read_questions


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, EngineRow]]:
    essays = [essay for file in sorted((NEWSROOM / "pieces").iterdir()) for essay in essays_in_file(file)]
    questions, asked = read_questions(NEWSROOM / "questions.json")
    yield {row.engine: row for row in compare(questions, essays, tmp_path_factory.mktemp("bench") / "index", asked)}


def test_the_first_hit_answers_and_what_is_missing_is_refused(rows: dict[str, EngineRow]) -> None:
    ours = rows["Luopan"]
    assert ours.hit >= 0.93
    assert ours.ndcg >= 0.93
    assert ours.quote_1 >= 0.8
    assert ours.answered >= 0.83
    assert ours.refused >= 0.85


def test_no_peer_is_ahead_on_any_figure(rows: dict[str, EngineRow]) -> None:
    ours = rows.pop("Luopan")
    for peer in rows.values():
        for figure in ("hit", "mrr", "ndcg", "quote_1", "quote_3", "answered"):
            assert getattr(ours, figure) > getattr(peer, figure), (peer.engine, figure)


def test_the_questions_written_blind_fare_nearly_as_well(tmp_path: Path) -> None:
    pieces = [essay for file in sorted((NEWSROOM / "pieces").iterdir()) for essay in essays_in_file(file)]
    questions, asked = read_questions(NEWSROOM / "blind.json")
    ours = compare(questions, pieces, tmp_path / "index", asked, peers=())[0]
    assert ours.hit >= 0.9
    assert ours.answered >= 0.9
    assert ours.refused >= 0.75


def made(strength: float, right: bool) -> calibration.TrainingExample:
    return calibration.TrainingExample(Evidence(*[strength] * len(fields(Evidence))), right)


def test_a_refit_tells_strong_evidence_from_weak_and_can_be_read_back(tmp_path: Path) -> None:
    judge = calibration.fit([made(0.6 + i / 50, True) for i in range(20)] + [made(i / 50, False) for i in range(20)])
    assert judge.outcome(judge.confidence(made(0.9, True).evidence), strict=False) == "answer"
    assert judge.outcome(judge.confidence(made(0.1, True).evidence), strict=False) == "not_covered"
    calibration.write(judge, tmp_path / "thresholds.toml")
    again = ConfidenceModel.load(tmp_path / "thresholds.toml")
    assert again.confidence(made(0.7, True).evidence) == pytest.approx(
        judge.confidence(made(0.7, True).evidence), abs=0.01
    )


def test_a_refit_of_too_few_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="at least five"):
        calibration.fit([made(0.9, True), made(0.1, False)])
