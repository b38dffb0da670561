"""Serve /healthz, /readyz and /metrics."""

from __future__ import annotations

import structlog
from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources

log = structlog.get_logger()


def add_health(app: Flask, archive: ArchiveResources) -> None:
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
