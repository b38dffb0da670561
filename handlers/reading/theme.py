"""主題: the digest of one theme, or the list of themes."""

from __future__ import annotations

from functools import partial

from corpus.analysis.views import ThemeView
from handlers.answer import Answer, Button, Digest, Outcome, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import FULL, essays_about, nth_view, quotes
from handlers.text.paging import split_essays, split_page
from handlers.verb import Verb

LISTED = 12


def theme(ask: Ask, context: Context) -> Answer | Ask:
    """Show the digest of a theme; the list when none is named; search when no theme has that name."""
    name, page = split_page(ask.text.lstrip("#").strip())
    if not name:
        return _list(page, context)
    name, listed = split_essays(name)
    found = context.library.subjects.resolve_theme(name)
    if found is None and ask.as_free_text:
        return ask.as_free_text
    if found is None and page == 1 and is_tag(ask) and not ask.is_free_text:
        return ask.with_text(name)  # 「#說明」
    if found is None:
        return ask.with_text(Verb.FIND.of(name) if page == 1 else Verb.FIND.of(f"{name} 第{page}頁"))
    if ask.chat.is_group and not ask.text.startswith(found.name):  # one name, so that a repeat is seen
        return ask.with_text(Verb.THEME.of(ask.text.lstrip("#").strip().replace(name, found.name, 1)))
    view = nth_view(1 if listed else page, partial(context.library.subjects.theme, found))
    if not view.places:
        return _unwritten(found.name)
    if listed:
        return essays_about(Verb.THEME.of(f"{found.name} 文章"), view.places, page, ask, context)
    return _digest(view, page)


def is_tag(ask: Ask) -> bool:
    """Tell whether a text is a tag like 「#5G」; a number alone is an essay's: 「#24」."""
    return ask.text.startswith("#") and len(ask.text) > 1 and not ask.text[1:].isdigit()


def _digest(view: ThemeView, page: int) -> Answer:
    name = view.theme.name
    essays = Button("相關文章", Verb.THEME.of(f"{name} 文章"))
    if not view.quotes and page > 1:
        return text_answer(f"{name}的重點就這些了。", essays)
    more = (Button("更多", Verb.THEME.of(f"{name} 第{page + 1}頁")),) if len(view.quotes) == FULL else ()
    quoted = {sentence.essay.id for sentence in view.quotes}
    further = tuple(essay for essay in view.essays if essay.id not in quoted)[:3]
    digest = Digest(
        title=name,
        quotes=quotes(view.quotes),
        note=_freshness(view) if page == 1 else f"第 {page} 頁",
        tickers=view.securities[:5] if page == 1 else (),
        further=further if page == 1 else (),
        buttons=(*more, essays, Button("訂閱", Verb.SUBSCRIBE.of(name))),
    )
    session = Session(Verb.THEME.of(name), page, tuple(dict.fromkeys(s.essay.id for s in view.quotes)))
    return Answer(Outcome.THEME, digest=digest, session=session)


def _freshness(view: ThemeView) -> str:
    """Count the essays and name the newest: 「6 篇文章，最新 2026/09/14〈...〉」; an undated essay is never the newest."""
    newest = next((essay for essay in view.essays if essay.published), None)
    return f"{len(view.places)} 篇文章" + (f"，最新 {newest.published:%Y/%m/%d}〈{newest.title}〉" if newest else "")


def _list(page: int, context: Context) -> Answer:
    tallies = context.library.subjects.theme_tallies()
    here = tallies[(page - 1) * LISTED : page * LISTED]
    if not here:
        return text_answer("沒有更多主題了。" if page > 1 else "還沒有主題，等文章上架就會出現。")
    rows = tuple(
        (f"{number}. #{tally.name}", f"{tally.essays} 篇" + (f"，{tally.latest:%Y/%m}" if tally.latest else ""))
        for number, tally in enumerate(here, 1)
    )
    more = (Button("更多", Verb.THEME.of(f"第{page + 1}頁")),) if len(tallies) > page * LISTED else ()
    picks = tuple(Button(f"#{tally.name}"[:20], Verb.THEME.of(tally.name)) for tally in here[:6])
    return Answer(
        Outcome.SAID,
        text="主題",
        rows=rows,
        buttons=(*picks, *more),
        session=Session(Verb.THEME, page, choices=tuple(Verb.THEME.of(tally.name) for tally in here)),
    )


def _unwritten(name: str) -> Answer:
    return error_answer(
        f"「{name}」還沒有文章。", Button("有文章再通知我", Verb.NOTIFY.of(name)), Button("主題", Verb.THEME)
    )


COMMAND = Command(
    words=(Verb.THEME, "theme"),
    usage="#散熱、主題 散熱、主題",
    help="一個主題的重點原文；只打「主題」列出全部",
    examples=("主題 散熱", "#5G", "主題"),
    run=theme,
    recognise=is_tag,
)
