"""Errors of intake: what is wrong with a file that it cannot take."""

from __future__ import annotations

MAX_BYTES = 50 * 2**20
LONGEST_NAME = 200  # of a file or an address, as an error repeats it


class IntakeError(ValueError):
    """A file or page that yields no essay. Its text is one line: what is wrong, where, and what to do about it."""

    def __init__(self, what: str, where: str, do: str) -> None:
        self.what = what
        self.where = _on_one_line(where)
        self.do = do
        super().__init__(f"{self.where}：{what}。{do}")


class UnreachableError(IntakeError):
    """An address that gave nothing just now, and may give something later."""


class TooLargeError(IntakeError):
    """More than may be read at once."""


def too_large(where: str) -> IntakeError:
    return IntakeError(f"檔案超過 {MAX_BYTES // 2**20} MB", where, "請拆成幾個較小的檔案再加入")


def _on_one_line(name: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in name[: 2 * LONGEST_NAME]).split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"
