"""A house that may be killed at any moment: webhook, Ledger and pool around a handler that writes down what it says.

It is served by real processes that are forked from a warm one, so that a life costs milliseconds. A `broken` house
breaks one rule on purpose, to show that the tests would notice.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event as Flag
from threading import Condition, Thread

import linebot.v3.shop  # noqa: F401  half a second that every life would pay otherwise
from flask import Flask, after_this_request
from flask.wrappers import Response
from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from werkzeug.serving import WSGIRequestHandler, make_server

from bot import faults, logs
from bot.inbound.gate import ChatLookups, Gate
from bot.inbound.pool import AnswerWorkers
from bot.inbound.webhook import create_blueprint
from bot.ledger import ClaimedEvent, FrozenReply, Ledger, WebhookBatch
from bot.ledger.outgoing import freeze
from bot.line.client import LineClient
from bot.line.events import LineEvent
from corpus.database import UnitOfWork, connect
from handlers.club.chats import Mode
from tests.support.line_events import words

SECRET, TOKEN = "secret", "token"
BEFORE_LATE_COMMIT = "before_late_commit"  # a point that only a broken house has
LEASE = 0.5  # seconds; a call to the platform on this machine takes a hundredth of that

notes = Table(
    "notes",  # what the Club would have changed
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("event_id", String(128), nullable=False),
    Column("saying", String(32), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to serve: where, with which database and platform, and what is broken."""

    database: str
    platform: str
    port: int
    broken: str = ""
    fault: str = ""


def note(heard: LineEvent, work: UnitOfWork) -> FrozenReply:
    """Says something new each time it is called; what it said must be what was written down."""
    saying = secrets.token_hex(8)
    work.writer.execute(insert(notes).values(event_id=heard.id, saying=saying))
    return FrozenReply(({"type": "text", "text": saying},))


def serve(plan: Plan, up: Flag) -> None:
    """One life of the house; `up` is set once it listens."""
    os.environ["LUOPAN_FAULT"] = plan.fault
    logs.configure(logging.CRITICAL)
    engine = connect(plan.database)
    ledger = LEDGERS.get(plan.broken, Ledger)(engine, lease=LEASE)
    pool = POOLS.get(plan.broken, AnswerWorkers)(
        ledger, LineClient(plan.platform, TOKEN), note, threads=3, tick=0.05, most_attempts=99
    )
    memory = ChatLookups(lambda _chat: Mode.ASKED, lambda _chat, _message: False, lambda _chat, _user: False)
    app = Flask("mortal")
    app.register_blueprint(create_blueprint(SECRET, ledger, Gate(words(), memory), pool.notify))
    pool.start()
    server = make_server("127.0.0.1", plan.port, app, threaded=True, request_handler=_Quiet)
    up.set()
    server.serve_forever()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


class HastyLedger(Ledger):
    """Breaks a rule: 200 first, the commit later."""

    def store(self, batch: WebhookBatch, patience: float | None = None) -> None:
        keep = super().store

        @after_this_request
        def answer_first(response: Response) -> Response:
            def store_later() -> None:
                faults.crash_point(BEFORE_LATE_COMMIT)
                keep(batch, patience)

            response.call_on_close(lambda: Thread(target=store_later).start())
            return response


class ForgetfulLedger(Ledger):
    """Breaks a rule: knows no event again."""

    def store(self, batch: WebhookBatch, patience: float | None = None) -> None:
        def anew(event: LineEvent) -> LineEvent:
            return replace(event, id=f"{event.id}-{secrets.token_hex(4)}")

        super().store(WebhookBatch(batch.received_at, tuple(map(anew, batch.events))), patience)


class RashPool(AnswerWorkers):
    """Breaks a rule: sends before the commit."""

    def _answer(self, kept: ClaimedEvent) -> None:
        with UnitOfWork(self.ledger.engine) as work:
            reply = self.respond(kept.event, work)
            self.ledger.finish(work, kept, None, self.clock())
            self.line.reply(kept.event.reply_token or "", freeze(reply.messages if reply else (), quiet=False))
            faults.crash_point(faults.BEFORE_REPLY_COMMIT)
            work.commit()
        self.ledger.release(kept)


LEDGERS: dict[str, Callable[..., Ledger]] = {"200 before commit": HastyLedger, "no dedupe": ForgetfulLedger}
POOLS: dict[str, Callable[..., AnswerWorkers]] = {"send before commit": RashPool}


class Keeper:
    """Starts the house again whenever it dies; a fault is met in the first life only."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.deaths: list[int | None] = []
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._changed = Condition()
        self._closing = False
        self._house, self.up = self._start(plan)
        self._watcher = Thread(target=self._watch)
        self._watcher.start()

    def kill(self, after: float) -> None:
        """SIGKILL the house after it was up for so many seconds, and see the next one started."""
        house, deaths = self._house, len(self.deaths)
        self.up.wait()
        house.join(after)
        house.kill()
        with self._changed:
            self._changed.wait_for(lambda: len(self.deaths) > deaths)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._house.kill()
        self._watcher.join()

    def _start(self, plan: Plan) -> tuple[BaseProcess, Flag]:
        up = self._context.Event()
        house = self._context.Process(target=serve, args=(plan, up), daemon=True)
        house.start()
        return house, up

    def _watch(self) -> None:
        while True:
            self._house.join()
            with self._changed:
                if self._closing:
                    return
                exitcode = self._house.exitcode
                self._house, self.up = self._start(replace(self.plan, fault=""))
                self.deaths.append(exitcode)
                self._changed.notify_all()
