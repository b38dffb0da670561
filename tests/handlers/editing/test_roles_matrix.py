"""Role x action x state: what each role may do with drafts and essays in every state, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from corpus.database import UnitOfWork, connect
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.library import ArchiveResources
from corpus.storage.schema import essays, lexicon_lines
from handlers.answer import Answer
from handlers.ask import Ask
from handlers.club.admin_tables import drafts, plans
from handlers.club.club import Club
from handlers.club.drafts import Draft, DraftStage, new_draft
from handlers.club.tables import audit, people
from handlers.commands import router
from handlers.context import Context
from handlers.identity import Chat, Place, Role
from handlers.routing.route import NOT_QUITE, NOT_YOURS
from tests.support.schemas import create_tables

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COOLING = Essay("範例", (Block(BlockKind.TEXT, "這是一段夠長的範例內文，談散熱與水冷板的毛利。"),))
SHIPPING = Essay("航運", (Block(BlockKind.TEXT, "另一段夠長的範例內文，談運價的循環與船期。"),))

ACTIONS = {
    "發文": Role.EDITOR,
    "草稿": Role.EDITOR,
    "草稿 {draft}": Role.EDITOR,
    "完成 {draft}": Role.EDITOR,
    "公開 {draft}": Role.EDITOR,
    "會員專屬 {draft}": Role.EDITOR,
    "改 {draft} 標題 新的": Role.EDITOR,
    "重貼 {draft}": Role.EDITOR,
    "預覽 {draft} 公開": Role.EDITOR,
    "刪除草稿 {draft}": Role.EDITOR,
    "取消": Role.EDITOR,
    "沒答到的": Role.EDITOR,
    "修改紀錄 {essay}": Role.EDITOR,
    "更正 {essay}": Role.EDITOR,
    "發布 {draft} 只上架": Role.MODERATOR,
    "發布 {draft} 通知": Role.MODERATOR,
    "排程 {draft} 明天 08:30": Role.MODERATOR,
    "推播 {essay} 確定": Role.MODERATOR,
    "撤回 {essay} 確定": Role.MODERATOR,
    "重新上架 {essay}": Role.MODERATOR,
    "還原 {essay} 第1版": Role.MODERATOR,
    "通知更正 {essay} 確定": Role.MODERATOR,
    "額度": Role.MODERATOR,
    "同義詞 甲=乙": Role.MODERATOR,
    "別名 2330=半導體之王": Role.MODERATOR,
    "新增主題 鈉電池": Role.MODERATOR,
    "新詞 收 沒有這個": Role.MODERATOR,
    "刪除個人資料 U00000000000000000000000000000000": Role.OWNER,
    "核准 ABCDE23456": Role.OWNER,
    "解任": Role.OWNER,
    "解任 Ueditor 確定": Role.OWNER,
}
STAGES = (None, DraftStage.OPEN, DraftStage.READY, DraftStage.PUBLISHED)  # None: there is no such draft
STATES = ("published", "withdrawn", "missing")


class Desk:
    """The router over the books of one database."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.archive = ArchiveResources(engine, folder)
        self.router = router()
        with UnitOfWork(engine) as work:
            club, library = Club(work), self.archive.library(work, Audience.MEMBER)
            for role in Role:
                club.people.set_role(user(role), role, NOW)
            club.memberships.grant(user(Role.MEMBER), None, NOW)
            self.essays = {"published": library.add(COOLING, NOW).essay.id, "missing": 999}
            self.essays["withdrawn"] = library.add(SHIPPING, NOW).essay.id
            library.withdraw(self.essays["withdrawn"], NOW)
            work.commit()

    def draft(self, stage: DraftStage | None, of: str, work: UnitOfWork) -> int:
        if stage is None:
            return 999
        ready = new_draft(of, NOW, essays=(COOLING,), visibility_chosen=True)
        kept = Draft(0, of, stage, NOW, pieces=("一段",)) if stage is DraftStage.OPEN else ready
        book = Club(work).drafts
        return book.keep(replace(book.begin(kept), stage=stage), NOW).id

    def say(self, text: str, by: str, work: UnitOfWork, role: Role | None = None) -> Answer:
        """What the house answers, its writing uncommitted; `role`: what it was when the event was read."""
        club = Club(work)
        ask = Ask(text, Chat(by, Place.PERSON), by, NOW, club.people.role(by, NOW) if role is None else role)
        house = Context(self.archive.library(work, ask.audience), club, NOW, lambda _essay, _paragraph: "")
        return self.router.answer(ask, house)


def user(role: Role) -> str:
    return f"U{role.name.lower()}"


def everything(work: UnitOfWork) -> list[object]:
    """All that the desk may change, row by row."""
    tables = (audit, people, drafts, plans, essays, lexicon_lines)
    return [tuple(map(str, row)) for table in tables for row in work.reader.execute(select(table))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("matrix")
    engine = connect(f"sqlite:///{folder}/luopan.db")
    create_tables(engine)
    yield Desk(engine, folder / "index")
    engine.dispose()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", ACTIONS)
def test_a_role_may_do_what_it_may_and_nothing_else(desk: Desk, action: str, role: Role) -> None:
    stages = STAGES if "{draft}" in action else STAGES[:1]
    states = STATES if "{essay}" in action else STATES[:1]
    for stage, state in product(stages, states):
        with UnitOfWork(desk.engine) as work:  # never committed: each combination begins with the same books
            number = desk.draft(stage, user(role), work)
            before = everything(work)
            answer = desk.say(action.format(draft=number, essay=desk.essays[state]), user(role), work)
            if role >= ACTIONS[action]:
                assert answer.text not in (NOT_YOURS, NOT_QUITE)
            else:
                assert everything(work) == before
                assert answer.text == NOT_QUITE or role < Role.EDITOR


@pytest.mark.parametrize("action", [action for action, role in ACTIONS.items() if role > Role.EDITOR])
def test_rights_that_ended_a_moment_ago_do_not_act(desk: Desk, action: str) -> None:
    """The event was read while this person still was an owner; the transaction that acts reads it again."""
    with UnitOfWork(desk.engine) as work:
        number = desk.draft(DraftStage.READY, user(Role.GUEST), work)
        work.commit()
    with UnitOfWork(desk.engine) as work:
        before = everything(work)
        typed = action.format(draft=number, essay=desk.essays["published"])
        assert desk.say(typed, user(Role.GUEST), work, role=Role.OWNER).text == NOT_YOURS
        assert everything(work) == before


def test_an_editor_has_a_hand_in_their_own_drafts_only(desk: Desk) -> None:
    with UnitOfWork(desk.engine) as work:
        number = desk.draft(DraftStage.READY, user(Role.OWNER), work)
        for action in (f"草稿 {number}", f"改 {number} 標題 別人的", f"刪除草稿 {number}", f"預覽 {number} 會員"):
            assert "沒有進行中的草稿" in desk.say(action, user(Role.EDITOR), work).text
            assert "沒有進行中的草稿" not in desk.say(f"草稿 {number}", user(Role.MODERATOR), work).text


def test_without_a_user_id_nobody_has_rights(desk: Desk) -> None:
    with UnitOfWork(desk.engine) as work:
        assert Club(work).people.role(None, NOW) is Role.GUEST
        assert not Club(work).people.still_has_role(None, Role.GUEST, NOW)
