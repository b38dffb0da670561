"""The wiring of the application: settings in, a web application out. Nothing is built at import."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import InternalServerError

from bot import logs
from bot.config import Settings, read_settings
from bot.errors import SettingsError, cause_of, safe_fields
from bot.inbound import webhook
from bot.inbound.conversation import Answered, Conversation, ConversationSettings, nobody_notes
from bot.inbound.gate import ChatLookups, Gate
from bot.inbound.pool import AnswerWorkers
from bot.inbound.sessions import open_sessions
from bot.inbound.text_predicates import text_predicates
from bot.ledger import Ledger
from bot.line.client import LineClient
from bot.logs import log
from bot.metrics import DatabaseCollector
from bot.migrate import open_archive
from bot.outbound.piggyback import Piggyback
from bot.outbound.quota import QuotaStore
from bot.outbound.sender import SenderParts, build_sender, manners_of
from bot.outbound.worker import Worker
from bot.services import DisplayNames, build_services
from bot.threads import freeze_gc
from bot.web.health import create_health
from bot.web.pages import create_pages
from bot.web.routes import LazyRule
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience
from corpus.library import ArchiveResources
from corpus.storage.serving_lock import ServingLock
from handlers.club.chats import Mode
from handlers.club.club import Club
from handlers.club.erasure import erasures_mark
from handlers.club.people import Purpose
from handlers.commands import router as make_router
from handlers.identity import Chat

PLAIN_PAGE = "<!doctype html><html lang=zh-Hant><meta charset=utf-8><title>羅盤</title><p>{words}"
WARMING = 12  # newest essays, whose titles are searched for before anybody asks


class WebApp(Flask):
    """Logs what a request tripped over without what people said."""

    url_rule_class = LazyRule

    def log_exception(self, exc_info: Any) -> None:
        log.error("request_failed", **safe_fields(exc_info[1]))


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that one process serves with."""

    settings: Settings
    engine: Engine
    archive: ArchiveResources
    ledger: Ledger
    line: LineClient
    quota_store: QuotaStore
    gate: Gate
    conversation: Conversation
    pool: AnswerWorkers
    worker: Worker
    app: Flask
    serving: ServingLock
    with_worker: bool = False

    def start(self) -> None:
        """Start this process's threads: after a fork, never before."""
        self.serving.hold()
        Thread(target=self.line.learn_about_itself, daemon=True).start()
        self.pool.start()
        if self.with_worker:
            self.worker.start()

    def stop(self) -> None:
        """Finish what is in hand; what waits is left to the next process."""
        self.worker.stop()
        self.pool.stop()
        self.serving.release()
        self.engine.dispose()


def build(
    settings: Settings,
    archive: ArchiveResources | None = None,
    *,
    line: LineClient | None = None,
    clock: Callable[[], float] = time.time,
    answered: Answered = nobody_notes,
) -> Application:
    """Wire the application. Raises SettingsError naming all that is missing or contradictory."""
    sender = build_sender(settings, archive, line=line, clock=clock)
    archive, ledger, line = sender.archive, sender.ledger, sender.line
    names = DisplayNames(line, erasures=lambda: _erasures_in(archive.engine))
    conversation = _build_conversation(settings, sender, names, clock, answered)
    rides = Piggyback(ledger, sender.composer)
    pool = AnswerWorkers(ledger, line, conversation.respond, rides, forget_names=names.forget_erased, clock=clock)
    gate = _build_gate(settings, conversation, clock)
    app = _build_web(settings, sender, gate, conversation, pool, clock)
    bot = Application(
        settings,
        archive.engine,
        archive,
        ledger,
        line,
        sender.quota_store,
        gate,
        conversation,
        pool,
        sender.worker,
        app,
        ServingLock(archive.engine),
    )
    app.extensions["luopan"] = bot
    return bot


def _build_conversation(
    settings: Settings, sender: SenderParts, names: DisplayNames, clock: Callable[[], float], answered: Answered
) -> Conversation:
    archive, line, links = sender.archive, sender.line, sender.links
    conversation_settings = ConversationSettings(
        zone=settings.zone,
        public_url=settings.public_url,
        basic_id=lambda: line.basic_id,
        owners=settings.owners,
        rate=settings.luopan_rate,
        join=settings.luopan_join,
        reviews=settings.luopan_review,
        stock_page=settings.luopan_stock_page,
    )
    services = build_services(
        archive.engine, line, lambda: sender.quota_store.refresh(clock()), names, manners_of(settings), links.feed_key
    )
    sessions, router = open_sessions(settings.redis_url), make_router(archive.is_word)
    return Conversation(archive, sender.ledger, sessions, router, links, conversation_settings, services, answered)


