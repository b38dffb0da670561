"""The first sentence shown answers what was asked: its measure, its names; no address, no question, no myth without what sets it right."""

from __future__ import annotations

import pytest

from corpus.essay import Block, BlockKind, Essay, Table
from tests.support.small_archive import Archive, essay

QUARTERS = Table(
    ("項目", "2025Q1", "2025Q2", "2025Q3"),
    (
        ("營收", "1,706 億", "2,208 億", "2,670 億"),
        ("毛利率", "8.4%", "8.9%", "9.2%"),
        ("存貨", "311 億", "352 億", "366 億"),
    ),
)
FORECASTS = Table(
    ("EPS", "2026年", "2027年"), (("最高值", "11.79", "16.91"), ("中位數", "8.8", "12.06"), ("最低值", "8.01", "10.13"))
)
ESTIMATES = Table(
    ("", "2026年(前值)", "2027年", "2028年"),
    tuple(
        (name, f"{n}1.79(9.74)", f"{n}6.91", f"{n}0.55")
        for n, name in enumerate(("最高值", "平均值", "最低值", "中位數"), 1)
    ),
)
PAGES = [
    Essay(
        "群聯的每股盈餘預估",
        (
            Block(BlockKind.TEXT, "十三位分析師對群聯(8299)做出2026年每股盈餘預估，中位數上修，目標價也跟著調高。"),
            Block(BlockKind.TABLE, ESTIMATES.text, table=ESTIMATES),
        ),
    ),
    Essay(
        "光寶科的預估EPS",
        (
            Block(BlockKind.TEXT, "十二位分析師調高了光寶科的預估，理由是電源的單價。"),
            Block(BlockKind.TABLE, FORECASTS.text, table=FORECASTS),
        ),
    ),
    essay(
        "儒鴻接單看到明年",
        """
        儒鴻(1476)把印尼廠的產能拉高，越南的關稅查驗嚴得多。聚陽(1477)押在孟加拉。
        公司預估全年毛利率三成，匯率是最大變數。
        """,
    ),
    Essay(
        "緯穎財報整理",
        (
            Block(BlockKind.TEXT, "緯穎的客戶集中在兩家雲端業者，第三季又多了一家。"),
            Block(BlockKind.TABLE, QUARTERS.text, table=QUARTERS),
            Block(BlockKind.TEXT, "毛利率上升，是因為自有設計的比重提高。"),
        ),
    ),
    essay(
        "神達第三季法說",
        """
        神達第三季的會議在內湖舉行，到場的法人比上一季多。
        毛利率上升，是因為自有設計的比重提高。
        """,
    ),
    essay(
        "散裝航運的一年",
        """
        散裝航運透過減速撐住運價，船東首先停掉老船，策略一致。
        船廠的船台排到後年，鋼板還在漲。
        我們對散裝航運偏保守，運價回升的時候值得減碼。
        """,
    ),
    essay(
        "紅海繞道與運價",
        """
        紅海繞道讓運價在2024年拉回3,700點，船公司的股東笑了。
        紅海繞道之後，亞洲到北歐的航程多出十到十四天，等於少了一成的船。
        """,
    ),
    essay(
        "機櫃的電",
        """
        AI機櫃的電源與電池備援，會用到更多0201與01005的電容，這是第三季的重點。
        一個AI機櫃現在用電約130kW，兩年後會到600kW。
        """,
    ),
    essay(
        "水冷板的廠商",
        """
        水冷板裝上之後，主機板、記憶體等零組件不必重新設計，廠商的導入門檻低。
        水冷板的台灣廠商有奇鋐、雙鴻、健策與力致，報價都在漲。
        """,
    ),
    essay(
        "三次違約的教訓",
        """
        很多人以為可轉債保本，所以敢用槓桿買。
        其實可轉債違約時，求償順位在銀行之後，過去五年有三檔只拿回兩成。
        """,
    ),
    essay(
        "智邦的財報",
        """
        https://example.com/twstock/2345/financials
        資料來源：公開資訊觀測站，僅供參考。
        智邦有沒有可能再漲價？我整理如下：
        智邦第二季交換器營收年增四成，毛利率站穩兩成五。
        """,
    ),
    essay(
        "咖啡豆的期貨",
        """
        有人說：「咖啡豆只會漲。」
        「咖啡豆跌了再買，跌越多買越多。」
        咖啡豆的期貨今年漲了四成，巴西的乾旱是主因。
        """,
    ),
    essay(
        "港口與鋼價",
        """
        港口的吞吐量今年創新高，貨櫃卻排不進去，外海的船等了九天。港口說明年會再蓋一座碼頭。
        鋼價已經連跌三季，鋼廠把產線停下來等。
        碼頭工會在夏天罷工，港口停擺了四天，賠了一億元。
        """,
    ),
]


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(PAGES)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("紅海繞道多花幾天", "十到十四天"),
        ("一個AI機櫃要用多少電", "130kW"),
        ("水冷板的廠商有哪些", "奇鋐、雙鴻"),
        ("智邦", "交換器營收年增四成"),
        ("散裝航運怎麼看", "偏保守"),
        ("神達毛利率", "自有設計"),
    ],
)
def test_what_is_measured_or_named_as_asked_comes_first(archive: Archive, question: str, said: str) -> None:
    assert said in archive.ask(question).hits[0].snippets[0].text


@pytest.mark.parametrize("question", ["智邦", "智邦漲價"])
def test_an_address_or_a_source_is_never_shown(archive: Archive, question: str) -> None:
    shown = "".join(snippet.text for snippet in archive.ask(question).hits[0].snippets)
    assert "https://" not in shown
    assert "資料來源" not in shown


def test_a_myth_comes_with_what_sets_it_right(archive: Archive) -> None:
    first = archive.ask("可轉債保本").hits[0].snippets[0].text
    assert "求償順位在銀行之後" in first


def test_the_words_of_an_unnamed_speaker_do_not_come_first(archive: Archive) -> None:
    assert "巴西的乾旱" in archive.ask("咖啡豆").hits[0].snippets[0].text


def test_the_snippets_after_the_first_come_from_elsewhere(archive: Archive) -> None:
    shown = archive.ask("港口").hits[0].snippets
    assert [snippet.paragraph for snippet in shown[:2]] == [0, 2]


@pytest.mark.parametrize("question", ["緯穎毛利率多少", "緯穎第三季毛利率"])
def test_a_table_answers_by_its_row_alone(archive: Archive, question: str) -> None:
    assert archive.ask(question).hits[0].snippets[0].text == "毛利率　2025Q1：8.4%　2025Q2：8.9%　2025Q3：9.2%"


def test_rows_that_answer_alike_come_together(archive: Archive) -> None:
    shown = archive.ask("光寶科 2027 EPS").hits[0].snippets
    assert any("最高值　2026年：11.79　2027年：16.91\n中位數　2026年：8.8　2027年：12.06" in one.text for one in shown)


def test_who_asks_about_a_year_is_shown_the_rows_that_have_it_and_no_sentence_on_another(archive: Archive) -> None:
    first = archive.ask("群聯 2027 每股盈餘 預估").hits[0].snippets[0].text
    assert [line.split("　")[2] for line in first.splitlines()] == [
        "2027年：16.91",
        "2027年：26.91",
        "2027年：36.91",
        "2027年：46.91",
    ]


def test_a_name_met_in_passing_does_not_take_what_the_next_paragraph_says_of_another(archive: Archive) -> None:
    assert "聚陽" in archive.ask("聚陽毛利率").hits[0].snippets[0].text
