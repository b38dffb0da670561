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
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.config import Settings, SettingsError, read_settings
from bot.inbound import webhook
from bot.inbound.conversation import Conversation, Manner
from bot.inbound.gate import Gate, Memory, Words
from bot.inbound.pool import Pool
from bot.inbound.sessions import open_sessions
from bot.ledger import Ledger
from bot.line.client import Line
from bot.messages.links import Links
from bot.messages.template import Drawing
from bot.migrate import migrate
from bot.outbound.alerts import Wishes
from bot.outbound.composer import Press
from bot.outbound.piggyback import Rides
from bot.outbound.pusher import Pusher
from bot.outbound.quota import Treasury
from bot.outbound.run_plans import publish_due
from bot.outbound.schedule import Schedule
from bot.outbound.worker import Worker
from bot.services import outside
from bot.web.admin import create_desk
from bot.web.reader import ReaderView, create_reader
from corpus.analysis.tickers import scan
from corpus.database import Work, connect
from corpus.essay import Audience
from corpus.language.text import fold, tight
from corpus.library import Archive
from handlers.club.chats import Mode
from handlers.club.club import Club
from handlers.club.people import Purpose
from handlers.commands import router as make_router
from handlers.identity import Chat, Role
from handlers.routing.follow_up import is_follow_up, other_name
from handlers.routing.route import Router
from handlers.routing.typed_text import tidy
from handlers.text.question_detection import looks_like_question

WARMING = 12  # essays of which something is asked before anybody does

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that one process serves with."""

    settings: Settings
    engine: Engine
    archive: Archive
    ledger: Ledger
    line: Line
    treasury: Treasury
    gate: Gate
    conversation: Conversation
    pool: Pool
    worker: Worker
    app: Flask
    with_worker: bool = False

    def start(self) -> None:
        """Start this process's threads: after a fork, never before."""
        Thread(target=self.line.introduce, daemon=True).start()
        self.pool.start()
        if self.with_worker:
            self.worker.start()


def open_archive(settings: Settings) -> Archive:
    """The archive behind these settings, with its schema up to date."""
    if problems := settings.archive_problems():
        raise SettingsError("\n".join(problems))
    engine = connect(settings.database_url)
    migrate(engine)
    return Archive(engine, settings.index_folder)


def build(
    settings: Settings,
    archive: Archive | None = None,
    *,
    line: Line | None = None,
    clock: Callable[[], float] = time.time,
) -> Bot:
    """Wire the house. Raises SettingsError naming all that is missing or contradictory."""
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    archive = archive or open_archive(settings)
    ledger = Ledger(archive.engine)
    line = line or Line(settings.line_api_base, settings.line_channel_access_token)
    sessions = open_sessions(settings.redis_url)
    router = make_router()
    links = Links(settings.line_channel_secret)
    manner = Manner(
        zone=settings.zone,
        public_url=settings.public_url,
        basic_id=lambda: line.basic_id,
        owners=settings.owners,
        rate=settings.luopan_rate,
    )
    treasury = Treasury(archive.engine, line, settings.zone)
    doors = outside(archive.engine, line, lambda: treasury.refresh(clock()))
    conversation = Conversation(archive, ledger, sessions, router, links, manner, doors)
    press = Press(archive, Drawing(links, settings.public_url, lambda: line.basic_id), settings.zone, settings.owners)
    pool = Pool(ledger, line, conversation.respond, Rides(ledger, press), clock=clock)
    pusher = Pusher(ledger, line, press, treasury, clock=clock)
    worker = _worker(settings, archive, ledger, pusher, clock)
    gate = Gate(
        gate_words(router, archive),
        Memory(
            mode=lambda chat: _mode(archive.engine, chat),
            is_ours=lambda chat, message: ledger.origin(chat, message) is not None,
            answered_lately=sessions.is_talking,
        ),
    )
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(
        webhook.create_blueprint(
            settings.line_channel_secret,
            ledger,
            gate,
            pool.wake,
            ride_waits=ledger.ride_waits,
            forget=conversation.forget,
            clock=clock,
        )
    )
    app.register_blueprint(create_reader(reader(archive, links, settings, clock)))
    app.register_blueprint(create_desk(conversation, settings.line_channel_secret, clock=clock))
    _add_health(app, archive)
    bot = Bot(settings, archive.engine, archive, ledger, line, treasury, gate, conversation, pool, worker, app)
    app.extensions["luopan"] = bot
    return bot


