"""What the archive lacks and what it is taught: gaps, synonyms, aliases, themes and new words, from the next question on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from corpus.archive_admin import ArchiveAdmin
from corpus.database import UnitOfWork, reading, writing
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.library import ArchiveResources
from corpus.resources import LanguageResources
from corpus.storage import lexicon_edits
from corpus.storage.lexicon_edits import LineKind
from corpus.storage.schema import suggestions
from handlers.editing.lexicon_commands import readable
from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom, published
from tests.support.phones import Phone

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BATTERY = """鹽做的電池

鈉離子電芯不用鋰也不用鈷,原料到處都有,一度電的成本比磷酸鐵鋰低三成,低溫下的表現也比較好。
能量密度是它的弱點,所以第一批用在儲能櫃和機車,鈉離子電芯的循環壽命已經做到六千次。
大廠準備在明年把鈉離子電芯放進入門款的車裡,供應鏈的重點會是硬碳負極與鋁箔集流體。"""
CHIPS = """半導體之王的下一步

護國雞把兩奈米的產能訂滿了,客戶排到後年,這對設備商是長期的訂單,對對手則是追不上的距離。
護國雞同時在海外蓋廠,折舊會壓低毛利,管理層說三年內可以回到原來的水準,市場願意等。"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("words")) as room:
        published(room.someone(Role.MODERATOR), BATTERY)
        published(room.someone(Role.MODERATOR), CHIPS)
        yield room


def test_questions_asked_in_vain_are_grouped_counted_and_cleared(desk: Phone, room: Newsroom) -> None:
    for typed in ("企鵝的飼料", "企鵝的飼料\uff1f", "企鵝 的 飼料"):
        room.someone()(typed)
    room.someone()("答非所問 企鵝的飼料")
    heard = desk("沒答到的")
    assert "企鵝的飼料" in heard
    assert "沒答到 3 次、答非所問 1 次" in heard
    desk("沒答到的 清掉 企鵝的飼料")
    assert "企鵝的飼料" not in desk("沒答到的")


def test_a_synonym_holds_with_the_next_question_and_until_it_is_struck_out(desk: Phone, reader: Phone) -> None:
    assert "鹽做的電池" not in reader("薩摩耶")
    assert "記住了" in desk("同義詞 薩摩耶=鈉離子電芯")
    assert "鹽做的電池" in reader("薩摩耶")
    assert "六千次" in reader("薩摩耶的循環壽命")
    assert "1 薩摩耶 = 鈉離子電芯" in desk("同義詞")
    desk("同義詞 刪除 1")
    assert "鹽做的電池" not in reader("薩摩耶")


def test_an_alias_makes_essays_that_use_it_speak_of_the_company(desk: Phone, reader: Phone) -> None:
    assert "護國雞" not in reader("2330")
    assert "台積電：護國雞" in desk("別名 2330=護國雞")
    card = reader("2330")
    assert "護國雞" in card
    assert "台積電" in reader("護國雞")


def test_an_alias_of_nothing_is_refused(desk: Phone) -> None:
    assert "不是一檔個股" in desk("別名 9999X=某某")


def test_a_new_theme_has_its_essays_at_once(desk: Phone, reader: Phone) -> None:
    assert "主題「鈉電池」" in desk("新增主題 鈉電池=鈉離子電芯、sodium-ion")
    digest = reader("主題 鈉電池")
    assert "鹽做的電池" in digest
    assert "#鈉電池" in reader("主題")
    assert "已經有主題「鈉電池」" in desk("新增主題 鈉離子電芯")
    desk("新增主題 刪除 1")
    assert "#鈉電池" not in reader("主題")


def test_a_theme_that_exists_is_not_made_again(desk: Phone) -> None:
    assert "已經有主題" in desk("新增主題 液冷")


