"""The log on stderr: a JSON object a line, or key=value where somebody watches. Never a traceback, which would print what people said."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from bot.errors import safe_fields

LOGGER = logging.getLogger("luopan")


class EventLogger:
    """Logs the names of events, with the fields that explain each."""

    def debug(self, event: str, **fields: Any) -> None:
        LOGGER.debug(event, extra={"fields": fields})

    def info(self, event: str, **fields: Any) -> None:
        LOGGER.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        LOGGER.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        LOGGER.error(event, extra={"fields": fields})


class _StderrHandler(logging.Handler):
    """Writes to stderr, which may be a file on a full disk or a pipe that nobody reads: then nothing is logged, and the bot goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            line = line_of(record)
            written = as_pairs(line) if sys.stderr.isatty() else json.dumps(line, ensure_ascii=False, default=repr)
            sys.stderr.write(f"{written}\n")
            sys.stderr.flush()


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record's event, fields, level, and time in UTC."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
    return {"event": record.msg, **getattr(record, "fields", {}), "level": record.levelname.lower(), "at": at}


def as_pairs(line: dict[str, Any]) -> str:
    """Return key=value of each field; a value that is no plain word stands in quotation marks."""
    values = {key: str(value) for key, value in line.items()}
    plain = {key: value and value.isprintable() and not set(value) & set(' ="') for key, value in values.items()}
    return " ".join(
        f"{key}={value if plain[key] else json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
    )


LOGGER.addHandler(_StderrHandler())
LOGGER.setLevel(logging.INFO)
LOGGER.propagate = False
log = EventLogger()


def configure(least: int = logging.INFO) -> None:
    """Log from level `least` on."""
    LOGGER.setLevel(least)


@contextmanager
def logged(event: str) -> Iterator[None]:
    """Log whatever the block trips over, and go on behind it: a thread outlives what it does."""
    try:
        yield
    except Exception as error:
        log.error(event, **safe_fields(error))
