"""Who speaks and where: roles, places, chats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from corpus.essay import Audience


class Role(IntEnum):
    """What a signed user id may do; each role may do what the ones below it may."""

    GUEST = 0
    MEMBER = 1
    EDITOR = 2
    MODERATOR = 3
    OWNER = 4

    @property
    def label(self) -> str:
        """The role as people read it."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.GUEST: "訪客",
    Role.MEMBER: "會員",
    Role.EDITOR: "編輯",
    Role.MODERATOR: "版主",
    Role.OWNER: "擁有者",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is here at one moment: a role, and the plans of a member."""

    role: Role = Role.GUEST
    plans: frozenset[str] = frozenset()

    @property
    def audience(self) -> Audience:
        """As whom this person reads, where nobody else reads along."""
        if self.role >= Role.EDITOR:
            return Audience.EDITOR
        return Audience.of_plans(self.plans) if self.role is Role.MEMBER else Audience.GUEST


class Place(StrEnum):
    """What kind of chat it is."""

    PERSON = "person"  # one to one
    GROUP = "group"  # also LINE's old rooms


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something was said; `id` is LINE's user, group or room id."""

    id: str
    place: Place

    @property
    def is_group(self) -> bool:
        return self.place is Place.GROUP