def test_new_words_are_decided_one_by_one_and_once(desk: Phone, room: Newsroom) -> None:
    with writing(room.stage.bot.engine) as connection:
        for word, weight in (("硬碳負極", 9.0), ("鋁箔集流", 8.0)):
            connection.execute(insert(suggestions).values(word=word, weight=weight, essay_id=1, state="open"))
    first = desk("新詞")
    assert "硬碳負極" in first
    assert "〈鹽做的電池〉" in first
    second = desk.press(first, "收")
    assert "「硬碳負極」收了" in second
    assert "鋁箔集流" in second
    assert "「鋁箔集流」不收了" in desk.press(second, "不收")
    assert "鋁箔集流" not in desk("新詞")
    assert "硬碳負極" in room.stage.bot.archive.language.words


@pytest.mark.parametrize(
    "typed", ["同義詞 液冷", "同義詞 =", "別名 護國雞", "新增主題 =x", "同義詞 刪除 99", "新詞 收 沒這個詞"]
)
def test_what_cannot_be_taught_gets_a_sentence_that_helps(desk: Phone, typed: str) -> None:
    heard = desk(typed)
    assert not heard.silent
    assert "記住了" not in heard


WORDS = [f"毛孩用品{number}號" for number in range(150)]


@pytest.mark.parametrize("call", ["同義詞 毛孩", "別名 2330", "新增主題 毛孩經濟"])
def test_a_line_that_is_too_long_is_refused_whole(desk: Phone, reader: Phone, room: Newsroom, call: str) -> None:
    word = call.split()[0]
    assert "太長了" in desk(f"{call}={'、'.join(WORDS)}")
    assert "毛孩" not in desk(word)
    assert "鹽做的電池" in reader("鈉離子電芯")


@pytest.mark.parametrize("name", ['五"吋"碟', "反\\斜線", "上\n下行", "定\t位點", "刪\x7f除鍵"])
@pytest.mark.parametrize("call", ["同義詞 液冷=", "別名 2330=", "新增主題 刁鑽="])
def test_a_word_of_any_letters_is_read_back_and_struck_out(desk: Phone, reader: Phone, call: str, name: str) -> None:
    word = call.split()[0]
    told = desk(f"{call}{name}")
    assert "記住了" in told
    assert "鹽做的電池" in reader("鈉離子電芯")
    kept = " ".join(name.replace("\x7f", " ").replace("\x07", " ").split())
    assert f"= {kept}" in desk(word)
    assert "刪掉了" in desk.press(told, "不要這條")
    assert kept not in desk(word)


@pytest.mark.parametrize("name", ["#", "\u200b", "★", "\x07"])
def test_signs_alone_are_no_word(desk: Phone, name: str) -> None:
    assert "記住了" not in desk(f"新增主題 {name}=怪主題")
    assert "記住了" not in desk(f"同義詞 液冷={name}")


# the book behind it


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (LineKind.THEME, '[own_mao_hai]\nname = "毛孩經濟"\naliases = ["毛孩用'),
        (LineKind.THEME, "[own_mao_hai]"),
        (LineKind.THEME, "own_mao_hai = 1"),
        (LineKind.ALIAS, "2330\tname\t護國\t神山"),
        (LineKind.ALIAS, "2330"),
    ],
)
def test_a_line_that_cannot_be_read_is_passed_over_and_can_be_struck_out(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: LineKind, line: str
) -> None:
    with writing(engine) as connection:
        lexicon_edits.write(connection, kind, line, NOW, "U1")
        lexicon_edits.write(connection, LineKind.THEME, '[own_good]\nname = "好主題"', NOW, "U1")
    archive = ArchiveResources(engine, tmp_path / "index")
    with UnitOfWork(engine) as work:
        admin = ArchiveAdmin(archive.library(work, Audience.MEMBER))
        assert archive.themes.resolve("好主題") is not None
        assert f"a line of {len(line)} characters is passed over" in caplog.text
        assert line not in caplog.text
        assert "".join(readable(kind, line).split()) == "".join(line.replace("\tname\t", "=").split())
        assert admin.edit_lexicon(kind, line, NOW, "U1", stands=False)
        assert line not in admin.lines()[kind]


