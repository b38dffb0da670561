"""What people do at the desk: publish, correct, withdraw, schedule, and keep the house in order."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from bot.ledger import deliveries
from bot.ledger.deliveries import Delivery
from bot.ledger.tables import quarantine
from bot.outbound.run_plans import run_due_plans
from bot.web.admin.form import EssayForm
from corpus.archive_admin import ArchiveAdmin
from corpus.database import UnitOfWork, writing
from corpus.essay import Block, BlockKind, Essay, Visibility
from corpus.storage import essay_store, topics
from corpus.storage.browse import Doubt, EssayFilter, browse
from corpus.storage.lexicon_edits import LineKind
from corpus.storage.schema import State, backups
from handlers.club.club import Club
from handlers.club.drafts import DraftStage, new_draft
from handlers.club.gaps import Gap
from handlers.club.member_codes import make_batch
from handlers.club.members import Members
from handlers.club.memberships import FOR_GOOD
from handlers.club.people import Purpose, SpentCode
from handlers.club.plans import PlanKind
from handlers.identity import Chat, Place, Role
from tests.support import exports
from tests.support.admin_site import (
    COOLING,
    EDITOR,
    LEAD,
    MEMBERS,
    MODERATOR,
    OWNER,
    SECRET,
    Browser,
    Desk,
    SilentLine,
    open_desk,
)
from tests.support.fake_wordpress import FakeSite

PASTED = """液冷供應鏈的新秩序

發布日期:2026-10-02

台積電的先進封裝帶動液冷需求,奇鋐與雙鴻的訂單能見度拉長到後年。這一季的重點在水冷板。

