"""`luopan`: the operator's and tester's tool."""

from __future__ import annotations

import logging

from bot import logs
from bot.cli import archive, service, sources
from bot.cli.console import app, complain
from bot.config import SettingsError

__all__ = ["app", "archive", "main", "service", "sources"]


def main() -> None:
    """Run the command line; tell settings that cannot work in plain words."""
    logs.configure(logging.WARNING)  # `serve` and `worker` tell more
    try:
        app()
    except SettingsError as error:
        complain(*str(error).splitlines())
        raise SystemExit(2) from error
