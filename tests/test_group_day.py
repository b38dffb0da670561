"""A recorded day of a lively group, replayed: it answers what was asked of it, nothing else, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import warm
from bot.cli.checks_of_event import check_event
from bot.config import Settings
from bot.dev.local import LocalBot, local_bot
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.migrate import open_archive
from corpus.intake import essays_in_file
from corpus.search.labelled import SAMPLES
from tests.support.group_day import PAGE, GroupLine, listing, recorded_day
from tests.support.phones import Cast, Heard

pytestmark = pytest.mark.slow


class RecordedGroup:
    """The group of that day, and the clock on its wall."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(database_url=f"sqlite:///{folder}/luopan.db", luopan_rate=0)
        self.now = datetime(2026, 11, 30, tzinfo=self.settings.zone)
        self.people: dict[str, LinePerson] = {line.who: person(f"那天的{line.who}") for line in recorded_day()}
        self.place: LineGroup = group("熱鬧的群", tuple(self.people.values()))
        self.last: dict[str, str] = {}  # the last message of each

    def play(self, stage: LocalBot, line: GroupLine) -> Heard:
        """Do what was done, when it was done; what came back."""
        hour, minute = map(int, line.time.split(":"))
        self.now = self.now.replace(hour=hour, minute=minute, second=0)
        delivery = self._do(stage, line)
        own = [said.id for said in stage.platform.history(self.place.id) if said.sender == self.people[line.who].id]
        self.last[line.who] = own[-1]
        return Heard(stage.wait_for_reply(delivery))

    def _do(self, stage: LocalBot, line: GroupLine) -> WebhookDelivery:
        platform, where, who = stage.platform, self.place.id, self.people[line.who].id
        if line.deed == "貼圖":
            return platform.send_sticker(where, who)
        if line.deed == "照片":
            return platform.send_file(where, who, "photo.jpg", b"\xff\xd8\xff")
        if line.deed == "收回":
            return platform.unsend(self.last[line.who])
        if line.deed == "改":
            return platform.edit(self.last[line.who], line.said)
        if line.deed == "按":
            return platform.press(where, who, line.said)
        quoted, said = None, line.said
        if line.deed == "引用羅盤":
            quoted = [bubble.id for bubble in platform.history(where) if bubble.sender is None][-1]
        elif line.deed == "引用":
            other, _, said = line.said.partition(" ")
            quoted = self.last[other]
        return platform.say(where, who, said, mention=line.deed == "提及", quote=quoted)


def test_the_doctor_says_why_a_line_was_or_was_not_answered(stage: LocalBot, cast: Cast) -> None:
    phone, where = cast.in_group(), cast.stage.platform
    said = {line: where.say(phone.chat_id, phone.owner.id, line) for line in ("羅盤 2330", "今天好冷", "羅盤 謝謝")}
    for delivery in said.values():
        stage.wait_for_reply(delivery)
    settings = Settings(database_url=stage.bot.engine.url.render_as_string(hide_password=False))
    told = {line: check_event(settings, delivery.id).what for line, delivery in said.items()}
    assert "已經回了" in told["羅盤 2330"]
    assert "沒有存" in told["今天好冷"]
    assert "決定不回" in told["羅盤 謝謝"]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[GroupLine, Heard]]]:
    """Every line of the day with what came back."""
    day = RecordedGroup(tmp_path_factory.mktemp("day"))
    archive = open_archive(day.settings)
    for page in sorted(SAMPLES.glob("*.*")):
        if page.suffix in (".md", ".txt", ".html") and page.stem != "README":
            archive.add(essays_in_file(page), datetime(2026, 11, 20, tzinfo=day.settings.zone), news=False)
    with local_bot(day.settings, archive, clock=lambda: day.now.timestamp()) as stage:
        warm(stage.bot)
        stage.platform.add(*day.people.values(), day.place)
        yield [(line, day.play(stage, line)) for line in recorded_day()]


def test_it_is_a_lively_day() -> None:
    day = recorded_day()
    assert len(day) >= 300
    assert len({line.who for line in day}) == 12


def test_nothing_is_answered_that_was_not_asked_for(heard: list[tuple[GroupLine, Heard]]) -> None:
    assert [(line.time, line.said, said.text) for line, said in heard if said.messages and not line.reason] == []


def test_no_call_is_missed(heard: list[tuple[GroupLine, Heard]]) -> None:
    missed = [(line.time, line.said, said.text) for line, said in heard if line.reason and said.silent]
    assert missed == []
    wrong = [(line.said, said.text) for line, said in heard if line.reason and line.answered_with not in said]
    assert wrong == []


def test_nothing_is_said_twice_within_ten_minutes(heard: list[tuple[GroupLine, Heard]]) -> None:
    told: dict[str, int] = {}
    twice = []
    for line, said in heard:
        hour, minute = map(int, line.time.split(":"))
        at, body = hour * 60 + minute, said.text.partition("\n")[2] or said.text
        if said.messages and at - told.get(body, -60) < 10:
            twice.append((line.time, line.said, body))
        told[body] = at
    assert twice == []


def test_the_page_tells_the_day_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == listing(), "python -m tests.support.group_day"
