"""主題: what is new and what matters in one theme, or the list of themes."""

from __future__ import annotations

from corpus.library import ThemeView
from handlers.ask import Answer, Ask, Button, Command, Digest, Outcome, Session, refused, said
from handlers.house import House
from handlers.paging import split_page
from handlers.present import quotes

LISTED = 12


def theme(ask: Ask, house: House) -> Answer | Ask:
    """The digest of a theme; the list when none is named; a search when no theme has that name."""
    name, page = split_page(ask.text.lstrip("#").strip())
    if not name:
        return _list(page, house)
    if page > 1:
        return ask.saying(f"找 {name} 第{page}頁")
    found = house.library.resolve_theme(name)
    if found is None:
        return ask.saying(f"找 {name}")
    view = house.library.theme(found)
    return _digest(view, house) if view.places else _unwritten(found.name)


def is_tag(ask: Ask) -> bool:
    return ask.text.startswith("#") and len(ask.text) > 1


def _digest(view: ThemeView, house: House) -> Answer:
    dates = [place.published for place in view.places if place.published]
    latest = f",最近一篇 {max(dates):%Y/%m/%d}" if dates else ""
    quoted = {sentence.essay.id for sentence in view.quotes}
    digest = Digest(
        title=view.theme.name,
        quotes=quotes(view.quotes),
        note=f"{len(view.places)} 篇文章{latest}",
        tickers=view.securities[:5],
        further=tuple(essay for essay in view.essays if essay.id not in quoted)[:3],
        buttons=(Button("訂閱", f"訂閱 {view.theme.name}"), Button("相關文章", f"找 {view.theme.name}")),
    )
    return Answer(
        Outcome.THEME,
        digest=digest,
        session=Session(f"主題 {view.theme.name}", 1, tuple(dict.fromkeys(s.essay.id for s in view.quotes))),
    )


def _list(page: int, house: House) -> Answer:
    tallies = house.library.theme_tallies()
    here = tallies[(page - 1) * LISTED : page * LISTED]
    if not here:
        return said("沒有更多主題了。" if page > 1 else "還沒有主題,等文章上架就會出現。")
    rows = tuple(
        (f"#{tally.name}", f"{tally.essays} 篇" + (f",{tally.latest:%Y/%m}" if tally.latest else "")) for tally in here
    )
    more = (Button("更多", f"主題 第{page + 1}頁"),) if len(tallies) > page * LISTED else ()
    picks = tuple(Button(f"#{tally.name}"[:20], f"主題 {tally.name}") for tally in here[:6])
    return Answer(
        Outcome.SAID,
        text="主題",
        rows=rows,
        buttons=(*picks, *more),
        session=Session("主題", page, choices=tuple(f"主題 {tally.name}" for tally in here)),
    )


def _unwritten(name: str) -> Answer:
    return refused(
        f"「{name}」還沒有文章。", Button("有文章再通知我", f"有文章再通知我 {name}"), Button("主題", "主題")
    )


COMMAND = Command(
    words=("主題", "theme"),
    usage="#散熱、主題 散熱、主題",
    help="一個主題的重點原文;只打「主題」列出全部",
    examples=("主題 散熱", "#5G", "主題"),
    run=theme,
    recognise=is_tag,
)
