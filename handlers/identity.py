"""Who speaks and where: roles, places, chats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(IntEnum):
    """What a signed user id may do; each role may do what the ones below it may."""

    GUEST = 0
    MEMBER = 1
    EDITOR = 2
    MODERATOR = 3
    OWNER = 4


class Place(StrEnum):
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
