"""`luopan refit`: from labelled questions and from what people were not content with, to a thresholds file in use."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.calibrate import calibrate, save_thresholds
from corpus.database import UnitOfWork, connect
from corpus.library import ArchiveResources
from corpus.search.confidence import ConfidenceModel
from handlers.club.club import Club
from handlers.club.gaps import Gap
from tests.support.schemas import create_tables
from tests.support.small_archive import essay

NOW = datetime(2026, 11, 20, tzinfo=UTC)
METALS = ("鎢礦", "鈷礦", "鋰礦", "鎳礦", "錫礦", "鉬礦")
ELSEWHERE = ("減肥藥 禮來", "世界盃 運彩", "鎢礦 球員 薪水", "信用卡 回饋", "郵輪 團費", "牙醫 植牙")


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveResources:
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    create_tables(engine)
    made = ArchiveResources(engine, tmp_path / "index")
    made.add([essay(f"{metal}的價格", f"{metal}今年漲了三成,供應集中在少數國家。") for metal in METALS], NOW)
    return made


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    queries = [{"q": f"{metal} 漲價", "relevant": [{"essay": f"{metal}的價格", "grade": 3}]} for metal in METALS]
    queries += [{"q": question, "relevant": []} for question in ELSEWHERE]
    file = tmp_path / "questions.json"
    file.write_text(json.dumps({"queries": queries}), encoding="utf-8")
    return file


def test_a_refit_is_kept_beside_the_index_and_used_from_the_next_start(
    archive: ArchiveResources, labelled: Path
) -> None:
    judge, count = calibrate(archive, [labelled], NOW, house_only=True)
    assert count == len(METALS) + len(ELSEWHERE)
    path = save_thresholds(judge, archive)
    assert path.parent == archive.index_folder.parent
    again = ArchiveResources(archive.engine, archive.index_folder).language.matcher.judge
    assert again.answer == judge.answer
    assert again.weights == pytest.approx(judge.weights, abs=0.01)


def test_what_was_asked_in_vain_and_what_was_answered_beside_the_point_takes_part(
    archive: ArchiveResources, labelled: Path
) -> None:
    with UnitOfWork(archive.engine) as work:
        gaps = Club(work).gaps
        gaps.note("鈾礦 礦工", Gap.MISS, NOW)
        gaps.note("鋰礦", Gap.WRONG, NOW)
        gaps.note("鎳礦 價格", Gap.MISS, NOW)  # an essay on it has come since
        work.commit()
    _, count = calibrate(archive, [labelled], NOW, house_only=True)
    assert count == len(METALS) + len(ELSEWHERE) + 2


def test_too_few_questions_are_refused(archive: ArchiveResources) -> None:
    with pytest.raises(ValueError, match="at least five"):
        calibrate(archive, [], NOW, house_only=True)


def test_an_outdated_or_broken_file_gives_way_to_the_one_of_the_code(tmp_path: Path) -> None:
    file = tmp_path / "thresholds.toml"
    for text in ("[confidence]\nbias = 1\nold = 2\n[outcome]\nanswer = 1\nchoices = 0\nstrict = 1\n", "nonsense"):
        file.write_text(text, encoding="utf-8")
        assert ConfidenceModel.load(file) == ConfidenceModel.load()
