"""Where the house is wired: settings in, a web application out. Nothing is built at import."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import structlog
from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot import logs
from bot.config import Settings, SettingsError, read_settings
from bot.errors import cause_of
from bot.inbound import webhook
from bot.inbound.conversation import Answered, Conversation, ConversationSettings, nobody_notes
from bot.inbound.gate import ChatLookups, Gate, TextPredicates
from bot.inbound.pool import AnswerWorkers
from bot.inbound.sessions import open_sessions
from bot.ledger import Ledger
from bot.line.client import LineClient
from bot.messages.links import Links
from bot.messages.template import AnswerRenderer
from bot.migrate import migrate, require_schema
from bot.outbound.alerts import AlertPlanner
from bot.outbound.composer import DeliveryComposer
from bot.outbound.piggyback import Piggyback
from bot.outbound.pusher import Pusher
from bot.outbound.quota import QuotaStore
from bot.outbound.run_plans import publish_due
from bot.outbound.schedule import Schedule
from bot.outbound.worker import Worker
from bot.services import build_services
from bot.web.admin import create_admin
from bot.web.reader import ReaderView, create_reader
from corpus.analysis.tickers import scan
from corpus.database import UnitOfWork, connect, reading
from corpus.essay import Audience
from corpus.language.text import fold
from corpus.library import ArchiveResources
from corpus.storage.serving_lock import ServingLock
from handlers.club.chats import Mode
from handlers.club.club import Club
from handlers.club.people import Purpose
from handlers.commands import router as make_router
from handlers.identity import Chat, Role
from handlers.routing.follow_up import is_follow_up, other_name
from handlers.routing.route import Router
from handlers.routing.typed_text import tidy
from handlers.text.decorations import undecorated
from handlers.text.question_detection import looks_like_question

DATABASE_WAIT = 2.0  # seconds between two looks for a database that is away
WARMING = 12  # essays of which something is asked before anybody does

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that one process serves with."""

    settings: Settings
    engine: Engine
    archive: ArchiveResources
    ledger: Ledger
    line: LineClient
    treasury: QuotaStore
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
        Thread(target=self.line.fetch_own_id, daemon=True).start()
        self.pool.start()
        if self.with_worker:
            self.worker.start()


def open_archive(settings: Settings, *, serving: bool = False) -> ArchiveResources:
    """The archive behind these settings. Raises SchemaError where its schema is another version's.

    Who is `serving` waits for the database, and brings an older schema up to date.
    """
    if problems := settings.archive_problems():
        raise SettingsError("\n".join(problems))
    engine = connect(settings.database_url)
    if serving:
        wait_for_database(engine)
        migrate(engine)
    else:
        require_schema(engine)
    return ArchiveResources(engine, settings.index_folder)


def wait_for_database(engine: Engine) -> None:
    """Until the database answers: whoever starts both at once need not start them in order."""
    while True:
        try:
            with reading(engine) as connection:
                connection.execute(select(1))
            return
        except OperationalError as error:
            log.warning("database_away", cause=cause_of(error), next_try_seconds=DATABASE_WAIT)
            time.sleep(DATABASE_WAIT)


def build(
    settings: Settings,
    archive: ArchiveResources | None = None,
    *,
    line: LineClient | None = None,
    clock: Callable[[], float] = time.time,
    answered: Answered = nobody_notes,
) -> Application:
    """Wire the house. Raises SettingsError naming all that is missing or contradictory."""
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    archive = archive or open_archive(settings)
    ledger = Ledger(archive.engine)
    line = line or LineClient(settings.line_api_base, settings.line_channel_access_token)
    sessions = open_sessions(settings.redis_url)
    router = make_router()
    links = Links(settings.line_channel_secret)
    manner = ConversationSettings(
        zone=settings.zone,
        public_url=settings.public_url,
        basic_id=lambda: line.basic_id,
        owners=settings.owners,
        rate=settings.luopan_rate,
    )
    treasury = QuotaStore(archive.engine, line, settings.zone)
    doors = build_services(archive.engine, line, lambda: treasury.refresh(clock()))
    conversation = Conversation(archive, ledger, sessions, router, links, manner, doors, answered)
    press = DeliveryComposer(
        archive, AnswerRenderer(links, settings.public_url, lambda: line.basic_id), settings.zone, settings.owners
    )
    pool = AnswerWorkers(ledger, line, conversation.respond, Piggyback(ledger, press), clock=clock)
    pusher = Pusher(ledger, line, press, treasury, clock=clock)
    worker = _worker(settings, archive, ledger, pusher, clock)
    gate = Gate(
        text_predicates(router, archive),
        ChatLookups(
            mode=lambda chat: _mode(archive.engine, chat),
            is_ours=lambda chat, message: ledger.origin(chat, message) is not None,
            answered_lately=sessions.has_recent_answer,
        ),
    )
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(
        webhook.create_blueprint(
            settings.line_channel_secret,
            ledger,
            gate,
            pool.notify,
            ride_waits=ledger.has_waiting_delivery,
            forget=conversation.forget,
            clock=clock,
        )
    )
    app.register_blueprint(create_reader(reader_view_for(archive, links, settings, clock)))
    app.register_blueprint(create_admin(conversation, settings.line_channel_secret, clock=clock))
    _add_health(app, archive)
    bot = Application(
        settings,
        archive.engine,
        archive,
        ledger,
        line,
        treasury,
        gate,
        conversation,
        pool,
        worker,
        app,
        ServingLock(archive.engine),
    )
    app.extensions["luopan"] = bot
    return bot


