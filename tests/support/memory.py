"""A place in memory for the files of tests: nobody cuts the power of a test, so nothing needs to reach a disk."""

from __future__ import annotations

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30  # bytes


def memory_folder() -> str | None:
    """Where files are kept in memory; None where there is too little of it, and the usual place serves."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None
