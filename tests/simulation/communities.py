"""The events of a thousand small communities through one database: does an event cost what it costs where there is one?

A check of docs/scale.md. All share one archive, for in a real one the index of each is its own; what grows with them is the book
of chats, members and subscriptions, and what waits at once. `python -m tests.simulation.communities [EVENTS]`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Connection, Engine, String, Table, cast, event, insert, literal, select, text

from bot.dev.bench.mixed import MixedEvent, mixed_events
from bot.dev.bench.report import Column, Report, Row
from bot.dev.simulator.people import group, person
from corpus.database import connect, writing
from corpus.library import ArchiveResources
from corpus.search.labelled import labelled_archives, read_questions
from handlers.club.chats import Mode
from handlers.club.digest_tables import mailings, subscriptions
from handlers.club.subscriptions import TopicKind
from handlers.club.tables import chats, memberships
from handlers.club.topic import EVERYTHING
from handlers.identity import Place
from tests.simulation.fault_sweep import NewDatabase, postgres_databases, sqlite_file
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.log_lines import kept_by
from tests.support.schemas import lay_schema

COMMUNITIES = (1, 100, 1_000)
MEMBERS = 500  # of each
SPEAKERS, GROUPS = 1_000, 100  # of all together
EVENTS, WARMING = 1_000, 50

LINES = (
    Column("database", "資料庫"),
    Column("communities", "社群"),
    Column("members", "會員"),
    Column("each", "一件接一件：一件（處理器毫秒）"),
    Column("rush", "全部同時到：一件（處理器毫秒）"),
    Column("commits", "一件幾筆交易"),
    Column("megabytes", "資料庫（MB）"),
    Column("unanswered", "沒回的（件）", "0"),
)


class SharedBot(InProcessBot):
    """A bot that answers an event at once, or lets all that come in wait."""

    waits = False

    def answer(self) -> None:
        if not self.waits:
            super().answer()


def measure(communities: int, events: int, databases: NewDatabase) -> Row:
    """Let `events` happen twice, one after the other and all at once, and measure what the bot spends on each."""
    with tempfile.TemporaryDirectory() as name, databases(folder := Path(name)) as url:
        lay_schema(url)
        engine = connect(url)
        archive, now = ArchiveResources(engine, folder / "index"), datetime.now(UTC)
        archive.add([essay for one in labelled_archives()[::2] for essay in one.essays()], now, news=False)
        with writing(engine) as connection:
            _enrol(connection, communities * MEMBERS, now)
        speakers = [person(f"社群 {n % communities} 的讀者 {n}") for n in range(SPEAKERS)]
        groups = [group(f"社群 {n % communities} 的讀書會 {n}", tuple(speakers)) for n in range(GROUPS)]
        bot = SharedBot(folder, now, persons=speakers, groups=groups, archive=archive)
        questions = [one.text for each in labelled_archives() for one in read_questions(each.questions)[0]]
        happening = mixed_events(questions, WARMING + 2 * events, speakers, groups)
        _cost(bot, happening[:WARMING], lambda: None)
        apart, together = (happening[WARMING + half :: 2] for half in (0, 1))
        commits = count()
        event.listen(engine, "commit", lambda _connection: next(commits))
        apart_cost, missed = _cost(bot, apart, lambda: None)
        bot.waits = True
        rush_cost, more = _cost(bot, together, lambda: _answer_all(bot))
        found: Row = {
            "database": engine.dialect.name,
            "communities": communities,
            "members": communities * MEMBERS,
            "each": apart_cost,
            "rush": rush_cost,
            "commits": next(commits) / (2 * events),
            "megabytes": _megabytes(engine),
            "unanswered": missed + more,
        }
        engine.dispose()
        return found


def _cost(bot: SharedBot, events: list[MixedEvent], then: Callable[[], None]) -> tuple[float, int]:
    """Return the milliseconds of processor time of each event, the platform's included, and how many were not answered."""
    start = time.process_time()
    deliveries = [(one, one.act(bot.platform)) for one in events]
    then()
    taken = 1000 * (time.process_time() - start) / len(events)
    return taken, sum(one.expects_answer and not bot.heard(delivery) for one, delivery in deliveries)


def _answer_all(bot: SharedBot) -> None:
    bot.waits = False
    bot.answer()


def _enrol(connection: Connection, people: int, now: datetime) -> None:
    """Write so many members, each with a chat, a time for the digest and a subscription."""
    at, since = now - timedelta(days=30), now.timestamp()
    mailing = {"place": Place.PERSON, "days": "daily", "minute": 480, "on_time": False, "archive": False, "covered": 0}
    topic = {"name": EVERYTHING, "key": EVERYTHING, "wanted": [], "without": []}
    _write(connection, chats, "id", people, {"place": Place.PERSON, "mode": Mode.ASKED, "active": True, "since": at})
    _write(
        connection, memberships, "user_id", people, {"plan": "members", "until": at + timedelta(days=400), "since": at}
    )
    _write(connection, mailings, "chat", people, {**mailing, "since": since})
    made = {"kind": TopicKind.TOPIC, "since": 0, "made_by": "", "made_at": since}
    _write(connection, subscriptions, "chat", people, {**topic, **made})


def _write(connection: Connection, table: Table, key: str, rows: int, values: Mapping[str, Any]) -> None:
    """Write rows that differ in their key only, in one statement."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < rows))
    named = literal("Umember", String) + cast(numbers.c.n, String)
    fixed = [literal(value, table.c[name].type) for name, value in values.items()]
    connection.execute(insert(table).from_select([key, *values], select(named, *fixed).select_from(numbers)))


def _megabytes(engine: Engine) -> float:
    if engine.dialect.name == "sqlite":
        return Path(engine.url.database or "").stat().st_size / 1e6
    sizes = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    with engine.connect() as connection:
        return float(connection.execute(text(sizes)).scalar_one()) / 1e6


def main() -> None:
    """Print the table, on SQLite and on PostgreSQL."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with kept_by(lambda _line: None), postgres_databases() as databases:
        kinds = (sqlite_file, databases)
        rows = [measure(communities, events, kind) for kind in kinds for communities in COMMUNITIES]
    Console().print(Report("communities", LINES, rows).table())


if __name__ == "__main__":
    main()
