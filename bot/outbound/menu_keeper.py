"""Keeps the rich menus true to roles: a member or an editor is shown their own menu, and loses it with the role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.line.client import LineClient, LineError
from bot.line.menus import MENUS
from bot.line.menus.own import show_own_menus
from bot.logs import log
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.identity import Role

EVERY = timedelta(seconds=30)  # between two looks at people's roles
MANY = 100_000  # people; with more of them looks are rarer, so that they take a fiftieth of the time at most
REST = timedelta(minutes=10)  # until the menus are looked up anew, or LINE is asked again after it gave no answer


class MenuKeeper:
    """Has LINE show people the menus of their roles, and remembers them; at its start, and after new menus were put up, it shows all anew."""

    def __init__(self, line: LineClient, owners: tuple[str, ...] = (), many: int = MANY) -> None:
        self.line = line
        self.owners = owners
        self.many = many
        self._ids: dict[str, str] = {}  # of the menus, by their names
        self._shown: dict[str, Role] = {}  # by user: the role whose menu they see
        self._looks_at = self._looks_up_at = datetime.min.replace(tzinfo=UTC)

    def keep(self, work: UnitOfWork, now: datetime) -> None:
        """Have LINE show the menu of their role to everybody whose role has changed since the last look."""
        if now < self._looks_at:
            return
        try:
            if now >= self._looks_up_at:
                self._looks_up_at = now + REST
                self._look_up()
            if self._ids:
                self._tell(work, now)
        except LineError as error:
            self._looks_at = now + REST
            log.warning("menus_not_kept", status=error.status)

    def _look_up(self) -> None:
        aliases = self.line.menu_aliases()
        ids = {menu.name: aliases[menu.alias] for menu in MENUS if menu.alias in aliases}
        ids = ids if len(ids) == len(MENUS) else {}  # `luopan connect` has not put them up
        if ids != self._ids:
            self._ids, self._shown = ids, {}

    def _tell(self, work: UnitOfWork, now: datetime) -> None:
        known = Club(work, self.owners).people.known(now)
        self._looks_at = now + EVERY * max(1.0, len(known) / self.many)
        roles = {user: standing.role for user, standing in known.items()}
        gone = {user: Role.GUEST for user, role in self._shown.items() if role > Role.GUEST and user not in roles}
        changed = {user: role for user, role in (roles | gone).items() if self._shown.get(user) is not role}
        if changed:
            show_own_menus(self.line, self._ids, changed)
            log.info("menus_shown", count=len(changed))
        self._shown = roles
