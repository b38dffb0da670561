"""Questions as people type them, and the essay and sentence that answer."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Audience, Visibility
from corpus.search.period import take_period
from tests.support.small_archive import Archive, essay

SIC = "碳化矽為什麼貴:一片基板的十二道關卡"
COOLING = "機房不再吹風:散熱的下一個十年"
FOUNDRY = "晶圓代工的海外帳"
TWIN = "工廠的分身"
COFFEE = "一杯拿鐵的成本"
GRID = "變壓器訂單排到後年"
PHONE = "手機散熱的小生意"
MEMBERS = "車用記憶體的暗潮"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(
        [
            essay(
                SIC,
                """
                碳化矽的長晶速度每小時不到一公釐,所以基板一直供不應求。
                # 貴在哪裡
                目前一片八吋碳化矽基板約要六百美元,是同尺寸矽片的十倍。這還不包括切割時的損耗。
                # 誰在做
                環球晶(6488)與漢磊(3707)都投入多年,Wolfspeed則在重整後縮小規模。
                """,
                "2025-11-03",
                author="高以安",
                source="產業週記",
            ),
            essay(
                COOLING,
                """
                資料中心的機櫃功率越過一百千瓦之後,風扇就追不上了。
                # 為什麼非換不可
                因為空氣帶走熱的能力只有水的三千分之一,機櫃再密就必須改用液冷。
                # 誰受惠
                奇鋐(3017)與雙鴻(3324)的水冷板訂單已經排到明年第二季。
                液冷至少帶來三項好處:
                - 同樣的機房可以多放一倍的伺服器。
                - 電費每年省下大約百分之十五。
                - 噪音低到可以在機房裡說話。
                """,
                "2026-09-15",
            ),
            essay(
                FOUNDRY,
                """
                台積電(2330)在亞利桑那的第一座廠開始量產,折舊讓毛利率少了兩個百分點。
                英特爾(INTC)的代工部門還在找第一個大客戶,而聯發科(2454)只下了小單。
                # 封裝跟著出海
                共封裝光學的產線也會搬過去,博通(AVGO)是第一批客戶。
                """,
                "2026-10-20",
                author="林知遙",
            ),
            essay(
                TWIN,
                """
                數位分身是把一座工廠照樣搬進電腦裡的模型,可以先在裡面試過再動手。
                導入的難處在於資料散在各個部門,沒有人願意先交出來。
                """,
                "2024-05-02",
            ),
            essay(
                COFFEE,
                """
                一杯中杯拿鐵裡,咖啡豆只佔成本的一成,租金與人力合起來超過一半。
                星巴克(SBUX)在台灣靠的是門市位置,不是豆子。
                """,
                "2025-02-11",
            ),
            essay(GRID, "華城(1519)的變壓器訂單排到後年,瓶頸是矽鋼片與會繞線的師傅。", "2026-03-08"),
            essay(PHONE, "手機的均熱板越做越薄,散熱材料商靠手機吃飯的日子卻快要結束。手機品牌不願意多付錢。"),
            essay(
                MEMBERS,
                "車廠對記憶體的認證要兩年,一旦通過就不會換,所以報價跌的時候它最後跌。密語是藍色的鯨魚。",
                "2026-08-01",
                visibility=Visibility.MEMBERS,
                lead="車用記憶體為什麼總是最後才跌價?",
            ),
        ],
    )


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("碳化矽 基板", SIC),  # a topical phrase
        ("請問各位大大,碳化矽基板為什麼這麼貴啊🙏", SIC),  # a sentence with filler and emoji
        ("AI 機櫃 liquid cooling 概念股", COOLING),  # mixed, English for Chinese
        ("液冷 誰受惠", COOLING),
        ("ｃｐｏ 光學", FOUNDRY),  # full width; 共封裝光學 in the essay
        ("數位孿生 導入困難", TWIN),  # a word the essay does not use
        ("数字孪生", TWIN),  # Simplified
        ("台积电 亚利桑那", FOUNDRY),
        ("碳化系", SIC),  # homophones
        ("台機電 折舊", FOUNDRY),
        ("boradcom", FOUNDRY),  # misspelt Latin for 博通
        ("starbuks", COFFEE),
        ("護國神山 毛利率", FOUNDRY),  # nicknames
        ("發哥 下單", FOUNDRY),
        ("2330", FOUNDRY),  # codes
        ("$INTC", FOUNDRY),
        ("1519.TW", GRID),
        ("台積電 英特爾 CPO", FOUNDRY),  # several names at once
        ("silicon carbide price", SIC),
        ("transformer 訂單", GRID),
        ("高以安寫的", SIC),  # by author
        ("作者:林知遙", FOUNDRY),
        ("來源 產業週記 基板", SIC),
    ],
)
def test_people_find_the_essay_however_they_ask(archive: Archive, question: str, title: str) -> None:
    assert archive.first(question) == title


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("去年 碳化矽", SIC),
        ("2026 Q3 散熱", COOLING),
        ("最近三個月 台積電", FOUNDRY),
        ("2024年 工廠", TWIN),
        ("114年2月 咖啡", COFFEE),
    ],
)
def test_a_period_narrows_the_search(archive: Archive, question: str, title: str) -> None:
    finding = archive.ask(question)
    assert archive.essays[finding.hits[0].essay_id].title == title
    assert not finding.outside_period


def test_where_a_period_holds_nothing_the_rest_is_offered_as_from_other_times(archive: Archive) -> None:
    finding = archive.ask("上個月 咖啡豆 成本")
    assert finding.outside_period
    assert archive.essays[finding.hits[0].essay_id].title == COFFEE


def test_a_period_alone_lists_what_was_written_in_it(archive: Archive) -> None:
    assert archive.titles("去年的文章") == [SIC, COFFEE]


def test_what_is_not_wanted_stays_out(archive: Archive) -> None:
    assert PHONE in archive.titles("散熱")
    for question in ("散熱 不要手機", "散熱不要手機", "散熱 -手機", "除了手機以外 散熱"):
        assert archive.first(question) == COOLING
        assert PHONE not in archive.titles(question)


@pytest.mark.parametrize(
    "question",
    ["聯準會降息", "減肥藥 禮來", "世界盃 運彩", "玉山金 信用卡回饋", "配息 00940", "星巴克 罷工 工會 協商", "qwxz"],
)
def test_what_nobody_wrote_about_is_said_to_be_missing(archive: Archive, question: str) -> None:
    assert archive.ask(question).outcome == "not_covered"


def test_who_asks_for_nothing_but_what_he_does_without_asks_for_that(archive: Archive) -> None:
    assert archive.first("不含咖啡豆的成本") == COFFEE


def test_whether_or_not_is_no_word_of_the_subject(archive: Archive) -> None:
    assert archive.ask("變壓器會不會漲價").terms == archive.ask("變壓器漲價").terms


def test_a_run_that_no_dictionary_knows_is_asked_for_by_what_the_archive_holds_of_it(archive: Archive) -> None:
    assert archive.first("毛利率亞利桑") == FOUNDRY


def test_characters_that_make_no_word_by_themselves_are_asked_for_together(archive: Archive) -> None:
    assert archive.ask("鈷礦").terms == ("钴矿",)


def test_half_of_a_term_is_no_proof_of_the_term(archive: Archive) -> None:
    assert archive.ask("咖啡因").confidence < archive.ask("咖啡豆").confidence


def test_a_company_that_is_not_there_weighs_more_than_what_is_asked_of_it(archive: Archive) -> None:
    assert archive.ask("台積電 折舊").confidence > archive.ask("友達 折舊").confidence


def test_an_answer_in_a_group_takes_more(archive: Archive) -> None:
    questions = ["碳化矽", "台積電 罷工", "散熱 材料 補助", "咖啡 加盟", "手機 漲價", "變壓器 認證"]
    lax = [archive.ask(question).outcome == "answer" for question in questions]
    strict = [archive.ask(question, strict=True).outcome == "answer" for question in questions]
    assert all(a or not b for a, b in zip(lax, strict, strict=True))
    assert strict[0]
    assert archive.matcher.judge.strict > archive.matcher.judge.answer > archive.matcher.judge.choices


def test_half_a_question_covered_is_less_sure_than_all_of_it(archive: Archive) -> None:
    assert archive.ask("台積電 折舊").confidence > archive.ask("台積電 員工 分紅").confidence


def test_a_company_that_the_archive_never_names_is_not_covered_by_another(archive: Archive) -> None:
    assert archive.ask("寶雅 門市位置").outcome == "not_covered"


def test_a_side_of_the_subject_proves_less_than_the_subject(archive: Archive) -> None:
    assert archive.ask("口罩 訂單").confidence < archive.ask("變壓器 罷工").confidence


def test_a_thing_that_a_word_ends_in_belongs_to_the_word(archive: Archive) -> None:
    assert archive.ask("機器狗").terms == ("机器狗",)
    assert archive.ask("機器貴").terms == ("机器",)


def test_a_synonym_of_the_whole_term_is_found_where_a_part_of_it_is_not_enough(archive: Archive) -> None:
    assert archive.ask("數位孿生").outcome != "not_covered"
    assert archive.ask("數位人民幣").confidence < archive.ask("數位孿生").confidence


def test_a_guest_never_meets_what_is_for_members(archive: Archive) -> None:
    assert archive.first("車廠 認證") == MEMBERS
    finding = archive.ask("藍色的鯨魚 密語", Audience.GUEST)
    assert finding.outcome == "not_covered"
    assert all("鯨魚" not in snippet.text for hit in finding.hits for snippet in hit.snippets)
    [hit] = [
        h for h in archive.ask("車用記憶體 跌價", Audience.GUEST).hits if archive.essays[h.essay_id].title == MEMBERS
    ]
    assert [snippet.text for snippet in hit.snippets] == ["車用記憶體為什麼總是最後才跌價?"]


def test_an_index_hit_whose_essay_is_gone_is_no_hit(archive: Archive) -> None:
    nothing = archive.matcher.find("碳化矽", Audience.MEMBER, lambda ids: {}, today=date(2026, 11, 20))
    assert nothing.outcome == "not_covered"
    assert nothing.hits == ()


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "???!!!",
        "🙏📈🚀",
        "(",
        '"unbalanced AND (title:x OR',
        "title:* AND NOT body:[a TO z]^9~2",
        "碳化矽\x00\x00基板",
        "台積電\ud800",
        "\u202e散熱\u200b",
        "a" * 5000,
        "散熱" * 2500,
        "碳化矽的長晶速度每小時不到一公釐。" * 300,
        "-",
        "不要",
        "民國",
        "99999999999999999999",
        "近0天 散熱",
        "最近999年 散熱",
    ],
)
def test_no_question_is_too_odd_to_be_read(archive: Archive, question: str) -> None:
    finding = archive.ask(question)
    assert finding.outcome in ("answer", "choices", "not_covered")
    assert all(snippet.text for hit in finding.hits for snippet in hit.snippets)


def test_a_pasted_passage_finds_the_essay_it_is_from(archive: Archive) -> None:
    pasted = "因為空氣帶走熱的能力只有水的三千分之一,機櫃再密就必須改用液冷。" * 40
    assert archive.first(pasted) == COOLING


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("去年", "2025-01-01", "2025-12-31"),
        ("2025 q4", "2025-10-01", "2025-12-31"),
        ("2025年第四季", "2025-10-01", "2025-12-31"),
        ("q1 2026", "2026-01-01", "2026-03-31"),
        ("民国114年3月", "2025-03-01", "2025-03-31"),
        ("今年上半年", "2026-01-01", "2026-06-30"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("上一季", None, None),
        ("上季", "2026-07-01", "2026-09-30"),
        ("这周", "2026-11-16", "2026-11-22"),
        ("最近30天", "2026-10-21", "2026-11-20"),
        ("近两年", "2024-11-20", "2026-11-20"),
        ("2330", None, None),
        ("2035年", None, None),
        ("25q4", "2025-10-01", "2025-12-31"),
        ("4q25", "2025-10-01", "2025-12-31"),
        ("q4 25", "2025-10-01", "2025-12-31"),
        ("114年 液冷", "2025-01-01", "2025-12-31"),
        ("110年老店", None, None),
        ("昨天", "2026-11-19", "2026-11-19"),
        ("114年第二季", "2025-04-01", "2025-06-30"),
        ("去年q4", "2025-10-01", "2025-12-31"),
        ("今年以来", "2026-01-01", "2026-12-31"),
        ("近三个月", "2026-08-22", "2026-11-20"),
        ("前五月", "2026-01-01", "2026-05-31"),
        ("前三季", "2026-01-01", "2026-09-30"),
        ("上礼拜五", "2026-11-13", "2026-11-13"),
        ("周三", "2026-11-18", "2026-11-18"),
        ("星期六", "2026-11-14", "2026-11-14"),
        ("每周三班", None, None),
        ("周一到周五", None, None),
        ("4/14", "2026-04-14", "2026-04-14"),
        ("12月3日", "2025-12-03", "2025-12-03"),
        ("2026/4/14", "2026-04-14", "2026-04-14"),
        ("4/10到4/20", "2026-04-10", "2026-04-20"),
        ("2/30", None, None),
        ("3月", "2026-03-01", "2026-03-31"),
        ("十二月盘价", "2025-12-01", "2025-12-31"),
        ("3个月", None, None),
        ("月线", None, None),
    ],
)
def test_a_period_is_read_as_people_mean_it(text: str, first: str | None, last: str | None) -> None:
    period, _ = take_period(text, date(2026, 11, 20))
    found = (period.first.isoformat(), period.last.isoformat()) if period else (None, None)
    assert found == (first, last)


def test_synonyms_that_moderators_add_are_used() -> None:
    texts = [essay(COOLING, "奇鋐的水冷板訂單已經排到明年第二季。"), essay(GRID, "變壓器訂單排到後年。")]
    assert Archive(texts).ask("冰鎮大法").outcome == "not_covered"
    assert Archive(texts, ["冰鎮大法 = 水冷板"]).first("冰鎮大法") == COOLING


def test_archives_of_the_same_words_share_what_reads_their_questions() -> None:
    reader = Archive([]).matcher.reader
    assert Archive([]).matcher.reader is reader
    assert Archive([], ["冰鎮大法 = 水冷板"]).matcher.reader is not reader


@pytest.mark.parametrize("word", ["變貴", "缺貨", "展望", "財報", "庫存"])
def test_an_essay_about_a_company_is_offered_for_a_side_of_it_that_it_does_not_speak_of(
    archive: Archive, word: str
) -> None:
    finding = archive.ask(f"華城 {word}")
    assert finding.outcome != "not_covered"
    assert finding.hits[0].essay.title == GRID


def test_a_company_named_in_passing_is_not_offered_for_what_is_not_said_of_it(archive: Archive) -> None:
    assert archive.ask("Wolfspeed 財報").outcome == "not_covered"


def test_another_thing_is_not_answered_by_the_company_alone(archive: Archive) -> None:
    assert archive.ask("華城 離岸風場").outcome != "answer"
