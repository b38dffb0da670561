"""The bot over the sample archive and a LINE platform, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.app import warm
from bot.config import Settings
from bot.dev.local import LocalBot, local_bot
from bot.migrate import open_archive
from corpus.intake import essays_in_file
from corpus.search.labelled import SAMPLES
from tests.support.schemas import lay_schema


@contextmanager
def sample_stage(folder: Path, *, has_inbox: bool = False) -> Iterator[LocalBot]:
    """Run both over an archive in this folder; `has_inbox`: people read in LINE's own inbox, too."""
    settings = Settings(database_url=f"sqlite:///{folder}/luopan.db", luopan_rate=0)
    lay_schema(settings.database_url)
    archive = open_archive(settings)
    for page in sorted(SAMPLES.glob("*.*")):
        if page.suffix in (".md", ".txt", ".html") and page.stem != "README":
            archive.add(essays_in_file(page), datetime(2026, 11, 20, tzinfo=settings.zone), news=False)
    with local_bot(settings, archive, has_inbox=has_inbox) as running:
        warm(running.bot)
        yield running
