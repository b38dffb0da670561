"""A scripted day of a small community, lived by a bot whose N-th operation fails, and what must hold at its end.

In it somebody asks, looks up a ticker, subscribes, keeps an essay and waits for another; a group asks; an editor publishes,
corrects and tells members what only they may read; a digest and an alert go out; a backup is made; somebody is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, func, select

from bot.cli.backup import backup, note, read_contents
from bot.dev.local import plain
from bot.dev.simulator.channel import SendCall
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.inbound.pool import SORRY
from bot.ledger.ledger import TOKEN_LIFE
from bot.ledger.tables import bubbles, outbox, runs
from bot.migrate import all_metadata
from bot.outbound.quota_tables import months
from bot.outbound.schedule import WINDOW
from corpus.database import connect
from corpus.essay import Visibility
from corpus.library import ArchiveResources
from corpus.storage.schema import essays
from handlers.club.admin_tables import drafts
from handlers.club.digest_tables import mailings, subscriptions
from handlers.club.tables import chats, saved, wishes
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import MONDAY, cooling
from tests.support.faults import (
    Death,
    FaultInjector,
    FaultyLine,
    FaultyRedis,
    Way,
    break_database,
    copy_database,
    failing_files,
)
from tests.support.schemas import lay_schema

OWNER = person("站長")
LIMIT = 200  # messages a month
SUBJECTS = [f"{a}{b}電池" for a, b in permutations("鈉鋰鋅鎂鋁鈣鉀錳鐵鈷鎳銅鈦釩", 2)]  # one a day
SECRET = "密語"  # stands in members' essays only
SORRY_TEXT = SORRY.messages[0]["text"]
MANUSCRIPT = """{subject}的能量密度

2026年3月2日
作者:林怡君