分歧管的良率決定毛利率,市場還在等第三家供應商通過驗證。
"""
SEVERAL = "\n\n".join(
    f"# {title}\n\n{body}"
    for title, body in (
        ("機器人關節的減速機", "諧波減速機的訂單回來了,但價格壓力還在。上銀與和大的擴產節奏不同,要分開看。"),
        ("電網的三年", "變壓器的交期拉長到兩年,重電族群的營收能見度跟著拉長,但匯率吃掉一部分毛利。"),
        ("網站公告", "本站將於週末維護,造成不便敬請見諒。維護期間無法登入,請提早備份你的資料。"),
    )
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return open_desk(tmp_path_factory.mktemp("desk"), public_url="http://localhost")


@pytest.fixture(scope="module")
def moderator(desk: Desk) -> Browser:
    return desk.browser(MODERATOR)


@pytest.fixture(scope="module")
def editor(desk: Desk) -> Browser:
    return desk.browser(EDITOR)


@pytest.fixture(scope="module")
def owner(desk: Desk) -> Browser:
    return desk.browser(OWNER)


def essay(title: str, **more: object) -> Essay:
    body = f"這篇只談{title}的事,和別篇沒有一個段落相同。{title}的供需、價格與產能各有自己的節奏。"
    return replace(COOLING, title=title, blocks=(Block(BlockKind.TEXT, body),), **more)  # type: ignore[arg-type]


def stamp(page: TestResponse) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found
    return found[1]


def edited(form: EssayForm, page: TestResponse, **more: object) -> dict[str, object]:
    return {name: getattr(form, name) for name in EssayForm.__slots__} | {"stamp": stamp(page)} | more


def number_in(location: str) -> int:
    return int(re.findall(r"\d+", location)[0])


def test_a_pasted_essay_is_read_shown_and_published(desk: Desk, moderator: Browser) -> None:
    answer = moderator.post("/desk/upload", {"text": PASTED})
    draft = number_in(answer.location)
    page = moderator.follow(answer)
    assert 'value="液冷供應鏈的新秩序"' in page.text
    assert 'value="2026-10-02"' in page.text
    form = EssayForm(title="液冷供應鏈的新秩序", published="2026-10-02", visibility="public", body=PASTED)
    assert moderator.post(f"/desk/drafts/{draft}/1", edited(form, page)).status_code == 303
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "keep-1": "yes", "title-1": form.title, "published-1": form.published}
    told = moderator.post(f"/desk/drafts/{draft}", known | {"visibility-1": "public", "do": "publish", "way": "loud"})
    assert "上架了" in moderator.follow(told).text
    with desk.book() as (club, library):
        (found, _), *_ = ArchiveAdmin(library).browse(EssayFilter("液冷供應鏈"), 5).essays
        assert (found.published, found.visibility) == (date(2026, 10, 2), Visibility.PUBLIC)
        (plan,) = [plan for plan in club.plans.waiting(PlanKind.ANNOUNCE) if plan.essays[0][0] == found.id]
        assert plan.news
    back = moderator.post(f"/desk/plans/{plan.id}/cancel")
    assert "什麼都沒送出去" in moderator.follow(back).text
    with desk.book() as (_, library):
        assert ArchiveAdmin(library).get_any(found.id) == (replace(found, revision=library.revision()), State.WITHDRAWN)


def test_a_page_of_several_is_split_shown_and_changed_before_it_is_added(desk: Desk, moderator: Browser) -> None:
    answer = moderator.post("/desk/upload", {"text": SEVERAL})
    draft = number_in(answer.location)
    sheet = moderator.follow(answer)
    assert sheet.text.count("要這篇") == 3
    known: dict[str, object] = {"stamp": stamp(sheet), "keep-1": "yes", "keep-2": "yes", "title-1": "減速機"}
    known |= {"published": "2025-03-01", "published-2": "2025-06-09", "visibility": "members", "visibility-2": "public"}
    moderator.post(f"/desk/drafts/{draft}", known)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    assert "網站公告" not in sheet.text
    with desk.book() as (club, _):
        kept = club.drafts.get(draft)
    assert kept is not None
    facts = [(essay.title, essay.published, essay.visibility) for essay in kept.essays]
    assert facts == [
        ("減速機", date(2025, 3, 1), Visibility.MEMBERS),
        ("電網的三年", date(2025, 6, 9), Visibility.PUBLIC),
    ]
    known = {
        "stamp": stamp(sheet),
        "keep-1": "yes",
        "keep-2": "yes",
        "visibility-1": "members",
        "visibility-2": "public",
    }
    done = moderator.post(f"/desk/drafts/{draft}", known | {"do": "publish", "way": "quiet"})
    assert "不通知任何人" in moderator.follow(done).text


def test_nothing_is_published_before_somebody_chose_who_may_read_it(desk: Desk, moderator: Browser) -> None:
    draft = number_in(moderator.post("/desk/upload", {"text": PASTED}).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "keep-1": "yes", "do": "publish"}
    told = moderator.follow(moderator.post(f"/desk/drafts/{draft}", known | {"way": "quiet"}))
    assert "先選給誰看" in told.text
    known["stamp"] = stamp(told)
    told = moderator.follow(moderator.post(f"/desk/drafts/{draft}", known | {"visibility-1": "public"}))
    assert "上架並通知" in told.text
    with desk.book() as (club, _):
        assert club.drafts.get(draft) in club.drafts.alive()


def test_a_page_that_was_split_wrongly_is_joined_and_parted_by_hand(desk: Desk, moderator: Browser) -> None:
    draft = number_in(moderator.post("/desk/upload", {"text": SEVERAL}).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "visibility": "public", "keep-1": "yes", "keep-2": "yes", "join-2": "yes"}
    moderator.post(f"/desk/drafts/{draft}", known)
    with desk.book() as (club, _):
        kept = club.drafts.get(draft)
    assert kept is not None
    assert [(essay.title, essay.headings) for essay in kept.essays] == [("機器人關節的減速機", ("電網的三年",))]
    form = EssayForm.of(kept.essays[0])
    form = replace(form, body=form.body.replace("## 電網", "# 電網"))
    page = moderator.get(f"/desk/drafts/{draft}/1")
    empty = moderator.post(f"/desk/drafts/{draft}/1", edited(replace(form, body=f"{form.body}\n# 沒有內文"), page))
    assert "要有內文" in empty.text
    moderator.post(f"/desk/drafts/{draft}/1", edited(form, page))
    with desk.book() as (club, _):
        kept = club.drafts.get(draft)
    assert kept is not None
    assert [essay.title for essay in kept.essays] == ["機器人關節的減速機", "電網的三年"]
    assert kept.visibility_chosen


def test_a_correction_holds_at_once_is_told_apart_and_can_be_reverted(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("碳化矽"))
    page = moderator.get(f"/desk/essays/{number}/edit")
    form = replace(EssayForm.of(essay("碳化矽")), body="改過的內文,只剩這一段。")
    answer = moderator.post(f"/desk/essays/{number}/edit", edited(form, page, do="publish"))
    assert "更正了" in moderator.follow(answer).text
    with desk.book() as (_, library):
        found = library.essay(number)
        assert found is not None
        assert found.body == "改過的內文,只剩這一段。"
        assert [hit.essay_id for hit in library.search("改過的內文", desk.clock.at).hits][:1] == [number]
    compared = moderator.get(f"/desk/essays/{number}/versions/2").text
    assert re.search("<ins>.*改過的內文", compared)
    assert re.search("<del>.*碳化矽的供需", compared)
    moderator.post(f"/desk/essays/{number}/versions/1")
    with desk.book() as (club, library):
        assert library.essay(number) == replace(essay("碳化矽"), id=number, revision=library.revision())
        acts = [entry.action for entry in club.audit.of(f"essay:{number}")]
    assert acts == ["revert", "correct", "draft"]


def test_who_edits_what_another_changed_meanwhile_is_told_and_loses_nothing(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("低軌衛星"))
    page = moderator.get(f"/desk/essays/{number}/edit")
    with desk.book() as (_, library):
        library.change(replace(essay("低軌衛星"), id=number, author="別人"), desk.clock.at)
    form = replace(EssayForm.of(essay("低軌衛星")), lead="我寫了很久的前言。")
    told = moderator.post(f"/desk/essays/{number}/edit", edited(form, page, do="publish"))
    assert "別人也改了這一篇" in told.text
    assert "我寫了很久的前言。" in told.text
    again = moderator.post(f"/desk/essays/{number}/edit", edited(form, told, do="publish"))
    assert again.status_code == 303


def test_an_essay_is_withdrawn_and_put_back(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("航運"))
    told = moderator.follow(moderator.post(f"/desk/essays/{number}/withdraw"))
    assert "撤回了" in told.text
    assert moderator.get(f"/read/{number}").status_code == 404
    assert "已撤回" in moderator.get("/desk/essays/?state=withdrawn").text
    moderator.post(f"/desk/essays/{number}/restore")
    assert moderator.get(f"/read/{number}").status_code == 200


def test_an_editor_drafts_and_does_not_publish(desk: Desk, moderator: Browser, editor: Browser) -> None:
    number = desk.add(essay("風電"))
    page = editor.get(f"/desk/essays/{number}/edit")
    assert "發布更正" not in page.text
    form = replace(EssayForm.of(essay("風電")), title="風電改題")
    assert editor.post(f"/desk/essays/{number}/edit", edited(form, page, do="publish")).status_code == 403
    draft = number_in(editor.post(f"/desk/essays/{number}/edit", edited(form, page, do="draft")).location)
    sheet = editor.get(f"/desk/drafts/{draft}")
    assert "請版主發布" in sheet.text
    known = {"stamp": stamp(sheet), "keep-1": "yes", "title-1": "風電改題", "visibility-1": "public"}
    editor.post(f"/desk/drafts/{draft}", known | {"do": "publish", "way": "loud"})
    with desk.book() as (_, library):
        assert library.essay(number) == replace(essay("風電"), id=number, revision=library.essay(number).revision)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    moderator.post(f"/desk/drafts/{draft}", known | {"stamp": stamp(sheet), "do": "publish"})
    with desk.book() as (_, library):
        assert library.essay(number).title == "風電改題"


def test_an_editor_has_no_hand_in_another_ones_draft(desk: Desk, moderator: Browser, editor: Browser) -> None:
    draft = number_in(moderator.post("/desk/upload", {"text": PASTED}).location)
    for path in (f"/desk/drafts/{draft}", f"/desk/drafts/{draft}/1", f"/desk/drafts/{draft}/1/study"):
        assert editor.get(path).status_code == 403
    for path in (f"/desk/drafts/{draft}", f"/desk/drafts/{draft}/1", f"/desk/drafts/{draft}/drop"):
        assert editor.post(path, {"keep-1": "yes"}).status_code == 403
    assert f"草稿 {draft}<" not in editor.get("/desk/drafts/").text


def test_a_draft_is_scheduled_seen_and_called_off(desk: Desk, moderator: Browser) -> None:
    draft = number_in(moderator.post("/desk/upload", {"text": PASTED}).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "keep-1": "yes", "visibility-1": "public", "do": "schedule", "way": "loud"}
    told = moderator.follow(moderator.post(f"/desk/drafts/{draft}", known | {"moment": "2026-11-23T08:30"}))
    assert "排好了：11/23（週一）08:30" in told.text
    assert "2026/11/23 08:30" in told.text
    with desk.book() as (club, _):
        plan = club.plans.of_draft(draft)
    assert plan is not None
    moderator.post(f"/desk/plans/{plan.id}/cancel")
    with desk.book() as (club, _):
        assert club.plans.of_draft(draft) is None


def test_a_correction_is_scheduled_and_takes_effect_at_its_time(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("光通訊"))
    page = moderator.get(f"/desk/essays/{number}/edit")
    form = replace(EssayForm.of(essay("光通訊")), title="光通訊改題")
    draft = number_in(moderator.post(f"/desk/essays/{number}/edit", edited(form, page, do="draft")).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "keep-1": "yes", "title-1": "光通訊改題", "visibility-1": "public"}
    timed = known | {"do": "schedule", "moment": "2026-11-23T08:30"}
    told = moderator.follow(moderator.post(f"/desk/drafts/{draft}", timed))
    assert f"排好了：11/23（週一）08:30 更正 #{number}" in told.text
    assert re.search(rf"光通訊改題</a>.*更正 #{number}", told.text, re.DOTALL)
    for minute, title in ((29, "光通訊"), (31, "光通訊改題")):
        run_due_plans(desk.bot.archive, datetime(2026, 11, 23, 0, minute, tzinfo=UTC))
        with desk.book() as (_, library):
            assert library.essay(number).title == title


def test_an_editor_changes_nothing_of_what_is_scheduled(desk: Desk, moderator: Browser, editor: Browser) -> None:
    draft = number_in(editor.post("/desk/upload", {"text": PASTED}).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    known = {"stamp": stamp(sheet), "keep-1": "yes", "title-1": "看過的標題", "visibility-1": "public"}
    timed = known | {"do": "schedule", "way": "quiet", "moment": "2026-11-23T08:30"}
    moderator.post(f"/desk/drafts/{draft}", timed)
    unseen = known | {"stamp": stamp(editor.get(f"/desk/drafts/{draft}")), "title-1": "沒看過的標題"}
    assert "要改請版主先取消排程" in editor.post(f"/desk/drafts/{draft}", unseen).text
    page = editor.get(f"/desk/drafts/{draft}/1")
    form = EssayForm(title="沒看過的標題", visibility="public", body="沒看過的內文。")
    assert "要改請版主先取消排程" in editor.post(f"/desk/drafts/{draft}/1", edited(form, page)).text
    editor.post(f"/desk/drafts/{draft}/drop")
    with desk.book() as (club, _):
        kept = club.drafts.get(draft)
    assert kept is not None
    assert (kept.title, kept.stage) == ("看過的標題", DraftStage.READY)


def test_what_was_typed_is_still_there_when_a_draft_cannot_be_kept(desk: Desk, moderator: Browser) -> None:
    draft = number_in(moderator.post("/desk/upload", {"text": SEVERAL}).location)
    sheet = moderator.get(f"/desk/drafts/{draft}")
    typed: dict[str, object] = {f"title-{n}": f"新標題{n}" for n in (1, 2, 3)}
    typed |= {"published-2": "2025-06-09", "visibility-2": "members", "do": "schedule", "way": "loud"}
    none_kept = moderator.post(f"/desk/drafts/{draft}", typed | {"stamp": stamp(sheet), "moment": "2026-11-23T08:30"})
    overtaken = moderator.post(f"/desk/drafts/{draft}", typed | {"stamp": "before", "keep-2": "yes"})
    for answer, told in ((none_kept, "至少要留一篇"), (overtaken, "別人也改了這份草稿")):
        assert answer.status_code == 422
        assert told in answer.text
        assert 'value="新標題3"' in answer.text
        assert 'value="2025-06-09"' in answer.text
        assert '<option value="members" selected>' in answer.text
    assert 'value="2026-11-23T08:30"' in none_kept.text
    sheet = moderator.get(f"/desk/drafts/{draft}")
    half_chosen = moderator.post(
        f"/desk/drafts/{draft}", typed | {"stamp": stamp(sheet), "keep-2": "yes", "keep-3": "yes"}
    )
    again = moderator.follow(half_chosen).text
    assert "先選給誰看" in again
    assert again.index('<option value="members" selected>') < again.index("新標題3")
    assert 'value="loud" checked' in again


def test_a_draft_tells_which_essay_it_is_like(desk: Desk, moderator: Browser) -> None:
    body = "離岸風場的變電站今年只招標了兩座,得標的廠商要自己找船,船期排到後年春天,成本比去年多了三成,毛利只剩一半。"
    number = desk.add(replace(essay("變電站"), blocks=(Block(BlockKind.TEXT, body),)))
    draft = number_in(moderator.post("/desk/upload", {"text": f"另一個標題\n\n{body}"}).location)
    assert f"#{number}〈變電站〉" in moderator.get(f"/desk/drafts/{draft}/1/study").text


def test_what_is_like_an_essay_is_said_to_be_another_or_its_new_version(desk: Desk, moderator: Browser) -> None:
    body = "浮式風機的繫泊鏈去年全球只有兩家能做，交期拉到二十個月，價格比前年多了四成，得標的開發商都在搶船期。"
    old = desk.add(replace(essay("繫泊鏈"), blocks=(Block(BlockKind.TEXT, body),)))

    def pasted(title: str) -> int:
        return number_in(moderator.post("/desk/upload", {"text": f"{title}\n\n2026-10-02\n\n{body}"}).location)

    def publish(draft: int, title: str) -> TestResponse:
        chosen = {"stamp": stamp(moderator.get(f"/desk/drafts/{draft}")), "keep-1": "yes", "title-1": title}
        chosen |= {"published-1": "2026-10-02", "visibility-1": "public", "do": "publish", "way": "quiet"}
        return moderator.follow(moderator.post(f"/desk/drafts/{draft}", chosen))

    another = pasted("繫泊鏈")
    assert "這是另一篇" in moderator.get(f"/desk/drafts/{another}").text
    told = moderator.follow(moderator.post(f"/desk/drafts/{another}/another"))
    assert "已經說過這是另一篇" in told.text
    publish(another, "繫泊鏈")
    with desk.book() as (_, library):
        titles = [one.title for one in library.latest(50)]
    assert titles.count("繫泊鏈") == 2, "the old one stays as it was"

    version = pasted("繫泊鏈，十月新版")
    told = moderator.follow(moderator.post(f"/desk/drafts/{version}/version", {"old": f"#{old}"}))
    assert f"#{old}" in told.text
    publish(version, "繫泊鏈，十月新版")
    with desk.book() as (_, library):
        assert library.essay(old).title == "繫泊鏈，十月新版"
    told = moderator.follow(moderator.post(f"/desk/drafts/{pasted('沒有這篇的新版')}/version", {"old": "#999999"}))
    assert "是哪一篇的新版" in told.text


def test_a_push_tells_its_price_before_anything_is_planned(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("散裝"))
    with desk.book() as (club, _):
        for user in ("Ua", "Ub"):
            club.enter(Chat(user, Place.PERSON), desk.clock.at)
        people = len(club.reachable(()))
    told = moderator.follow(moderator.post(f"/desk/essays/{number}/push"))
    assert f"{people} 人 {people} 則，佔本月 200 則的" in told.text
    with desk.book() as (club, _):
        assert not club.plans.waiting(PlanKind.PUSH)
    told = moderator.follow(moderator.post(f"/desk/essays/{number}/push", {"sure": "確定"}))
    assert "三分鐘後送出" in told.text
    with desk.book() as (club, _):
        (plan,) = club.plans.waiting(PlanKind.PUSH)
    assert plan.essays == ((number, "pushed"),)
    with desk.book() as (club, _):
        club.plans.end(plan, "done")
    told = moderator.follow(moderator.post(f"/desk/essays/{number}/push", {"sure": "確定"}))  # the same page once more
    assert "已經送出去了" in told.text
    with desk.book() as (club, _):
        assert not club.plans.waiting(PlanKind.PUSH)
    assert 'value="確定 第2次"' in moderator.follow(moderator.post(f"/desk/essays/{number}/push")).text


def test_drafts_are_found_by_a_word_of_theirs_or_by_their_number(desk: Desk, moderator: Browser) -> None:
    texts = [PASTED.replace("液冷供應鏈的新秩序", title) for title in ("座頭鯨觀光的帳", "野兔養殖的帳")]
    _, hare = [number_in(moderator.post("/desk/upload", {"text": text}).location) for text in texts]
    found = moderator.get("/desk/drafts/?words=座頭鯨 分歧管").text
    assert "找到 1 份" in found
    assert "座頭鯨觀光的帳" in found
    assert "野兔養殖的帳" not in found
    assert "野兔養殖的帳" in moderator.get(f"/desk/drafts/?words={hare}").text
    live = moderator.get("/desk/drafts/?words=恐龍", **{"HX-Request": "true"}).text
    assert "沒有符合的草稿" in live
    assert "<html" not in live


def test_what_is_no_text_is_refused_at_the_desk_in_plain_words(moderator: Browser) -> None:
    sent = moderator.post("/desk/upload", {"files": (io.BytesIO(b"MZ" + b"\0" * 100), "工具.txt")})
    assert sent.status_code == 422
    assert "這不是文字檔，是程式" in sent.text


def test_a_right_that_ends_in_the_middle_of_an_act_undoes_it(tmp_path: Path) -> None:
    class TreacherousLine(SilentLine):
        """Whoever asks for the month is dismissed while LINE answers."""

        def quota(self) -> int | None:
            with desk.book() as (club, _):
                club.people.set_role(MODERATOR, Role.EDITOR, desk.clock.at)
            return super().quota()

    desk = open_desk(tmp_path, line=TreacherousLine(), public_url="http://localhost")
    with desk.book() as (club, _):
        club.enter(Chat("Ua", Place.PERSON), desk.clock.at)
    assert desk.browser(MODERATOR).post("/desk/essays/1/push", {"sure": "確定"}).status_code == 403
    with desk.book() as (club, _):
        assert not club.plans.waiting()


@pytest.mark.parametrize("eyes", ["guest", "member", "group"])
def test_the_preview_shows_what_each_would_see(moderator: Browser, eyes: str) -> None:
    typed = {"title": "會員專題", "visibility": "members", "lead": LEAD, "body": SECRET, "eyes": eyes}
    page = moderator.post("/desk/preview", typed, live=True).text
    assert (SECRET in page) == (eyes == "member")
    assert LEAD in page


def test_words_are_shown_as_words_whatever_they_look_like(desk: Desk, moderator: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)>{{7*7}}\"'>"
    number = desk.add(replace(essay("跳脫"), title=hostile, author=hostile, tags=(hostile,)))
    pages = [f"/desk/essays/{number}", f"/desk/essays/{number}/edit", "/desk/essays/", "/desk/audit"]
    for page in pages:
        text = moderator.get(page).text
        assert "<img" not in text
        assert "49" not in re.sub(r"""=("[^"]*"|'[^']*')""", "", text)


