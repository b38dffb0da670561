"""However a word, a model, a number or a name is written, it is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.language.segment import DEED
from corpus.language.text import fold, fold_with_places
from corpus.search.confidence import Evidence
from corpus.search.finding import Finding
from corpus.search.labelled import matcher_over, numbered, reader_of
from tests.support.small_archive import segmenter

OTHERS = ("天氣轉涼以後，市場裡的柿子一天比一天甜。", "老街的麵店下個月要搬到對面，座位多了一倍。")


def ask(folder: Path, question: str, *texts: str) -> Finding:
    """Ask an archive of `texts` and of two that are about nothing asked here."""
    essays = numbered([Essay(f"短評{n}", (Block(BlockKind.TEXT, text),)) for n, text in enumerate((*texts, *OTHERS))])
    matcher = matcher_over(essays, folder / "index")
    return matcher.find(question, Audience.GUEST, reader_of(essays), today=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("下一代記憶體是 HBM4，散熱更難。", "HBM 4"),
        ("機櫃改用 GB 200 之後，耗電翻倍。", "GB200"),
        ("新路由器支援 Wi-Fi 6E，價格下滑。", "WiFi6E"),
        ("空軍採購 F-16 的零件。", "F16"),
        ("單月賣出 3,480 台。", "3480台"),
        ("交換器升級到 400 G，光模組跟著換。", "400G"),
        ("毛利率升到 41.7%，創新高。", "41.7%"),
        ("GPT-5.5 上線，推論成本再降。", "GPT5.5"),
        ("外包商用 C# 改寫系統。", "C#"),
        ("公司宣布新藥進入第Ⅱ期臨床。", "II期臨床"),
        ("減少 CO₂ 排放要花錢。", "CO2"),
        ("⾦融業的資安支出增加。", "金融業"),
        ("國巨集團併購德國感測器廠。", "國巨 德國"),
        ("記憶體調整合約價，現貨跟漲。", "合約價"),
        ("外匯出現大幅波動。", "外匯"),
        ("這家公司的核心競爭力是良率。", "核心競爭力"),
        ("企業改用雲端的軟體，授權費下降。", "软件授权费"),
        ("上游的銅價漲得比鋁價快。", "銅還會漲嗎"),
        ("3Q25 的訂單能見度到年底。", "Q3 訂單"),
        ("授權漲價的是 Microsoft 365 的企業方案。", "M365 漲價"),
        ("NVDA 第三季的訂單又創新高。", "NVDAQ3"),
        ("拿鐵賣得比美式好。", "拿鐵斷貨"),
        ("拿鐵賣得比美式好。", "拿鐵還能撐多久"),
        ("各國的電網都要用銅。", "銅暴漲"),
        ("航空公司最怕的是油。", "油大漲"),
        ("抖音的短影音在台灣流行。", "抖音變高"),
        ("科技巨頭的資本支出加起來破七千億。", "那幾家大咖的資本支出"),
        ("這檔案例說明融券的風險。", "案例"),
        ("聯電與英特爾合作的12奈米平台後年投產。", "UMC intel 12nm"),
        ("輝達提出800伏特的直流架構。", "NVDA 800V"),
        ("單顆功耗升到1,200瓦。", "1200W"),
    ],
)
def test_either_spelling_finds_the_other(tmp_path: Path, written: str, asked: str) -> None:
    finding = ask(tmp_path, asked, written)
    assert finding.outcome != "not_covered"
    assert finding.hits[0].essay.body == written


def test_a_folded_text_knows_where_each_of_its_characters_stood() -> None:
    written = "第Ⅲ期的 HBM 4 賣出 1,250 片（含 Wi-Fi 7）"
    folded = fold_with_places(written)
    assert folded.text == fold(written) == "第iii期的hbm4卖出1250片(含wifi7)"
    start = folded.text.index("1250")
    assert written[slice(*folded.span(start, start + 4))] == "1,250"


def test_a_name_written_by_its_sound_is_read_inside_a_longer_question(tmp_path: Path) -> None:
    finding = ask(tmp_path, "連發科研發費用占多少", "聯發科把研發費用拉高到營收的三成。")
    assert finding.outcome == "answer"


def test_no_name_is_heard_or_read_across_words(tmp_path: Path) -> None:
    finding = ask(tmp_path, "台灣答應投資美國多少錢", "台灣承諾對美國投資兩千億美元。")
    assert {"台湾", "投资"} <= set(finding.terms)
    assert "股价" in ask(tmp_path, "興業銀行股價", "興業銀行的股價跌了。").terms


@pytest.mark.parametrize("question", ["除了華為還有誰做交換器", "除了華為，還有哪些公司做交換器？"])
def test_who_asks_for_others_beside_a_company_is_shown_the_essay_that_names_it(tmp_path: Path, question: str) -> None:
    written = "做交換器的除了華為，還有思科、智邦與 Arista。"
    assert ask(tmp_path, question, written).hits[0].essay.body == written


@pytest.mark.parametrize(
    "word", ["變高", "突然變高", "爆單", "斷貨", "踩雷", "優缺點", "怎麼辦", "會不會崩", "幾塊", "卡在哪", "主要看哪"]
)
def test_what_may_be_said_of_anything_does_not_sink_a_subject(tmp_path: Path, word: str) -> None:
    written = "緯穎的毛利率在第三季到了一成二，靠的是客製化機櫃。"
    assert ask(tmp_path, f"緯穎毛利率{word}", written).outcome != "not_covered"


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [("于初 县所 将其", 0.1, 0.5), ("何年 哪国 几成", 0.0, 0.1), ("哪吒 何鸿燊 以太坊 真君庙 袁彭年", 1.0, 1.0)],
)
def test_a_wrong_cut_and_a_word_of_asking_tell_less_than_a_name(words: str, least: float, most: float) -> None:
    assert all(least <= segmenter().telling(word) <= most for word in words.split())


def test_a_word_of_asking_is_no_part_of_a_name_that_is_misheard(tmp_path: Path) -> None:
    asked = ask(tmp_path, "乞伏熾的父親是誰", "這面旗子是赤的。乞伏的父親住在山上。")
    assert asked.terms == ("乞伏", "父亲")


@pytest.mark.parametrize("asked", ["許多人在哪一個朝代之後逃到廣東", "許多人在什麼朝代之後逃到廣東"])
def test_what_kind_of_thing_is_asked_for_need_not_be_named_by_the_answer(tmp_path: Path, asked: str) -> None:
    found = ask(tmp_path, asked, "唐亡之後，許多人逃到廣東，留在珠江三角洲。")
    assert {term.typed: term.word.telling for term in found.hits[0].reading.wanted}["朝代"] < DEED
    assert ask(tmp_path, "為什麼朝代更替", "唐亡之後，朝代更替得很快。").outcome == "answer"


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("圜丘壇於何年建成", ("圜丘坛", "建成")),
        ("天壇是由哪一個人所建立的", ("天坛", "建立")),
        ("麵店在哪條老街", ("面店", "老街")),
        ("0056跟00878配息差在哪", ("0056", "00878", "配息")),
    ],
)
def test_what_asks_is_no_part_of_the_word_before_or_behind_it(
    tmp_path: Path, asked: str, terms: tuple[str, ...]
) -> None:
    assert ask(tmp_path, asked, "圜丘壇建成了。天壇建立了。").terms == terms


def test_a_title_in_quotation_marks_is_asked_for_whole(tmp_path: Path) -> None:
    of_another = ask(tmp_path / "a", "《使琉球錄》的作者", "去過琉球的作者不少。")
    assert of_another.terms == ("琉球", "使琉球录", "作者")
    assert of_another.confidence < ask(tmp_path / "b", "《使琉球錄》的作者", "使琉球錄的作者不少。").confidence


def test_what_the_essay_lacks_is_told_by_its_rarest_word_by_the_number_of_words_and_by_the_phrases(
    tmp_path: Path,
) -> None:
    held = ask(tmp_path / "a", "柿子園 颱風", "去年的颱風吹壞了柿子園。").evidence
    lacking = ask(tmp_path / "b", "柿子園 颱風", "去年的颱風吹壞了屋頂。").evidence
    assert held is not None
    assert lacking is not None
    assert (held.strange, held.words) == (0.0, 1.0)
    assert lacking.strange > lacking.words == 0.5
    together, apart = "特種化工新材料的工廠蓋好了。", "新的材料和特種的化工廠。"
    found = ask(tmp_path / "c", "特種化工新材料", together, apart)
    assert [Evidence.of(hit.reading).phrases for hit in found.hits] == [1.0, 0.0]


def test_a_word_that_anything_has_is_no_subject_that_is_offered_for_lack_of_the_rest(tmp_path: Path) -> None:
    people = "人來人往的老街上，人比車多，做生意的人也多。"
    assert ask(tmp_path, "曾炯是什麼地方人", people).outcome == "not_covered"


def test_a_thing_that_is_not_there_is_not_answered_by_its_company(tmp_path: Path) -> None:
    written = "緯穎的毛利率在第三季到了一成二，靠的是客製化機櫃。"
    assert ask(tmp_path, "緯穎 員工宿舍 地震", written).outcome != "answer"
