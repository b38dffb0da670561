"""What a platform asks of the web process, and what strangers do not learn."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.app import Application, build
from bot.config import Settings
from bot.line.client import LineClient, LineError
from bot.migrate import open_archive
from corpus.database import writing
from corpus.intake.sources.source import Source, SourceDoors, SourceRule, SourceState
from corpus.storage import source_store
from corpus.storage.schema import backups
from tests.support.schemas import lay_schema

ROOT = Path(__file__).parents[3]
PROXIED = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Application]:
    settings = Settings(
        line_channel_secret="s",
        line_channel_access_token="t",
        line_api_base="http://127.0.0.1:1",
        database_url=f"sqlite:///{tmp_path}/luopan.db",
        luopan_metrics_token="let me in",
    )
    lay_schema(settings.database_url)
    made = build(settings, open_archive(settings))
    yield made
    made.engine.dispose()


@pytest.fixture
def web(bot: Application) -> FlaskClient:
    return bot.app.test_client()


def test_a_bot_that_would_answer_is_ready(web: FlaskClient) -> None:
    assert web.get("/healthz").status_code == 200
    assert web.get("/readyz").status_code == 200


def test_a_database_that_cannot_be_written_is_not_ready_but_alive(bot: Application, web: FlaskClient) -> None:
    other = sqlite3.connect(str(bot.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert web.get("/readyz").status_code == 503
    assert web.get("/healthz").status_code == 200
    other.close()


def test_a_token_that_line_refuses_is_not_ready(bot: Application, web: FlaskClient) -> None:
    bot.line.is_token_refused = True
    assert web.get("/readyz").status_code == 503


def test_line_says_that_the_token_is_refused(tmp_path: Path) -> None:
    from bot.dev.local import free_port
    from bot.dev.simulator.app import start_in_thread
    from bot.dev.simulator.platform import Platform

    platform = Platform("secret", "right", "http://127.0.0.1:1/callback")
    address, stop = start_in_thread(platform, free_port(0))
    wrong, right = LineClient(address, "wrong"), LineClient(address, "right")
    with pytest.raises(LineError):
        wrong.bot_info()
    right.learn_about_itself()
    assert (wrong.is_token_refused, right.is_token_refused) == (True, False)
    assert right.user_id
    stop()


@pytest.mark.parametrize("page", ["/metrics", "/readyz"])
def test_strangers_do_not_learn_of_a_page(web: FlaskClient, page: str) -> None:
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    assert web.get(page, headers=PROXIED).status_code == 404
    assert web.get(page, environ_base=stranger).status_code == 404
    assert web.get(page, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    assert web.get(page, headers={**PROXIED, "Authorization": "Bearer let me in"}).status_code == 200
    assert web.get(page, headers={**PROXIED, "Authorization": "Bearer guess"}).status_code == 404
    assert web.get("/healthz", headers=PROXIED).status_code == 200


def figure(web: FlaskClient, line: str) -> float:
    page = web.get("/metrics").text
    return next(float(row.split()[-1]) for row in page.splitlines() if row.startswith(line + " "))


def test_the_figures_tell_what_waits_and_how_old_the_last_backup_is(bot: Application, web: FlaskClient) -> None:
    assert figure(web, "luopan_backup_age_seconds") == -1
    assert figure(web, 'luopan_outbox{kind="push",state="waiting"}') == 0
    assert figure(web, "luopan_inbox_waiting") == 0
    with writing(bot.engine) as connection:
        connection.execute(backups.insert().values(made_at=0.0, name="a.gz", essays=1, rows=1, checked=True))
    assert figure(web, "luopan_backup_age_seconds") > 1e9


def test_the_figures_tell_of_sources_that_nobody_looks_at_and_that_cannot_be_read(
    bot: Application, web: FlaskClient
) -> None:
    assert figure(web, "luopan_source_lag_seconds") == 0
    now = datetime.now(UTC)
    with writing(bot.engine) as connection:
        for number, (state, late, failing) in enumerate(
            ((SourceState.KEPT, 2, None), (SourceState.KEPT, -1, now), (SourceState.FOUND, 9, now))
        ):
            source = Source(
                address=f"https://example.com/{number}",
                title="某站",
                doors=SourceDoors(f"https://example.com/{number}"),
                rule=SourceRule.DRAFT,
                state=state,
                added_at=now,
                next_at=now - timedelta(hours=late),
                failing_since=failing,
            )
            source_store.add(connection, source)
    assert 7200 <= figure(web, "luopan_source_lag_seconds") < 7300
    assert figure(web, "luopan_sources_failing") == 1


def test_alerts_and_dashboard_ask_for_figures_that_there_are_and_the_guide_explains_each(web: FlaskClient) -> None:
    page = web.get("/metrics").text
    told = {name for name in re.findall(r"^# TYPE (luopan_\w+)", page, re.MULTILINE) if not name.endswith("_created")}
    asked = set[str]()
    for file in (ROOT / "deploy" / "monitoring").iterdir():
        asked |= set(re.findall(r"\bluopan_\w+", file.read_text()))
    assert {name.removesuffix("_bucket") for name in asked} <= told
    explained = set(re.findall(r"\bluopan_\w+", (ROOT / "docs" / "operations.md").read_text()))
    assert told - explained == set()


def test_a_page_says_in_chinese_that_the_database_is_away(bot: Application, web: FlaskClient, tmp_path: Path) -> None:
    bot.engine.dispose()
    (tmp_path / "luopan.db").unlink()
    (tmp_path / "luopan.db").mkdir()
    answer = web.get("/read/1")
    assert answer.status_code == 503
    assert "資料庫暫時連不上" in answer.text