def _worker(
    settings: Settings, archive: ArchiveResources, ledger: Ledger, pusher: Pusher, clock: Callable[[], float]
) -> Worker:
    zone, patience = settings.zone, settings.luopan_digest_patience

    def publish(_work: UnitOfWork, now: datetime) -> None:
        publish_due(archive, now, settings.owners)

    wishes = AlertPlanner(archive, zone, patience, settings.owners)
    return Worker(ledger, Schedule(zone, patience), wishes, pusher, (publish,), clock=clock)


def create_app(settings: Settings | None = None, *, with_worker: bool = False) -> Flask:
    """What gunicorn serves: warm before the fork, its threads started after it."""
    logs.configure()
    settings = settings or read_settings()
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    bot = replace(build(settings, open_archive(settings, serving=True)), with_worker=with_worker)
    bot.app.extensions["luopan"] = bot
    warm(bot)
    if code := first_owner_code(bot):
        print(f"還沒有擁有者:一對一跟羅盤說「認領 {code}」就是擁有者。", flush=True)
    return bot.app


def warm(bot: Application) -> None:
    """Pay for the slow first times before anybody asks: the index, the dictionaries, the newest essays, LINE's SDK."""
    with UnitOfWork(bot.engine) as work:
        library = bot.archive.library(work, Audience.GUEST)
        for title in ("羅盤", *(essay.title for essay in library.latest(WARMING))):
            finding = library.search(title, datetime.now(bot.settings.zone))
            _ = [hit.snippets for hit in finding.hits[:3]]
        library.suggest_securities("羅盤")
        library.closest_theme("羅盤")
    import linebot.v3.shop  # noqa: F401

    freeze_gc()


def freeze_gc() -> None:
    """All that was read so far stays: collections need not walk it again and again, and forks go on sharing its memory."""
    gc.collect()
    gc.freeze()


def text_predicates(router: Router, archive: ArchiveResources) -> TextPredicates:
    """What the gate needs to know of a text, from the commands and the lexicon."""

    def is_name(text: str) -> bool:
        return bool(archive.lexicon.resolve(text.lstrip("$"))) or archive.themes.resolve(text.lstrip("#")) is not None

    def plain(text: str) -> str:
        return undecorated(tidy(text))

    def names(text: str) -> bool:
        text = plain(text)
        call = router.exact(text)
        calls = call is not None and (not call.whole or call.command.allowed_in_quiet_mode or is_name(call.rest))
        return calls or is_name(text)

    def asks(text: str) -> bool:
        """A question is clear that speaks of something essays may be about; 「真假?」 is talk."""
        return looks_like_question(text) and bool(
            scan(text, archive.lexicon) or any(archive.themes.signals(fold(text)))
        )

    def follows_up(text: str) -> bool:
        name = other_name(tidy(text))
        return is_name(name) if name else is_follow_up(plain(text)) or wants_more(text)

    def manages(text: str) -> bool:
        call = router.exact(plain(text))
        return call is not None and call.command.allowed_in_quiet_mode

    def wants_more(text: str) -> bool:
        call = router.exact(plain(text))
        return call is not None and call.command.words[0] == "更多" and not call.rest

    return TextPredicates(
        names=names,
        asks=asks,
        follows_up=follows_up,
        wants_more=wants_more,
        is_settings_command=manages,
    )


def reader_view_for(
    archive: ArchiveResources, links: Links, settings: Settings, clock: Callable[[], float]
) -> Callable[[int, str | None], ReaderView | None]:
    """Who sees what of an essay's page: a member with a fresh link of their own all of it, everybody else as a guest."""

    def read(essay_id: int, token: str | None) -> ReaderView | None:
        now = datetime.fromtimestamp(clock(), settings.zone)
        with UnitOfWork(archive.engine) as work:
            club = Club(work, settings.owners)
            user = links.reader(essay_id, token)
            role = club.people.role(user, now)
            audience = Audience.MEMBER if role >= Role.MEMBER else Audience.GUEST
            library = archive.library(work, audience)
            essay = library.essay(essay_id)
            if essay is None:
                return None
            related = tuple(found for found, _ in library.related(essay))
            full = not library.is_locked(essay)
            if user is not None:
                club.bookmarks.open(user, essay_id, now)
                work.commit()
        return ReaderView(essay, full, now.date(), related)

    return read


def first_owner_code(bot: Application) -> str | None:
    """The code that makes the first owner, for the first start to print; None once there is an owner."""
    with UnitOfWork(bot.engine) as work:
        people = Club(work, bot.settings.owners).people
        if people.has_owner():
            return None
        code = people.make_code(Purpose.CLAIM, datetime.now(UTC), timedelta(days=7))
        work.commit()
    return code


def _mode(engine: Engine, chat: Chat) -> Mode:
    with UnitOfWork(engine) as work:
        return Club(work).chats.get(chat).mode


def _add_health(app: Flask, archive: ArchiveResources) -> None:
    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/readyz")
    def readyz() -> tuple[str, int]:
        """200 only when a question would be answered."""
        try:
            with UnitOfWork(archive.engine) as work:
                library = archive.library(work, Audience.GUEST)
                library.sync_index()
                return ("ready", 200) if archive.index.revision == library.revision() else ("index is behind", 503)
        except (SQLAlchemyError, OSError):
            log.exception("not_ready")
            return "not ready", 503

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
