"""Canaries: members-only essays whose bodies hold words that no guest and no group may ever be sent."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from structlog.testing import capture_logs

from bot.app import Bot
from bot.envelope import Event
from corpus.database import Work
from corpus.essay import Audience, Block, Essay, Kind, Visibility
from handlers.ask import Chat, Place

GUEST = Chat("Uguest", Place.PERSON)
CROWD = Chat("Ccrowd", Place.GROUP)
NAMES = ("台積電(2330)", "奇鋐(3017)", "雙鴻(3324)", "聯發科(2454)", "鴻海(2317)", "輝達(NVDA)")
MATTERS = ("液冷", "先進封裝", "矽光子", "記憶體", "重電", "電動車", "低軌衛星", "機器人")
ASKS = (
    "{matter}", "{name} {matter}", "找 {matter}", "{matter} 為什麼", "個股 {name}", "{code}", "主題 {matter}", "#{matter}", "最新",
    "最新 第2頁", "讀 {essay}", "讀 {essay} {matter}", "延伸 {essay}", "{bait}", "找 {bait}", "會員專題{n}", "更多", "第 1 篇", "那{name}呢",
    "今日", "本週", "訂閱 {matter}", "追蹤 {code}", "收藏 {essay}", "我的收藏", "預覽 {essay} 會員", "修改紀錄 {essay}", "草稿",
)  # fmt: skip


@dataclass
class Aviary:
    """One archive in which every essay is for members, and people who are none."""

    bot: Bot
    chance: random.Random
    essays: dict[int, str] = field(default_factory=dict)  # essay id -> its canary
    asked: int = 0

    def essay(self, n: int) -> tuple[Essay, str]:
        canary, bait = f"金絲雀{n}號暗語", f"釣餌{n}號"
        name, matter = self.chance.choice(NAMES), self.chance.choice(MATTERS)
        lines = (
            f"{name}的{matter}訂單比市場想的多兩成,{canary}說的就是這件事,{bait}也一樣。",
            f"{canary}:{matter}的毛利在明年第{n % 4 + 1}季回到四成,{name}是最大的受惠者。",
        )
        blocks = (Block(Kind.HEADING, f"{canary}的小標"), *(Block(Kind.TEXT, line) for line in lines))
        return Essay(
            f"會員專題{n}:{matter}",
            blocks,
            published=date(2026, 1, 1) + timedelta(days=n % 300),
            further_reading=(f"《{canary}》",),
            visibility=Visibility.MEMBERS,
            lead=f"第{n}期談{matter},全文給會員。",
        ), canary

    def publish(self, n: int, at: datetime) -> None:
        essay, canary = self.essay(n)
        with Work(self.bot.engine) as work:
            added = self.bot.archive.library(work, Audience.MEMBER).add(essay, at)
            work.commit()
        self.essays[added.essay.id] = canary

    def disturb(self, n: int, at: datetime) -> None:
        """Publish one more, correct one, withdraw or bring back another."""
        self.publish(n, at)
        with Work(self.bot.engine) as work:
            library = self.bot.archive.library(work, Audience.MEMBER)
            known = library.backroom.find_any(self.chance.choice(list(self.essays)))
            assert known is not None
            library.change(replace(known[0], title=known[0].title + "(更正)"), at)
            other = self.chance.choice(list(self.essays))
            self.chance.choice((library.withdraw, library.restore))(other, at)
            work.commit()

    def questions(self, count: int) -> Iterator[str]:
        for _ in range(count):
            name = self.chance.choice(NAMES)
            n = self.chance.randrange(len(self.essays))
            yield self.chance.choice(ASKS).format(
                name=name.split("(")[0],
                code=name.split("(")[1][:-1],
                matter=self.chance.choice(MATTERS),
                essay=self.chance.choice(list(self.essays)),
                bait=f"釣餌{n}號",
                n=n,
            )

    def leaks(self, question: str, at: float) -> list[str]:
        """Everything that is said and logged about one question, where it holds a canary."""
        self.asked += 1
        chat = self.chance.choice((GUEST, CROWD))
        event = Event(f"E{self.asked}", "text", chat, "Uguest", at + self.asked, text=question)
        with capture_logs() as logs, Work(self.bot.engine) as work:
            reply = self.bot.conversation.respond(event, work)
            work.commit()
        told = json.dumps([reply.messages if reply else (), logs], ensure_ascii=False, default=str)
        return [question] if "金絲雀" in told else []
