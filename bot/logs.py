"""The log on stderr: a JSON object a line, or key=value where somebody watches."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from bot.errors import safe_fields


class Log:
    """What is told of events, each with the fields that explain it; never a traceback, which would print what people said."""

    def __init__(self) -> None:
        self.least = logging.INFO
        self.keep: Callable[[dict[str, Any]], None] = _write

    def debug(self, event: str, **fields: Any) -> None:
        self._tell(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        self._tell(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._tell(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._tell(logging.ERROR, event, fields)

    def _tell(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if level >= self.least:
            at = f"{datetime.now(UTC).replace(tzinfo=None).isoformat()}Z"
            self.keep({"event": event, **fields, "level": logging.getLevelName(level).lower(), "at": at})


def _write(line: dict[str, Any]) -> None:
    """Write a line to stderr, which may be a file on a full disk or a pipe that nobody reads: then nothing is logged, and the bot goes on."""
    with suppress(OSError, ValueError):
        written = as_pairs(line) if sys.stderr.isatty() else json.dumps(line, ensure_ascii=False, default=repr)
        sys.stderr.write(f"{written}\n")
        sys.stderr.flush()


def as_pairs(line: dict[str, Any]) -> str:
    """Return key=value of each field; a value that is no plain word stands in quotation marks."""
    values = {key: str(value) for key, value in line.items()}
    plain = {key: value and value.isprintable() and not set(value) & set(' ="') for key, value in values.items()}
    return " ".join(
        f"{key}={value if plain[key] else json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
    )


log = Log()


def configure(least: int = logging.INFO) -> None:
    """Log from level `least` on."""
    log.least = least


@contextmanager
def kept_by(keep: Callable[[dict[str, Any]], None], least: int = logging.DEBUG) -> Iterator[None]:
    """Hand every line from level `least` on to `keep` instead of stderr, until the block ends."""
    before = log.keep, log.least
    log.keep, log.least = keep, least
    try:
        yield
    finally:
        log.keep, log.least = before


@contextmanager
def logged(event: str) -> Iterator[None]:
    """Log whatever the block trips over, and go on behind it: a thread outlives what it does."""
    try:
        yield
    except Exception as error:
        log.error(event, **safe_fields(error))
