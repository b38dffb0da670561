"""What a period in a question means: the quarter, month or day that a text speaks of, or the one it was written in."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Block, BlockKind, Essay, Table
from corpus.language.text import fold
from corpus.search.period import take_period
from tests.support.small_archive import Archive, essay

TABLE, SPOKEN, WRITTEN, FRIDAY = "緯穎的財報", "大跌那天", "盤後筆記", "週五筆記"
FLIGHT = "星宇鳳凰城航線"
MARCH, JUNE, PROFITS = "央行三月理監事會", "央行六月理監事會", "前五月金控獲利排行"


def _table() -> Essay:
    cells = Table(("項目", "2025Q1", "2025Q2", "2025Q3"), (("毛利率", "8.4%", "8.9%", "9.2%"),))
    blocks = (Block(BlockKind.TEXT, "緯穎(6669)三季的財報。"), Block(BlockKind.TABLE, cells.text, table=cells))
    return Essay(TABLE, blocks, published=date(2025, 11, 12))


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(
        [
            _table(),
            essay(SPOKEN, "股市4月14日大跌，散戶恐慌賣出。", "2026-05-20"),
            essay(WRITTEN, "大盤收漲，量縮。台積電(2330)收在九百元。", "2026-04-14"),
            essay(FRIDAY, "大盤震盪。聯發科(2454)創高。", "2026-11-13"),
            essay(MARCH, "央行說利率不動，沒有升息。", "2026-03-20"),
            essay(JUNE, "央行兩位理事主張升息半碼。", "2026-06-19"),
            essay(PROFITS, "金控公布前五月自結盈餘，富邦金(2881)居冠。", "2026-06-10"),
            essay(FLIGHT, "星宇航空(2646)今年一月開航鳳凰城。", "2026-07-20"),
            *(essay(f"短評{n}", f"柿子一天比一天甜，第 {n} 攤排了幾個人。", f"2024-03-0{n + 1}") for n in range(6)),
        ]
    )


@pytest.mark.parametrize(
    "quarter", ["2025Q2", "2Q25", "2025 Q2", "114年第二季", "去年第二季", "2025年第2季", "2025年第二季"]
)
def test_a_quarter_is_what_a_column_speaks_of(archive: Archive, quarter: str) -> None:
    finding = archive.ask(f"緯穎 {quarter} 毛利率")
    assert (finding.outcome, finding.outside_period) == ("answer", False)
    assert "2025Q2：8.9%" in finding.hits[0].snippets[0].text


def test_another_quarter_is_no_answer(archive: Archive) -> None:
    assert archive.ask("緯穎 2024Q2 毛利率").outside_period


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("4/14的文章", WRITTEN),
        ("4月14日 台積電", WRITTEN),
        ("4/14 散戶", SPOKEN),
        ("上禮拜五的文章", FRIDAY),
        ("上週五 聯發科", FRIDAY),
        ("央行3月有升息嗎", MARCH),
        ("央行6月有升息嗎", JUNE),
        ("前5月金控誰居冠", PROFITS),
        ("星宇 2026年1月", FLIGHT),
    ],
)
def test_a_day_or_month_is_the_one_spoken_of_or_the_one_it_was_written_in(
    archive: Archive, question: str, title: str
) -> None:
    finding = archive.ask(question)
    assert (finding.hits[0].essay.title, finding.outside_period) == (title, False)


def test_the_quarter_of_an_undated_essay_may_be_any() -> None:
    told = essay("出貨的節奏", "廣達(2382)說第三季出貨三千台。")
    other = essay("機櫃的季節", "緯創(3231)說第三季淡，第四季旺。")
    assert Archive([told, other]).ask("廣達 2026Q4 出貨").outside_period


@pytest.mark.parametrize("typed", ["一個禮拜一次就好", "兩個星期五篇", "幾個禮拜一篇"])
def test_so_many_weeks_are_no_weekday(typed: str) -> None:
    assert take_period(fold(typed), date(2026, 11, 29)) == (None, fold(typed))


def test_the_essay_that_may_be_of_the_year_asked_about_goes_before_one_of_another() -> None:
    later = essay("中華電信離島備援上路", "中華電信(2412)的離島備援今年上路，離島優先，備援站有九百個。", "2026-09-24")
    asked = essay("天上的基地台", "馬祖的海纜斷裂。中華電信在2024年底完成離島的備援。", "2025-07-07")
    others = (essay(f"短評{n}", f"柿子一天比一天甜，第 {n} 攤排了幾個人。", f"2024-03-0{n + 1}") for n in range(6))
    assert Archive([later, asked, *others]).first("中華電信 離島備援 2024") == asked.title


def test_what_is_near_within_the_period_goes_before_what_is_of_another_time() -> None:
    archive = Archive(
        [
            essay("水冷板的價格", "水冷板的價格漲了一成，供給吃緊。", "2020-05-04"),
            essay("分歧管筆記", "水冷板要配分歧管。", "2026-10-20"),
            *(essay(f"短評{n}", f"柿子一天比一天甜，第 {n} 攤排了幾個人。", "2026-10-21") for n in range(6)),
        ]
    )
    near = archive.ask("最近三個月 水冷板 價格 供給")
    assert (near.outcome, near.outside_period, near.hits[0].essay_id) == ("choices", False, 2)


def test_what_is_covered_at_no_time_is_not_said_to_be_of_another(archive: Archive) -> None:
    finding = archive.ask("上週 太空電梯")
    assert (finding.outcome, finding.outside_period) == ("not_covered", False)
