"""The books behind the desk, on every database: drafts, plans and codes, also when several act at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from bot.cli import app
from bot.ledger.tables import runs
from bot.outbound.run_plans import run_due_plans
from corpus.archive_admin import ArchiveAdmin
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience, Block, BlockKind, Essay, Visibility
from corpus.library import ArchiveResources
from corpus.storage.essay_store import Status
from handlers.club.club import Club
from handlers.club.drafts import DraftStage, new_draft
from handlers.club.member_codes import make_codes
from handlers.club.memberships import FOR_GOOD
from handlers.club.people import Purpose, SpentCode
from handlers.club.plans import SECOND_THOUGHTS, Plan, PlanKind
from handlers.editing.draft_edit import read_past_day
from handlers.editing.publishing_service import announce, publish, unpublish
from handlers.identity import Chat, Place, Role
from handlers.text.when import read_moment

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TAIPEI)  # a Monday
ESSAY = Essay(
    "鹽做的電池",
    (Block(BlockKind.HEADING, "成本"), Block(BlockKind.TEXT, "一度電的成本比磷酸鐵鋰低三成，低溫下的表現也比較好。")),
    author="林怡君",
    published=date(2026, 3, 5),
    visibility=Visibility.MEMBERS,
    lead="",
)


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> ArchiveResources:
    return ArchiveResources(engine, tmp_path / "index")


def test_a_draft_comes_back_as_it_was_kept(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        book = Club(work).drafts
        kept = book.begin(
            new_draft(
                "U1", NOW, essays=(ESSAY,), pieces=("一段\n兩行",), messages=("m1",), origin="https://example.com"
            )
        )
        assert book.get(kept.id) == kept
        assert book.current("U1") == kept
        assert book.current("U2") is None
        assert kept.essays[0].lead == ""  # 不放前言 is an answer, too


def test_a_persons_drafts_and_plans_go_with_the_person(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        mine = club.drafts.begin(new_draft("U1", NOW, essays=(ESSAY,)))
        club.plans.make(Plan(0, PlanKind.PUBLISH, NOW + timedelta(days=1), "U1", mine.id), NOW)
        people = (Chat("U1", Place.PERSON), Chat("U2", Place.PERSON))
        club.plans.make(Plan(0, PlanKind.PUSH, NOW + timedelta(days=1), "U2", chats=people), NOW)
        club.forget("U1", NOW)
        assert club.drafts.get(mine.id) is None
        assert [plan.chats for plan in club.plans.waiting()] == [(Chat("U2", Place.PERSON),)]


def test_a_plan_is_due_at_its_moment_in_any_time_zone(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        plans = Club(work).plans
        plan = plans.make(Plan(0, PlanKind.PUBLISH, NOW, "U1"), NOW)
        assert plans.due(NOW - timedelta(seconds=1)) == []
        assert [one.id for one in plans.due(NOW.astimezone(ZoneInfo("America/New_York")))] == [plan.id]
        assert plans.end(plan, "done")
        assert not plans.end(plan, "cancelled")
        assert plans.due(NOW) == []


def test_publishing_and_taking_back_leaves_the_archive_as_it_was(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        club, library = Club(work), archive.library(work, Audience.MEMBER)
        before = library.add(ESSAY, NOW).essay
        longer = replace(ESSAY, blocks=(*ESSAY.blocks, Block(BlockKind.TEXT, "多了一段。")))
        fresh = Essay("別的題目", (Block(BlockKind.TEXT, "完全不同的一篇，談的是航運的運價與船期的循環。"),))
        draft = club.drafts.begin(new_draft("U1", NOW, essays=(longer, fresh)))
        plan = publish(draft, library, club, NOW, by="U1", news=True)
        assert [status for _, status in plan.essays] == [Status.CHANGED, Status.ADDED]
        again = unpublish(plan, library, club, NOW, by="U1")
        assert again is not None
        assert again.stage is DraftStage.READY
        assert library.essay(before.id).blocks == before.blocks  # type: ignore[union-attr]
        assert library.essay(plan.essays[1][0]) is None
        assert announce(plan, library) == 0  # what was taken back never becomes news


def test_a_change_of_an_old_essay_is_no_news(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        club, library = Club(work), archive.library(work, Audience.MEMBER)
        library.add(ESSAY, NOW, news=False)
        longer = replace(ESSAY, blocks=(*ESSAY.blocks, Block(BlockKind.TEXT, "多了一段。")))
        plan = publish(
            club.drafts.begin(new_draft("U1", NOW, essays=(longer,))), library, club, NOW, by="U1", news=True
        )
        assert announce(plan, library) == 0
        assert library.news_since(0, library.revision()) == []


def test_many_workers_publish_a_schedule_once(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        club = Club(work)
        club.people.set_role("U1", Role.MODERATOR, NOW)
        draft = club.drafts.begin(new_draft("U1", NOW, essays=(ESSAY,), visibility_chosen=True))
        club.plans.make(Plan(0, PlanKind.PUBLISH, NOW, "U1", draft.id, news=True), NOW)
        work.commit()
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: run_due_plans(archive, NOW + timedelta(minutes=1)), range(4)))
    assert sum(done) == 1
    with UnitOfWork(archive.engine) as work:
        assert Club(work).plans.waiting() == [], "nor is its news planned once more"
        library = archive.library(work, Audience.MEMBER)
        assert [essay.title for essay in library.news_since(0, library.revision())] == [ESSAY.title]
        [essay] = library.latest()
        assert len(ArchiveAdmin(library).history(essay.id)) == 1


def test_a_plan_that_fails_does_not_hold_up_the_others(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        club, library = Club(work), archive.library(work, Audience.MEMBER)
        essay = library.add(ESSAY, NOW, news=False).essay
        club.people.set_role("U1", Role.MODERATOR, NOW)
        club.plans.make(Plan(0, PlanKind.TRIAL, NOW, "U1"), NOW)  # to nobody, which nobody can carry out
        club.plans.make(
            Plan(0, PlanKind.ANNOUNCE, NOW + SECOND_THOUGHTS, "U1", essays=((essay.id, "added"),), news=True), NOW
        )
        work.commit()
    assert run_due_plans(archive, NOW + timedelta(minutes=5)) == 1
    with UnitOfWork(archive.engine) as work:
        assert [plan.kind for plan in Club(work).plans.waiting()] == [PlanKind.TRIAL], "it is tried again"
        library = archive.library(work, Audience.MEMBER)
        assert [one.id for one in library.news_since(0, library.revision())] == [essay.id]


@pytest.mark.parametrize("kind", PlanKind)
def test_what_was_planned_is_not_done_once_its_planner_was_dismissed(archive: ArchiveResources, kind: PlanKind) -> None:
    with UnitOfWork(archive.engine) as work:
        club, library = Club(work), archive.library(work, Audience.MEMBER)
        essay = library.add(ESSAY, NOW, news=False).essay
        draft = club.drafts.begin(new_draft("U1", NOW, essays=(replace(ESSAY, title="改題"),), replaces=essay.id))
        plan = Plan(0, kind, NOW, "U1", draft.id, ((essay.id, "added"),), (Chat("U2", Place.PERSON),), news=True)
        club.plans.make(plan, NOW)
        club.people.set_role("U1", Role.EDITOR, NOW)
        work.commit()
    assert run_due_plans(archive, NOW + timedelta(minutes=1)) == 0
    with UnitOfWork(archive.engine) as work:
        club, library = Club(work), archive.library(work, Audience.MEMBER)
        assert library.essay(essay.id).title == ESSAY.title  # type: ignore[union-attr]
        assert library.news_since(0, library.revision()) == []
        assert not work.reader.execute(select(runs)).all()
        assert [entry.action for entry in club.audit.of(f"draft:{draft.id}")] == ["refused"]
        assert not club.plans.waiting()


def test_a_scheduled_draft_that_is_pasted_anew_and_left_is_not_published(archive: ArchiveResources) -> None:
    with UnitOfWork(archive.engine) as work:
        club = Club(work)
        club.people.set_role("U1", Role.MODERATOR, NOW)
        draft = club.drafts.begin(new_draft("U1", NOW, essays=(ESSAY,), visibility_chosen=True))
        club.plans.make(Plan(0, PlanKind.PUBLISH, NOW, "U1", draft.id), NOW)
        club.drafts.keep(replace(draft, stage=DraftStage.OPEN), NOW)
        work.commit()
    assert run_due_plans(archive, NOW + timedelta(minutes=1)) == 0
    with UnitOfWork(archive.engine) as work:
        assert archive.library(work, Audience.MEMBER).latest() == []
        assert [entry.action for entry in Club(work).audit.of(f"draft:{draft.id}")] == ["refused"]


def test_a_code_works_once_whoever_is_faster(engine: Engine) -> None:
    [(code, until)] = make_codes(engine, NOW, count=1, days=30, valid=90)
    assert until == NOW + timedelta(days=90)

    def spend(user: str) -> bool:
        with UnitOfWork(engine) as work:
            spent = Club(work).people.use_code(code.lower(), Purpose.MEMBER, user, NOW)
            work.commit()
            return spent is not None

    with ThreadPoolExecutor(4) as people:
        assert sum(people.map(spend, ("U1", "U2", "U3", "U4"))) == 1


def test_who_acts_while_being_dismissed_waits_and_loses(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        Club(work).people.set_role("U1", Role.MODERATOR, NOW)
        work.commit()

    def act() -> bool:
        with UnitOfWork(engine) as work:
            return Club(work).people.still_has_role("U1", Role.MODERATOR, NOW)

    with UnitOfWork(engine) as dismissing, ThreadPoolExecutor(1) as elsewhere:
        Club(dismissing).people.set_role("U1", Role.GUEST, NOW)
        acting = elsewhere.submit(act)  # meets the lock of a dismissal that is not committed yet
        dismissing.commit()
        assert not acting.result(timeout=60)


def test_a_batch_of_codes_is_printed_once_and_kept_as_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    composed = CliRunner().invoke(app, ["codes", "--count", "3", "--days", "365"]).stdout.split()
    assert len(set(composed)) == 3
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    with UnitOfWork(engine) as work:
        assert [Club(work).people.use_code(code, Purpose.MEMBER, "U1", NOW) for code in composed] == [
            SpentCode(None, 365)
        ] * 3
    assert not any(code.encode() in (tmp_path / "luopan.db").read_bytes() for code in composed)
    engine.dispose()


def test_codes_run_out_and_serve_their_own_purpose_only(engine: Engine) -> None:
    [(code, until)] = make_codes(engine, NOW, count=1, days=None, valid=90)
    with UnitOfWork(engine) as work:
        people = Club(work).people
        for purpose in (Purpose.CLAIM, Purpose.EDITOR, Purpose.ADMIN_LINK):
            assert people.use_code(code, purpose, "U1", NOW) is None
        assert people.use_code(code, Purpose.MEMBER, "U1", until) is None
        assert people.use_code(code, Purpose.MEMBER, "U1", until - timedelta(seconds=1)) == SpentCode(None, None)


def test_a_membership_ends_at_its_moment_and_is_extended_from_its_end(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        people, memberships = Club(work).people, Club(work).memberships
        until = memberships.grant("U1", 30, NOW)
        assert until == NOW + timedelta(days=30)
        assert people.role("U1", until - timedelta(seconds=1)) is Role.MEMBER
        assert people.role("U1", until) is Role.GUEST
        assert memberships.grant("U1", 30, NOW + timedelta(days=1)) == NOW + timedelta(days=60)
        assert memberships.grant("U1", None, NOW) == FOR_GOOD


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("週一 08:30", "2026-11-30 08:30"),  # today at 08:30 is over
        ("週一 18:30", "2026-11-23 18:30"),
        ("星期三 8點半", "2026-11-25 08:30"),
        ("下週三 晚上8:00", "2026-12-02 20:00"),
        ("下週一 08:30", "2026-11-30 08:30"),
        ("禮拜天 下午 3點", "2026-11-29 15:00"),
        ("明天 08:30", "2026-11-24 08:30"),
        ("12/25 08:30", "2026-12-25 08:30"),
        ("1月5日 8點", "2027-01-05 08:00"),
        ("2026-12-01 00:00", "2026-12-01 00:00"),
        ("08:30", "2026-11-24 08:30"),
        ("23:59", "2026-11-23 23:59"),
        ("\uff10\uff18\uff1a\uff13\uff10", "2026-11-24 08:30"),
        ("2020/1/1 08:00", "2020-01-01 08:00"),
        ("明天 8點15分", "2026-11-24 08:15"),
        ("明晚八點", "2026-11-24 20:00"),
        ("今天晚上12點", "2026-11-24 00:00"),
        ("大後天 08:30", "2026-11-26 08:30"),
        ("下下週一 08:30", "2026-12-07 08:30"),
        ("08:30 12/25", None),  # not tomorrow
        ("08:30 週三", None),
        ("2/30 08:00", None),
        ("25:00", None),
        ("週一", None),
        ("改天 08:30", None),
        ("", None),
    ],
)
def test_moments_are_read_as_people_type_them(typed: str, meant: str | None) -> None:
    found = read_moment(typed, NOW)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026/3/5", date(2026, 3, 5)),
        ("2026\u5e743\u67085\u65e5", date(2026, 3, 5)),
        ("114\u5e743\u67085\u65e5", date(2025, 3, 5)),
        ("114/3", date(2025, 3, 1)),
        ("2025\u5e743\u6708", date(2025, 3, 1)),
        ("昨天", date(2026, 11, 22)),
        ("11/20", date(2026, 11, 20)),
        ("12/25", date(2025, 12, 25)),  # the latest one past
        ("13/45", None),
        ("春天", None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, meant: date | None) -> None:
    assert read_past_day(typed, NOW.date()) == meant


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (date(2026, 11, 23), date(2024, 2, 29)),  # no such day in this year or the last
        (date(2028, 2, 28), date(2024, 2, 29)),  # still ahead in this year
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2104, 1, 1), date(2096, 2, 29)),  # the year 2100 has none
    ],
)
def test_the_29th_of_february_is_the_latest_one_past(today: date, meant: date) -> None:
    assert read_past_day("2/29", today) == meant
    assert read_past_day("2/30", today) is None


def test_a_program_is_refused_on_the_command_line_with_the_sentence_that_the_desk_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    (tmp_path / "工具.txt").write_bytes(b"MZ" + b"\0" * 100)
    told = CliRunner().invoke(app, ["add", str(tmp_path / "工具.txt")])
    assert told.exit_code != 0
    assert "工具.txt：這不是文字檔，是程式。請傳文章本身" in told.output
