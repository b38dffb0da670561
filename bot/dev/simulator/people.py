"""The persons and groups of the simulated platform."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5


def stable_id(kind: str, name: str) -> str:
    """Make LINE's id of a person (U) or group (C): the same at every start, so that a bot's database stays true."""
    return kind + md5(name.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class LinePerson:
    name: str
    id: str
    hides_id: bool = False  # LINE withholds the user ids of some in groups


@dataclass(frozen=True, slots=True)
class LineGroup:
    name: str
    id: str
    members: frozenset[str]  # user ids of those who can speak here
    silent: int = 0  # further members, who never say a word but count
    joined: bool = True  # is the bot in it?

    @property
    def size(self) -> int:
        """The member count as LINE gives it: without the bot."""
        return len(self.members) + self.silent


def person(name: str, hides_id: bool = False) -> LinePerson:
    return LinePerson(name, stable_id("U", name), hides_id)


def group(name: str, members: tuple[LinePerson, ...], size: int | None = None, joined: bool = True) -> LineGroup:
    """Make a group of these persons, filled up with silent members to `size`."""
    ids = frozenset(member.id for member in members)
    return LineGroup(name, stable_id("C", name), ids, max(0, (size or 0) - len(ids)), joined)


BOT = LinePerson("羅盤", stable_id("U", "羅盤 (bot)"))
PERSONS = (person("小安"), person("美玲"), person("阿哲"))
GROUPS = (group("投資讀書會", PERSONS, size=12),)
