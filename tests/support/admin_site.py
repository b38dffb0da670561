"""A desk over a small archive, with a browser for each of its people: no LINE, no socket."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import Application, build
from bot.config import Settings
from bot.line.client import LineClient
from bot.migrate import open_archive
from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.library import Library
from handlers.club.admin_sessions import AdminSessions
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.schemas import lay_schema

OWNER, MODERATOR, EDITOR, MEMBER = "Uowner", "Umoderator", "Ueditor", "Umember"
SECRET = "這句話只給會員看，講的是液冷接頭的毛利率。"
LEAD = "人人可讀的前言。"
COOLING = Essay(
    "液冷散熱的下一步",
    (
        Block(BlockKind.TEXT, "資料中心的散熱正從氣冷走向液冷，奇鋐（3017）與雙鴻（3324）都在擴產。"),
        Block(BlockKind.HEADING, "水冷板"),
        Block(BlockKind.BULLET, "單櫃價值三萬美元"),
        Block(BlockKind.TEXT, "良率決定毛利，這是下半年要看的數字。"),
    ),
    author="林怡君",
    source="產業週記",
    published=date(2026, 5, 14),
    tags=("散熱",),
)
MEMBERS = Essay(
    "會員專題：液冷接頭",
    (Block(BlockKind.TEXT, SECRET),),
    visibility=Visibility.MEMBERS,
    lead=LEAD,
    published=date(2026, 6, 1),
)
_numbers = itertools.count(1)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class SilentLine(LineClient):
    """Knows everybody's name and the month, and is sent nothing."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9", "token")

    def profile(self, user: str, group: str | None = None) -> dict[str, object]:
        return {"displayName": f"小{user[1:]}"}

    def quota(self) -> int | None:
        return 200

    def consumption(self) -> int:
        return 80


@dataclass
class Clock:
    at: datetime

    def __call__(self) -> float:
        return self.at.timestamp()


@dataclass
class Desk:
    """The running house and the moment it is."""

    bot: Application
    clock: Clock

    @contextmanager
    def book(self) -> Iterator[tuple[Club, Library]]:
        """The Club and the archive as their keepers see them; what is written is kept."""
        with UnitOfWork(self.bot.engine) as work:
            yield Club(work, self.bot.settings.owners), self.bot.archive.library(work, Audience.MEMBER)
            work.commit()

    def hire(self, role: Role) -> str:
        """Somebody new, so that stories do not disturb one another."""
        user = f"U{role.name.lower()}{next(_numbers)}"
        with self.book() as (club, _):
            club.people.set_role(user, role, self.clock.at)
        return user

    def add(self, essay: Essay) -> int:
        return self.bot.archive.add([essay], self.clock.at)[0].essay.id

    def invite(self, user: str) -> str:
        with self.book() as (club, _):
            return AdminSessions(club.people.work).invite(user, self.clock.at)

    def stranger(self) -> Browser:
        return Browser(self.bot.app.test_client())

    def browser(self, user: str) -> Browser:
        """Somebody who came in by a link."""
        browser = self.stranger()
        answer = browser.post("/desk/enter", {"code": self.invite(user)}, at="/desk/enter")
        assert answer.status_code == 303
        return browser


@dataclass
class Browser:
    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def token(self, at: str) -> str:
        found = _TOKEN.search(self.get(at).text) or re.search(r'X-CSRFToken": "([^"]+)"', self.get(at).text)
        assert found
        return found[1]

    def post(
        self, path: str, form: Mapping[str, object] | None = None, *, at: str = "/desk/upload", live: bool = False
    ) -> TestResponse:
        """Send a form as the page `at` would."""
        headers = {"HX-Request": "true"} if live else {}
        return self.client.post(path, data={"csrf_token": self.token(at), **(form or {})}, headers=headers)

    def follow(self, answer: TestResponse) -> TestResponse:
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.location)


def open_desk(folder: Path, *, line: LineClient | None = None, **settings: Any) -> Desk:
    known = Settings(
        line_channel_secret="secret",
        line_channel_access_token="token",
        database_url=settings.pop("database_url", f"sqlite:///{folder}/luopan.db"),
        public_url=settings.pop("public_url", "https://bot.example.com"),
        **settings,
    )
    clock = Clock(datetime(2026, 11, 20, 10, 0, tzinfo=known.zone))
    lay_schema(known.database_url)
    archive = open_archive(known)
    archive.add([COOLING, MEMBERS], clock.at)
    desk = Desk(build(known, archive, line=line or SilentLine(), clock=clock), clock)
    with desk.book() as (club, _):
        for user, role in ((OWNER, Role.OWNER), (MODERATOR, Role.MODERATOR), (EDITOR, Role.EDITOR)):
            club.people.set_role(user, role, clock.at)
        club.memberships.grant(MEMBER, 30, clock.at)
    return desk
