"""A finding of `luopan doctor`."""

from __future__ import annotations

from dataclasses import dataclass


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
