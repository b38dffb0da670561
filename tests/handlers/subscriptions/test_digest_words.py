"""What people type about digests: read forgivingly, corrected gently, and changed only by who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dev.simulator.people import LineGroup, LinePerson
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.timetable import Timetable, nearest_timetable, read_clock, read_timetable
from handlers.club.topic import Topic, read_topics
from handlers.identity import Chat, Place, Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, EVE, bot_over, coffee, cooling, said
from tests.support.phones import Cast

KNOWN = {"AI 伺服器", "散熱", "記憶體"}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> InProcessBot:
    place = bot_over(tmp_path_factory.mktemp("town"))
    for essay in (cooling(), coffee()):
        place.publish(essay, news=False)
    return place


@pytest.fixture
def place(furnished: InProcessBot) -> Iterator[InProcessBot]:
    """A town where nobody has subscribed to anything."""
    yield furnished
    with UnitOfWork(furnished.bot.engine) as work:
        for chat in (ANN, BEN, EVE, CLUB):
            Club(work).subscriptions.drop(chat.id)
            Club(work).memberships.end(chat.id, furnished.clock.now)
        work.commit()


def buttons(part: object) -> list[str]:
    """What pressing would type, of every button in the messages."""
    if isinstance(part, list):
        return [found for each in part for found in buttons(each)]
    if not isinstance(part, dict):
        return []
    own = [str(part["data"])] if part.get("type") == "postback" else []
    return own + [found for value in part.values() for found in buttons(value)]


# reading


@pytest.mark.parametrize(
    ("typed", "days", "clock"),
    [
        ("每日 08:30", "daily", "08:30"),
        ("每天早上8點半", "daily", "08:30"),
        ("每日0830", "daily", "08:30"),
        ("每日８：３０", "daily", "08:30"),
        ("每日 8", "daily", "08:00"),
        ("每日 晚上九點", "daily", "21:00"),
        ("每日 8:30pm", "daily", "20:30"),
        ("每日 中午", "", ""),
        ("每日 中午12點", "daily", "12:00"),
        ("每日 十二點三十五分", "daily", "12:35"),
        ("每週一 08:00", "0", "08:00"),
        ("每周日 8點", "6", "08:00"),
        ("每星期天 8點", "6", "08:00"),
        ("每週一三五 07:15", "024", "07:15"),
        ("每週一、四 07:15", "03", "07:15"),
        ("weekly fri 17:45", "4", "17:45"),
        ("交易日", "trading", "08:30"),
        ("每個交易日 13:45", "trading", "13:45"),
        ("每日", "daily", "08:30"),
        ("weekly mon 08:00", "0", "08:00"),
        ("weekly 1 08:00", "0", "08:00"),
        ("每週5 8點", "4", "08:00"),
        ("平日 08:30", "trading", "08:30"),
        ("每週 8點", "", ""),
        ("每日 25:00", "", ""),
        ("每日 08:75", "", ""),
        ("08:30", "", ""),
        ("每日營收", "", ""),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, days: str, clock: str) -> None:
    table = read_timetable(typed)
    assert (table.days, table.clock) == (days, clock) if days else table is None


@pytest.mark.parametrize("minute", range(0, 1440, 37))
@pytest.mark.parametrize("days", ["daily", "trading", "0", "024", "6"])
def test_a_timetable_is_read_back_as_it_is_shown(days: str, minute: int) -> None:
    table = Timetable(days, minute)
    assert read_timetable(str(table)) == table


def test_the_nearest_time_is_always_a_correct_one() -> None:
    for typed in ("每日 25:00", "每日 9點99", "每週八 10:00", "交易日 abc", "!!"):
        assert read_timetable(str(nearest_timetable(typed))) is not None


def test_clocks_of_quiet_hours() -> None:
    assert [read_clock(text) for text in ("22", "08", "晚上10點", "24", "八點")] == [1320, 480, 1320, 0, 480]
    assert [read_clock(text) for text in ("晚上12點", "晚上12點半", "中午12點", "凌晨12點")] == [0, 30, 720, 0]
    assert [read_clock(text) for text in ("8點15分", "8點5分", "25", "晚上13點70")] == [495, 485, None, None]


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("散熱", [Topic(("散熱",))]),
        ("AI 散熱 不要手機", [Topic(("AI", "散熱"), ("手機",))]),
        ("AI & 散熱 ! 手機", [Topic(("AI", "散熱"), ("手機",))]),
        ("AI&散熱！手機", [Topic(("AI", "散熱"), ("手機",))]),
        ("散熱，記憶體、AI 伺服器", [Topic(("散熱",)), Topic(("記憶體",)), Topic(("AI 伺服器",))]),
        ("AI 伺服器 散熱", [Topic(("AI 伺服器", "散熱"))]),
        ("散熱不要手機", [Topic(("散熱",), ("手機",))]),
        ("散熱 -手機", [Topic(("散熱",), ("手機",))]),
        ("Wi-Fi 散熱。", [Topic(("Wi-Fi", "散熱"))]),
        ("#散熱、主題 記憶體", [Topic(("散熱",)), Topic(("記憶體",))]),
        ("作者 林以晨", [Topic(("作者 林以晨",))]),
        ("作者：林以晨 散熱 不要作者 許庭瑜", [Topic(("作者 林以晨", "散熱"), ("作者 許庭瑜",))]),
        ("最新", [Topic(())]),
        ("精選", [Topic(())]),
        ("精選 不要手機", [Topic((), ("手機",))]),
        ("不要手機", []),
        (",,", []),
    ],
)
def test_topics_are_read_as_people_write_them(typed: str, topics: list[Topic]) -> None:
    assert read_topics(typed, KNOWN.__contains__) == topics


def test_a_topic_is_read_back_as_it_is_shown() -> None:
    for topic in read_topics("AI 散熱 不要手機 不要車，精選 不要手機，AI 伺服器", KNOWN.__contains__):
        assert read_topics(str(topic), KNOWN.__contains__) == [topic]


# saying


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("訂閱 散熱", "已訂閱：散熱。有新文章的日子 08:30 送，沒新文章不打擾。"),
        ("訂閱散熱", "已訂閱：散熱。"),
        ("定閱 散熱", "已訂閱：散熱。"),
        ("subscribe 散熱", "已訂閱：散熱。"),
        ("訂閱 AI 散熱 不要手機", "已訂閱：AI 散熱 不要手機。"),
        ("訂閱 散熱、咖啡", "已訂閱：散熱、咖啡。"),
        ("訂閱 散熱 每週一 08:00", "已訂閱：散熱。每週一 08:00 送這段時間的新文章，沒新文章不打擾。"),
        ("訂閱 散熱 交易日", "已訂閱：散熱。有新文章的交易日 08:30 送，沒新文章不打擾。"),
        ("訂閱 精選", "已訂閱：精選。"),
        ("訂閱 最新", "已訂閱：精選。"),
        ("訂閱 #散熱。", "已訂閱：散熱。"),
        ("訂閱 2330", "已訂閱：台積電 2330。"),
        ("訂閱 散熱、台積電", "已訂閱：散熱、台積電 2330。"),
        ("訂閱 qwertyui", "目前還沒有文章寫到「qwertyui」，有了才會送。"),
        ("追蹤 2330、2317 NVDA", "已追蹤：台積電 2330、鴻海 2317、輝達 NVDA。"),
        ("追蹤2330", "已追蹤：台積電 2330。"),
        ("追蹤 散熱", "已訂閱：散熱。"),
        ("追蹤 2330 不存在的公司", "沒有「不存在的公司」這個代號或名稱。"),
        ("每日 20:00", "改好了：每日 20:00。這裡還沒有訂閱"),
        ("勿擾 22-08", "22:00 到 08:00 不送摘要。"),
        ("勿擾 晚上10點到早上8點", "22:00 到 08:00 不送摘要。"),
        ("取消勿擾", "勿擾時段關了。"),
        ("我的訂閱", "這裡還沒有訂閱。"),
        ("自選", "還沒有追蹤任何一檔。"),
        ("退訂", "這裡還沒有訂閱。"),
        ("恢復", "沒有暫停。"),
    ],
)
def test_what_is_typed_gets_one_clear_line(place: InProcessBot, typed: str, says: str) -> None:
    assert says in said(place.say(ANN, ANN, typed))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("每日 25:00", "每日 08:30"),
        ("每週一 8點99", "每週一 08:00"),
        ("勿擾 晚上", "勿擾 22-08"),
        ("訂閱 不要手機", "訂閱 精選 不要手機"),
        ("訂閱 散惹", "訂閱 散熱"),
        ("訂閱 一 二 三 四 五 六 七", "訂閱 一 二"),
        ("追蹤 台機電", "追蹤 2330.TWSE"),
        ("暫停 9999天", "暫停"),
        ("暫停 7", "暫停 7天"),
        ("暫停 -1天", "暫停 7天"),
        ("每週八", "每週一 08:00"),
        ("每月1號", "每週一 08:30"),
        ("訂閱 nvdia", "訂閱 輝達"),
    ],
)
def test_an_error_offers_the_nearest_correct_line(place: InProcessBot, typed: str, offered: str) -> None:
    assert offered in buttons(place.say(ANN, ANN, typed))


@pytest.mark.parametrize(
    "typed", ["訂閱制是什麼", "每日營收公告", "每週期限", "暫停生產", "恢復供應", "今天台積電", "準時送達"]
)
def test_words_that_begin_like_a_command_are_still_questions(place: InProcessBot, typed: str) -> None:
    place.say(ANN, ANN, typed)
    with UnitOfWork(place.bot.engine) as work:
        assert Club(work).subscriptions.of(_chat(ANN)) == []
        mailing = Club(work).subscriptions.settings_of(_chat(ANN))
    assert mailing is None


def test_a_confirmation_can_be_undone_by_its_own_button(place: InProcessBot) -> None:
    for typed in ("訂閱 散熱、AI 咖啡 不要手機", "追蹤 2330、2317"):
        [undo] = [says for says in buttons(place.say(ANN, ANN, typed)) if says.startswith(("退訂", "取消追蹤"))]
        place.say(ANN, ANN, undo)
        assert "還沒有訂閱" in said(place.say(ANN, ANN, "我的訂閱"))


def test_undoing_takes_back_only_what_was_new(place: InProcessBot) -> None:
    for known, typed, kept in (
        ("追蹤 2330", "追蹤 2330、9999、台泥", "1. 台積電 2330"),
        ("訂閱 散熱", "訂閱 散熱、咖啡", "2. 散熱"),
    ):
        place.say(ANN, ANN, known)
        [undo] = [says for says in buttons(place.say(ANN, ANN, typed)) if says.startswith(("退訂", "取消追蹤"))]
        place.say(ANN, ANN, undo)
        assert kept in said(place.say(ANN, ANN, "我的訂閱"))
        assert not [says for says in buttons(place.say(ANN, ANN, known)) if says.startswith(("退訂", "取消追蹤"))]


def test_a_security_is_the_same_however_it_is_wanted(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 2330")
    for typed in ("訂閱 台積電", "追蹤 2330", "追蹤 $TSM"):
        assert "已經" in said(place.say(ANN, ANN, typed))
    assert "台積電 2330" in said(place.say(ANN, ANN, "自選"))


def test_a_pause_may_end_on_a_day(place: InProcessBot) -> None:
    assert "已暫停到 3/11（三）00:00" in said(place.say(ANN, ANN, "暫停到3/10"))


def test_the_first_today_of_a_chat_tells_rather_than_claims_to_have_told(tmp_path: Path) -> None:
    place = bot_over(tmp_path)
    place.publish(cooling())
    act(place, CLUB, ANN, "訂閱 散熱")
    first, second = act(place, CLUB, ANN, "今日"), act(place, CLUB, BEN, "今日")
    assert "都送過了" not in first
    assert "液冷" in first
    assert "剛剛答過了" in second


def test_what_was_let_go_can_be_taken_back(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱、咖啡")
    [again] = [says for says in buttons(place.say(ANN, ANN, "全部退訂")) if says.startswith("訂閱")]
    place.say(ANN, ANN, again)
    assert "2. 咖啡" in said(place.say(ANN, ANN, "我的訂閱"))


def test_the_same_is_subscribed_to_once(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱 AI")
    assert "已經訂閱了" in said(place.say(ANN, ANN, "訂閱 ＡＩ 散熱"))
    assert "2." not in said(place.say(ANN, ANN, "我的訂閱"))


def test_a_chat_has_its_limits(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 " + "、".join(f"「詞{chr(0x4E00 + n)}」" for n in range(20)))
    assert "最多訂閱 20 個主題" in said(place.say(ANN, ANN, "訂閱 散熱"))
    place.say(ANN, ANN, "追蹤 " + "、".join(str(code) for code in (2330, 2317, 2454, 2308, 2382)))
    assert "自選" in said(place.say(ANN, ANN, "自選"))


def test_the_watch_list_counts_essays_also_when_nothing_is_new(place: InProcessBot) -> None:
    place.say(ANN, ANN, "追蹤 2330、2317")
    listed = said(place.say(ANN, ANN, "自選"))
    assert "台積電 2330\n1 篇，日期未標示" in listed
    assert "鴻海 2317\n還沒有文章" in listed


def test_a_name_that_means_several_is_asked_for(place: InProcessBot) -> None:
    place.say(ANN, ANN, "追蹤 台積電 2330")
    assert "已追蹤" in said(place.say(ANN, ANN, "追蹤 聯發科"))


def test_my_data_counts_subscriptions_and_forgets_them(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱")
    place.say(ANN, ANN, "追蹤 2330")
    assert "1 個主題" in said(place.say(ANN, ANN, "我的資料"))
    place.say(ANN, ANN, "刪除我的資料 確定")
    assert "0 個主題" in said(place.say(ANN, ANN, "我的資料"))


# who may change what in a group

CHANGES = (
    "退訂 散熱",
    "退訂 1",
    "全部退訂",
    "每日 20:00",
    "暫停 7天",
    "恢復",
    "勿擾 22-08",
    "準時送",
    "順便送",
    "溫故",
)


def act(place: InProcessBot, group: LineGroup, who: LinePerson, typed: str) -> str:
    return said(place.say(group, who, f"羅盤 {typed}"))


@pytest.mark.parametrize("typed", CHANGES)
def test_in_a_group_only_who_set_it_may_change_it(place: InProcessBot, typed: str) -> None:
    act(place, CLUB, ANN, "訂閱 散熱")
    assert "這要設定的人或版主才能改" in act(place, CLUB, BEN, typed)
    assert "這要設定的人或版主才能改" not in act(place, CLUB, ANN, typed)


@pytest.mark.parametrize("typed", CHANGES)
def test_in_a_group_a_moderator_may_change_it(place: InProcessBot, typed: str) -> None:
    act(place, CLUB, ANN, "訂閱 散熱")
    with UnitOfWork(place.bot.engine) as work:
        Club(work).people.set_role(BEN.id, Role.MODERATOR, place.clock.now)
        work.commit()
    assert "這要設定的人或版主才能改" not in act(place, CLUB, BEN, typed)


def test_in_a_group_everyone_may_read_it(place: InProcessBot) -> None:
    act(place, CLUB, ANN, "訂閱 散熱")
    assert "1. 散熱" in act(place, CLUB, BEN, "我的訂閱")


def test_who_is_unknown_may_not_subscribe_a_group(place: InProcessBot) -> None:
    from bot.dev.simulator.people import group, person

    ghost = person("無名", hides_id=True)
    crowd = group("沒名字的群", (ghost,))
    place.platform.add(ghost, crowd)
    assert "請一對一跟我說" in act(place, crowd, ghost, "訂閱 散熱")


def _chat(one: LinePerson) -> Chat:
    return Chat(one.id, Place.PERSON)


def test_quiet_hours_over_the_delivery_are_said_at_once_with_the_time_that_results(cast: Cast) -> None:
    phone = cast.person()
    phone("訂閱 散熱")
    assert "會等到 09:00 才送" in phone("勿擾 22-09")
    assert "會等到 09:00 才送" in phone("每日 08:00")
    assert "會等到" not in phone("每日 09:30")
    assert "會等到" not in phone("勿擾 關")


@pytest.mark.parametrize("typed", ["每天兩次", "每日 8:00 和 20:00", "每天早晚各一次", "每天早上8點、晚上8點"])
def test_several_times_a_day_are_understood_and_one_is_offered(cast: Cast, typed: str) -> None:
    phone = cast.person()
    assert "一天送一次" in phone(typed)
    assert "改好了：每日 " in phone("1")


def test_a_time_may_be_picked_from_a_clock(cast: Cast) -> None:
    phone = cast.person()
    action = phone("改時間").actions["挑別的時間"]
    assert (action["type"], action["mode"]) == ("datetimepicker", "time")
    post = cast.stage.platform.press(phone.chat_id, phone.owner.id, action, {"time": "06:40"})
    assert "改好了：每日 06:40" in phone.hear(post)
