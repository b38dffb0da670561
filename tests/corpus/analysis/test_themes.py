"""Themes: what an essay is about, and what it only mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from corpus.analysis.themes import Theme, Themes, detect, detect_text, merge
from corpus.essay import Block, BlockKind, Essay
from corpus.language.text import fold

THEMES = Themes.load()


def essay(title: str, *lines: str, tags: tuple[str, ...] = ()) -> Essay:
    """Lines that begin with # are headings."""
    blocks = tuple(
        Block(BlockKind.HEADING if line.startswith("# ") else BlockKind.TEXT, line.removeprefix("# ")) for line in lines
    )
    return Essay(title=title, blocks=blocks, tags=tags)


def main_themes(text: Essay | str) -> set[str]:
    found = detect(text, THEMES) if isinstance(text, Essay) else detect_text(text, THEMES)
    return {theme.key for theme in found if theme.main}


FREIGHT = essay(
    "運價回落之後,貨櫃航商靠什麼賺錢",
    "歐洲線運價從高點跌去四成,貨櫃船的新船潮卻還沒有結束。",
    "# 供給還在增加",
    "全球貨櫃輪的訂單仍占現有運力的兩成,航商只能靠減速與停航支撐報價。",
    "散裝市場則是另一個故事,鐵礦石的需求讓大船租金止跌。",
    "# 碼頭的工人",
    "港口罷工的陰影使貨主提早拉貨,淡季因此不淡。",
)
FED = """聯準會暗示年底前還有兩次降息,債市先一步反應。
十年期公債殖利率跌破四趴,美元指數回到去年春天的水準。
核心通膨仍高於目標,就業數據卻明顯轉弱,央行只能走一步看一步。
對台灣來說,新台幣升值的壓力比利率本身更直接。"""
ROBOTS = essay(
    "人形機器人的關節由誰供應",
    "一台人形機器人有四十個關節,每個關節都需要減速機與馬達。",
    "諧波減速機長期由日本廠商供應,台灣的滾珠螺桿廠正在追趕。",
    "馬達所用的釹鐵硼磁鐵多半來自中國。",
    "機器人量產之前,良率與壽命測試還要兩年。",
)
GRID = essay(
    "變電站不足,資料中心只好自己蓋電廠",
    "一座資料中心的用電量抵得上一個小鎮,併網卻要排隊五年。",
    "電網業者說,變壓器的交期已經拉長到三年。",
    "雲端業者於是轉向小型模組化反應爐,與核能公司簽下購電協議。",
    "台灣的重電廠因為強韌電網計畫,訂單看到三年以後。",
    "資料中心旁的核電廠延役,成了最快的一條路。",
)


LAMPS = essay(
    "副廠車燈為什麼不怕關稅",
    "台灣的車燈與保險桿廠靠北美售後市場吃飯，原廠零件貴三倍。",
    "保險公司改用副廠件理賠，訂單排到明年。",
    "新車銷量下滑，車齡拉長到十三年，反而讓維修零件更好賣。",
)
PETS = essay(
    "毛孩比小孩多：寵物食品的升級戰",
    "飼主願意為主食罐多付一倍的錢，進口品牌占了貨架一半。",
    "寵物醫院連鎖化，保險滲透率只有百分之三。",
    "台灣的狗貓數量首次超過十五歲以下的孩子。",
)
CLOUDS = essay(
    "雲端三強的資本支出競賽",
    "亞馬遜 AWS 的成長率輸給 Azure，市場不滿。",
    "谷歌雲端的積壓訂單翻倍到一千五百億美元。",
    "折舊年限從六年縮到五年，獲利少兩成。",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LAMPS, {"ev"}),
        (PETS, {"consumer"}),
        (CLOUDS, {"cloud"}),
        (FREIGHT, {"shipping"}),
        (FED, {"macro"}),
        (ROBOTS, {"robotics"}),
        (GRID, {"power_grid", "ai_server", "nuclear"}),
    ],
    ids=["lamps", "pets", "clouds", "freight", "the Fed", "robots", "the grid"],
)
def test_an_essay_has_the_themes_a_reader_would_name(text: Essay | str, expected: set[str]) -> None:
    assert main_themes(text) == expected


def test_there_are_at_most_four_main_themes() -> None:
    everything = "\n".join(f"{theme.aliases[0]}與{theme.aliases[1]}。" * 2 for theme in THEMES.all()[:12])
    assert len(main_themes(everything + "\n" + everything)) <= 4


