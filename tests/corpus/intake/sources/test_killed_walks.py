"""A walk that is killed, again and again, gives what one that was left in peace gives."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.database import connect, reading
from corpus.storage.essay_store import latest
from tests.support.fake_wordpress import TAIPEI, FakeSite, FakeWordPress, Trouble

COMMAND = (sys.executable, "-m", "bot.cli", "source", "add")
ROOT = Path(__file__).parents[4]


@pytest.mark.kill
@pytest.mark.parametrize("rest", [True, False])
def test_a_walk_that_is_killed_gives_the_same_essays(tmp_path: Path, rest: bool) -> None:
    kills = int(os.environ.get("LUOPAN_KILLS", "3"))
    site = FakeSite.of(int(os.environ.get("LUOPAN_POSTS", "18")))
    site.rest, site.trouble = rest, Trouble(busy_every=31, half_every=23)
    chance = random.Random(7)
    with FakeWordPress(site) as fake:
        settings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{tmp_path}/luopan.db",
            "LUOPAN_FETCH_ALLOW": fake.host,
        }
        command = [*COMMAND, fake.url, "--rule", "publish", "--yes", "--json"]
        for _ in range(kills):
            walk = subprocess.Popen(
                command, env=settings, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            fake.wait_for_requests(site.requests + chance.randint(1, 15), walk)
            walk.kill()
            walk.wait()
        done = subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
        wanted = {
            fake.url.rstrip("/") + post.path: (
                post.title,
                post.written.astimezone(TAIPEI).date(),
                post.author,
                set(post.tags),
            )
            for post in site.public()
        }
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    with reading(engine) as connection:
        held = latest(connection, 10_000)
    assert len(held) == len(wanted) == len(done.stdout.splitlines())
    assert {essay.url: (essay.title, essay.published, essay.author, set(essay.tags)) for essay in held} == wanted
