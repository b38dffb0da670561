"""What an operator sees: logs, figures, errors, and the synthetic essays of the benchmark."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.dev.bench.report import Column, Report, percentile
from bot.dev.bench.synthetic import synthetic
from bot.dev.local import LocalBot
from bot.logs import as_pairs, log, logged
from corpus.database import connect, reading
from corpus.intake import essays_in_file
from corpus.intake.paths import expand_paths
from corpus.lexicon.securities import Lexicon
from corpus.search.labelled import SAMPLES
from corpus.storage.duplicates import NEAR_DUPLICATE, Signature
from tests.support.phones import Phone

SECRET = "我買了三百張台積電"


def test_a_log_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    log.warning("reply", end="sent", outgoing=3)
    written = json.loads(capsys.readouterr().err)
    assert (written["event"], written["end"], written["outgoing"], written["level"]) == ("reply", "sent", 3, "warning")


def test_a_line_is_pairs_where_somebody_watches() -> None:
    assert (
        as_pairs({"event": "reply", "sent": 3, "why": 'no "token"', "end": ""})
        == r'event=reply sent=3 why="no \"token\"" end=""'
    )


def test_an_exception_is_logged_without_what_people_said(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("event_failed"):
        raise ValueError(SECRET)
    written = capsys.readouterr().err
    assert SECRET not in written
    assert json.loads(written)["error"] == "ValueError"
    assert Path(__file__).name in json.loads(written)["calls"]


def test_an_error_of_the_database_does_not_quote_its_parameters(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/a.db")
    with reading(engine) as connection, pytest.raises(SQLAlchemyError) as raised:
        connection.execute(text("SELECT :said FROM nowhere"), {"said": SECRET})
    assert SECRET not in str(raised.value)


def test_an_answered_question_is_counted(stage: LocalBot, chat: Phone) -> None:
    def figure(line: str) -> float:
        page = stage.bot.app.test_client().get("/metrics").text
        return next((float(row.split()[-1]) for row in page.splitlines() if row.startswith(line)), 0.0)

    counted = ("luopan_events_kept_total", 'luopan_answers_total{outcome="said"}')
    before = [figure(line) for line in counted]
    chat("謝謝")
    assert [figure(line) for line in counted] == [count + 1 for count in before]


def test_synthetic_essays_are_the_same_at_every_call_and_none_is_anothers_twin() -> None:
    given = [essay for file in expand_paths([SAMPLES]) for essay in essays_in_file(file)]
    lexicon = Lexicon.load()
    made = list(synthetic(given, 40, lexicon))
    assert made == list(synthetic(given, 40, lexicon))
    signatures = [Signature.of(essay.body) for essay in made]
    likeness = max(a.similarity(b) for i, a in enumerate(signatures) for b in signatures[:i])
    assert likeness < NEAR_DUPLICATE
    assert len({essay.title for essay in made}) == 40


def test_a_sheet_says_the_same_to_people_and_to_programs() -> None:
    sheet = Report(
        "house", (Column("archive", "資料庫"), Column("p99", "p99(ms)", "≤ 300")), [{"archive": "頁面", "p99": 12.34}]
    )
    assert json.loads(sheet.json()[0]) == {"bench": "house", "archive": "頁面", "p99": 12.34}
    assert [list(column.cells) for column in sheet.table().columns] == [["p99(ms)"], ["12.3"], ["≤ 300"]]


def test_a_percentile_is_one_of_the_times() -> None:
    times = [float(number) for number in range(1, 101)]
    assert (percentile(times, 0.5), percentile(times, 0.99), percentile(times[:1], 0.99)) == (51.0, 100.0, 1.0)
