"""`luopan`: the operator's and tester's tool."""

from __future__ import annotations

import errno
import gc
import os

from bot.cli import archive, database, members, plans, service, sources
from bot.cli.console import app, complain
from bot.errors import SettingsError, cause_of, safe_fields

__all__ = ["app", "archive", "database", "main", "members", "plans", "service", "sources"]

A_COMMANDS_GARBAGE = 400_000  # new objects after which cycles are looked for: what is loaded at a start has none


def main() -> None:
    """Run the command line; tell errors in plain words, with exit status 2 for settings that cannot work and 1 for others."""
    gc.set_threshold(A_COMMANDS_GARBAGE)
    os.umask(0o077)  # files are for the user who writes them
    try:
        app()
    except SettingsError as error:
        complain(*str(error).splitlines())
        raise SystemExit(2) from error
    except Exception as error:  # a person is told in a line; a traceback might print what people said
        complain(plain_words(error))
        raise SystemExit(1) from error
    finally:
        gc.freeze()  # or the end of the process would look through all it holds, which takes a sixth of `ask`


TROUBLES = {  # of files
    errno.ENOENT: "沒有這個檔案或資料夾",
    errno.EACCES: "權限不夠",
    errno.EPERM: "權限不夠",
    errno.EROFS: "那裡是唯讀的",
    errno.ENOSPC: "磁碟滿了",
    errno.EDQUOT: "磁碟滿了",
    errno.EEXIST: "那裡已經有別的檔案",
    errno.ENOTDIR: "路徑裡有一段不是資料夾",
    errno.EISDIR: "那是資料夾",
}


def plain_words(error: Exception) -> str:
    """Say what went wrong, to the person who typed the command."""
    from sqlalchemy.exc import OperationalError, SQLAlchemyError

    from bot.migrate import SchemaError

    if isinstance(error, SchemaError):
        return str(error)
    if isinstance(error, OperationalError):
        return f"資料庫現在連不上或寫不進去（{cause_of(error)}）。檢查 DATABASE_URL、磁碟與權限；luopan doctor 會逐項檢查。"
    if isinstance(error, SQLAlchemyError):
        return f"資料庫出了問題（{cause_of(error)}）。luopan doctor 會逐項檢查。"
    if isinstance(error, OSError):
        why = TROUBLES.get(error.errno or 0, error.strerror or type(error).__name__)
        where = f"{error.filename}，" if error.filename else ""
        return f"檔案讀不到或寫不進去：{where}{why}。"
    found = safe_fields(error)
    return f"出了意外：{found['error']}（{found['calls'].split()[-1] if found['calls'] else '?'}）。"
