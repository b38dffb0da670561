"""今日, 本週: the news for this chat, now, without waiting for its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from handlers.answer import Answer, Button, Digest, Outcome, text_answer
from handlers.ask import Ask, Session
from handlers.club.subscriptions import DeliveredContent, DigestSettings, Subscription
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Chat
from handlers.reading.digest_builder import ALL, QUOTES, DigestBuilder, DigestIssue, from_then_on
from handlers.verb import Verb

WEEK = timedelta(days=7)


def today(ask: Ask, context: Context) -> Answer:
    """Show what is new since the last digest, which then need not come any more; later the same day only the titles."""
    book = context.club.subscriptions
    settings, wanted = book.settings_of(ask.chat, lock=True), book.of(ask.chat)
    midnight = datetime.combine(ask.at.date(), time(), ask.at.tzinfo)
    if settings is None or not wanted:
        return _unsubscribed(ask, midnight, context)
    library, shown = context.library, book.shown(ask.chat)
    issue = DigestBuilder().build(library, settings, wanted, shown, library.revision(), ask.at, _most_quotes(ask.chat))
    return _told(issue, settings) if issue else _again(wanted, midnight, settings, context)


def week(ask: Ask, context: Context) -> Answer:
    """Show what came within seven days, in passages that this chat was not shown."""
    settings = context.club.subscriptions.settings_of(ask.chat, lock=True) or DigestSettings(ask.chat)
    issue = _since(ask.at - WEEK, context.club.subscriptions.of(ask.chat), settings, "本週", context)
    if issue is None:
        return text_answer("這一週沒有新文章。", Button("最新文章", Verb.LATEST), Button("主題", Verb.THEME))
    return _told(issue, settings)


def _since(
    moment: datetime, wanted: Sequence[Subscription], settings: DigestSettings, title: str, context: Context
) -> DigestIssue | None:
    """Build a digest of all that came since a moment, whether or not the chat was told of it; of everything if nothing is wanted."""
    library, since = context.library, context.library.revision_at(moment)
    wanted = [from_then_on(one, since) for one in wanted] or [ALL]
    shown = context.club.subscriptions.shown(settings.chat)
    until, limit = library.revision(), _most_quotes(settings.chat)
    return DigestBuilder().compose(library, settings, wanted, shown, since, until, title, limit)


def _most_quotes(chat: Chat) -> int:
    """Return how many passages are quoted: in a group one, with the titles of the rest, so that all that is told is named."""
    return 1 if chat.is_group else QUOTES


def _told(issue: DigestIssue, settings: DigestSettings) -> Answer:
    told = DeliveredContent(settings.chat, issue.passages, settings.covered, issue.covered)
    return Answer(Outcome.THEME, digest=issue.digest, session=Session(essays=issue.essays), told=told)


def _again(wanted: Sequence[Subscription], midnight: datetime, settings: DigestSettings, context: Context) -> Answer:
    """Show the titles of today's essays when nothing more is new, no passage twice; all of it where none was told here."""
    issue = _since(midnight, wanted, settings, "今日", context)
    buttons = (Button("本週", Verb.WEEK), Button("最新文章", Verb.LATEST))
    if issue is None:
        return text_answer("今天訂閱的主題沒有新文章。", *buttons)
    if not context.club.subscriptions.shown_to([settings.chat], issue.essays):
        return _told(issue, settings)
    essays = tuple(dict.fromkeys([*(q.essay for q in issue.digest.quotes), *issue.digest.further]))
    digest = Digest("今日", (), further=essays, further_title="今天的都送過了", buttons=buttons)
    return Answer(Outcome.THEME, digest=digest, session=Session(essays=tuple(essay.id for essay in essays)))


def _unsubscribed(ask: Ask, midnight: datetime, context: Context) -> Answer:
    settings = DigestSettings(ask.chat)
    issue = _since(midnight, (), settings, "今日", context)
    subscribe = Button("訂閱 精選", Verb.SUBSCRIBE.of("精選"))
    if issue is None:
        return text_answer("今天還沒有新文章，這裡也還沒有訂閱。", subscribe, Button("最新文章", Verb.LATEST))
    return replace(_told(issue, settings), buttons=(subscribe,))


TODAY = Command(
    (Verb.TODAY, "今天", "今日摘要", "today"),
    "今日",
    "現在就看新文章的重點",
    ("今日",),
    today,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
WEEK_COMMAND = Command(
    (Verb.WEEK, "本周", "這週", "week"),
    "本週",
    "一週內的新文章",
    ("本週",),
    week,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
