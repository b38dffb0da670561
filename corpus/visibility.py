"""Visibility, the circles whose readers may read an essay whole, and audience, the circles that a reader is in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

EVERYBODY, ALL_MEMBERS = "public", "members"  # the circles that are no plan
LONGEST_PLAN = 32

_BETWEEN_PLANS = re.compile(r"[,、;/|\n]")
_PLAN = re.compile(rf"\w[\w +&.-]{{0,{LONGEST_PLAN - 1}}}")


def plan_name(text: str) -> str:
    """Return a plan's name in its one spelling; empty where the text cannot be one."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    return name if _PLAN.fullmatch(name) and name.lower() not in (EVERYBODY, ALL_MEMBERS) else ""


def plan_names(text: str) -> tuple[str, ...]:
    """Return the names of plans in a text, each once, parted by commas, semicolons, slashes, bars or line ends."""
    parts = _BETWEEN_PLANS.split(unicodedata.normalize("NFKC", text))
    return tuple(dict.fromkeys(name for part in parts if (name := plan_name(part))))


@dataclass(frozen=True, slots=True)
class Visibility:
    """The circles that may read an essay whole: everybody, all members, or the members of some plans. The store keeps its `str`."""

    circles: frozenset[str]

    PUBLIC: ClassVar[Visibility]
    MEMBERS: ClassVar[Visibility]

    @classmethod
    def of_plans(cls, names: Iterable[str]) -> Visibility:
        """Return the visibility for the members of any of these plans."""
        return cls(frozenset(names))

    @classmethod
    def read(cls, text: str) -> Visibility:
        """Read a visibility as `str` wrote it: 「public」, 「members」, or names of plans with commas between."""
        return {EVERYBODY: cls.PUBLIC, ALL_MEMBERS: cls.MEMBERS}.get(text) or cls.of_plans(text.split(","))

    @classmethod
    def typed(cls, text: str) -> Visibility | None:
        """Read a visibility as typed or sent by a form; return None where it is neither of the words nor names of plans."""
        word = text.strip().lower()
        if word in (EVERYBODY, ALL_MEMBERS):
            return cls.read(word)
        plans = plan_names(text)
        return cls.of_plans(plans) if plans else None

    def __str__(self) -> str:
        return ",".join(sorted(self.circles))

    @property
    def is_public(self) -> bool:
        return EVERYBODY in self.circles

    @property
    def plans(self) -> tuple[str, ...]:
        """The names of its plans, sorted."""
        return tuple(sorted(self.circles - {EVERYBODY, ALL_MEMBERS}))

    def is_within(self, other: Visibility) -> bool:
        """Tell whether everybody who may read this may read the other."""
        return other.is_public or self.circles <= other.circles or (other == Visibility.MEMBERS and not self.is_public)


Visibility.PUBLIC = Visibility(frozenset({EVERYBODY}))
Visibility.MEMBERS = Visibility(frozenset({ALL_MEMBERS}))


@dataclass(frozen=True, slots=True)
class Audience:
    """The reader for whom the Library is asked. A group is always a guest, whoever asks; an editor reads all."""

    circles: frozenset[str]
    reads_all: bool = False

    GUEST: ClassVar[Audience]
    MEMBER: ClassVar[Audience]  # of no plan
    EDITOR: ClassVar[Audience]

    @classmethod
    def of_plans(cls, names: Iterable[str]) -> Audience:
        """Return the audience that a member of these plans is."""
        return cls(frozenset({EVERYBODY, ALL_MEMBERS, *names}))

    @property
    def plans(self) -> tuple[str, ...]:
        return tuple(sorted(self.circles - {EVERYBODY, ALL_MEMBERS}))


Audience.GUEST = Audience(frozenset({EVERYBODY}))
Audience.MEMBER = Audience.of_plans(())
Audience.EDITOR = Audience(Audience.MEMBER.circles, reads_all=True)
