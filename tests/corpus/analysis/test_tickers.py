"""Which securities a text names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.tickers import Named, scan, suspicious
from corpus.lexicon.securities import Lexicon

PAGES = Path(__file__).parents[2] / "data" / "pages_tickers"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def by_code(text: str, lexicon: Lexicon) -> dict[str, Named]:
    return {named.security.code: named for named in scan(text, lexicon)}


@pytest.mark.parametrize(
    ("text", "code", "mention"),
    [
        ("看好台積電(2330)擴產", "2330", "台積電(2330)"),
        ("看好 台積電 ( 2330 ) 擴產", "2330", "台積電 ( 2330 )"),
        ("轉單世芯-KY(3661)", "3661", "世芯-KY(3661)"),
        ("通路商威健（3033）庫存", "3033", "威健（3033）"),
        ("(2330-TW) 台積電今天除息", "2330", "(2330-TW) 台積電"),
        ("加碼 2330.TW 的理由", "2330", "2330.TW"),
        ("世界先進(5347.TWO)", "5347", "世界先進(5347.TWO)"),
        ("抱著 $NVDA 不放", "NVDA", "$NVDA"),
        ("抱著＄ＮＶＤＡ不放", "NVDA", "＄ＮＶＤＡ"),
        ("美股:NVIDIA(NVDA)創高", "NVDA", "NVIDIA(NVDA)"),
        ("輝達(NASDAQ: NVDA)創高", "NVDA", "輝達(NASDAQ: NVDA)"),
        ("超微(AMD-US)上漲", "AMD", "超微(AMD-US)"),
        ("CoreWeave ( CRWV ) 擴建機房", "CRWV", "CoreWeave ( CRWV )"),
        ("波克夏(BRK.B)的現金", "BRK-B", "波克夏(BRK.B)"),
        ("騰訊(00700.HK)回購", "0700", "騰訊(00700.HK)"),
        ("700.HK 領跌", "0700", "700.HK"),
        ("台積電(TSM)的美國存託憑證", "TSM", "(TSM)"),
        ("標的:3661 世芯-KY", "3661", "3661 世芯-KY"),
        ("2317鴻海 今天爆量", "2317", "2317鴻海"),
        ("我只買 00878 和定存", "00878", "00878"),
        ("#台股 #2330 #存股", "2330", "2330"),
        ("【2303】聯電", "2303", "【2303】聯電"),
        ("智邦 (2345 TT) 目標價上修", "2345", "智邦 (2345 TT)"),
        ("輝達(NVDA US)創高", "NVDA", "輝達(NVDA US)"),
        ("線上券商羅賓漢(HOOD)的客戶", "HOOD", "(HOOD)"),
        ("每月買0050,006208,各五千", "006208", "006208"),
    ],
)
def test_a_code_is_found_in_every_way_it_is_written(text: str, code: str, mention: str, lexicon: Lexicon) -> None:
    named = by_code(text, lexicon)[code]
    assert named.explicit
    assert named.mentions[0].text == mention


@pytest.mark.parametrize(
    "text",
    [
        "熱設計功耗(TDP)再創新高",
        "不斷電系統(UPS)與儲能系統(Energy Storage System, ESS)",
        "商品交易總額(GMV)、人工智慧(AI)、雲端服務商( CSP )、國際能源署(IEA)",
        "小型模組化反應爐(Small Modular Reactors, SMR)與高頻寬記憶體(HBM)",
        "基金管理公司(FMC)與國內生產毛額(GDP)",
        "美國地質調查局(USGS)與通用場景描述(USD)",
        "固網寬頻的 IT 與 OT,ALL IN 一檔 or 分散?",
        "2025年、2030 年與 2012年的 3000片、6470億、2,330 元,專線1955",
        "營收(3373)億元",
        "元宇宙(Metaverse)與研究機構Dell’Oro集團",
        "TikTok Shop 與 ONE BOY 聯名",
    ],
)
def test_an_abbreviation_a_year_and_a_quantity_are_no_codes(text: str, lexicon: Lexicon) -> None:
    assert scan(text, lexicon) == []


@pytest.mark.parametrize(
    "text",
    [
        "向全球大量供應,為全新的典範,走向世界",
        "注意力成為貨幣,人力成本高,跨國巨頭壟斷",
        "東南亞與西南亞的新興產業,結合機器學習,等國建立合作",
        "檢索增強生成與平台化,中國眾多城市,在迷霧中航行",
        "統一發票中獎,中興大學校友,住在信義區,爬阿里山",
        "隱形冠軍以精湛的工藝帶來巨大成長,極大地改變全國",
        "主辦人李建榮與陳志聖到場",
        "再生能源是未來,綠電供應不足,新零售則是口號",
        "住在裕民街的人看的是那個最致命的數字",
    ],
)
def test_an_ordinary_word_is_not_the_company_of_that_name(text: str, lexicon: Lexicon) -> None:
    assert scan(text, lexicon) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PCB 鑽孔機廠大量股價攻上漲停", "3167"),
        ("聯電、世界與力積電同步調升報價", "5347"),
        ("統一董事長談併購", "1216"),
        ("電解銅箔廠金居漲幅最大,玻纖布廠德宏第三季毛利居次", "5475"),
        ("至於南亞今年第三季營收回升", "1303"),
        ("可成董事會通過庫藏股", "2474"),
    ],
)
def test_an_ordinary_word_is_a_name_where_there_is_a_reason(text: str, code: str, lexicon: Lexicon) -> None:
    assert code in by_code(text, lexicon)


def test_names_in_two_paragraphs_make_no_row(lexicon: Lexicon) -> None:
    assert set(by_code("地面設備的隱形冠軍\n\n昇達科(3491)的微波元件賣到海外。", lexicon)) == {"3491"}


def test_whose_picture_it_is_is_not_what_the_text_is_about(lexicon: Lexicon) -> None:
    assert not by_code("Photo: Shutterstock\n東京債市急跌。", lexicon)["SSTK"].subject


def test_the_same_word_can_be_both_in_one_essay(lexicon: Lexicon) -> None:
    text = "需求大量湧現,大量( 3167 )接單滿載。廠商大量採購之際,大量今年擴產。"
    mentions = by_code(text, lexicon)["3167"].mentions
    assert [(mention.start, mention.text) for mention in mentions] == [(7, "大量( 3167 )"), (31, "大量")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("索尼與佳能瓜分相機市場", {"6758", "7751"}),
        ("光學廠佳能(2374)打入供應鏈,佳能第三季獲利創高", {"2374"}),
        ("惠普與戴爾調高售價", {"HPQ", "DELL"}),
        ("強生(4747)入股健亞(4130),強生強調看好", {"4747", "4130"}),
    ],
)
def test_of_namesakes_the_code_in_the_text_decides(text: str, codes: set[str], lexicon: Lexicon) -> None:
    assert set(by_code(text, lexicon)) == codes


def test_a_wrong_code_is_reported_and_the_name_wins(lexicon: Lexicon) -> None:
    text = "首季由台積電(2303)領軍"
    assert set(by_code(text, lexicon)) == {"2330"}
    (suspicion,) = suspicious(text, lexicon)
    assert (suspicion.name, suspicion.code, suspicion.expected) == ("台積電", "2303", "2330")
    assert text[suspicion.start : suspicion.end] == suspicion.text == "台積電(2303)"


def test_a_right_code_is_not_suspicious(lexicon: Lexicon) -> None:
    assert suspicious("台積電(2330)、台積電(TSM)與富邦那斯達克(00662)", lexicon) == []


def test_who_only_reports_is_not_what_the_text_is_about(lexicon: Lexicon) -> None:
    text = "高盛證券將目標價調升至52元,根據顧能的統計,瑞銀則認為短期有限,聯電因此上漲。"
    subjects = {code: named.subject for code, named in by_code(text, lexicon).items()}
    assert subjects == {"GS": False, "IT": False, "UBS": False, "2303": True}


@pytest.mark.parametrize("text", ["高盛第三季獲利創新高", "瑞銀集團(UBS)指出市場回溫", "富邦金獲利王換人"])
def test_a_bank_that_is_written_about_is_the_subject(text: str, lexicon: Lexicon) -> None:
    assert all(named.subject for named in scan(text, lexicon))
    assert scan(text, lexicon)


def test_a_product_is_weak_evidence_and_does_not_count_beside_its_company(lexicon: Lexicon) -> None:
    assert by_code("剪輯後上傳 YouTube 頻道", lexicon)["GOOGL"].weak
    google = by_code("Google 把 YouTube 與 Android 綁在一起", lexicon)["GOOGL"]
    assert not google.weak
    assert [mention.text for mention in google.mentions] == ["Google"]
    assert [mention.text for mention in google.products] == ["YouTube", "Android"]


def test_a_product_in_a_row_of_companies_stands_for_its_company(lexicon: Lexicon) -> None:
    assert not by_code("由Google、Facebook、亞馬遜等巨頭主導", lexicon)["META"].weak


def test_a_nickname_counts_only_beside_its_company(lexicon: Lexicon) -> None:
    assert scan("這波真的 GG 了", lexicon) == []
    assert len(by_code("台積電開高,GG 又創高", lexicon)["2330"].mentions) == 2


def test_simplified_and_mainland_names_are_the_same_companies(lexicon: Lexicon) -> None:
    assert set(by_code("英伟达、台积电与联发科联手,臺積電擴產", lexicon)) == {"NVDA", "2330", "2454"}


def test_a_name_with_its_other_name_in_brackets_is_one_mention(lexicon: Lexicon) -> None:
    (named,) = scan("難以與輝達（NVIDIA）競爭", lexicon)
    assert [mention.text for mention in named.mentions] == ["輝達（NVIDIA）"]


def test_an_alias_added_at_run_time_is_found() -> None:
    lexicon = Lexicon.load([("老AI王", "2382")])
    assert set(by_code("老AI王又漲了", lexicon)) == {"2382"}


_FRAGMENTS = [
    "台積電",
    "(2330)",
    " ( NVDA ) ",
    "𠮷",
    "大量",
    "、",
    "。",
    "\n",
    "YouTube",
    "臺",
    "2025年",
    "$AMD",
    "（",
    "）",
    "é",
    "İ",
    "０",
    "GG",
    "2330.TW",
]


@given(st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=4), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_every_span_is_exact_whatever_the_text(text: str) -> None:
    for named in scan(text, Lexicon.load()):
        ends = [0]
        for mention in named.mentions:
            assert text[mention.start : mention.end] == mention.text
            assert ends[-1] <= mention.start < mention.end
            ends.append(mention.end)


def _pages() -> dict[str, dict[str, set[str]]]:
    labels: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"found": set(), "may": set(), "never": set()})
    for line in (PAGES / "labels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        page, must, codes = line.split("\t")
        labels[page][must] |= set(codes.split())
    return labels


@pytest.mark.parametrize(("numeric", "exchanges"), [(True, {"TWSE", "TPEX"}), (False, {"NASDAQ", "NYSE", "CBOE"})])
def test_pages_of_other_kinds_are_read_well(numeric: bool, exchanges: set[str], lexicon: Lexicon) -> None:
    """F1 over the securities of one market on all pages; a page's `may` counts neither way."""
    right = wrong = missed = 0
    for page, must in _pages().items():
        named = scan((PAGES / f"{page}.txt").read_text(encoding="utf-8"), lexicon)
        found = {n.security.code for n in named if n.subject and not n.weak and n.security.exchange in exchanges}
        wanted = {code for code in must["found"] if code[0].isdigit() == numeric}
        right += len(found & wanted)
        wrong += len(found - must["found"] - must["may"])
        missed += len(wanted - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.98


@pytest.mark.parametrize("page", sorted(_pages()))
def test_no_trap_of_a_page_is_taken(page: str, lexicon: Lexicon) -> None:
    text = (PAGES / f"{page}.txt").read_text(encoding="utf-8")
    assert not _pages()[page]["never"] & set(by_code(text, lexicon))


def _lines() -> Iterator[tuple[str, set[str], str]]:
    for line in (PAGES / "lines.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        kind, codes, text = line.split("\t")
        yield kind, set(codes.split()), text.replace("\\n", "\n")


def _named(text: str, lexicon: Lexicon) -> set[str]:
    suffix = {"HKEX": ".HK", "KRX": ".KS", "TSE": ".T"}
    found = [named.security for named in scan(text, lexicon) if named.subject and not named.weak]
    return {security.code + suffix.get(security.exchange, "") for security in found}


def test_short_texts_of_many_kinds_name_whom_a_reader_would_name(lexicon: Lexicon) -> None:
    wanted = missed = wrong = 0
    for _, codes, text in _lines():
        found = _named(text, lexicon)
        wanted, missed = wanted + len(codes), missed + len(codes - found)
        wrong += len(found - codes) if codes else 0
    assert wanted > 250
    assert missed / wanted <= 0.02
    assert wrong / wanted <= 0.02


def test_hardly_a_trap_of_many_kinds_is_taken(lexicon: Lexicon) -> None:
    traps = [(kind, text, _named(text, lexicon)) for kind, codes, text in _lines() if not codes]
    taken = [(kind, text, found) for kind, text, found in traps if found]
    assert len(traps) > 300
    assert len(taken) / len(traps) <= 0.02, taken


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2330-TW", "2330"),
        ("2330 TT", "2330"),
        ("2330.tw", "2330"),
        ("TPE:2330", "2330"),
        ("TWSE: 2330", "2330"),
        ("２３３０－ＴＷ", "2330"),
        ("NVDA US", "NVDA"),
        ("nvda-us", "NVDA"),
        ("NASDAQ:NVDA", "NVDA"),
        ("BRK.B", "BRK-B"),
        ("BRK/B", "BRK-B"),
        ("BRK.A", "BRK-B"),
        ("GOOG", "GOOGL"),
        ("9988", "BABA"),
        ("9988.HK", "BABA"),
        ("HKG:9988", "BABA"),
        ("0700", "0700"),
        ("700.HK", "0700"),
        ("2881A", "2881A"),
        ("富邦金甲特", "2881A"),
        ("中信金乙特", "2891B"),
        ("6555", "6555"),
        ("亞果生醫", "6748"),
    ],
)
def test_a_security_is_known_by_every_way_to_write_its_code(typed: str, code: str, lexicon: Lexicon) -> None:
    assert [security.code for security in lexicon.resolve(typed)] == [code]


def test_two_classes_of_a_share_are_one_company(lexicon: Lexicon) -> None:
    assert _named("Alphabet(GOOG)與 Alphabet(GOOGL)", lexicon) == {"GOOGL"}


def test_a_preferred_share_is_not_the_common_one(lexicon: Lexicon) -> None:
    assert _named("富邦金甲特(2881A)除息,富邦金乙特今天收平", lexicon) == {"2881A", "2881B"}
