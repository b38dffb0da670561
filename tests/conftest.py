"""Real servers for the tests: each test has a database of its own, on SQLite and on PostgreSQL, and a Redis."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from redis import Redis
from sqlalchemy import Engine

from bot import logs
from bot.dev.bench.processes import redis_server as own_redis
from bot.dev.local import LocalBot
from corpus.database import connect
from tests.support.memory import memory_folder
from tests.support.phones import Cast, Phone
from tests.support.postgres import postgres_schema, postgres_server
from tests.support.sample_stage import sample_stage
from tests.support.schemas import create_tables
from tests.support.statements import share_compiled_statements

IN_MEMORY = pytest.StashKey[str]()
# What a test of the fast lane does without, itself and in its fixtures: a folder (and so a database and a bot), a server, a browser.
HEAVY = {"tmp_path", "tmp_path_factory", "postgres_url", "redis_server", "browser"}

# A landing is decided by the same examples everywhere; `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


expect.set_options(timeout=60_000)  # a page is waited for as long as a slow machine needs


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.option.basetemp and (memory := memory_folder()):
        config.option.basetemp = config.stash[IN_MEMORY] = tempfile.mkdtemp(prefix="luopan-tests-", dir=memory)
    share_compiled_statements()
    logs.configure(logging.WARNING)  # what a thread says between two tests would stand among the dots
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(IN_MEMORY, ""):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the fast lane, and put the files that take long first, so that two workers end together."""
    expensive: set[Path] = set()
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if marks & {"slow", "kill", "browser"}:
            expensive.add(item.path)
        elif not HEAVY & set(getattr(item, "fixturenames", ())):
            item.add_marker("fast")
    items.sort(key=lambda item: item.path not in expensive)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one that TEST_DATABASE_URL names, or one of this test run."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/luopan.db"
    else:
        with postgres_schema(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine for a database with all the tables."""
    engine = connect(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis: the one that TEST_REDIS_URL names, else redis-server if there is one, else Valkey from its wheel."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with own_redis() as address:
        assert address, "neither redis-server nor its wheel is there"
        yield address


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty Redis."""
    with Redis.from_url(redis_server) as redis:
        redis.flushdb()
    return redis_server


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """The bot over the sample archive; stories share it, each with its own people."""
    with sample_stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, the system's own."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def cast(stage: LocalBot) -> Cast:
    return Cast(stage)


@pytest.fixture
def chat(cast: Cast) -> Phone:
    """One person, one to one with the bot: `chat("2330")`."""
    return cast.person()


@pytest.fixture
def crowd(cast: Cast) -> Phone:
    """One person in a group with the bot."""
    return cast.in_group()
