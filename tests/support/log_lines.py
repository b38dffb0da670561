"""The log's lines as values, for whoever reads them instead of stderr."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.logs import LOGGER, line_of


class _Keeper(logging.Handler):
    def __init__(self, keep: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self.keep = keep

    def emit(self, record: logging.LogRecord) -> None:
        self.keep(line_of(record))


@contextmanager
def kept_by(keep: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Hand every line of whatever level on to `keep` until the block ends; nothing is printed meanwhile."""
    handlers, level = LOGGER.handlers, LOGGER.level
    LOGGER.handlers = [_Keeper(keep)]
    LOGGER.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        LOGGER.handlers = handlers
        LOGGER.setLevel(level)