def _worker(settings: Settings, archive: Archive, ledger: Ledger, pusher: Pusher, clock: Callable[[], float]) -> Worker:
    zone, patience = settings.zone, settings.luopan_digest_patience

    def publish(_work: Work, now: datetime) -> None:
        publish_due(archive, now, settings.owners)

    wishes = Wishes(archive, zone, patience, settings.owners)
    return Worker(ledger, Schedule(zone, patience), wishes, pusher, (publish,), clock=clock)


def create_app(settings: Settings | None = None, *, with_worker: bool = False) -> Flask:
    """What gunicorn serves: warm before the fork, its threads started after it."""
    logs.configure()
    bot = replace(build(settings or read_settings()), with_worker=with_worker)
    bot.app.extensions["luopan"] = bot
    warm(bot)
    if code := claim_code(bot):
        print(f"還沒有擁有者:一對一跟羅盤說「認領 {code}」就是擁有者。", flush=True)
    return bot.app


def warm(bot: Bot) -> None:
    """Pay for the slow first times before anybody asks: the index, the dictionaries, the newest essays, LINE's SDK."""
    with Work(bot.engine) as work:
        library = bot.archive.library(work, Audience.GUEST)
        for title in ("羅盤", *(essay.title for essay in library.latest(WARMING))):
            finding = library.search(title, datetime.now(bot.settings.zone))
            _ = [hit.snippets for hit in finding.hits[:3]]
        library.suggest_securities("羅盤")
        library.closest_theme("羅盤")
    import linebot.v3.shop  # noqa: F401

    hold_still()


def hold_still() -> None:
    """All that was read so far stays: collections need not walk it again and again, and forks go on sharing its memory."""
    gc.collect()
    gc.freeze()


def gate_words(router: Router, archive: Archive) -> Words:
    """What the gate needs to know of a text, from the commands and the lexicon."""

    def is_name(text: str) -> bool:
        return bool(archive.lexicon.resolve(text.lstrip("$"))) or archive.themes.resolve(text.lstrip("#")) is not None

    def names(text: str) -> bool:
        text = tidy(text)
        call = router.exact(text)
        calls = call is not None and (not call.whole or call.command.manages or is_name(call.rest))
        return calls or is_name(text)

    def asks(text: str) -> bool:
        """A question is clear that speaks of something essays may be about; 「真假?」 is talk."""
        return looks_like_question(text) and bool(
            scan(text, archive.lexicon) or any(archive.themes.signals(tight(fold(text))))
        )

    def follows_up(text: str) -> bool:
        text = tidy(text)
        name = other_name(text)
        return is_name(name) if name else is_follow_up(text) or wants_more(text)

    def manages(text: str) -> bool:
        call = router.exact(tidy(text))
        return call is not None and call.command.manages

    def wants_more(text: str) -> bool:
        call = router.exact(tidy(text))
        return call is not None and call.command.words[0] == "更多" and not call.rest

    return Words(
        names=names,
        asks=asks,
        follows_up=follows_up,
        wants_more=wants_more,
        manages=manages,
    )


def reader(
    archive: Archive, links: Links, settings: Settings, clock: Callable[[], float]
) -> Callable[[int, str | None], ReaderView | None]:
    """Who sees what of an essay's page: a member with a fresh link of their own all of it, everybody else as a guest."""

    def read(essay_id: int, token: str | None) -> ReaderView | None:
        now = datetime.fromtimestamp(clock(), settings.zone)
        with Work(archive.engine) as work:
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
                club.shelf.open(user, essay_id, now)
                work.commit()
        return ReaderView(essay, full, now.date(), related)

    return read


def claim_code(bot: Bot) -> str | None:
    """The code that makes the first owner, for the first start to print; None once there is an owner."""
    with Work(bot.engine) as work:
        people = Club(work, bot.settings.owners).people
        if people.has_owner():
            return None
        code = people.make_code(Purpose.CLAIM, datetime.now(UTC), timedelta(days=7))
        work.commit()
    return code


def _mode(engine: Engine, chat: Chat) -> Mode:
    with Work(engine) as work:
        return Club(work).chats.get(chat).mode


def _add_health(app: Flask, archive: Archive) -> None:
    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/readyz")
    def readyz() -> tuple[str, int]:
        """200 only when a question would be answered."""
        try:
            with Work(archive.engine) as work:
                library = archive.library(work, Audience.GUEST)
                library.follow()
                return ("ready", 200) if archive.index.revision == library.revision() else ("index is behind", 503)
        except (SQLAlchemyError, OSError):
            log.exception("not_ready")
            return "not ready", 503

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
