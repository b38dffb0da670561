"""個股: the sentences of the archive on one security, and when they were written."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from corpus.analysis.views import SecurityView
from corpus.lexicon.securities import Security
from handlers.answer import Answer, Button, Choice, Digest, Outcome, choices_answer, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import FULL, essays_about, nth_view, quotes
from handlers.reading.security_card import security_card, stock_page, typed_name
from handlers.reading.security_names import market_label, securities_named, security_key, typed_with_code
from handlers.text.paging import split_essays, split_page
from handlers.verb import Verb

_CODE = re.compile(r"\$[A-Za-z\d.&/-]{1,11}")


def security(ask: Ask, context: Context) -> Answer | Ask:
    """Show the card of a code or name; choices for an ambiguous one; the closest names for an unknown one."""
    text, page = split_page(ask.text)
    text, listed = split_essays(text)
    if not text:
        return error_answer("要看哪一檔？打公司名稱或代號，例如「2330」。", Button("自選", Verb.WATCHLIST))
    found = securities_named(text, context)
    if not found and ask.as_free_text:
        return ask.as_free_text
    if not found:
        return ask.with_text(Verb.FIND.of(ask.text)) if " " in text else _unknown(text, context)
    if len(found) > 1:
        return _which(text, found)
    if ask.chat.is_group and text != (typed := typed_name(found[0], context)):  # one name, so that a repeat is seen
        return ask.with_text(Verb.SECURITY.of(f"{typed}{ask.text[len(text) :]}"))
    view = nth_view(1 if listed else page, partial(context.library.subjects.security, found[0]))
    if not view.places:
        return (
            _unwritten(found[0], ask, context)
            if page == 1
            else text_answer("沒有更多了。", Button("最新文章", Verb.LATEST))
        )
    if listed:
        return essays_about(f"個股 {typed_name(found[0], context)} 文章", view.places, page, ask, context)
    return security_card(text, view, context) if page == 1 else _turned(text, view, page, context)


def is_code(ask: Ask) -> bool:
    """Tell whether a text is a code behind `$`, which is always meant as a ticker: `$TSM`."""
    return _CODE.fullmatch(ask.text) is not None


def _turned(text: str, view: SecurityView, page: int, context: Context) -> Answer:
    """Show a further page of what was said about a security."""
    one, typed = view.security, typed_name(view.security, context)
    essays = Button("相關文章", Verb.SECURITY.of(f"{typed} 文章"))
    if not view.quotes:
        return text_answer(f"{one.name}的重點就這些了。", essays)
    more = (Button("更多", Verb.SECURITY.of(f"{typed} 第{page + 1}頁")),) if len(view.quotes) == FULL else ()
    title = f"{one.name} {one.code}"
    digest = Digest(title, quotes(view.quotes), note=f"第 {page} 頁", buttons=(*more, essays))
    session = Session(Verb.SECURITY.of(text), page, tuple(dict.fromkeys(s.essay.id for s in view.quotes)))
    return Answer(Outcome.TICKER, digest=digest, session=session)


def _which(text: str, found: list[Security]) -> Answer:
    choices = tuple(
        Choice(f"{one.name}（{one.code}）", Verb.SECURITY.of(security_key(one)), market_label(one.exchange))
        for one in found[:4]
    )
    return Answer(
        Outcome.CHOICES,
        text=f"「{text}」是哪一檔？",
        choices=choices,
        session=Session(Verb.SECURITY.of(text), choices=tuple(choice.says for choice in choices)),
    )


def _unwritten(one: Security, ask: Ask, context: Context) -> Answer:
    wish = Button("有文章再通知我", Verb.NOTIFY.of(one.name))
    return Answer(
        Outcome.NOT_COVERED,
        text=f"{one.name}（{one.code}）還沒有文章。",
        buttons=(wish, *stock_page(one, context)),
        session=replace(ask.session, command=Verb.SECURITY.of(one.code), page=1),
    )


def _unknown(text: str, context: Context) -> Answer:
    near = context.library.subjects.suggest_securities(text)
    buttons = tuple(Button(typed_with_code(one)[:20], Verb.SECURITY.of(security_key(one))) for one in near[:3])
    none = f"沒有「{text[:20]}」這個代號或名稱。"
    if not buttons:
        return error_answer(f"{none}可以打公司名稱或代號，例如「2330」。")
    return choices_answer(f"{none}是不是要找：", *buttons, outcome=Outcome.REFUSED)


COMMAND = Command(
    words=(Verb.SECURITY, "股票", "代號", "ticker", "stock"),
    usage="2330、台積電、$NVDA",
    help="一檔個股：文章說過什麼、什麼時候說的",
    examples=("2330", "個股 台積電"),
    run=security,
    recognise=is_code,
)