@pytest.mark.parametrize("words", ["液冷散熱", "林怡君", "產業週記", "良率決定毛利", "1"])
def test_an_essay_is_found_by_title_author_source_passage_and_number(moderator: Browser, words: str) -> None:
    answer = moderator.client.get("/desk/essays/", query_string={"words": words}, headers={"HX-Request": "true"})
    assert "液冷散熱的下一步" in answer.text
    assert "<html" not in answer.text


def test_the_list_is_paged_and_filtered(desk: Desk, moderator: Browser) -> None:
    for place in range(21):
        desk.add(essay(f"分頁{place}", author="分頁作者"))
    first = moderator.get("/desk/essays/?words=分頁作者").text
    assert "找到 21 篇" in first
    assert "下一頁" in first
    assert "分頁0" in moderator.get("/desk/essays/?words=分頁作者&page=2").text
    assert "找到 0 篇" not in first
    members = moderator.get("/desk/essays/?visibility=members").text
    assert "會員專題：液冷接頭" in members
    assert "分頁3" not in members


def test_a_file_is_read_and_a_broken_one_gets_a_sentence_that_helps(moderator: Browser) -> None:
    good = moderator.post("/desk/upload", {"files": (io.BytesIO(PASTED.encode()), "essay.md")})
    assert re.search(r"/desk/drafts/\d+/1$", good.location)
    broken = moderator.post("/desk/upload", {"files": (io.BytesIO(b"%PDF-1.7 nothing"), "essay.pdf")})
    assert broken.status_code == 422
    assert "essay.pdf" in broken.text


