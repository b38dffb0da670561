"""A finding of `luopan doctor` or `luopan connect`, and the page that its advice leads to."""

from __future__ import annotations

from dataclasses import dataclass

CONSOLE = "LINE Developers → 你的頻道 → Messaging API"  # where what only a person can set is set


@dataclass(frozen=True, slots=True)
class Check:
    """A finding. `ok` None: worth knowing, not wrong."""

    ok: bool | None
    what: str
    do: str = ""

    @property
    def line(self) -> str:
        sign = {True: "✓", False: "✗", None: "・"}[self.ok]
        return f"{sign} {self.what}" + (f"\n  → {self.do}" if self.do else "")
