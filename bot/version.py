"""Which version of the program runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """「0.1.0」; 「?」 where it runs from the source without being installed."""
    try:
        return version("luopan")
    except PackageNotFoundError:
        return "?"
