"""Roles, places and chats: who speaks, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from corpus.essay import Audience


class Role(IntEnum):
    """The rights of a signed user id; each role may do what the ones below it may."""

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
    """A person's standing at one moment: a role, and the plans of a member."""

    role: Role = Role.GUEST
    plans: frozenset[str] = frozenset()

    @property
    def audience(self) -> Audience:
        """The audience of this person, where nobody else reads along."""
        if self.role >= Role.EDITOR:
            return Audience.EDITOR
        return Audience.of_plans(self.plans) if self.role is Role.MEMBER else Audience.GUEST


class Place(StrEnum):
    """The kind of a chat."""

    PERSON = "person"  # one to one
    GROUP = "group"  # also LINE's old rooms


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat with one person or a group; `id` is LINE's user, group or room id."""

    id: str
    place: Place

    @classmethod
    def of_id(cls, chat_id: str) -> Chat:
        """Return the chat of a LINE id, whose first letter tells the place: U is a user, C a group, R a room."""
        return cls(chat_id, Place.PERSON if chat_id.startswith("U") else Place.GROUP)

    @property
    def is_group(self) -> bool:
        return self.place is Place.GROUP
