"""The gallery page's messages: every kind that the bot can send, with plain, long and hostile content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.messages import messages
from corpus.essay import Block, BlockKind, Essay
from corpus.search.snippets import Snippet
from handlers.answer import (
    Answer,
    Button,
    Choice,
    Digest,
    EssayCard,
    Link,
    Outcome,
    Quote,
    TickerCard,
    choices_answer,
    text_answer,
)
from handlers.identity import Chat, Place

TODAY = date(2026, 11, 29)
PERSON, GROUP = Chat("U" + "0" * 32, Place.PERSON), Chat("C" + "0" * 32, Place.GROUP)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that a specimen says everywhere."""

    name: str
    title: str
    sentence: str
    label: str
    word: str


PLAIN = Wording(
    "一般", "液冷是未來，但氣冷還沒下課", "氣冷的機房設計以每櫃 20 千瓦為上限，現有的機房八成還裝不滿。", "收藏", "散熱"
)
LONG = Wording(
    "很長",
    "從選配到標配：" + "液冷供應鏈的新秩序與十二家零組件廠的下一步" * 3,
    "要改成液冷，地板要承重、天花板要配管、還要多一組冷卻水分配裝置（CDU），" * 9,
    "把這一篇收進我的收藏裡慢慢看",
    "資料中心液體冷卻與冷卻水分配裝置",
)
HOSTILE = Wording(
    "刁鑽",
    "<b>\u202e顛倒\u202c</b>👩‍👩‍👧‍👦" + "Donaudampfschifffahrtsgesellschaft" * 2,
    "Supercalifragilisticexpialidocious" * 4 + "！！！\n\n\t😂" + "é" * 40 + "1,250²%{key}&lt;script&gt;",
    "👩‍👩‍👧‍👦" * 12,
    "̶零\u200b寬ﬁ①",
)
WORDINGS = (PLAIN, LONG, HOSTILE)


@dataclass(frozen=True, slots=True)
class Specimen:
    """One answer, drawn for one kind of chat."""

    name: str
    place: Place
    messages: tuple[dict[str, Any], ...]


def specimens() -> Iterator[Specimen]:
    """Yield every kind of answer in every wording, one to one and in a group."""
    for wording in WORDINGS:
        for name, answer in answers(wording):
            for chat in (PERSON, GROUP):
                shown = messages(
                    replace(answer, command=f"找 {wording.word}"),
                    chat=chat,
                    today=TODAY,
                    public_url="https://luopan.example",
                    reader_link=lambda essay, paragraph: f"/read/{essay.id}?p={paragraph}",
                    basic_id="@luopan",
                    question=wording.word,
                )
                yield Specimen(f"{name}（{wording.name}）", chat.place, tuple(shown))


def answers(words: Wording) -> Iterator[tuple[str, Answer]]:
    """Yield one answer of each kind, with its name."""
    buttons = (Button(words.label, "收藏 #1"), Button("延伸閱讀", "延伸閱讀 #1"))
    yield "一句話", text_answer(words.sentence)
    yield "一句話和按鈕", text_answer(words.sentence, *buttons, Link("打開後台", "https://luopan.example/desk/"))
    yield "問是哪一個", choices_answer(words.title, *(Button(words.label, f"讀 #{n}") for n in range(1, 5)))
    yield "三篇裡挑一篇", _choices(words)
    yield "表", Answer(Outcome.SAID, text=words.title, rows=tuple((words.label, words.sentence) for _ in range(6)))
    yield "一篇", Answer(Outcome.ANSWER, cards=(_card(words, 1),), buttons=buttons)
    yield "三篇", Answer(Outcome.ANSWER, cards=tuple(_card(words, n) for n in (1, 2, 3)), buttons=buttons)
    together = tuple(_card(words, n) for n in (1, 2, 3))
    yield "一句話和三篇", Answer(Outcome.ANSWER, text="沒有一篇同時寫到，各找一篇：", cards=together, buttons=buttons)
    yield "沒寫到", Answer(Outcome.NOT_COVERED, text=f"文章裡還沒寫到「{words.word}」。", buttons=buttons)
    yield "個股", Answer(Outcome.TICKER, ticker=_ticker(words))
    yield "主題與摘要", Answer(Outcome.THEME, digest=_digest(words))


def _choices(words: Wording) -> Answer:
    choices = tuple(Choice(words.title, f"讀 #{n}", f"關鍵字：{words.word}") for n in (1, 2, 3))
    return Answer(Outcome.CHOICES, text="你想找的是哪一篇？", choices=(*choices, Choice("都不是", "都不是")))


def _essay(words: Wording, number: int) -> Essay:
    day = date(2024, 12, 16) if number != 2 else None
    return Essay(words.title, (Block(BlockKind.TEXT, words.sentence),), author=words.word, published=day, id=number)


def _card(words: Wording, number: int) -> EssayCard:
    snippets = tuple(Snippet(words.sentence, ((2, 5),), words.word, place) for place in range(2))
    buttons = (Button(words.label, f"收藏 #{number}"), Button("延伸閱讀", f"延伸閱讀 #{number}"))
    return EssayCard(_essay(words, number), snippets, (words.word,), (words.word, "AI"), number == 3, number, buttons)


def _ticker(words: Wording) -> TickerCard:
    quotes = tuple(Quote(words.sentence, _essay(words, number), 0) for number in (1, 2, 3))
    bars = tuple((f"{year}Q{quarter}", (year * quarter) % 7) for year in (24, 25) for quarter in (1, 2, 3, 4))
    buttons = (Button("相關文章", "個股 2330 文章"), Button(words.label, "追蹤 2330"), Button("訂閱", "訂閱 2330"))
    named = (words.word, words.title[:12])
    return TickerCard(
        "2330",
        "TWSE",
        words.word,
        9,
        date(2024, 11, 18),
        date(2026, 9, 14),
        bars,
        quotes,
        quotes[0],
        named,
        named,
        buttons,
    )


def _digest(words: Wording) -> Digest:
    quotes = tuple(Quote(words.sentence, _essay(words, number), 0) for number in (1, 1, 2))
    buttons = (Button("相關文章", "主題 散熱 文章"), Button(words.label, "訂閱 散熱"))
    return Digest(
        words.word, quotes, f"新上架 3 篇：{words.word}", (words.word, "奇鋐 3017"), (_essay(words, 3),), buttons
    )