def _build_gate(settings: Settings, conversation: Conversation, clock: Callable[[], float]) -> Gate:
    archive, ledger = conversation.archive, conversation.ledger
    return Gate(
        text_predicates(conversation.router, archive, lambda: datetime.fromtimestamp(clock(), settings.zone).date()),
        ChatLookups(
            mode=lambda chat: chat_mode(archive.engine, chat),
            is_ours=lambda chat, message: ledger.origin(chat, message) is not None,
            answered_lately=conversation.sessions.has_recent_answer,
        ),
    )


def _build_web(
    settings: Settings,
    sender: SenderParts,
    gate: Gate,
    conversation: Conversation,
    pool: AnswerWorkers,
    clock: Callable[[], float],
) -> Flask:
    archive, ledger, line = sender.archive, sender.ledger, sender.line
    app = WebApp(__name__, static_folder=None)
    app.register_blueprint(
        webhook.create_blueprint(
            settings.channel_secrets,
            ledger,
            gate,
            pool.notify,
            ride_waits=ledger.has_waiting_delivery,
            forget=conversation.forget,
            own_id=lambda: line.user_id,
            has_inbox=lambda: line.has_inbox,
            clock=clock,
        )
    )
    for pages in create_pages(archive, conversation, line, sender.links, settings, clock):
        app.register_blueprint(pages)
    collector = DatabaseCollector(
        lambda now: [*ledger.figures(now, archive.index.revision), *sender.quota_store.figures(now)], clock
    )
    app.register_blueprint(create_health(archive, ledger, line, collector, settings.luopan_metrics_token))
    app.register_error_handler(OperationalError, _say_away)
    app.register_error_handler(InternalServerError, _say_sorry)
    return app


def create_app(settings: Settings | None = None, *, with_worker: bool = False) -> Flask:
    """Build what gunicorn serves: warm before the fork, its threads started after it. Raises SettingsError."""
    logs.configure()
    settings = settings or read_settings()
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    bot = replace(build(settings, open_archive(settings, serving=True)), with_worker=with_worker)
    bot.app.extensions["luopan"] = bot
    warm(bot)
    if code := first_owner_code(bot):
        print(f"還沒有擁有者：一對一跟羅盤說「認領 {code}」就是擁有者。", flush=True)
    return bot.app


def warm(bot: Application) -> None:
    """Pay for the slow first times before anybody asks: the index, the dictionaries, the newest essays."""
    with UnitOfWork(bot.engine) as work:
        library = bot.archive.library(work, Audience.GUEST)
        for title in ("羅盤", *(essay.title for essay in library.latest(WARMING))):
            finding = library.search(title, datetime.now(bot.settings.zone))
            _ = [hit.snippets for hit in finding.hits[:3]]
        library.subjects.suggest_securities("羅盤")
        library.subjects.closest_theme("羅盤")
    freeze_gc()


def _erasures_in(engine: Engine) -> object:
    with reading(engine) as connection:
        return erasures_mark(connection)


def chat_mode(engine: Engine, chat: Chat) -> Mode:
    """Return how much the bot may say in a chat without being called."""
    with UnitOfWork(engine) as work:
        return Club(work).chats.get(chat).mode


def first_owner_code(bot: Application) -> str | None:
    """Make the code of the first owner, for a start to print; return None once there is an owner."""
    with UnitOfWork(bot.engine) as work:
        people = Club(work, bot.settings.owners).people
        if people.has_owner():
            return None
        code = people.make_code(Purpose.CLAIM, datetime.now(UTC), timedelta(days=7))
        work.commit()
    return code


def _say_away(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    """Tell a person in a line that the database is away, whatever page was asked for."""
    log.error("database_away", cause=cause_of(error))
    return PLAIN_PAGE.format(words="資料庫暫時連不上，請過一會再試。"), 503, {"Retry-After": "30"}


def _say_sorry(_error: InternalServerError) -> tuple[str, int]:
    return PLAIN_PAGE.format(words="出了點問題，請再試一次。"), 500