def test_of_several_files_a_broken_one_is_named_and_the_others_become_a_draft(moderator: Browser) -> None:
    good = PASTED.encode()
    for name, broken in (
        ("essay.pdf", b"%PDF-1.7 nothing"),
        ("essay.docx", b"PK\x03\x04 half an archive"),
        ("tool.txt", b"MZ" + b"\0" * 100),
        ("empty.md", b"  \n"),
    ):
        files = [(io.BytesIO(broken), name), (io.BytesIO(good), "first.md"), (io.BytesIO(good), "second.md")]
        sent = moderator.post("/desk/upload", {"files": files})
        assert sent.status_code == 303, (name, sent.text[:2000])
        page = moderator.get(sent.location).text
        assert name in page
        assert PASTED.splitlines()[0].lstrip("# ") in page


@pytest.mark.parametrize("form", [{}, {"text": "  "}, {"url": "http://127.0.0.1:9/a"}, {"url": "file:///a"}])
def test_what_cannot_be_taken_is_told_on_the_same_page(moderator: Browser, form: dict[str, object]) -> None:
    answer = moderator.post("/desk/upload", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_codes_are_shown_once_used_once_and_can_be_voided(desk: Desk, moderator: Browser) -> None:
    answer = moderator.post("/desk/members/codes", {"count": "3", "days": "30", "valid": "7"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    codes = [line.removeprefix("開通 ") for line in answer.text.splitlines()]
    assert len(set(codes)) == 3
    with desk.book() as (club, _):
        assert club.people.use_code(codes[0], Purpose.MEMBER, "Unew", desk.clock.at) == SpentCode(None, 30)
    page = moderator.get("/desk/members/").text
    assert "共 3 組" in page
    assert "用了 1" in page
    assert not any(code in page for code in codes)
    batch = re.findall(r'name="batch" value="([^"]+)"', page)[0]
    moderator.post("/desk/members/codes/void", {"batch": batch})
    with desk.book() as (club, _):
        assert club.people.use_code(codes[1], Purpose.MEMBER, "Uother", desk.clock.at) is None
    assert moderator.post("/desk/members/codes", {"count": "0", "days": "30", "valid": "7"}).status_code == 422


def test_an_owner_gives_changes_and_takes_roles(desk: Desk, owner: Browser) -> None:
    with desk.book() as (club, _):
        code = club.people.make_code(Purpose.EDITOR, desk.clock.at, timedelta(days=1), user="Uapplicant")
    owner.post("/desk/people/approve", {"code": code.lower(), "role": "編輯"})
    visitor = desk.browser("Uapplicant")
    owner.post("/desk/people/role", {"user": "Uapplicant", "role": "版主"})
    assert visitor.get("/desk/audit").status_code == 200
    owner.post("/desk/people/dismiss", {"user": "Uapplicant"})
    assert visitor.get("/desk/essays/").status_code == 303
    with desk.book() as (club, _):
        acts = [entry.action for entry in club.audit.of("user:Uapplicant")]
    assert acts == ["dismiss", "role", "approve"]


def test_there_always_is_an_owner(desk: Desk, owner: Browser) -> None:
    owner.post("/desk/people/role", {"user": OWNER, "role": "編輯"})
    owner.post("/desk/people/dismiss", {"user": OWNER})
    owner.post("/desk/people/role", {"user": "Unobody", "role": "擁有者"})
    with desk.book() as (club, _):
        assert club.people.role(OWNER, desk.clock.at) is Role.OWNER
        assert club.people.role("Unobody", desk.clock.at) is Role.GUEST


def test_an_owner_by_the_settings_is_changed_there(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, public_url="http://localhost", luopan_moderators="U0f0a1b2c3d4e5f60718293a4b5c6d7e8")
    desk.browser(OWNER).post("/desk/people/role", {"user": "U0f0a1b2c3d4e5f60718293a4b5c6d7e8", "role": "編輯"})
    with desk.book() as (club, _):
        assert club.people.role("U0f0a1b2c3d4e5f60718293a4b5c6d7e8", desk.clock.at) is Role.OWNER


def test_gaps_are_counted_and_cleared(desk: Desk, editor: Browser) -> None:
    with desk.book() as (club, _):
        for kind in (Gap.MISS, Gap.MISS, Gap.WRONG):
            club.gaps.note("矽光子什麼時候量產", kind, desk.clock.at)
    page = editor.get("/desk/gaps").text
    assert "沒答到 2 次" in page
    assert "答非所問 1 次" in page
    editor.post("/desk/gaps", {"question": "矽光子什麼時候量產"})
    assert "矽光子什麼時候量產" not in editor.get("/desk/gaps").text.replace("清掉了：矽光子什麼時候量產", "")


def test_new_words_are_decided_and_synonyms_taught(desk: Desk, moderator: Browser) -> None:
    with desk.book() as (_, library):
        topics.suggest(library.work.writer, 1, [(word := "分歧管", 9.0)])
    assert (
        f"「{word}」不收了"
        in moderator.post("/desk/words/suggestion", {"word": word, "verdict": "不收"}, live=True).text
    )
    with desk.book() as (_, library):
        assert word not in [other for other, _ in ArchiveAdmin(library).suggestions()]
    assert "記住了" in moderator.follow(moderator.post("/desk/words/synonym", {"line": "沉水冷卻=泡水散熱"})).text
    assert "泡水散熱" in moderator.get("/desk/words/").text
    moderator.post("/desk/words/synonym/strike", {"line": "沉水冷卻 = 泡水散熱"})
    with desk.book() as (_, library):
        assert not ArchiveAdmin(library).lines().get(LineKind.SYNONYM)


def test_a_line_that_is_not_understood_is_still_there_to_be_mended(moderator: Browser, owner: Browser) -> None:
    taught = moderator.post("/desk/words/alias", {"line": "沒有這家公司=小名"})
    made = moderator.post("/desk/members/codes", {"count": "12", "days": "0", "valid": "0"})
    approved = owner.post("/desk/people/approve", {"code": "ABCDE23456", "role": "版主"})
    for answer, kept in ((taught, 'value="沒有這家公司=小名"'), (made, 'value="12"'), (approved, 'value="ABCDE23456"')):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert kept in answer.text


def test_what_was_taught_is_listed_as_one_would_type_it(moderator: Browser) -> None:
    moderator.post("/desk/words/theme", {"line": "海水淡化=淡化廠"})
    for page in ("/desk/words/", "/desk/audit"):
        assert "海水淡化 = 淡化廠" in moderator.get(page).text


def test_deliveries_are_counted_by_how_they_ended(desk: Desk, moderator: Browser) -> None:
    with desk.book() as (club, _):
        wanted = [Delivery("digest", Chat(f"U{n}", Place.PERSON), "digest 2026-11-20T00:30Z") for n in range(5)]
        deliveries.plan_deliveries(club.people.work.writer, wanted, desk.clock())
    page = moderator.get("/desk/deliveries").text
    assert "排隊中 5" in page
    assert "本月 200 則，已用 80 則" in page


def test_every_act_stands_in_the_audit(desk: Desk, moderator: Browser) -> None:
    number = desk.add(essay("稽核"))
    moderator.post(f"/desk/essays/{number}/withdraw")
    page = moderator.get("/desk/audit").text
    assert re.search(rf"撤回</strong>\s*<a[^>]*>#{number}", page)
    assert "2026/11/20 10:00" in page


def test_the_archive_is_leafed_through_on_every_database(engine: Engine) -> None:
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with writing(engine) as connection:
        for title in ("水冷板", "散裝船"):
            essay_store.add(connection, essay(title), at)
        essay_store.set_state(connection, 1, State.WITHDRAWN, at)
        assert [found.id for found, _ in browse(connection, EssayFilter(), 5).essays] == [1, 2]
        assert browse(connection, EssayFilter("水冷"), 5).total == 1
        assert browse(connection, EssayFilter("100%_"), 5).total == 0
        assert browse(connection, EssayFilter(state=State.PUBLISHED), 5).essays[0][0].id == 2


def test_members_and_batches_are_counted_on_every_database(engine: Engine) -> None:
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with UnitOfWork(engine) as work:
        club, members = Club(work), Members(work)
        made = make_batch(club, at, count=3, days=None, valid=7, by=OWNER)
        club.people.use_code(made[0][0], Purpose.MEMBER, "Unew", at)
        club.memberships.grant("Unew", None, at)
        (batch,) = members.batches(at)
        assert (batch.days, batch.made, batch.used, batch.open) == (None, 3, 1, 2)
        assert members.void(batch.name, at) == 2
        assert members.batches(at)[0].open == 0
        assert [(member.user, member.until) for member in members.running(at, 5)] == [("Unew", FOR_GOOD)]
        assert members.count(at) == 1


def test_an_address_that_waits_as_a_draft_is_shown_and_not_read_again(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    browser, url = desk.browser(EDITOR), "https://example.com/a"
    with desk.book() as (club, _):
        known = club.drafts.begin(new_draft(EDITOR, desk.clock.at, essays=(COOLING,), origin=url))
    for typed in (url, f"液冷散熱的下一步 {url}"):
        answer = browser.follow(browser.post("/desk/upload", {"url": typed}))
        assert f"這個網址已經在草稿 {known.id}" in answer.text


def test_what_the_database_cannot_keep_is_refused_in_words(moderator: Browser) -> None:
    for answer in (moderator.post("/desk/upload", {"text": PASTED + "\0"}), moderator.get("/desk/essays/?q=%00")):
        assert answer.status_code == 400
        assert "請回上一頁" in answer.text


def test_the_owner_sees_how_the_bot_is_doing(desk: Desk, owner: Browser) -> None:
    assert "一天半內沒有備份過" in owner.get("/desk/operations").text
    made_at = desk.clock.at.timestamp()
    with writing(desk.bot.engine) as connection:
        connection.execute(backups.insert().values(made_at=made_at, name="a.gz", essays=7, rows=70, checked=True))
        reason = {"received_at": made_at, "reason": "not JSON", "body": b"?"}
        connection.execute(quarantine.insert().values(reason))
    page = owner.get("/desk/operations").text
    for words in ("等著回答", "a.gz", "7 篇文章", "試過還原", "資料庫結構"):
        assert words in page
    assert "一天半內沒有備份過" not in page
    assert re.search('讀不懂的 webhook[^<]*</dt><dd class="wrong">1 則', page)


def test_every_draft_is_listed_on_some_page(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    with desk.book() as (club, _):
        for number in range(65):
            club.drafts.begin(new_draft(EDITOR, desk.clock.at, essays=(replace(COOLING, title=f"第{number:03}號"),)))
    browser = desk.browser(EDITOR)
    pages = [browser.get(f"/desk/drafts/?page={page}").text for page in (1, 2, 3)]
    assert "65 份" in pages[0]
    assert len({title for page in pages for title in re.findall(r"第\d{3}號", page)}) == 65


def test_a_cut_shows_the_text_on_either_side_and_a_correction_its_places(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    browser = desk.browser(MODERATOR)
    with desk.book() as (club, _):
        split = club.drafts.begin(new_draft(MODERATOR, desk.clock.at, essays=(COOLING, MEMBERS)))
    page = browser.get(f"/desk/drafts/{split.id}").text
    assert "這是下半年要看的數字。" in page.split("切在這裡", 1)[0]
    assert "這句話只給會員看" in page.split("切在這裡", 1)[1]
    form = {"title": COOLING.title, "visibility": "public", "body": "單櫃價值五萬美元", "stamp": "x"}
    shown = browser.post("/desk/preview?corrects=1", form, live=True).text
    assert "單櫃價值三萬美元" in shown.split("<article", 1)[0]
    assert "單櫃價值五萬美元" in shown.split("<article", 1)[0]


def test_an_owner_is_made_only_after_a_second_press(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    browser, user = desk.browser(OWNER), desk.hire(Role.EDITOR)
    with desk.book() as (club, _):
        code = club.people.make_code(Purpose.EDITOR, desk.clock.at, timedelta(days=1), user="Unew")
    asked = browser.post("/desk/people/approve", {"code": code, "role": "擁有者"}).text
    assert "要讓「小new」當擁有者" in asked
    assert "當擁有者" in browser.post("/desk/people/role", {"user": user, "role": "擁有者"}).text
    with desk.book() as (club, _):
        assert [club.people.role(one, desk.clock.at) for one in ("Unew", user)] == [Role.GUEST, Role.EDITOR]
    browser.post("/desk/people/approve", {"code": code, "role": "擁有者", "sure": "確定"})
    browser.post("/desk/people/role", {"user": user, "role": "擁有者", "sure": "確定"})
    with desk.book() as (club, _):
        assert [club.people.role(one, desk.clock.at) for one in ("Unew", user)] == [Role.OWNER, Role.OWNER]


def test_many_essays_are_changed_together_and_back_again(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    moderator = desk.browser(MODERATOR)
    numbers = [desk.add(essay(f"匯入{place}", author=None, published=None)) for place in range(3)]
    doubtful = "/desk/essays/?doubt=undated"
    assert "找到 3 篇" in moderator.get(doubtful).text
    done = moderator.post(doubtful, {"all": "1", "change": "author", "value": "林以晨"}, at=doubtful)
    assert "改好了 3 篇：作者「林以晨」" in moderator.follow(done).text
    done = moderator.post(
        doubtful, {"essay": [str(numbers[0])], "change": "visibility", "readers": "members"}, at=doubtful
    )
    moderator.follow(done)
    with desk.book() as (_, library):
        assert [library.essay(number).author for number in numbers] == ["林以晨"] * 3
        assert [library.essay(number).visibility for number in numbers] == [
            Visibility.MEMBERS,
            Visibility.PUBLIC,
            Visibility.PUBLIC,
        ]
    span = dict(re.findall(r"(before|last)=(\d+)", done.location))
    assert "復原了 1 篇" in moderator.follow(moderator.post("/desk/essays/undo", span)).text
    assert "沒有可以復原的" in moderator.follow(moderator.post("/desk/essays/undo", span)).text
    with desk.book() as (_, library):
        assert library.essay(numbers[0]).visibility == Visibility.PUBLIC
        assert library.essay(numbers[0]).author == "林以晨"


def test_essays_are_withdrawn_together_and_put_back_but_not_those_that_were_changed_since(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    moderator = desk.browser(MODERATOR)
    numbers = [desk.add(essay(f"匯入{place}")) for place in range(2)]
    done = moderator.post("/desk/essays/", {"essay": [*map(str, numbers)], "change": "withdraw"})
    assert "找到 2 篇" in moderator.get("/desk/essays/?state=withdrawn").text
    moderator.post(f"/desk/essays/{numbers[1]}/restore")
    span = dict(re.findall(r"(before|last)=(\d+)", done.location))
    assert (
        "復原了 1 篇。另外 1 篇後來又改過，沒有動。" in moderator.follow(moderator.post("/desk/essays/undo", span)).text
    )
    assert "沒有符合的文章" in moderator.get("/desk/essays/?state=withdrawn").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"change": "author", "value": "某人"}, "還沒有選文章"),
        ({"change": "author", "value": "某人", "essay": "9" * 30}, "還沒有選文章"),
        ({"change": "author", "value": " ", "essay": "1"}, "要改成什麼"),
        ({"change": "published", "value": "昨天", "essay": "1"}, "日期看不懂"),
        ({"change": "visibility", "readers": "沒有的方案", "essay": "1"}, "請選給誰看"),
        ({"change": "author", "value": "林怡君", "essay": "1"}, "本來就是這樣"),
    ],
)
def test_a_change_of_many_that_is_none_is_said(moderator: Browser, form: dict[str, object], told: str) -> None:
    assert told in moderator.follow(moderator.post("/desk/essays/", form)).text


def test_an_editor_changes_nothing_together(editor: Browser) -> None:
    form = {"change": "withdraw", "essay": "1"}
    assert editor.post("/desk/essays/", form).status_code == 403
    assert editor.post("/desk/essays/undo", {"before": "0", "last": "9"}).status_code == 403


def test_doubtful_essays_are_found_on_every_database(engine: Engine) -> None:
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    long = replace(COOLING, title="長", blocks=(Block(BlockKind.TEXT, "散熱。" * 5_000),))
    with writing(engine) as connection:
        for one in (essay("短"), long, replace(long, title="缺", author=None, published=None)):
            essay_store.add(connection, one, at)
        found = {
            doubt: [one.title for one, _ in browse(connection, EssayFilter(doubt=doubt), 5).essays] for doubt in Doubt
        }
    assert found == {
        Doubt.SHORT: ["短"],
        Doubt.LONG: ["缺", "長"],
        Doubt.UNDATED: ["缺"],
        Doubt.UNSIGNED: ["缺"],
        Doubt.ALIKE: ["缺"],
        Doubt.SPLIT: [],  # these two are told of posts of a source
        Doubt.PICTURES: [],
    }


def test_an_export_is_a_draft_that_knows_who_may_read_each_essay(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    moderator = desk.browser(MODERATOR)
    posts = [post for post in FakeSite.of(4).public() if post.title != "產業週記"]
    closed = {posts[0].number}
    given = moderator.post("/desk/upload", {"files": (io.BytesIO(exports.table(posts, closed)), "essays.csv")})
    with desk.book() as (club, _):
        draft = club.drafts.get(number_in(given.location))
    assert draft.visibility_chosen
    readers = {essay.title: essay.visibility for essay in draft.essays}
    assert readers == {post.title: Visibility.MEMBERS if post.number in closed else Visibility.PUBLIC for post in posts}
