"""Who asks for a figure wants one of its kind beside what is asked about."""

from __future__ import annotations

import pytest

from corpus.language.text import fold
from corpus.search.confidence import Evidence
from corpus.search.figures import asked_figure
from tests.support.small_archive import Archive, essay


@pytest.mark.parametrize(
    ("question", "figure", "other"),
    [
        ("疫苗賣多少錢", "每劑 1,200 元", "接種了 300 人"),
        ("海峽一天過多少桶油", "兩千萬桶", "衝到 114.3 美元"),
        ("酒駕幾件", "共 5 萬 6303 件", "罰 2400 元"),
        ("委員有幾人", "20 位委員", "20 年"),
        ("毛利率多少", "毛利率 33.1%", "第 3 季"),
        ("成長幾趴", "年增兩成", "兩家"),
        ("什麼時候除息", "7 月 16 日", "殖利率 5%"),
        ("燕軍哪一天入關", "十月廿一入關", "兩萬人"),
        ("要等多久", "還要兩年", "兩萬人"),
    ],
)
def test_each_kind_is_read_by_its_unit(question: str, figure: str, other: str) -> None:
    reads = asked_figure(fold(question))
    assert reads is not None
    assert reads.search(fold(figure))
    assert not reads.search(fold(other))


@pytest.mark.parametrize("question", ["目標價 怎麼看", "哪幾家公司受惠", "幾乎都漲的原因", "加州理工得了什麼獎"])
def test_what_asks_for_no_figure(question: str) -> None:
    assert asked_figure(fold(question)) is None


def test_a_figure_counts_where_it_stands_beside_what_is_asked_about() -> None:
    archive = Archive(
        [
            essay("疫苗的審查", "莫德納的疫苗還在審查。法人都在等結果。\n另一家的口罩一片賣 5 元。"),
            essay("血糖機", "血糖機一台賣 1,200 元。\n診所說病人不多。"),
        ],
    )
    there, away = (Evidence.of(archive.ask(q).hits[0].reading) for q in ("血糖機賣多少錢", "莫德納疫苗賣多少錢"))
    assert there.figure == 1.0
    assert away.figure < 0.5
    assert Evidence.of(archive.ask("莫德納疫苗 審查").hits[0].reading).figure == 1.0
