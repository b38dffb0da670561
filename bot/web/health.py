"""Answers to whoever runs the process: is it alive, would a question be answered, and the figures of /metrics."""

from __future__ import annotations

import hmac
import ipaddress
import os
import time
from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import safe_fields
from bot.ledger import Ledger
from bot.line.client import LineClient
from bot.logs import log
from bot.metrics import DatabaseCollector
from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources

PATIENCE = 0.8  # seconds that a try to write may take
FRESH_SECONDS = 2.0  # for which an answer is given again: nobody makes the disk busy by asking
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP")

PRIVATE = tuple(
    map(ipaddress.ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)


def create_health(
    archive: ArchiveResources,
    ledger: Ledger,
    line: LineClient,
    figures: DatabaseCollector,
    token: str = "",
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Blueprint:
    """Serve /healthz to everybody, /readyz and /metrics to this machine, a private network, or whoever has the token."""
    health = Blueprint("health", __name__)
    known: list[tuple[float, str]] = []

    @health.get("/healthz")
    def healthz() -> str:
        return "ok"

    @health.get("/readyz")
    def readyz() -> tuple[str, int]:
        """Answer 200 only when a question would be answered."""
        _require_insider(token)
        if not known or clock() - known[0][0] >= FRESH_SECONDS:
            known[:] = [(clock(), trouble(archive, ledger, line))]
        return (known[0][1], 503) if known[0][1] else ("ready", 200)

    @health.get("/metrics")
    def metrics() -> Response:
        _require_insider(token)
        registry = REGISTRY
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # the sum of all processes that gunicorn started
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        page = generate_latest(registry)
        try:
            page += figures.page()
        except (SQLAlchemyError, OSError) as error:
            log.warning("figures_not_read", **safe_fields(error))
        return Response(page, content_type=CONTENT_TYPE_LATEST)

    return health


def trouble(archive: ArchiveResources, ledger: Ledger, line: LineClient) -> str:
    """Say why a question would not be answered now; return "" when it would."""
    if line.is_token_refused:
        return "LINE refuses the channel access token"
    try:
        ledger.try_write(PATIENCE)
        with UnitOfWork(archive.engine) as work:
            library = archive.library(work, Audience.GUEST)
            library.sync_index()
            return "" if archive.index.revision == library.revision() else "index is behind"
    except (SQLAlchemyError, OSError) as error:
        log.error("not_ready", **safe_fields(error))
        return "the database cannot be written"


def _require_insider(token: str) -> None:
    """Hide the page from strangers, and from whoever comes through a proxy without the token: abort with 404."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    if any(request.headers.get(name) for name in PROXY_HEADERS) or not _is_private(request.remote_addr or ""):
        abort(404)


def _is_private(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address == ""  # a socket of this machine
    return any(found in network for network in PRIVATE)
