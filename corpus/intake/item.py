"""One line of a page with its role: what the reading of a page is made of."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.essay import Block, BlockKind
from corpus.intake.lines import (
    is_prose,
)
from corpus.intake.role import LineRole


@dataclass(slots=True)  # not frozen, which takes twice as long to make: a page has thousands
class Item:
    """A line of the page with its role. `kind` is None for what is not content; `repeated`: it stood there twice.

    `clause`: one of several lines in a row that tell something without full stops.
    """

    text: str
    plain: str
    role: LineRole
    gap: bool
    kind: BlockKind | None = None
    repeated: bool = False
    block: Block | None = None
    clause: bool = False

    @property
    def is_content(self) -> bool:
        return self.role is LineRole.CONTENT

    @property
    def is_told(self) -> bool:
        """Whether it reads as text: a sentence, or a clause."""
        return self.is_content and (self.clause or is_prose(self.text))

    def with_role(self, role: LineRole) -> Item:
        """Return the same line in another role; `dataclasses.replace` would take five times as long, and most lines get one."""
        return Item(self.text, self.plain, role, self.gap, self.kind, self.repeated, self.block, self.clause)

    def outside(self, role: LineRole) -> Item:
        """Return the same line as one of another role that is not content."""
        return Item(self.text, self.plain, role, self.gap, None, self.repeated, self.block)

    def with_kind(self, kind: BlockKind | None) -> Item:
        return Item(self.text, self.plain, self.role, self.gap, kind, self.repeated, self.block, self.clause)

    @property
    def whole(self) -> str:
        """The text of the item; of a table the header, too."""
        return self.block.plain if self.block is not None and self.block.table is not None else self.text
