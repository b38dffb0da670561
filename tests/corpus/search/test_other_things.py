"""A question about another year, another company or another deed is not answered by what merely looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.search.period import asked_years
from tests.support.small_archive import TODAY, Archive, essay

CLOUD = "雲端三雄的第三季"
LENDER = "網路貸款平台的財報"
FREIGHT = "長榮的新船要載什麼"
CHIP = "自研晶片的時程"
PANIC = "跌停那一天"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(
        [
            essay(
                CLOUD,
                """
                AWS 在 2025 年第三季的營收年增兩成,是三年來最快的一次。
                微軟的雲端同一季年增近四成,主管說產能還不夠。
                """,
                "2025-11-05",
            ),
            essay(
                LENDER,
                """
                Upstart 第一季的放款年增六成,壞帳也降了下來。
                平台把貸款賣給銀行,自己只收手續費。
                """,
                "2026-05-08",
            ),
            essay(
                FREIGHT,
                """
                長榮(2603)訂了十一艘新船,打算跑地中海航線。
                運價每下跌一成,新船的還款就要多等一季。
                """,
                "2026-03-02",
            ),
            essay(
                CHIP,
                """
                雲端大廠說 Trainium3 會在年底量產,效能比上一代多四成。
                前一代的 Trainium2 已經裝進了五十萬顆。
                """,
                "2026-02-11",
            ),
            essay(
                PANIC,
                """
                4月7日開盤一小時就有上千檔跌停,一般投資人搶著賣,機構反而慢慢撿。
                """,
                "2026-04-09",
            ),
            *(essay(f"短評{n}", f"市場裡的柿子一天比一天甜,第 {n} 攤排了 4 個人,共賣出 7 箱。") for n in range(6)),
        ],
    )


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("AWS 2025 Q3 成長幾趴", CLOUD),
        ("AWS 3Q25 成長", CLOUD),
        ("Tranium3 何時量產", CHIP),
        ("4/7 那天怎麼了", PANIC),
        ("散戶在跌停那天做什麼", PANIC),
        ("長榮 新船", FREIGHT),
    ],
)
def test_what_is_there_is_found(archive: Archive, question: str, title: str) -> None:
    finding = archive.ask(question)
    assert finding.outcome != "not_covered"
    assert finding.hits[0].essay.title == title


@pytest.mark.parametrize(
    "question",
    ["AWS 2023 Q3 成長幾趴", "AWS 2022 年成長多少", "SoFi 第一季放款成長多少", "長榮 2023 公投"],
)
def test_another_one_is_not(archive: Archive, question: str) -> None:
    assert archive.ask(question).outcome == "not_covered"


@pytest.mark.parametrize("question", ["長榮 公投", "長榮踏空", "長榮換人做", "長榮照妖鏡"])
def test_the_essay_about_a_company_is_offered_where_it_lacks_one_word_and_is_no_answer(
    archive: Archive, question: str
) -> None:
    finding = archive.ask(question)
    assert finding.outcome == "choices"
    assert finding.hits[0].essay.title == FREIGHT
    assert finding.hits[0].missing


@pytest.mark.parametrize("question", ["長榮 越南廠", "長榮公投門檻修正", "長榮踏空了多少億"])
def test_it_is_not_where_it_lacks_a_name_a_figure_or_more(archive: Archive, question: str) -> None:
    assert archive.ask(question).outcome == "not_covered"


def test_what_is_about_the_subject_is_offered_as_from_another_time_and_is_no_answer(archive: Archive) -> None:
    finding = archive.ask("長榮 2019 新船")
    assert finding.outcome == "choices"
    assert finding.outside_period


def test_a_year_that_is_only_meant_is_no_other_year(archive: Archive) -> None:
    assert archive.ask("去年 AWS 的營收").outcome == "answer"
    assert archive.ask("前年 AWS 的營收").outcome != "answer"


@pytest.mark.parametrize(("question", "outcomes"), [("去年酒駕幾件", {"answer"}), ("前年酒駕幾件", {"choices"})])
def test_the_year_that_a_question_means_is_the_one_that_an_undated_essay_means(
    question: str, outcomes: set[str]
) -> None:
    others = (essay(f"短評{n}", f"市場裡的柿子一天比一天甜,第 {n} 攤排了 4 個人。") for n in range(3))
    written = essay("路上的酒駕", "警方說去年酒駕共有兩萬件,比再前一年少。")
    assert Archive([written, *others]).ask(question).outcome in outcomes


def test_a_misspelt_model_is_the_one_of_its_number(archive: Archive) -> None:
    assert "Trainium2" in archive.ask("Tranium2").hits[0].why
    assert "Trainium3" in archive.ask("Tranium3").hits[0].why


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2025 年的營收", (2025,)),
        ("1945年發生什麼", (1945,)),
        ("3q25 毛利率", (2025,)),
        ("2024q4 和 2025q1", (2024, 2025)),
        ("民国114年", (2025,)),
        ("去年的營收", (TODAY.year - 1,)),
        ("前年和今年", (TODAY.year - 2, TODAY.year)),
        ("目前年增多少", ()),
        ("2002 殖利率", ()),
        ("2330 怎么看", ()),
        ("12025 片", ()),
    ],
)
def test_a_year_is_named_or_merely_meant(text: str, years: tuple[int, ...]) -> None:
    assert tuple(one.year for one in asked_years(text, TODAY)) == years


def test_a_year_that_is_a_code_as_well_is_a_year(archive: Archive) -> None:
    words = archive.matcher.reader.read("2025 營收", date(2026, 11, 20)).words
    assert not any(word.name for word in words)
