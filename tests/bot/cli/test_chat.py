"""`luopan chat --json`: a conversation as lines in and JSON out, over an archive that nobody has indexed yet."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.chat import ScriptError, ScriptLine, read_line, replies
from bot.config import Settings
from bot.migrate import SchemaError, open_archive
from corpus.intake import essays_in_file
from corpus.search.labelled import SAMPLES

pytestmark = pytest.mark.slow


def test_a_line_names_who_speaks_and_where() -> None:
    assert read_line("小安: 說明") == ScriptLine("小安", "說明")
    assert read_line("小安：比率 3:1 呢") == ScriptLine("小安", "比率 3:1 呢")
    assert read_line("[投資群] 美玲: @羅盤 2330") == ScriptLine("美玲", "@羅盤 2330", "投資群")
    asked = '{"who": "小安", "said": "說明(love)", "emojis": [[2, 6]], "quotes": true}'
    assert read_line(asked) == ScriptLine("小安", "說明(love)", None, ((2, 6),), True)
    for nonsense in ("說明", '{"who": 1'):
        with pytest.raises(ScriptError):
            read_line(nonsense)


def test_every_line_is_answered_with_one_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    address = f"sqlite:///{tmp_path}/luopan.db"
    monkeypatch.setenv("DATABASE_URL", address)
    settings = Settings(database_url=address)
    archive = open_archive(settings)
    for page in sorted(SAMPLES.glob("*.md"))[:6]:
        archive.add(essays_in_file(page), datetime(2026, 11, 20, tzinfo=settings.zone), news=False)
    said = [
        "小安: 2330",
        "[新開的群] 美玲: @羅盤 2330",
        "[新開的群] 沒見過的人: 今天好熱",
        '{"who": "小安", "said": "主題(love)", "emojis": [[2, 6]]}',
    ]
    result = CliRunner().invoke(app, ["chat", "--json"], input="\n".join(said) + "\n")
    assert result.exit_code == 0, result.output
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(answer) for answer in answers] == [["who", "where", "said", "outcome", "messages"]] * 4
    assert [answer["where"] for answer in answers] == [None, "新開的群", "新開的群", None]
    assert [answer["outcome"] for answer in answers] == ["ticker", "ticker", "silence", "said"]
    assert answers[2]["messages"] == []
    assert "台積電" in json.dumps(answers[1]["messages"], ensure_ascii=False)


def test_a_line_that_names_nobody_ends_the_script_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    result = CliRunner().invoke(app, ["chat", "--json"], input="說明\n")
    assert result.exit_code == 2
    assert "小安: 說明" in result.stderr


def test_over_a_database_of_an_older_version_it_ends_at_once(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/luopan.db")
    with open_archive(settings).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    before = set(threading.enumerate())
    with pytest.raises(SchemaError):
        list(replies(settings, ["小安: 說明"]))
    assert {thread for thread in threading.enumerate() if not thread.daemon} <= before
