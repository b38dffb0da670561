"""What intake says when it cannot take a file."""

from __future__ import annotations

MAX_BYTES = 50 * 2**20


class IntakeError(ValueError):
    """A file or page that yields no essay. Its text is one line: what is wrong, where, and what to do about it."""

    def __init__(self, what: str, where: str, do: str) -> None:
        super().__init__(f"{where}:{what}。{do}")
        self.what = what
        self.where = where
        self.do = do


def too_large(where: str) -> IntakeError:
    return IntakeError(f"檔案超過 {MAX_BYTES // 2**20} MB", where, "請拆成幾個較小的檔案再加入")
