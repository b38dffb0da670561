"""The log on stderr: a JSON object a line, or key=value where somebody watches."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

import structlog

from bot.errors import safe_fields

log = structlog.get_logger()


def configure(least: int = logging.INFO) -> None:
    """Log from level `least` on. Never a traceback: it would print what people said."""
    renderer = (
        structlog.processors.LogfmtRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _without_traceback,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.PrintLogger(cast(TextIO, _Stderr())),
    )


@contextmanager
def logged(event: str) -> Iterator[None]:
    """Log whatever the block trips over, and go on behind it: a thread outlives what it does."""
    try:
        yield
    except Exception as error:
        log.error(event, **safe_fields(error))


class _Stderr:
    """stderr, which may be a file on a full disk or a pipe that nobody reads: then nothing is logged, and the bot goes on."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _without_traceback(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception's traceback by its kind and place."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(safe_fields(error))
    return event
