"""A newsroom of its own for tests of the desk: one stage, its staff, and time that can be moved on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.config import Settings
from bot.dev.local import LocalBot, local_bot, plain
from bot.ledger import chats_with_history
from bot.ledger.tables import runs
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience
from corpus.library import ArchiveResources
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.phones import Cast, Phone
from tests.support.schemas import lay_schema

COOLING = """水冷板的毛利

2026年3月5日
作者:林怡君

資料中心的機櫃功率在兩年內翻了三倍,氣冷已經壓不住溫度,雙鴻(3324)的水冷板因此供不應求。
單櫃價值約三萬美元,其中接頭與分歧管占四成,這是毛利最高的部分。

## 誰受惠

奇鋐(3017)把產能移到越南,今年第三季開始出貨,訂單能見度到明年上半年。"""

CARS = """電動車的下一張牌

800 伏平台讓碳化矽元件進入一般車款,但整車廠要的是價格。供應商的報價一年降了兩成,良率還在爬坡。
台灣的導線架廠商因此得到喘息,它們不怕降價,只怕停產。"""


class Newsroom:
    """A bot on its stage, with people of every role."""

    def __init__(self, stage: LocalBot) -> None:
        self.stage = stage
        self.cast = Cast(stage)

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.stage.bot.engine)

    def someone(self, role: Role = Role.GUEST) -> Phone:
        """A new person of that role, who has added the bot as a friend."""
        phone = self.cast.person()
        now = datetime.now(self.stage.bot.settings.zone)
        phone.hear(self.stage.platform.follow(phone.owner.id))
        with self.work() as work:
            club = Club(work)
            if role is Role.MEMBER:
                club.memberships.grant(phone.owner.id, None, now)
            elif role > Role.MEMBER:
                club.people.set_role(phone.owner.id, role, now)
            work.commit()
        return phone

    def later(self, **how_much: float) -> None:
        """Let the worker do what is due after that time."""
        self.stage.bot.worker.tick(datetime.now(self.stage.bot.settings.zone) + timedelta(**how_much))

    def heard(self, phone: Phone) -> list[str]:
        """All that the bot ever said in this chat."""
        history = self.stage.platform.history(phone.chat_id)
        return [plain(bubble.content) for bubble in history if bubble.sender is None]

    def news(self) -> list[str]:
        """Titles of the essays that ever became news, in that order."""
        with self.work() as work:
            library = self.stage.bot.archive.library(work, Audience.MEMBER)
            return [essay.title for essay in library.news_since(0, library.revision())]


@contextmanager
def newsroom(folder: Path, *, reviews: bool = False) -> Iterator[Newsroom]:
    """An empty archive with a bot and a platform on 127.0.0.1; `reviews`: nobody publishes what they wrote themselves."""
    database = f"sqlite:///{folder}/luopan.db"
    settings = Settings(database_url=database, luopan_rate=0, luopan_review=reviews)
    lay_schema(settings.database_url)
    engine = connect(settings.database_url)
    with local_bot(settings, ArchiveResources(engine, settings.index_folder)) as stage:
        yield Newsroom(stage)
    engine.dispose()


def draft(phone: Phone, text: str = COOLING, visibility: str = "公開") -> str:
    """Paste a text, finish it and say who may read it; the number of the draft."""
    phone("發文")
    phone(text)
    heard = phone("完成")
    number = heard.text.split("草稿 ", 1)[1].split("\n", 1)[0].strip()
    phone(f"{visibility} {number}")
    if visibility == "會員專屬":
        phone(f"改 {number} 前言 這是人人看得到的前言。")
    phone(f"改 {number} 日期 先不填")
    return number


def published(phone: Phone, text: str = COOLING, visibility: str = "公開", how: str = "只上架") -> str:
    """The number of an essay that went through the desk."""
    heard = phone(f"發布 {draft(phone, text, visibility)} {how}")
    return heard.text.split("#", 1)[1].split("。", 1)[0]


def essay(name: str, text: str = COOLING) -> str:
    """A text of its own for each test, so that none is another's twin."""
    body = re.sub(r"[\u4e00-\u9fff]{2}(?=[,。])", lambda match: match.group() + name[0], text.split("\n", 1)[1])
    return f"{name}的故事\n{body}"


def room_chats(room: Newsroom) -> list[str]:
    """Every chat that may be told something."""
    with room.work() as work:
        return [chat.id for chat in Club(work).reachable(chats_with_history(work.reader))]


def planned(room: Newsroom, essay_id: str, kind: str = "essay") -> list[str]:
    """The chats to which something about an essay is on its way."""
    wanted = select(runs.c.chat).where(runs.c.kind == kind, runs.c.subject == essay_id).order_by(runs.c.chat)
    with room.work() as work:
        return list(work.reader.execute(wanted).scalars())
