"""作者: the essays of one author, on what and when; the list of authors when none is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from corpus.essay import Essay
from corpus.language.pinyin import syllables
from corpus.storage.topics import TopicCount
from handlers.answer import Answer, Button, Choice, Outcome, choices_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import PAGE, essay_card
from handlers.text.paging import split_page
from handlers.verb import Verb

LISTED = 10
FAVOURITES = 3  # themes
LIKE = 60  # of 100
NOBODY = "文章都沒有標示作者。"

_WHO = re.compile(
    r"(?:請問)?(?:這裡|社群|文章|現在)?(?:的)?(?:"
    r"作者(?:群)?(?:都)?(?:是誰|有誰|有哪些(?:人)?|有哪幾位|有幾位|是哪些人|名單|清單|列表)?"
    r"|(?:有|都有)(?:哪些|哪幾位|幾位)作者|(?:誰|是誰|哪些人)(?:寫的|在寫|寫文章|是作者))(?:呢|啊|嗎)?[?？]*"
    r"|who (?:wrote|is the author of) (?:this|it|that)(?: one| essay)?\??|who(?:'s| is) the author\??",
    re.IGNORECASE,
)


def author(ask: Ask, context: Context) -> Answer | Ask:
    """Show what an author wrote; search in it where more words follow the name; list the authors where no name is given."""
    name, page = split_page(ask.text.lstrip(":： "))
    if not name or _WHO.fullmatch(name):
        return _of_essay(ask, context) or _list(page, context)
    known = context.library.author_called(name)
    if known is not None:
        return _wrote(known, page, ask, context)
    tallies = context.library.author_tallies()
    if any(name.startswith(one.name) or one.name in name.split() for one in tallies):
        return ask.with_text(Verb.FIND.of(f"{Verb.AUTHOR} {ask.text}"))
    return ask.as_free_text or _unknown(name, tallies)


def asks_who(ask: Ask) -> bool:
    """Tell whether a text asks who writes: 「作者是誰」, 「有哪些作者」."""
    return _WHO.fullmatch(ask.text.strip()) is not None


def _of_essay(ask: Ask, context: Context) -> Answer | None:
    """Say who wrote the essay just shown; None where the text asks about all authors, or the essay names none."""
    essay = context.library.essay(ask.session.essay) if ask.session.essay and _asks_one(ask.text) else None
    if essay is None or not essay.author:
        return None
    return text_answer(
        f"〈{essay.title}〉是{essay.author}寫的。",
        Button(f"作者 {essay.author}"[:20], Verb.AUTHOR.of(essay.author)),
        Button("所有作者", Verb.AUTHOR),
    )


def _asks_one(text: str) -> bool:
    return text.strip("?？ ").lower().endswith(("是誰", "誰寫的", "this", "it", "that", "one", "essay"))


def _list(page: int, context: Context) -> Answer:
    tallies = context.library.author_tallies()
    here = tallies[(page - 1) * LISTED : page * LISTED]
    if not here:
        return text_answer(NOBODY if page == 1 else "沒有更多了。", Button("最新文章", Verb.LATEST))
    more = (Button("更多", f"{Verb.AUTHOR} 第{page + 1}頁"),) if len(tallies) > page * LISTED else ()
    return Answer(
        Outcome.CHOICES,
        text=f"共 {len(tallies)} 位作者，想看誰的？",
        choices=tuple(Choice(one.name, Verb.AUTHOR.of(one.name), _count(one)) for one in here),
        buttons=(*more, keyboard(Verb.AUTHOR)),
        session=Session(Verb.AUTHOR, page),
    )


def _count(one: TopicCount) -> str:
    return f"{one.essays} 篇" + (f"，最新 {one.latest:%Y/%m/%d}" if one.latest else "")


def _wrote(one: TopicCount, page: int, ask: Ask, context: Context) -> Answer:
    size = 1 if ask.chat.is_group else PAGE
    ids = context.library.essays_by(one.name)
    read = context.library.read(ids)
    essays = [read[key] for key in ids if key in read]
    here = essays[(page - 1) * size : page * size]
    if not here:
        return text_answer("沒有更多了。", Button("最新文章", Verb.LATEST))
    themes = _favourites(essays, context)
    buttons = [Button("更多", Verb.AUTHOR.of(f"{one.name} 第{page + 1}頁"))] if len(essays) > page * size else []
    buttons += [
        Button(f"{one.name} {name}"[:20], Verb.FIND.of(f"{Verb.AUTHOR} {one.name} {name}")) for name in themes[:1]
    ]
    buttons.append(keyboard(Verb.AUTHOR.of(one.name), "在他的文章裡找"))
    buttons.append(Button("訂閱這位作者", Verb.SUBSCRIBE.of(f"{Verb.AUTHOR} {one.name}")))
    return Answer(
        Outcome.ANSWER,
        text=_summary(one.name, essays, themes) if page == 1 else "",
        cards=tuple(essay_card(context, essay, number) for number, essay in enumerate(here, 1)),
        buttons=tuple(buttons),
        session=Session(Verb.AUTHOR.of(one.name), page, tuple(essay.id for essay in here)),
    )


def _summary(name: str, essays: Sequence[Essay], themes: Sequence[str]) -> str:
    """Sum up an author's essays: 「林以晨寫了 4 篇，2024/11/18 到 2026/09/14。常寫：先進封裝、記憶體。」"""
    days = sorted(essay.published for essay in essays if essay.published)
    span = f"，{days[0]:%Y/%m/%d}" if days else ""
    span += f" 到 {days[-1]:%Y/%m/%d}" if len(days) > 1 and days[0] != days[-1] else ""
    often = f"常寫：{'、'.join(themes)}。" if themes else ""
    return f"{name}寫了 {len(essays)} 篇{span}。{often}"


def _favourites(essays: Sequence[Essay], context: Context) -> list[str]:
    """Return the themes written about most; of a locked essay none is told."""
    counted = Counter(name for essay in essays for name in context.library.subjects.theme_names(essay))
    return [name for name, _ in counted.most_common(FAVOURITES)]


def _unknown(name: str, tallies: Sequence[TopicCount]) -> Answer:
    """Say that there is no such author, and offer those whose names look or sound nearly so."""
    names = [one.name for one in tallies]
    sound = syllables(name.lower())
    near = [one for one in names if syllables(one.lower()) == sound]
    near += [one for one, _, _ in process.extract(name, names, scorer=fuzz.ratio, limit=3, score_cutoff=LIKE)]
    buttons = [Button(one[:20], Verb.AUTHOR.of(one)) for one in dict.fromkeys(near)]
    return choices_answer(
        f"沒有叫「{name[:20]}」的作者。",
        *buttons,
        Button("所有作者", Verb.AUTHOR),
        Button(f"找「{name[:16]}」"[:20], Verb.FIND.of(name[:200])),
        outcome=Outcome.REFUSED,
    )


COMMAND = Command(
    (Verb.AUTHOR, "作者清單", "作者名單", "authors", "author"),
    "作者、作者 林以晨、作者 林以晨 2024",
    "誰寫了什麼、什麼時候寫的；後面可以加年份或主題",
    ("作者", "作者 林以晨"),
    author,
    own_word=True,
    recognise=asks_who,
)
