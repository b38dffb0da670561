"""What people ask about a theme, told through the front door."""

from __future__ import annotations

import re

import pytest

from tests.support.phones import Cast, Phone


@pytest.mark.parametrize(
    "typed", ["主題 散熱", "#散熱", "＃散熱", "主題散熱", "#液冷", "theme cooling", "主題 散熱/液冷"]
)
def test_a_theme_is_called_by_any_of_its_names(chat: Phone, typed: str) -> None:
    assert chat(typed).text.startswith("散熱液冷")


@pytest.mark.parametrize(
    ("typed", "name"), [("#5G", "5G 與電信"), ("#CPO", "矽光子 CPO"), ("#cpo", "矽光子 CPO"), ("#硅光子", "矽光子 CPO")]
)
def test_a_hashtag_is_a_theme(chat: Phone, typed: str, name: str) -> None:
    assert chat(typed).text.startswith(name)


@pytest.mark.parametrize(
    ("typed", "name"), [("散熱", "散熱液冷"), ("液冷", "散熱液冷"), ("记忆体", "記憶體"), ("CPO?", "矽光子 CPO")]
)
def test_the_word_of_a_theme_alone_gives_its_digest(chat: Phone, typed: str, name: str) -> None:
    assert chat(typed).text.startswith(name)


def test_what_a_theme_is_made_of_is_searched_for(chat: Phone) -> None:
    assert "關鍵字：HBM" in chat("HBM")
    assert "關鍵字：散熱" in chat("找 散熱")


def test_in_a_group_the_word_of_a_theme_gives_one_passage(cast: Cast) -> None:
    assert "關鍵字：散熱" in cast.in_group()("羅盤 散熱")


def test_a_theme_says_what_is_new_and_who_is_in_it(chat: Phone) -> None:
    heard = chat("主題 先進封裝")
    assert re.search(r"\d+ 篇文章，最新 2026/09/14〈先進封裝不再只有一條路", heard.text)
    assert re.search(r"提到：.*台積電", heard.text)
    assert "文章原文摘錄，非投資建議" in heard


def test_an_undated_essay_is_never_the_newest(chat: Phone) -> None:
    heard = chat("主題 零售")
    assert "篇文章" in heard
    assert "最新" not in heard


def test_the_newest_essay_speaks_first_and_the_undated_last(chat: Phone) -> None:
    told = re.findall(r"^(\d{4}/\d\d/\d\d|日期未標示)", chat("主題 CPO").text, re.MULTILINE)
    dated = [day for day in told if day[0] == "2"]
    assert len(dated) > 1
    assert dated == sorted(dated, reverse=True)
    assert told == dated + ["日期未標示"] * (len(told) - len(dated))


def test_no_essay_speaks_more_than_twice(chat: Phone) -> None:
    heard = chat("主題 電力")
    for passages in re.split(r"^(?:\d{4}/\d\d/\d\d|日期未標示).*$", heard.text, flags=re.MULTILINE)[1:]:
        assert len([line for line in passages.splitlines() if line.endswith("。")]) <= 2


def test_more_and_related_essays_go_on_from_a_theme(chat: Phone) -> None:
    first = chat("主題 先進封裝")
    more = chat.press(first, "更多")
    assert "先進封裝" in more
    assert more.text != first.text
    listed = chat.press(first, "相關文章")
    assert "第 1 篇" in listed
    assert "閱讀全文" in listed.actions


def test_a_theme_is_subscribed_to_from_its_digest(chat: Phone) -> None:
    chat.press(chat("#散熱"), "訂閱")
    assert "散熱液冷" in chat("我的訂閱")


def test_the_list_tells_counts_and_freshness_and_opens_a_theme(chat: Phone) -> None:
    heard = chat("主題")
    assert re.search(r"#先進封裝\n\d+ 篇，2026/09", heard.text)
    assert chat("1").text.startswith(re.match(r"主題\n1\. #(.+)", heard.text)[1])  # type: ignore[index]


def test_the_list_turns_over(chat: Phone) -> None:
    first = chat("主題")
    assert not set(re.findall(r"#.+", chat("更多").text)) & set(re.findall(r"#.+", first.text))


def test_a_word_that_names_no_theme_is_searched_for(chat: Phone) -> None:
    assert "變壓器" in chat("#變壓器")
    assert "還沒寫到" in chat("#鈉離子電池回收補貼")


def test_a_known_theme_without_essays_offers_to_tell(chat: Phone) -> None:
    heard = chat("主題 量子電腦")
    assert "還沒有文章" in heard
    assert "記下了" in chat.press(heard, "有文章再通知我")


def test_a_group_hears_a_theme_only_when_it_calls(cast: Cast) -> None:
    crowd = cast.in_group()
    assert crowd("#散熱").silent
    assert "散熱液冷" in crowd("羅盤 #散熱")
    crowd("羅盤 主動幫忙")
    assert "5G 與電信" in crowd("#5G")
