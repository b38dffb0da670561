"""Zip files from outside: read entry by entry, within limits."""

from __future__ import annotations

import zipfile
from io import BytesIO

from corpus.intake.errors import IntakeError

MOST_ENTRIES = 20_000
MOST_ENTRY = 10 * 2**20  # bytes after unpacking
MOST_ALL = 300 * 2**20


def names_in_zip(data: bytes) -> list[str]:
    """Return the names of all files in a zip file; none for what is no zip file."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return []


def read_zip(data: bytes, where: str) -> dict[str, bytes]:
    """Read all files in a zip file. Raises IntakeError for one that is damaged, encrypted, or holds more than it may."""
    found: dict[str, bytes] = {}
    left = MOST_ALL
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise IntakeError("壓縮檔裡的檔案太多", where, "請拆成幾個較小的檔案")
            for entry in archive.infolist():
                if entry.is_dir() or "__MACOSX" in entry.filename:
                    continue
                with archive.open(entry) as file:
                    content = file.read(min(MOST_ENTRY, left) + 1)
                left -= len(content)
                if len(content) > MOST_ENTRY or left < 0:
                    raise IntakeError("壓縮檔解開後太大", where, "請拆成幾個較小的檔案")
                found[entry.filename] = content
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
        raise IntakeError("壓縮檔壞了，或有密碼", where, "請重新匯出一次") from problem
    return found
