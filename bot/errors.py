"""Errors as the log may know them: their kind and their place, never what a person said."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb


class SettingsError(Exception):
    """Settings that cannot work; `str()` lists every problem, one a line."""


def cause_of(error: BaseException) -> str:
    """Return the first line of what the database's driver says, which never quotes a parameter."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip()
    return said.splitlines()[0][:160] if said else type(error).__name__


def safe_fields(error: BaseException) -> dict[str, str]:
    """Return an error's type and the calls it came from, innermost last. Its message may quote a person and is left out."""
    calls = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    return {"error": type(error).__name__, "calls": " ".join(calls)}
