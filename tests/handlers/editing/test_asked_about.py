"""What an editor asks about the work itself gets the command that does it; to others the same words are ordinary ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.identity import Role
from handlers.text.work_words import work_topic
from tests.support.newsroom import Newsroom, newsroom
from tests.support.phones import Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("asked")) as room:
        yield room


@pytest.mark.parametrize(
    ("said", "offered"),
    [("怎麼發文", "發文"), ("怎麼更正文章", "更正"), ("排程怎麼用", "排程"), ("下架怎麼做", "撤回"),
     ("權限怎麼給", "核准"), ("開始發文", "發文"), ("取消推播", "取消"),
     ("幫散熱加一個別名", "別名"), ("第 3 份草稿刪掉", "草稿"), ("把剛剛那篇發出去", "發布"), ("想回到上一個版本", "還原")],
)  # fmt: skip
def test_the_command_is_offered(desk: Phone, reader: Phone, said: str, offered: str) -> None:
    assert offered in desk(said).postbacks
    assert offered not in reader(said).postbacks


def test_what_is_another_editors_to_do_is_said_to_be(room: Newsroom) -> None:
    said = "小美離職了 她的權限收一收"
    assert "解任" in room.someone(Role.OWNER)(said).postbacks
    assert "請他們接手" in room.someone(Role.EDITOR)(said)


@pytest.mark.parametrize(
    ("said", "command"),
    [("我的草稿呢", "草稿"), ("額度還剩多少", "額度"), ("大家這週問了什麼", "這週"),
     ("明天要發的是哪篇", "行事曆"), ("大家都查不到什麼", "沒答到的"), ("最近哪題最多人問", "沒答到的"), ("誰在看我們的文章", "這週")],
)  # fmt: skip
def test_what_only_shows_is_shown(desk: Phone, said: str, command: str) -> None:
    assert desk(said).text == desk(command).text


def test_a_command_said_not_to_be_done_is_not_offered(desk: Phone) -> None:
    assert "撤回" not in desk("不要下架了").postbacks


@pytest.mark.parametrize("said", ["散熱的瓶頸在哪裡", "公開市場操作怎麼運作", "排程軟體產業", "編輯基因"])
def test_an_editors_question_on_essays_stays_one(desk: Phone, reader: Phone, said: str) -> None:
    assert "想做的是不是" not in desk(said)
    assert desk(said).text == reader(said).text


@pytest.mark.parametrize("said", ["草稿 99", "草稿99", "草稿第99份"])
def test_a_draft_is_named_with_or_without_a_space(desk: Phone, said: str) -> None:
    assert desk(said).text == desk("草稿 99").text
    assert "還沒寫到" not in desk(said)


def test_a_number_may_stand_right_behind_the_word(desk: Phone) -> None:
    assert "還沒寫到" not in desk("撤回第99篇")


@pytest.mark.parametrize(
    ("said", "shown"),
    [("這個月還能推幾則", "還剩"), ("大家都查不到什麼", "沒答到"), ("明天要發的是哪篇", "這 14 天"), ("文章打錯字怎麼改", "更正 12"),
     ("誰是版主", "解任"), ("這禮拜成效如何", "這七天"), ("新增同義詞怎麼做", "同義詞 液冷=水冷"), ("怎麼新增編輯", "核准 ")],
)  # fmt: skip
def test_an_editor_who_speaks_of_the_work_gets_it(room: Newsroom, said: str, shown: str) -> None:
    assert shown in room.someone(Role.OWNER)(said)


@pytest.mark.parametrize(
    ("said", "offered"),
    [("我要貼一篇新文章", "發文"), ("怎麼把文章排到明天早上", "排程"), ("剛剛發錯了快收回", "取消"), ("標題打錯要改", "更正"),
     ("怎麼讓小王也能發文", "核准"),
     ("有人要求刪掉他的資料", "刪除個人資料"), ("這篇先給會員看就好", "會員專屬"), ("發布前可以先寄給我看嗎", "試送"),
     ("外部網站可以自動收進來嗎", "來源"),
     ("會員有幾個人", "後台"), ("誰的會員快到期了", "後台"), ("開通碼怎麼產生", "後台"), ("幫我加一個會員", "後台"), ("付費的有幾個", "後台")],
)  # fmt: skip
def test_the_work_is_spoken_of_in_many_words(room: Newsroom, said: str, offered: str) -> None:
    owner, reader = room.someone(Role.OWNER), room.someone()
    assert offered in owner(said).postbacks
    assert offered not in reader(said).postbacks


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("今天要發什麼", "行事曆"),
        ("大家最近都在問啥", "沒答到的"),
        ("訂閱的人有多少", "這週"),
        ("昨天那篇有多少人看", "這週"),
        ("草稿還有幾份", "草稿"),
    ],
)
def test_what_only_shows_is_shown_in_many_words(desk: Phone, said: str, command: str) -> None:
    assert desk(said).text == desk(command).text


@pytest.mark.parametrize(
    "said",
    ["有多少人看好台積電", "公開發行公司的網站流量", "會員經濟的公司有哪些", "上架費怎麼算", "開放式架構的優點", "內容網站怎麼賺錢",
     "排程軟體的市場"],
)  # fmt: skip
def test_other_words_beside_those_of_the_work_make_it_a_question(said: str) -> None:
    assert work_topic(said) is None


@pytest.mark.parametrize(
    ("said", "offered"), [("把阿明的權限拿掉", "解任"), ("想換回舊的版本", "還原"), ("誰改過這篇", "修改紀錄")]
)
def test_what_is_mostly_of_the_work_is_offered(room: Newsroom, said: str, offered: str) -> None:
    assert offered in room.someone(Role.OWNER)(said).postbacks


@pytest.mark.parametrize("said", ["會員制的商業模式", "有多少人看好台積電", "發布會的時間軸"])
def test_an_editors_sentence_of_other_things_is_a_question(desk: Phone, said: str) -> None:
    assert "想做的是不是" not in desk(said)


def test_an_essay_is_withdrawn_and_a_synonym_taught_in_another_order(room: Newsroom) -> None:
    owner = room.someone(Role.OWNER)
    assert owner("把 #99 下架").text == owner("下架 #99").text
    assert "同義詞：液冷 = 水冷" in owner("幫我加同義詞 液冷等於水冷")
