"""`luopan source` from a shell: one object for each post, and an exit status that tells of what was refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.support.fake_wordpress import TAIPEI, FakeSite, FakeWordPress, make_post

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 29, 15, tzinfo=TAIPEI)
FIELDS = {"address", "title", "published", "author", "tags", "visibility", "status"}
Run = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def fake() -> Iterator[FakeWordPress]:
    site = FakeSite.of(5)
    site.posts[2] = replace(site.posts[2], protected=True)
    with FakeWordPress(site) as fake:
        yield fake


@pytest.fixture
def source(fake: FakeWordPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `luopan source ...`; its exit status and the objects that it printed."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    monkeypatch.setenv("LUOPAN_FETCH_ALLOW", fake.host)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
        done = CliRunner().invoke(app, ["source", *words, "--json"])
        return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]

    return run


def statuses(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(row["address"]).rstrip("/").rpartition("/")[2]: row["status"] for row in rows}


def test_a_source_is_added_kept_up_listed_and_removed(fake: FakeWordPress, source: Run) -> None:
    site = fake.site
    assert source("add", fake.url) == (0, []), "nothing is taken in unasked"
    status, rows = source("add", fake.url, "--rule", "publish", "--yes")
    assert (status, statuses(rows)) == (
        1,
        {"p1": "added", "p2": "refused", "p3": "added", "p4": "added", "p5": "added"},
    )
    assert all(row.keys() >= FIELDS for row in rows)
    first = next(row for row in rows if row["address"] == fake.address(site.posts[1]))
    post = site.posts[1]
    assert (first["title"], first["published"]) == (post.title, f"{post.written.astimezone(TAIPEI):%Y-%m-%d}")
    assert (first["author"], set(first["tags"]), first["visibility"]) == (post.author, set(post.tags), "public")
    assert [row["reason"] for row in rows if row["status"] == "refused"] == ["這篇有密碼"]

    again = source("add", fake.url, "--yes")
    assert (again[0], statuses(again[1])) == (
        1,
        {"p1": "unchanged", "p2": "refused", "p3": "unchanged", "p4": "unchanged", "p5": "unchanged"},
    )
    [listed] = source("list")[1]
    assert (listed["address"], listed["rule"], listed["posts"], listed["refused"]) == (fake.url, "publish", 4, 1)

    site.posts[2] = replace(site.posts[2], protected=False, modified=NOW - timedelta(minutes=20))
    site.posts[6] = make_post(6, NOW - timedelta(hours=1))
    site.edit(3, site.posts[3].html + "<p>又改寫了一次，客戶把訂單往後延了一季。</p>", NOW - timedelta(minutes=30))
    gone = site.posts.pop(4)
    status, rows = source("sync", fake.url, "--now", NOW.isoformat())
    assert (status, statuses(rows)) == (
        0,
        {"p1": "unchanged", "p2": "added", "p3": "changed", "p4": "removed", "p5": "unchanged", "p6": "added"},
    )
    removed = next(row for row in rows if row["status"] == "removed")
    assert (removed["author"], set(removed["tags"])) == (gone.author, set(gone.tags)), "what is here of it still"

    status, rows = source("remove", fake.url)
    assert (status, set(statuses(rows).values())) == (0, {"unchanged"})
    assert source("list") == (0, [])


def test_what_cannot_be_done_has_another_exit_status(fake: FakeWordPress, source: Run) -> None:
    assert source("sync", fake.url) == (1, [])
    assert source("remove", fake.url) == (1, [])
    assert source("add", "http://127.0.0.1:9/", "--yes") == (1, [])
    assert source("add", fake.url, "--rule", "loud", "--yes") == (2, [])
    assert source("sync", "--now", "soon") == (2, [])
