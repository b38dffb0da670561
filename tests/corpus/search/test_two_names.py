"""Who asks about two companies is shown the essay that has both, or one for each."""

from __future__ import annotations

import pytest

from tests.support.small_archive import Archive, essay

BOTH = "長榮與陽明怎麼看復航"
FREIGHT = "陽明的運價與船隊"
CHIPS = "群聯的庫存循環"
PANELS = "友達的車用面板"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(
        [
            essay(BOTH, "長榮(2603)說復航要看保險,陽明(2609)說要看引水。兩家對運價的看法都保守。"),
            essay(FREIGHT, "陽明(2609)的運價一季跌了三成,陽明的運價合約占六成,船隊的運價要等旺季。"),
            essay(CHIPS, "群聯(8299)的庫存還要兩季才會去化完,群聯的庫存天數仍高於同業。"),
            essay(PANELS, "友達(2409)的車用面板庫存偏低,友達的庫存天數只剩一個月。"),
            *(essay(f"短評{n}", f"市場裡的柿子一天比一天甜,第 {n} 攤排了 4 個人。") for n in range(6)),
        ],
    )


def test_the_essay_that_has_both_leads(archive: Archive) -> None:
    finding = archive.ask("陽明 長榮 運價")
    assert finding.hits[0].essay.title == BOTH
    assert not finding.apart


def test_where_none_has_both_each_is_shown(archive: Archive) -> None:
    finding = archive.ask("群聯跟友達的庫存")
    assert [hit.essay.title for hit in finding.hits] == [CHIPS, PANELS]
    assert finding.apart == ("群联", "友达")


@pytest.mark.parametrize("question", ["群聯 8299 庫存", "群聯跟瑞昱的庫存"])
def test_one_company_under_two_names_or_beside_one_that_nobody_wrote_of_is_one(archive: Archive, question: str) -> None:
    assert not archive.ask(question).apart
