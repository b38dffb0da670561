"""The bot and a LINE platform together on this machine: for `make run`, `luopan chat` and the tests' `chat(...)`."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from werkzeug.serving import make_server

from bot.app import Application, build
from bot.config import Settings
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.ledger.tables import inbox, outbox
from corpus.database import reading
from corpus.library import ArchiveResources
from handlers.answer import Outcome

SECRET = "simulator-secret"  # noqa: S105  the simulator's own, worth nothing elsewhere
TOKEN = "simulator-token"  # noqa: S105
ANSWER_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class LocalBot:
    """A running bot and the platform it talks to."""

    bot: Application
    platform: Platform
    page: str  # the simulator's address
    outcomes: dict[str, Outcome]  # of each event that was answered or heard in silence

    def wait_for_reply(self, delivery: WebhookDelivery) -> tuple[dict[str, Any], ...]:
        """Return what the bot said to an event, once it is done with it; nothing where it kept silent. Errors: TimeoutError."""
        ends = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < ends:
            if self._is_done(delivery.id):
                return tuple(bubble.content for bubble in self.platform.channel.replies.get(delivery.id, ()))
            time.sleep(0.005)
        raise TimeoutError(f"no end within {ANSWER_SECONDS} s to {delivery.event}")

    def _is_done(self, event_id: str) -> bool:
        """Tell whether an event was never kept, or is finished and its answer's ids are stored, so that it can be quoted."""
        with reading(self.bot.engine) as connection:
            state = connection.execute(select(inbox.c.state).where(inbox.c.event_id == event_id)).scalar()
            sent = connection.execute(select(outbox.c.state).where(outbox.c.event_id == event_id)).scalar()
        return state is None or (state == "done" and sent != "pending")


@contextmanager
def local_bot(
    settings: Settings,
    archive: ArchiveResources | None = None,
    *,
    port: int = 0,
    clock: Callable[[], float] = time.time,
    platform: Platform | None = None,
    has_inbox: bool = False,
) -> Iterator[LocalBot]:
    """Start both on 127.0.0.1 and stop them at the end. `port` 0: any free one; `has_inbox`: people read in LINE's own inbox, too."""
    bot_port = free_port(settings.port if port else 0)
    bot_url = f"http://127.0.0.1:{bot_port}"
    platform = platform or Platform(SECRET, TOKEN, f"{bot_url}/callback", lambda: datetime.fromtimestamp(clock(), UTC))
    platform.has_inbox = has_inbox
    with contextlib.ExitStack() as running:
        page, stop_platform = start_in_thread(platform, free_port(port))
        running.callback(stop_platform)
        settings = replace(
            settings,
            line_channel_secret=SECRET,
            line_channel_access_token=TOKEN,
            line_api_base=page,
            public_url=settings.public_url or bot_url,
        )
        outcomes: dict[str, Outcome] = {}
        bot = build(settings, archive, clock=clock, answered=outcomes.__setitem__)
        running.callback(bot.pool.stop)
        server = make_server("127.0.0.1", bot_port, bot.app, threaded=True)
        running.callback(server.server_close)
        running.callback(server.shutdown)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        bot.start()
        yield LocalBot(bot, platform, page, outcomes)


def free_port(wanted: int) -> int:
    """Find the wanted port, or any free one where it is taken, below those that the system gives to connections."""
    others = (random.randint(10_000, 32_000) for _ in range(50))  # noqa: S311
    for port in (*((wanted,) if wanted else ()), *others):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def plain(message: dict[str, object]) -> str:
    """Write a message as a terminal can show it: its texts, top to bottom."""
    if message.get("type") == "text":
        return str(message["text"])
    lines: list[str] = []
    _collect(message.get("contents"), lines)
    return "\n".join(lines)


def _collect(part: object, lines: list[str]) -> None:
    """Collect the texts of a Flex container in reading order; buttons as [label]."""
    if isinstance(part, list):
        for each in part:
            _collect(each, lines)
    elif isinstance(part, dict):
        if part.get("type") == "text":
            spans = part.get("contents")
            lines.append(
                "".join(s.get("text", "") for s in spans) if isinstance(spans, list) else str(part.get("text", ""))
            )
        elif part.get("type") == "button":
            lines.append(f"[{part['action'].get('label', '')}]")
        else:
            for key in ("header", "hero", "body", "footer", "contents"):
                _collect(part.get(key), lines)