def test_a_line_is_kept_whole_or_not_at_all(engine: Engine) -> None:
    longest = "甲" * lexicon_edits.LONGEST
    with writing(engine) as connection:
        assert lexicon_edits.write(connection, LineKind.SYNONYM, longest, NOW, "U1")
        with pytest.raises(ValueError, match=r"^1001$"):
            lexicon_edits.write(connection, LineKind.SYNONYM, f"{longest}乙", NOW, "U1")
        assert lexicon_edits.active_lines(connection) == {LineKind.SYNONYM: (longest,)}


def test_a_line_stands_until_it_is_struck_out_and_may_come_back(engine: Engine) -> None:
    with writing(engine) as connection:
        assert lexicon_edits.revision(connection) == 0
        assert lexicon_edits.write(connection, LineKind.SYNONYM, "甲 = 乙", NOW, "U1")
        assert not lexicon_edits.write(connection, LineKind.SYNONYM, "甲 = 乙", NOW, "U1")
        first = lexicon_edits.revision(connection)
        assert lexicon_edits.write(connection, LineKind.SYNONYM, "甲 = 乙", NOW, "U1", stands=False)
        assert lexicon_edits.active_lines(connection) == {LineKind.SYNONYM: ()}
        assert lexicon_edits.write(connection, LineKind.SYNONYM, "甲 = 乙", NOW, "U1")
        assert lexicon_edits.active_lines(connection) == {LineKind.SYNONYM: ("甲 = 乙",)}
        assert lexicon_edits.revision(connection) > first


def test_another_process_knows_the_words_with_its_next_question(engine: Engine, tmp_path: Path) -> None:
    here, there = ArchiveResources(engine, tmp_path / "here"), ArchiveResources(engine, tmp_path / "there")
    essay = Essay("鹽做的電池", tuple(Block(BlockKind.TEXT, line) for line in BATTERY.splitlines()[2:]))
    with UnitOfWork(engine) as work:
        library = here.library(work, Audience.MEMBER)
        library.add(essay, NOW)
        work.commit()
        here.library(work, Audience.MEMBER).wait_for_index()
        assert ArchiveAdmin(here.library(work, Audience.MEMBER)).edit_lexicon(
            LineKind.SYNONYM, "薩摩耶 = 鈉離子電芯", NOW, "U1"
        )
        work.commit()
    with UnitOfWork(engine) as work:
        library = there.library(work, Audience.GUEST)
        library.wait_for_index()
        finding = library.search("薩摩耶", NOW)
        assert finding.outcome != "not_covered"
        assert [hit.essay.title for hit in finding.hits] == ["鹽做的電池"]


def test_what_was_taught_but_not_committed_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    archive = ArchiveResources(engine, tmp_path / "index")
    with UnitOfWork(engine) as work:
        ArchiveAdmin(archive.library(work, Audience.MEMBER)).edit_lexicon(LineKind.WORD, "硬碳負極", NOW, "U1")
        archive.library(work, Audience.MEMBER)
        assert archive.language.words == ("硬碳負極",)
    with UnitOfWork(engine) as work:
        archive.library(work, Audience.MEMBER)
    assert archive.language.words == ()


def test_the_index_stays_in_use_while_no_word_is_to_be_kept_whole(tmp_path: Path) -> None:
    before = LanguageResources.build(tmp_path, 0, {})
    with_synonym = LanguageResources.build(tmp_path, 1, {LineKind.SYNONYM: ("甲 = 乙",)}, before)
    with_word = LanguageResources.build(tmp_path, 2, {LineKind.WORD: ("硬碳負極",)}, before)
    assert with_synonym.index is before.index
    assert with_word.index is not before.index


def test_the_lexicon_lines_can_be_read_by_a_reader_that_writes_nothing(engine: Engine) -> None:
    with reading(engine) as connection:
        assert lexicon_edits.active_lines(connection) == {}
