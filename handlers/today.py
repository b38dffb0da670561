"""今日, 本週: what is new for this chat, now, without waiting for its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers.ask import Answer, Ask, Button, Command, Digest, Outcome, Session, said
from handlers.club.subscriptions import Mailing, Subscription
from handlers.edition import ALL, Edition, compose, edition_for
from handlers.house import House

WEEK = timedelta(days=7)


def today(ask: Ask, house: House) -> Answer | Ask:
    """What is new since the last digest; that one need not come any more. Later the same day: only the titles."""
    if ask.text:
        return ask.saying(f"找 今天 {ask.text}")
    book = house.club.subscriptions
    mailing = book.mailing(ask.chat, lock=True)
    if mailing is None or not book.of(ask.chat):
        return _unsubscribed(ask, house)
    edition = edition_for(house.library, book, mailing, ask.at)
    if edition is not None:
        return _told(edition, mailing, "今日", house)
    midnight = datetime.combine(ask.at.date(), time(), ask.at.tzinfo)
    return _again(book.of(ask.chat), midnight, mailing, house)


def week(ask: Ask, house: House) -> Answer | Ask:
    """What came within seven days, in passages that this chat was not shown."""
    if ask.text:
        return ask.saying(f"找 本週 {ask.text}")
    book = house.club.subscriptions
    mailing = book.mailing(ask.chat, lock=True) or Mailing(ask.chat)
    since = house.library.revision_at(ask.at - WEEK)
    wanted = [_from(one, since) for one in book.of(ask.chat)] or [ALL]
    edition = compose(house.library, book, mailing, wanted, since, "本週")
    if edition is None:
        return said("這一週沒有新文章。", Button("最新文章", "最新"), Button("主題", "主題"))
    return _told(edition, mailing, "本週", house)


def _told(edition: Edition, mailing: Mailing, command: str, house: House) -> Answer:
    house.club.subscriptions.told(mailing.chat, edition.passages, edition.covered)
    return Answer(Outcome.THEME, digest=edition.digest, session=Session(command, 1, edition.essays))


def _again(wanted: Sequence[Subscription], midnight: datetime, mailing: Mailing, house: House) -> Answer:
    """Nothing more is new: the titles of today's essays, without a passage twice."""
    since = house.library.revision_at(midnight)
    edition = compose(
        house.library, house.club.subscriptions, mailing, [_from(o, since) for o in wanted], since, "今日"
    )
    buttons = (Button("本週", "本週"), Button("最新文章", "最新"))
    if edition is None:
        return said("今天訂閱的主題沒有新文章。", *buttons)
    essays = tuple(dict.fromkeys([*(q.essay for q in edition.digest.quotes), *edition.digest.further]))
    digest = Digest("今日", (), note="今天的都送過了:", further=essays, buttons=buttons)
    return Answer(Outcome.THEME, digest=digest, session=Session("今日", 1, tuple(essay.id for essay in essays)))


def _unsubscribed(ask: Ask, house: House) -> Answer:
    midnight = datetime.combine(ask.at.date(), time(), ask.at.tzinfo)
    mailing, since = Mailing(ask.chat), house.library.revision_at(midnight)
    edition = compose(house.library, house.club.subscriptions, mailing, [ALL], since, "今日")
    subscribe = Button("訂閱 精選", "訂閱 精選")
    if edition is None:
        return said("今天還沒有新文章,這裡也還沒有訂閱。", subscribe, Button("最新文章", "最新"))
    return Answer(
        Outcome.THEME,
        digest=edition.digest,
        buttons=(subscribe,),
        session=Session("今日", 1, edition.essays),
    )


def _from(one: Subscription, since: int) -> Subscription:
    """As if it had been wanted since then: who asks for the week wants all of it."""
    return replace(one, since=min(one.since, since))


TODAY = Command(
    ("今日", "今天", "今日摘要", "today"), "今日", "現在就看新文章的重點", ("今日",), today, alone=True, manages=True
)
WEEK_COMMAND = Command(
    ("本週", "本周", "這週", "week"), "本週", "一週內的新文章", ("本週",), week, alone=True, manages=True
)
