"""The door for files on this machine: all that one holds, or its Essays alone."""

from __future__ import annotations

from pathlib import Path

from corpus.essay import Essay
from corpus.intake.errors import MAX_BYTES, IntakeError, too_large
from corpus.intake.extracted import Extracted
from corpus.intake.readers import extracted_of, is_document
from corpus.intake.sandbox import extract_bytes
from corpus.intake.sources.exports.extraction import extract_export
from corpus.intake.sources.exports.form import FOLDER, export_form, is_export


def extract_file(path: Path, *, drafts: bool = False) -> Extracted:
    """Return all that a file holds, its form told by suffix and content; of an export, drafts too where they are asked for.

    Raises IntakeError when there is no essay to take.
    """
    data = _bytes(path)
    if (form := export_form(data, path.name)) not in (None, FOLDER):
        return extract_export(data, path.name, str(form), drafts=drafts)
    if is_document(data, path.suffix):
        return extract_bytes(data, path.name)
    return extracted_of(data, path.name)


def is_export_file(path: Path) -> bool:
    """Tell whether a file is a platform's export for its writers: an archive, and no news."""
    return is_export(_bytes(path), path.name)


def essays_in_file(path: Path) -> list[Essay]:
    """Return the essays of a file alone. Raises IntakeError when there is none to take."""
    return list(extract_file(path).essays)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(path.name)
        return path.read_bytes()
    except FileNotFoundError:
        raise IntakeError("找不到檔案", str(path), "請檢查路徑") from None
    except IsADirectoryError:
        raise IntakeError("這是資料夾", str(path), "請指定裡面的檔案") from None
    except OSError as problem:
        raise IntakeError(f"檔案讀不出來（{problem.strerror}）", str(path), "請檢查檔案與權限") from None
