"""The securities master: what is in it, and how a person finds one."""

from __future__ import annotations

import pytest

from corpus.lexicon import tables
from corpus.lexicon.rebuild import SecurityRow, changes, read_table, shorten
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.security import SurfaceKind, flatten


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2330", "2330"),
        ("$NVDA", "NVDA"),
        ("＄ｎｖｄａ", "NVDA"),
        ("2330.TW", "2330"),
        ("NASDAQ:NVDA", "NVDA"),
        ("台積電", "2330"),
        ("台积电", "2330"),
        ("臺積電", "2330"),
        ("護國神山", "2330"),
        ("tsmc", "2330"),
        ("avgo", "AVGO"),
        ("發哥", "2454"),
        ("英伟达", "NVDA"),
        ("日月光", "3711"),
        ("世芯KY", "3661"),
        ("BRK.B", "BRK-B"),
        ("700.HK", "0700"),
        ("台積電 2330", "2330"),
        ("2330台積電", "2330"),
        ("0050", "0050"),
        ("元大台灣50", "0050"),
        ("統一企業", "1216"),
        ("台G", "2330"),
        ("台灣50", "0050"),
        ("永續高股息", "00878"),
        ("藥華", "6446"),
    ],
)
def test_what_a_person_types_finds_the_security(typed: str, code: str, lexicon: Lexicon) -> None:
    assert lexicon.resolve(typed)[0].code == code


def test_the_end_of_another_company_names_nobody(lexicon: Lexicon) -> None:
    assert lexicon.resolve("積電") == []


def test_namesakes_are_ambiguous(lexicon: Lexicon) -> None:
    assert {security.code for security in lexicon.resolve("佳能")} == {"7751", "2374"}


def test_a_bare_number_means_taiwan_first(lexicon: Lexicon) -> None:
    assert {security.code for security in lexicon.by_code("2382")} == {"2382"}
    assert [security.name for security in lexicon.resolve("2382")] == ["廣達"]
    assert {security.exchange for security in lexicon.by_code("2382")} >= {"TWSE", "HKEX"}


@pytest.mark.parametrize("typed", ["", " ", "散熱", "1235813", "這支股票", "ZZZZZ"])
def test_what_is_no_security_finds_none(typed: str, lexicon: Lexicon) -> None:
    assert lexicon.resolve(typed) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nvdia", "NVDA"),
        ("boradcom", "AVGO"),
        ("輝噠", "NVDA"),
        ("台機電", "2330"),
        ("聯發顆", "2454"),
        ("microsft", "MSFT"),
    ],
)
def test_a_misspelt_name_suggests_the_right_one(typed: str, code: str, lexicon: Lexicon) -> None:
    best, likeness = lexicon.suggest(typed)[0]
    assert best.code == code
    assert 78 <= likeness <= 100


def test_an_unknown_code_suggests_those_one_slip_away(lexicon: Lexicon) -> None:
    assert lexicon.by_code("2335") == []
    near = [security.code for security, _ in lexicon.suggest("2335", limit=40)]
    assert "2330" in near
    assert near[0] == "2353"  # two digits that changed places


def test_an_ordinary_word_suggests_nothing(lexicon: Lexicon) -> None:
    assert lexicon.suggest("散熱") == []


def test_a_security_knows_its_names(lexicon: Lexicon) -> None:
    (tsmc,) = lexicon.resolve("2330")
    assert (tsmc.name, tsmc.exchange, tsmc.kind, tsmc.full_name) == ("台積電", "TWSE", "stock", "台灣積體電路")
    names = lexicon.names(tsmc)
    assert names[0] == "台積電"
    assert {"台積", "TSMC", "護國神山"} <= set(names)


def test_the_segmenter_is_given_names_but_not_codes(lexicon: Lexicon) -> None:
    words = set(lexicon.words)
    assert {"台積電", "世芯-KY", "世芯", "輝達"} <= words
    assert "NVDA" not in words


def test_an_alias_of_a_moderator_is_learnt_and_an_unknown_code_is_left_out() -> None:
    lexicon = Lexicon.load([("老AI王", "2382"), ("鬼公司", "9X9X9")])
    assert [security.code for security in lexicon.resolve("老AI王")] == ["2382"]
    assert lexicon.resolve("鬼公司") == []
    assert Lexicon.load().resolve("老AI王") == []


def test_the_tables_hold_what_an_investor_in_taiwan_meets(lexicon: Lexicon) -> None:
    exchanges = [security.exchange for security in lexicon.securities]
    assert exchanges.count("TWSE") > 1_200
    assert exchanges.count("TPEX") > 900
    assert exchanges.count("NASDAQ") + exchanges.count("NYSE") > 5_000
    for code in ("00878", "911608", "OKLO", "LTBR", "UEC", "CRWV", "AMKR", "7203", "0700", "600519"):
        assert lexicon.by_code(code), code


def test_every_alias_belongs_to_a_security() -> None:
    keys = {row.key for row in (*tables.read_world(), *tables.read_listed(frozenset()))}
    assert sorted(tables.read_aliases().keys() - keys) == []


def test_no_name_by_hand_stands_for_two_companies(lexicon: Lexicon) -> None:
    """Two listings of one company may share a name; then one of them is written as its paper (台積電ADR)."""
    shared = {
        text: [surface.security.code for surface in group]
        for text, group in lexicon.surfaces.items()
        if len({s.security for s in group if s.by_hand and s.sort is SurfaceKind.NAME}) > 1
    }
    assert shared == {flatten("荷蘭國際集團"): ["INGA", "ING"]}


@pytest.mark.parametrize(
    ("legal", "short"),
    [
        ("MICROSOFT CORP", "Microsoft"),
        ("Alphabet Inc.", "Alphabet"),
        ("AMAZON COM INC", "Amazon"),
        ("The Walt Disney Company", "Walt Disney"),
        ("ASML HOLDING NV", "ASML"),
        ("PTC (software company)", "PTC"),
        ("UNIVERSAL DISPLAY CORP \\PA\\", "Universal Display"),
    ],
)
def test_a_legal_name_is_shortened_to_what_people_write(legal: str, short: str) -> None:
    assert shorten(legal) == short


def test_a_rebuild_says_what_changed() -> None:
    def row(code: str, name: str) -> SecurityRow:
        return SecurityRow("TWSE", code, "stock", name, "", "", "")

    before = [row("2888", "新光金"), row("2887", "台新金"), row("2330", "台積電")]
    after = [row("2887", "台新新光金"), row("2330", "台積電"), row("7769", "鴻勁")]
    assert changes(before, after) == [
        "new listing: TWSE 7769 鴻勁",
        "delisted: TWSE 2888 新光金",
        "renamed: TWSE 2887 台新金 -> 台新新光金",
    ]


def test_the_table_reads_back_as_it_was_written() -> None:
    rows = read_table()
    assert rows == sorted(rows)
    assert any(row.code == "2330" and row.name == "台積電" for row in rows)


def test_a_security_knows_the_longer_names_of_others(lexicon: Lexicon) -> None:
    (plastics,) = lexicon.resolve("1303")
    assert "南亞科" in lexicon.longer(plastics)
    assert not set(lexicon.longer(plastics)) & set(lexicon.names(plastics))