{subject}的能量密度今年達到每公斤三百瓦時,{subject}的成本是每度電三萬元,循環壽命超過四千次。
{subject}的正極材料由三家廠商供應,產能在第三季開出,{subject}的訂單能見度到明年上半年。"""


class FaultyBot(InProcessBot):
    """A bot whose process may break at any operation, and is started again."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        redis_url: str = "",
        *,
        persons: Sequence[LinePerson] = (),
        limit: int = LIMIT,
    ) -> None:
        self.fault = FaultInjector()
        self.shadow = folder / "shadow" / "luopan.db"  # the onlooker's, not among the files that fail
        self.shadow.parent.mkdir()
        self.files = folder / "files"
        self.files.mkdir()
        lay_schema(database_url)
        engine = connect(database_url)
        super().__init__(
            folder,
            MONDAY,
            persons=(OWNER, *persons),
            archive=ArchiveResources(engine, self.files / "index"),
            line=FaultyLine,
            patience=0,
            monthly_limit=limit,
            owners=(OWNER.id,),
            redis_url=redis_url,
        )

    def start(self, archive: ArchiveResources) -> None:
        super().start(archive)
        assert isinstance(self.bot.line, FaultyLine)
        self.bot.line.fault = self.fault
        if self.settings.redis_url:
            self.bot.conversation.sessions.store = FaultyRedis(self.settings.redis_url, self.fault, self.clock)
        break_database(archive.engine, self.fault, self.shadow if self.fault.way is Way.POWER else None)

    def restart(self) -> None:
        url = self.bot.engine.url
        self.fault.bury()
        if self.fault.way is Way.POWER and self.fault.struck:
            copy_database(self.shadow, Path(url.database or ""))
        super().restart()

    def live(self, act: Callable[[], Any]) -> Any:
        """Do it, whatever breaks; the next process goes on. Trouble that nobody planned is trouble."""
        try:
            return act()
        except Death:
            self.restart()
        except Exception:
            if self.fault.struck is None:
                raise
        return None

    def deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        def store() -> bool:
            if batch := self._sorter.classify(body, self.clock()):
                self.bot.ledger.store(batch)
            return True

        if not self.live(store):
            return 503
        self.live(self.answer)
        return 200

    def go_on(self, seconds: int, step: int = 20) -> None:
        for _ in range(seconds // step):
            self.pass_by(seconds=step)
            self.live(self.answer)
            self.live(self.tick)


@dataclass
class Day:
    """One day of people whom nobody has met before."""

    bot: FaultyBot
    number: int
    backup_to: Path
    onlooker: Engine
    asked: list[WebhookDelivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader, self.leaver = person(f"讀者{self.number}"), person(f"過客{self.number}")
        self.crowd = group(f"群{self.number}", (self.reader,))
        self.bot.platform.add(self.reader, self.leaver, self.crowd)
        self.subject = SUBJECTS[self.number % len(SUBJECTS)]
        self.morning = MONDAY + timedelta(days=2 * self.number)
        self.first_call = len(self.bot.platform.calls)

    def live(self) -> None:
        """The script; whoever is told that something went wrong, or sees nothing come of it, says it again."""
        me, to_desk = self.reader, partial(self.insist, OWNER, OWNER)
        self.bot.at(self.morning)
        self.insist(me, me, "訂閱 散熱", until=lambda: self.row(subscriptions.c.chat == me.id))
        self.insist(
            me, me, "每日 08:30", until=lambda: self.row((mailings.c.chat == me.id) & (mailings.c.minute == 510))
        )
        for what, visibility, word in (("散熱", Visibility.PUBLIC, "水冷板"), ("內部", Visibility.MEMBERS, SECRET)):
            essay = cooling(f"第{self.number}天的{what}", visibility, word)
            if not self.bot.live(partial(self.bot.publish, essay)):
                self.bot.live(partial(self.bot.publish, essay))
        self.ask(me, me, "液冷散熱的滲透率有多少")
        self.ask(me, me, "2330")
        self.ask(self.crowd, me, "羅盤 最新")
        self.insist(
            me, me, f"有文章再通知我 {self.subject}的能量密度", until=lambda: self.row(wishes.c.user_id == me.id)
        )
        to_desk("發文", MANUSCRIPT.format(subject=self.subject), "完成", self.release, until=lambda: self.essay)
        self.bot.go_on(seconds=240, step=80)
        self.insist(me, me, lambda: f"收藏 #{self.essay}", until=lambda: self.row(saved.c.user_id == me.id))
        to_desk(lambda: f"更正 {self.essay} 三萬=五萬", "發布", until=lambda: "五萬" in self.body)
        if not self.bot.live(self.back_up):
            self.bot.live(self.back_up)
        self.ask(self.leaver, self.leaver, f"{self.subject}的能量密度")
        self.insist(self.leaver, self.leaver, "刪除我的資料 確定", until=lambda: self.is_erased)
        self.bot.at((self.morning + timedelta(days=1)).replace(hour=8, minute=30))
        self.bot.go_on(seconds=120)
        self.insist(me, me, "全部退訂", until=lambda: not self.row(subscriptions.c.chat == me.id))

    def ask(self, chat: LinePerson | LineGroup, who: LinePerson, text: str) -> str:
        """Say something; LINE delivers it again where it was not taken. What comes back within some time."""
        delivery = self.bot.platform.say(chat, who, text)
        self.asked.append(delivery)
        if not delivery.taken:
            self.bot.platform.redeliver(delivery.id)
        self.bot.go_on(seconds=40)
        return "\n".join(plain(message) for message in self.bot.heard(delivery))

    def insist(
        self,
        chat: LinePerson | LineGroup,
        who: LinePerson,
        *lines: str | Callable[[], str],
        until: Callable[[], object],
    ) -> None:
        heard: list[str] = []
        for _ in range(3):
            heard = [self.ask(chat, who, line if isinstance(line, str) else line()) for line in lines]
            if until():
                return
        raise AssertionError(f"in vain, after {self.bot.fault.struck}: {heard}")

    def release(self) -> str:
        """What publishes the newest draft: it was given a reader first."""
        with self.onlooker.connect() as connection:
            draft = connection.scalar(select(func.max(drafts.c.id)))
        self.ask(OWNER, OWNER, f"公開 {draft}")
        return f"發布 {draft} 上架並通知"

    def back_up(self) -> bool:
        at = self.bot.clock.now
        note(self.bot.bot.engine, self.backup_to, backup(self.bot.bot.engine, self.backup_to, at), at, checked=False)
        return True

    # what an onlooker sees, by a connection of its own

    def row(self, which: Any) -> bool:
        with self.onlooker.connect() as connection:
            return connection.execute(select(func.count()).where(which)).scalar_one() > 0

    @property
    def essay(self) -> int | None:
        with self.onlooker.connect() as connection:
            found = (
                connection.execute(select(essays.c.id).where(essays.c.title == f"{self.subject}的能量密度"))
                .scalars()
                .all()
            )
        assert len(found) < 2, "published twice"
        return found[0] if found else None

    @property
    def body(self) -> str:
        with self.onlooker.connect() as connection:
            return str(connection.execute(select(essays).where(essays.c.id == self.essay)).mappings().one())

    @property
    def is_erased(self) -> bool:
        return not self.row(chats.c.id == self.leaver.id) and not self.row(bubbles.c.chat == self.leaver.id)

    # what must hold

    def harm(self) -> list[str]:
        """What must not be, whatever failed."""
        return [
            *self._answers(),
            *self._deliveries(),
            *self._secrets(),
            *self._quota(),
            *self._traces(),
            *self._copies(),
        ]

    @property
    def calls(self) -> list[SendCall]:
        return [call for call in self.bot.platform.calls[self.first_call :] if call.accepted]

    def _answers(self) -> list[str]:
        """Each event answered once while its token lived, or honestly given up."""
        with self.onlooker.connect() as connection:
            ends: dict[str, str] = dict(connection.execute(select(outbox.c.event_id, outbox.c.state)).all())
        found = [f"reply {state}" for event, state in ends.items() if state in ("pending", "riding") and event]
        for delivery in self.asked:
            replies = self.bot.platform.channel.replies.get(delivery.id, ())
            erased = delivery.event["source"]["userId"] == self.leaver.id
            if not replies and ends.get(delivery.id) not in ("dropped", "unknown") and not erased:
                found.append(f"{delivery.event['message']['text']}: neither answered nor given up")
            found += [f"answered after {late} s" for late in self._late(delivery, replies) if late > TOKEN_LIFE + 10]
        return found

    def _late(self, delivery: WebhookDelivery, replies: Any) -> list[float]:
        last = max(one.at for one in self.bot.platform.deliveries if one.id == delivery.id)
        return [(bubble.at - last).total_seconds() for bubble in replies]

    def _deliveries(self) -> list[str]:
        """The digest and the alert come once, in time, or it is said that nobody knows."""
        found = []
        slot = (self.morning + timedelta(days=1)).replace(hour=8, minute=30)
        for kind, words in (("digest", "今日摘要"), ("wish", "你等的「")):
            told = [call for call in self.calls if call.to == (self.reader.id,) and words in _text(call)]
            with self.onlooker.connect() as connection:
                query = select(runs.c.state).where(runs.c.chat == self.reader.id, runs.c.kind == kind)
                states = list(connection.execute(query).scalars())
            if len(told) > 1:
                found.append(f"{len(told)} of one {kind}")
            if not told and "unknown" not in states:
                found.append(f"no {kind}: {states}")
            if any(state in ("planned", "waiting", "pending", "riding") for state in states):
                found.append(f"{kind} {states}")
            if kind == "digest":
                found += [f"a digest at {call.at}" for call in told if not slot <= call.at < slot + WINDOW]
        keys = [call.retry_key for call in self.calls if call.kind == "push"]
        return found + (["a push was accepted twice"] if len(set(keys)) < len(keys) else [])

    def _secrets(self) -> list[str]:
        return [f"members' text to {call.to}" for call in self.calls if SECRET in _text(call)]

    def _quota(self) -> list[str]:
        """What was spent is written down: never less than LINE counts."""
        with self.onlooker.connect() as connection:
            booked = {
                row.month: max(row.used + row.spent_since, row.spent) for row in connection.execute(select(months))
            }
        spent = self.bot.platform.quota.used(self.bot.clock.now)
        return [] if booked.get(f"{self.bot.clock.now:%Y-%m}", 0) >= spent else [f"{spent} spent, {booked} booked"]

    def _traces(self) -> list[str]:
        """Who was erased stands in no table."""
        with self.onlooker.connect() as connection:
            return [
                f"{table.name} names who was erased"
                for table in all_metadata().sorted_tables
                if any(self.leaver.id in str(row) for row in connection.execute(select(table)))
            ]

    def _copies(self) -> list[str]:
        """A backup is whole, and holds what was there."""
        contents = read_contents(self.backup_to)
        return [] if contents.essays else ["the backup is empty"]


def _text(call: SendCall) -> str:
    return "\n".join(plain(message) + str(message) for message in call.messages)


def live_days(
    folder: Path,
    database_url: str,
    redis_url: str,
    way: Way,
    nths: Iterable[int],
    note: Callable[[str], None] = lambda _line: None,
) -> dict[str, int]:
    """A day for each of these numbers, up to the first that ends unharmed because it has fewer operations.

    How many operations of each kind the last of them had. Raises AssertionError on harm.
    """
    bot = FaultyBot(folder, database_url, redis_url)
    bot.fault.way = way
    onlooker = create_engine(database_url, poolclass=NullPool)  # a power cut sets the files back below it
    with failing_files(bot.files, bot.fault):
        for number, nth in enumerate(nths):
            if way is Way.POWER:
                bot.restart()  # so that its files are kept as they were
            bot.fault.arm(nth, way)
            day = Day(bot, number, bot.files / f"backup{number}.gz", onlooker)
            day.live()
            bot.fault.disarm()
            bot.go_on(seconds=120)
            bot.bot.ledger.sweep(bot.clock())  # as the pool does every ten minutes
            note(f"{way}, {nth}: {bot.fault.struck or 'nothing'}")
            harm = day.harm()
            assert not harm, f"{way}, the {nth}th, {bot.fault.struck}: {harm}"
            if bot.fault.struck is None:
                break
    bot.bot.engine.dispose()
    onlooker.dispose()
    return {str(boundary): number for boundary, number in bot.fault.crossed.items()}
