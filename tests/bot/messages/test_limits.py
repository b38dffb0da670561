"""Whatever an answer holds, LINE takes the messages made of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dev.simulator.limits import problems
from bot.messages import limits, messages
from corpus.essay import Block, BlockKind, Essay, Visibility
from corpus.search.snippets import Snippet
from handlers.answer import Answer, Button, Choice, Digest, EssayCard, Link, Outcome, Quote, TickerCard
from handlers.identity import Chat, Place

FAMILY = "👩‍👩‍👧‍👦"
ODD = (
    "", " ", "\u200b", "\x00", "\ud800", "{key}", "{{7*7}}", "\"\\'", "<script>", "\n\n\n", "\u202eevil\u2066", "مرحبا بالعالم",
    FAMILY * 40, "e" + "\u0301" * 300, "👍🏽" * 30, "🇹🇼" * 30, "液冷" * 2500, "\\" * 5000, "長句。" * 1700, FAMILY * 450,
)  # fmt: skip
hostile = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(), max_size=60),
    st.tuples(st.sampled_from(ODD), st.text(max_size=30), st.sampled_from(ODD)).map("".join),
)
marks = st.lists(st.tuples(st.integers(-9, 6000), st.integers(-9, 6000)), max_size=40).map(tuple)
maybe = st.none() | hostile
days = st.none() | st.dates()
numbers = st.integers(0, 10**6)


def few(values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=most).map(tuple)


essays = st.builds(
    Essay,
    title=hostile,
    blocks=st.builds(Block, st.just(BlockKind.TEXT), hostile).map(lambda block: (block,)),
    author=maybe,
    source=maybe,
    url=maybe,
    published=days,
    tags=few(hostile),
    visibility=st.sampled_from([Visibility.PUBLIC, Visibility.MEMBERS]),
    lead=maybe,
    id=numbers,
)
buttons = few(
    st.builds(Button, hostile, hostile) | st.builds(Link, hostile, hostile.map("https://例子.tw/".__add__)), 15
)
quotes = st.builds(Quote, hostile, essays, numbers, marks)
cards = st.builds(
    EssayCard,
    essay=essays,
    snippets=few(st.builds(Snippet, hostile, marks, maybe, numbers)),
    why=few(hostile),
    tags=few(hostile),
    locked=st.booleans(),
    number=st.none() | numbers,
    buttons=buttons,
)
tickers = st.builds(
    TickerCard, hostile, hostile, hostile, numbers, days, days, few(st.tuples(hostile, numbers), 5), few(quotes),
    st.none() | quotes, few(hostile), few(hostile), buttons,
)  # fmt: skip
digests = st.builds(Digest, hostile, few(quotes), hostile, few(hostile), few(essays), buttons)
answers = st.builds(
    Answer,
    outcome=st.sampled_from(Outcome),
    text=hostile,
    cards=few(cards),
    ticker=st.none() | tickers,
    digest=st.none() | digests,
    choices=few(st.builds(Choice, hostile, hostile, hostile)),
    buttons=buttons,
    rows=few(st.tuples(hostile, hostile)),
)


@settings(max_examples=60, deadline=None)
@given(answers, st.sampled_from(Place), hostile, st.sampled_from(["", "/read/1?p=2#p2", "https://x.tw/" + "散" * 500]))
def test_line_takes_whatever_we_send(answer: Answer, place: Place, question: str, path: str) -> None:
    sent = _sent(answer, place, path, question)
    assert problems(sent) == [] if sent else answer.outcome is Outcome.SILENCE or not _says_anything(answer)


def _says_anything(answer: Answer) -> bool:
    body = (answer.cards, answer.ticker, answer.digest, answer.choices, answer.rows)
    return any(body) or not limits.is_blank(limits.clean(answer.text))


COMMANDS = tuple(Button(f"問題 {n}", f"{n} " + "長" * 297) for n in range(20))
CARD = EssayCard(Essay("題" * 99, (Block(BlockKind.TEXT, "句"),), id=1), (Snippet("句。" * 200),), buttons=COMMANDS)
ROWS = tuple(("左" * 60, f"{n} " + "右" * 118) for n in range(60))
QUOTES = tuple(Quote("句。" * 90, CARD.essay, n) for n in range(5))
TICKER = TickerCard("2330", "TWSE", "台積電", 1, None, None, (), QUOTES, QUOTES[0], (), (), COMMANDS)


def test_the_fullest_answer_just_fits() -> None:
    full = Answer(
        Outcome.ANSWER,
        "字" * 6000,
        (CARD,) * 7,
        TICKER,
        Digest("新", QUOTES * 9),
        (Choice("是" * 99, "1"),) * 20,
        COMMANDS,
        ROWS,
    )
    sent = _sent(full, Place.PERSON)
    assert problems(sent) == []
    assert len(sent) == limits.MESSAGES
    assert len(sent[0]["text"]) == limits.TEXT
    assert limits.size(sent[1]["contents"]) > limits.CAROUSEL_BYTES * 0.7
    assert len(sent[-1]["quickReply"]["items"]) == limits.QUICK_REPLIES
    (words, bubble) = _sent(full, Place.GROUP)
    assert problems([words, bubble]) == []
    assert limits.size(bubble["contents"]) > limits.BUBBLE_BYTES * 0.8


def test_words_nobody_would_see_are_an_ellipsis() -> None:
    blank = EssayCard(Essay("\u200b", (), id=1), (Snippet(" \n"),), buttons=(Button("\x00", "說明"),))
    (message,) = _sent(Answer(Outcome.ANSWER, cards=(blank,)), Place.PERSON)
    assert problems([message]) == []
    assert str(message).count("'…'") == 5  # title, passage, button, its label and what pressing it shows


def _sent(answer: Answer, place: Place, path: str = "", question: str = "") -> list[dict[str, Any]]:
    return messages(
        answer,
        chat=Chat("C1", place),
        today=date(2026, 11, 21),
        public_url="https://luopan.example",
        reader_link=lambda essay, paragraph: path,
        basic_id="@luopan",
        question=question,
        quote_token="token",
    )


@given(st.text(), st.integers(1, 40))
def test_shortened_words_begin_as_before_and_never_exceed_their_room(text: str, clusters: int) -> None:
    short = limits.shorten(text, clusters)
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
    assert limits.units(short) <= max(1, clusters * limits.UNITS_PER_CLUSTER)


def test_a_cut_never_goes_through_an_emoji() -> None:
    assert limits.shorten(FAMILY * 9, 3, most=999) == FAMILY * 2 + "…"
    assert limits.shorten(FAMILY * 9, 20, most=25) == FAMILY * 2 + "…"


@given(st.text(st.characters()))
def test_cleaning_keeps_every_offset_and_leaves_what_utf8_can_write(text: str) -> None:
    clean = limits.clean(text)
    assert len(clean) == len(text)
    assert clean.encode().decode() == clean


def test_addresses_are_percent_encoded_once() -> None:
    assert limits.uri("https://x.tw/讀 a?q=散熱#p3") == "https://x.tw/%E8%AE%80%20a?q=%E6%95%A3%E7%86%B1#p3"
    assert limits.uri("https://x.tw/%E8%AE%80") == "https://x.tw/%E8%AE%80"
    assert limits.uri("http://127.0.0.1:8000/read/1") == "http://127.0.0.1:8000/read/1"
