"""`luopan bench canaries`: does a guest or a group ever get to see what is for members? Everything the bot gives away is read."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.dev.bench.report import Column, Report
from bot.dev.local import SECRET, plain
from bot.dev.simulator.buttons import actions
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.inbound.sessions import Store, session_key
from bot.messages.links import Links
from bot.web.reader import COOKIE
from corpus.database import UnitOfWork
from corpus.library import ArchiveResources
from corpus.visibility import ALL_MEMBERS
from handlers.club.club import Club
from handlers.club.paid_memberships import PaidChange
from handlers.club.reader_browsers import ReaderBrowsers
from handlers.identity import Chat, Place
from tests.simulation.essay_factory import CODES, COMPANIES
from tests.simulation.inprocess_bot import InProcessBot
from tests.simulation.leak_fixtures import NOBODY, PLANS, LeakArchive, bait_word, canaries_in
from tests.support.log_lines import kept_by

ESSAYS, QUESTIONS = 1_000, 20_000
PUBLIC_SHARE = 0.3  # essays for everybody, to those for members
CHANGES, TICKS = 400, 240  # changes at the desk and looks of the worker, at most
MEMBERS_TURN = 20  # one in so many questions is a member's, who should see canaries
PRESSED = 0.15  # of the time somebody presses a button of the last answer
OPENED = 0.05  # and opens its links, those of a download always
FED = 0.1  # of the pages somebody opens, their own feed

START = datetime(2026, 3, 2, 7, 0, tzinfo=ZoneInfo("Asia/Taipei"))
SPAN = timedelta(days=5)
MEMBERSHIP_DAYS = 2  # of one who was a member

GUEST, OTHER = person("訪客"), person("路人")
MEMBER, FORMER, OWNER = person("會員"), person("前會員"), person("站長")
DECIDER, ANALYST, JOINER = (
    person("決策"),
    person("分析"),
    person("來去"),
)  # of one plan, of two, now of this and now of that
SHY = person("不具名", hides_id=True)
PERSONS = (GUEST, OTHER, MEMBER, FORMER, OWNER, SHY, DECIDER, ANALYST, JOINER)
READERS = (GUEST, MEMBER, FORMER, DECIDER, ANALYST, JOINER)  # who open a page of their own after each question
KNOWN = frozenset(one.id for one in PERSONS)
CROWD = group("讀書會", (GUEST, MEMBER, OWNER, SHY), size=40)
CLUB = group("會員群", (MEMBER, OWNER), size=9)

ASKED = (
    "{words}", "{words}", "{words}", "找 {words}", "找 {words} 第2頁", "{bait}", "{bait} {word}", "{company} {word}", "為什麼{word}",
    "{title}", "讀 {id}", "讀 {id} {words}", "延伸 {id}", "收藏 {id}", "個股 {company}", "{code}", "{code} 文章", "{company} 第2頁",
    "主題 {theme}", "#{theme}", "主題 {theme} 文章", "主題 {theme} 第2頁", "主題", "最新", "最新 第{n}頁", "更多", "第 {n} 篇", "{n}",
    "那{company}呢", "為什麼", "我的收藏", "看過的文章", "今日", "本週", "訂閱 {theme}", "訂閱 「{bait}」", "訂閱 精選", "追蹤 {code}",
    "自選", "我的訂閱", "退訂 1", "每日 {hour:02}:30", "溫故", "準時送", "有文章再通知我 {words}", "有文章再通知我 {word}", "都不是 {bait}",
    "答非所問 {words}", "{company}可以買嗎", "我的資料", "預覽 {id} 會員", "修改紀錄 {id}", "更正 {id}", "推播 {id}", "草稿", "後台", "沒答到的",
    "{company} vs {other}", "比一比", "作者", "作者 會員編輯部 2025", "會員編輯部寫過{word}嗎", "上一頁", "收藏這段", "收藏這段 {word}",
    "取消收藏這段", "我的收藏 {theme}", "匯出收藏", "下載我的資料", "通知清單", "我的RSS", "問編輯 {words}", "會員", "這週", "行事曆",
    "試送 1", "沒收進來的 1", "來源",
)  # fmt: skip

_NAMES = re.compile(r"(?<=/)(?:[0-9a-f]{40}(?=\.atom)|\d+)")  # in an address: an essay's number, a reader's key

LINES = (
    Column("essays", "會員專屬文章"),
    Column("asked", "問了幾題"),
    Column("changes", "其間上架、更正、公開或轉會員、撤回、恢復"),
    Column("messages", "訪客與群組收到的訊息"),
    Column("pushed", "其中摘要與通知"),
    Column("pages", "以訪客身分打開的頁面"),
    Column("read", "各種讀者讀了幾次（訊息與頁面，連訪客）"),
    Column("logged", "記錄檔的行"),
    Column("kept", "寫進對話記憶的值"),
    Column("seen", "看到的金絲雀", "0"),
    Column("member_saw", "會員看到的金絲雀（對照）", "> 0"),
)


@dataclass(slots=True)
class Tally:
    """What was looked at, and the canaries in it. `told`: the first of those that should not be there, and where."""

    essays: int = 0
    asked: int = 0
    changes: int = 0
    messages: int = 0
    pushed: int = 0
    pages: int = 0
    read: int = 0
    logged: int = 0
    kept: int = 0
    seen: int = 0
    member_saw: int = 0
    told: list[str] = field(default_factory=list)


class SpyStore:
    """A store of sessions that tells of every value put into it."""

    def __init__(self, store: Store, tell: Callable[[str, str], None]) -> None:
        self._store, self._tell = store, tell

    def get(self, key: str) -> str | None:
        return self._store.get(key)

    def put(self, key: str, value: str, life: int) -> None:
        self._tell(key, value)
        self._store.put(key, value, life)

    def count(self, key: str, life: int) -> int:
        return self._store.count(key, life)

    def drop(self, prefix: str) -> bool:
        return self._store.drop(prefix)


class LeakTest:
    """Some days in a town, of which every message, page, log line and remembered value is searched for canaries."""

    def __init__(
        self, folder: Path, essays: int, questions: int, *, archive: ArchiveResources | None = None, seed: int = 6
    ) -> None:
        self.dice = Random(seed)
        self.questions = questions
        self.town = InProcessBot(
            folder,
            START,
            persons=PERSONS,
            groups=(CROWD, CLUB),
            monthly_limit=None,
            patience=0,
            owners=(OWNER.id,),
            archive=archive,
        )
        self.tally = Tally(essays)
        self.aviary = LeakArchive(self.town.archive, self.dice)
        self.links = Links(SECRET, self.town.clock)
        self._journal = 0
        self.reads: Counter[str] = Counter()  # by the circles of whoever read it
        self.surfaces: Counter[str] = Counter()  # by what was read
        self._cookies: dict[str, str] = {}  # of each person's browser
        self._own = {session_key(Chat(one.id, Place.PERSON), one.id): one.id for one in PERSONS}
        self._last: dict[str, tuple[dict[str, Any], ...]] = {}  # the last messages of each chat
        self._asking = ""
        self._joined: frozenset[str] = NOBODY  # of what JOINER is a member
        sessions = self.town.bot.conversation.sessions
        sessions.store = SpyStore(sessions.store, self._note_kept)

    def run(self) -> Tally:
        with _logs(self._note_logged):
            self._settle()
            for number in range(self.questions):
                self.town.pass_by(seconds=SPAN.total_seconds() / self.questions)
                if number % max(10, self.questions // CHANGES) == 0:
                    self._change()
                    self.town.pass_by(
                        seconds=1
                    )  # LINE's clock counts milliseconds: what ends now ended before the next word
                if number % max(10, self.questions // TICKS) == 0:
                    self._asking = "worker"
                    self.town.tick()
                    self._read_messages()
                self._ask(number)
                self._read_pages()
        return self.tally

    def _settle(self) -> None:
        """Fill the archive; make members, one of whom will be none; let everybody hear of what is new."""
        now = START
        self.aviary.open(int(self.tally.essays * PUBLIC_SHARE), self.tally.essays, now)
        with UnitOfWork(self.town.bot.engine) as work:
            memberships = Club(work).memberships
            for one in READERS:
                known = ReaderBrowsers(work).admit(f"link of {one.id}", one.id, now, now)
                self._cookies[one.id] = f"{COOKIE}={known}"
            memberships.grant(MEMBER.id, None, now)
            memberships.grant(FORMER.id, MEMBERSHIP_DAYS, now)
            for plan in PLANS:
                memberships.add_plan(plan, now)
            memberships.grant(DECIDER.id, None, now, PLANS[0])
            for plan in PLANS[1:]:
                memberships.grant(ANALYST.id, None, now, plan)
            work.commit()
        for where in (GUEST, OTHER, FORMER, DECIDER, ANALYST, JOINER, CROWD, CLUB):
            self._say(where, MEMBER if isinstance(where, LineGroup) else where, "訂閱 精選")
        self._read_messages()

    def _change(self) -> None:
        self.aviary.change(self.town.clock.now)
        self._join_and_leave()
        self.tally.changes += 1
        self._open_pages()

    def _join_and_leave(self) -> None:
        """JOINER becomes a member of something, and is none of it any more, by a payer's word or by the desk's."""
        plan = self.dice.choice((ALL_MEMBERS, *PLANS))
        now, ends = self.town.clock.now, plan in self._joined
        with UnitOfWork(self.town.bot.engine) as work:
            club = Club(work)
            until = now if ends else now + timedelta(days=99)
            if self.dice.random() < 0.5:
                club.paid_memberships.decide(PaidChange("cus_joiner", plan, until, now), now)
                club.paid_memberships.bind("cus_joiner", JOINER.id, now)
            elif ends:
                club.memberships.end(JOINER.id, now, plan)
            else:
                club.memberships.set_until(JOINER.id, plan, until, now)
            self._joined = frozenset(plan for plan, until in club.memberships.of(JOINER.id).items() if until > now)
            work.commit()

    def _circles(self, chat: str) -> frozenset[str]:
        """For whom what is sent to this chat may be, beside everybody."""
        ends = START + timedelta(days=MEMBERSHIP_DAYS)
        known = {
            OWNER.id: {ALL_MEMBERS, *PLANS},
            MEMBER.id: {ALL_MEMBERS},
            DECIDER.id: {ALL_MEMBERS, PLANS[0]},
            ANALYST.id: {ALL_MEMBERS, *PLANS[1:]},
            JOINER.id: {ALL_MEMBERS, *self._joined} if self._joined else NOBODY,
            FORMER.id: {ALL_MEMBERS} if self.town.clock.now < ends else NOBODY,
        }
        return frozenset(known.get(chat, NOBODY))

    # asking

    def _ask(self, number: int) -> None:
        where, who = self._asker(number)
        last = self._last.get(where.id, ())
        buttons = [one for one in actions(list(last)) if one["type"] == "postback"]
        if buttons and self.dice.random() < PRESSED:
            self._asking = str(self.dice.choice(buttons)["data"])
            self.town.platform.press(where, who, {"type": "postback", "data": self._asking})
        else:
            self._say(where, who, self._question())
        self.tally.asked += 1
        self._read_messages()
        if self.dice.random() < OPENED or "/my-data" in str(self._last.get(where.id)):
            self._open_links(where.id)

    def _asker(self, number: int) -> tuple[LinePerson | LineGroup, LinePerson]:
        if number % MEMBERS_TURN == 0:
            return MEMBER, MEMBER
        one = self.dice.choice((GUEST, OTHER, FORMER, DECIDER, ANALYST, JOINER, CROWD, CROWD, CLUB))
        if isinstance(one, LineGroup):
            return one, self.dice.choice([p for p in (GUEST, MEMBER, OWNER, SHY) if p.id in one.members])
        return one, one

    def _say(self, where: LinePerson | LineGroup, who: LinePerson, text: str) -> None:
        self._asking = text
        self.town.say(where, who, f"羅盤 {text}" if isinstance(where, LineGroup) else text)

    def _question(self) -> str:
        bird = self.dice.choice(list(self.aviary.birds.values()))
        place = self.dice.randrange(len(CODES))
        return self.dice.choice(ASKED).format(
            words=self.aviary.words(bird),
            bait=bait_word(bird.number),
            title=bird.essay.title,
            id=bird.essay.id,
            theme=bird.theme.name,
            word=self.dice.choice(bird.theme.strong),
            company=COMPANIES[place].split("(")[0],
            other=COMPANIES[place - 1].split("(")[0],
            code=CODES[place],
            n=self.dice.randint(1, 4),
            hour=self.dice.randint(0, 23),
        )

    # reading what comes back

    def _read_messages(self) -> None:
        calls = self.town.platform.calls
        for call in calls[self._journal :]:
            self._last[call.to[0]] = call.messages
            for message in call.messages:
                text = unquote(json.dumps(message, ensure_ascii=False)) + plain(message)
                circles = self._circles(call.to[0])
                if circles:
                    self.tally.member_saw += len(canaries_in(text))
                else:
                    self.tally.messages += 1
                    self.tally.pushed += call.kind == "push"
                self._count(circles, f"{call.kind} to a {'person' if call.to[0] in KNOWN else 'group'}")
                self._look(text, f"{call.kind} to {call.to[0]}", circles)
        self._journal = len(calls)

    def _read_pages(self) -> None:
        """Everybody opens the page of some essay in the browser that is known as theirs; now and then their own feed."""
        for one in READERS:
            bird = self.dice.choice(list(self.aviary.birds.values()))
            fed = self.dice.random() < FED
            page = f"/feed/{self.links.feed_key(one.id)}.atom" if fed else f"/read/{bird.essay.id}"
            self._open(page, self._circles(one.id), self._cookies[one.id])

    def _open_links(self, chat: str) -> None:
        """The pages that the last answer links to, as its reader opens them; the button of a download is pressed."""
        for message in self._last.get(chat, ()):
            for address in re.findall(r'https://luopan\.example(/(?:read|feed|my-data)[^"#\\]*)', json.dumps(message)):
                self._open(address, self._circles(chat))
                page = urlsplit(address)
                if page.path.startswith("/my-data"):
                    self._open(page.path, self._circles(chat), form=dict(parse_qsl(page.query)))

    def _open_pages(self) -> None:
        """An essay's page with no token, and with every token that should not open it."""
        birds = list(self.aviary.birds.values())
        essay, another = (bird.essay for bird in self.dice.sample(birds, 2))
        clock = self.town.clock
        stale = Links(SECRET, lambda: clock() - 601).token(essay.id, MEMBER.id)
        forged = Links("guessed", clock).token(essay.id, MEMBER.id)
        page = f"/read/{essay.id}"
        mine = self.links.path(essay, 1, self.links.token(essay.id, FORMER.id)).split("#")[0]
        addresses = (
            f"{page}?p=1",
            f"{page}?t={stale}",
            f"{page}?t={forged}",
            self.links.path(essay, 1, self.links.token(essay.id, GUEST.id)).split("#")[0],
            self.links.path(another, 1, self.links.token(another.id, MEMBER.id))
            .replace(f"/read/{another.id}", page)
            .split("#")[0],
            f"/desk/essays/{essay.id}",
            "/metrics",
        )
        for address in (page, "/feed.atom", "/sitemap.xml", *self.dice.sample(addresses, 2)):
            self._open(address, NOBODY)
        self._open(mine, self._circles(FORMER.id))

    def _open(
        self, address: str, circles: frozenset[str], cookie: str = "", form: Mapping[str, str] | None = None
    ) -> None:
        self._asking = address
        headers = {"Cookie": cookie} if cookie else {}
        client = self.town.bot.app.test_client(use_cookies=not cookie)
        method = "POST" if form else "GET"
        answer = client.open(address, method=method, data=form, headers=headers, follow_redirects=True)
        text = f"{answer.headers}\n{answer.text}"
        self.tally.pages += not circles
        self._count(circles, f"{method} {_NAMES.sub('…', urlsplit(address).path)}")
        self.tally.member_saw += len(canaries_in(text)) if circles else 0
        self._look(text, "page", circles)

    def _count(self, circles: frozenset[str], surface: str) -> None:
        self.tally.read += 1
        self.surfaces[surface] += 1
        self.reads["、".join(sorted(circles)) or "guest"] += 1

    def _note_kept(self, key: str, value: str) -> None:
        """One to one a session may name what its owner may read: the labels of the buttons that were shown."""
        self.tally.kept += 1
        self._look(value, f"kept under {key}", self._circles(self._own.get(key, "")))

    def _note_logged(self, line: str) -> None:
        self.tally.logged += 1
        self._look(line, "log", NOBODY, by_name=False)

    def _look(self, text: str, where: str, circles: frozenset[str], *, by_name: bool = True) -> None:
        found = self.aviary.leaks(text, circles)
        self.tally.seen += len(found)
        if found and len(self.tally.told) < 20:
            self.tally.told.append(f"{where} after {self._asking!r}: {found}")


@contextmanager
def _logs(tell: Callable[[str], None]) -> Iterator[None]:
    """Every log line of whatever level, as it would be written; nothing is printed meanwhile."""

    with kept_by(lambda line: tell(json.dumps(line, ensure_ascii=False, default=str))):
        yield


def run(note: Callable[[str], None], essays: int = ESSAYS, questions: int = QUESTIONS) -> Report:
    """A town with so many essays for members, asked so many questions; what leaked is noted, too."""
    note(f"{essays:,} 篇會員專屬文章、{questions:,} 題 ...")
    with tempfile.TemporaryDirectory() as folder:
        tally = LeakTest(Path(folder), essays, questions).run()
    for line in tally.told:
        note(line)
    figures = asdict(tally)
    return Report("canaries：會員專屬", LINES, [{line.key: figures[line.key] for line in LINES}])