def test_a_side_theme_weighs_less_than_a_main_one() -> None:
    weights = detect(GRID, THEMES)
    assert all((theme.weight >= 0.5) is theme.main for theme in weights)
    assert [theme.weight for theme in weights] == sorted((theme.weight for theme in weights), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "週末和朋友爬山。\n山頂有人賣咖啡,我們坐下來聊天。\n回家路上塞車。",
        "資料是新時代的石油。\n團隊要像機器人一樣準時。\n會議太多,是因為目標不清楚。",
        "這是改變遊戲規則的一年。\n公司迎來黃金十年。\n數字遊戲也要懂遊戲規則。",
        "嚴重電力不足不是重點。\n投資安排與海外資金都還沒談。\n一個資料夾就夠了,投資安全擺第一。",
        "",
        "!!! ??? 🎉",
    ],
    ids=["passing", "metaphor", "figure of speech", "across words", "empty", "no words"],
)
def test_what_is_only_mentioned_is_no_main_theme(text: str) -> None:
    assert main_themes(text) == set()


def test_a_chatbot_is_no_robot() -> None:
    assert "robotics" not in main_themes(
        "銀行推出聊天機器人。\n聊天機器人一天回答三萬個問題。\n客服機器人省下兩成人力。"
    )


def test_a_theme_knows_the_paragraphs_that_speak_of_it() -> None:
    nuclear = next(theme for theme in detect(GRID, THEMES) if theme.key == "nuclear")
    assert nuclear.paragraphs == (2, 4)


def test_a_section_of_a_long_letter_makes_a_side_theme() -> None:
    other = [f"這一段談第{number}件家務,與市場無關。" for number in range(40)]
    letter = essay("本月通信", *other, "# 液冷成為標配", "水冷板供不應求。", "散熱模組廠擴產。")
    assert [(theme.key, theme.main) for theme in detect(letter, THEMES)] == [("cooling", False)]


def test_title_tags_and_headings_lift_a_theme() -> None:
    body = ("航商各有盤算。", "貨櫃船的新船潮還沒有結束。", "港口很忙。", "員工領到獎金。", "散裝船東觀望。")
    bare, framed = essay("無題", *body), essay("航運的下一步", "# 運價", *body, tags=("航運",))
    weigh = {theme.key: theme.weight for theme in detect(bare, THEMES)}.get("shipping", 0.0)
    assert {theme.key: theme.weight for theme in detect(framed, THEMES)}["shipping"] > weigh


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("cooling", "cooling"),
        ("#散熱", "cooling"),
        ("液冷", "cooling"),
        ("Liquid Cooling", "cooling"),
        ("cpo", "cpo"),
        ("CPO", "cpo"),
        ("硅光子", "cpo"),
        ("数字孪生", "digital_twin"),
        ("數位分身", "digital_twin"),
        ("AI 伺服器", "ai_server"),
        ("AI伺服器", "ai_server"),
        ("＃５Ｇ", "telecom"),
        ("碳化矽與第三類半導體", "sic"),
        ("AI伺服器/資料中心", "ai_server"),
        ("散熱/液冷", "cooling"),
        ("消費品牌(零食/美妝)", "consumer"),
    ],
)
def test_a_theme_is_found_by_what_people_type(typed: str, key: str) -> None:
    found = THEMES.resolve(typed)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("typed", ["", "#", "/", "晚餐吃什麼", "2330", "散熱/早餐/午睡"])
def test_what_names_no_theme_resolves_to_none(typed: str) -> None:
    assert THEMES.resolve(typed) is None


@pytest.mark.parametrize(
    ("typed", "key"), [("低軌衛星概念", "satellite"), ("silicon photonic", "cpo"), ("液冷技術", "cooling")]
)
def test_a_near_miss_is_offered_the_closest_theme(typed: str, key: str) -> None:
    (closest, score), *_ = THEMES.suggest(typed)
    assert closest.key == key
    assert 0.7 <= score <= 1


def test_a_moderator_adds_a_theme_while_the_house_stands() -> None:
    tea = Theme("tea", "手採茶", aliases=("茶葉", "烏龍茶"), strong=("茶園", "茶農"), weak=("高山",))
    themes = Themes.load(extra=[tea])
    found = detect_text("茶農說今年春雨太少。\n高山茶園的烏龍茶減產三成。\n茶葉拍賣價創新高。", themes)
    assert [(theme.key, theme.main) for theme in found] == [("tea", True)]
    assert themes.resolve("#烏龍茶") == tea
    assert THEMES.get("tea") is None


def test_the_themes_of_a_page_are_those_of_its_essays() -> None:
    page = merge([detect(FREIGHT, THEMES), detect(ROBOTS, THEMES)])
    assert {theme.key for theme in page if theme.main} == {"shipping", "robotics"}
    assert all(theme.paragraphs == () for theme in page)


def doubles(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def test_the_lexicon_file_is_consistent() -> None:
    themes = THEMES.all()
    keys = {theme.key for theme in themes}
    assert len(keys) >= 40
    assert doubles(fold(alias) for theme in themes for alias in {theme.name, *theme.aliases}) == []
    for theme in themes:
        assert set(theme.related) <= keys - {theme.key}, theme.key
        assert doubles(theme.aliases) == doubles(theme.strong + theme.weak) == [], theme.key
        assert not set(theme.strong) & set(theme.aliases), theme.key
        assert theme.terms, theme.key
