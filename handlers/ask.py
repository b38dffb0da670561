"""Ask: one thing that one person said in one chat, with the session that follow-ups refer to. No LINE object in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from corpus.essay import Audience
from handlers.identity import Chat, Role, Standing
from handlers.text.paging import split_essays

ASKING = ("找", "個股", "主題")  # commands whose rest is a subject to read about


@dataclass(frozen=True, slots=True)
class Session:
    """The state that 「更多」, 「第 2 篇」 and 「那聯發科呢」 refer to: kept per chat and person, and forgotten without harm."""

    command: str = ""  # the last command with pages, complete in itself: 「找 散熱」
    page: int = 1
    essays: tuple[int, ...] = ()  # as numbered in the last list; opening one of them does not change it
    choices: tuple[str, ...] = ()  # commands that a bare number picks
    pending: str = ""  # the beginning of a command that the next free text completes
    opened: int = 0  # the essay that was opened last
    undo: str = ""  # the command that takes back what was changed a moment ago
    offered: tuple[tuple[str, str], ...] = ()  # (label, command) of the last answer's buttons
    passages: tuple[tuple[int, int], ...] = ()  # (essay, paragraph) of the last quotes: 「收藏這段」 means one of them
    before: str = ""  # the command before the last one: 「兩家比一比」 compares the two

    @property
    def whole(self) -> str:
        """The command with its page, as a person could type it."""
        return f"{self.command} 第{self.page}頁" if self.command and self.page > 1 else self.command

    @property
    def question(self) -> str:
        """The subject of a command that asks something: 「散熱」 of 「找 散熱」 and of 「主題 散熱 文章」; else empty."""
        word, _, rest = self.command.partition(" ")
        return split_essays(rest)[0] if word in ASKING else ""

    @property
    def essay(self) -> int:
        """The essay that 「收藏」 without a number means: the one opened last, or the only one shown; 0: none."""
        return self.opened or (self.essays[0] if len(self.essays) == 1 else 0)


@dataclass(frozen=True, slots=True)
class RecentAnswer:
    """An answer given in a chat a little while ago, so that a repeat can be one line."""

    said: str  # the command, complete in itself
    at: float  # epoch seconds
    essay: int
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing one person said in one chat. `user` is None where LINE withheld it: then there are no rights."""

    text: str  # without the bot's name or prefix
    chat: Chat
    user: str | None
    at: datetime  # aware, in the community's time zone
    role: Role = Role.GUEST
    session: Session = field(default_factory=Session)
    quoted: str | None = None  # the command that the quoted bubble of ours answered
    recent: tuple[RecentAnswer, ...] = ()  # answers given in this chat within ten minutes
    event: str = ""  # webhookEventId, for logs
    attachment: str | None = None  # LINE's message id of a file sent along
    file_name: str = ""  # of that file
    pressed: bool = False  # a button's command, never free text
    message: str | None = None  # LINE's id of the message
    full_text: str = ""  # all that was typed, where the command word stood right before `text`: 「股票股利」
    is_free_text: bool = False  # its first word is no command
    plans: frozenset[str] = frozenset()  # of a member
    in_english: bool = False  # typed in English: so are our own words in the answer

    @property
    def as_free_text(self) -> Ask | None:
        """The whole text as ordinary words, for a command that cannot read the rest; None where a space set its word apart."""
        return replace(self, text=self.full_text, full_text="", is_free_text=True) if self.full_text else None

    @property
    def audience(self) -> Audience:
        """The audience that this ask is answered for: a guest in a group, whoever asks."""
        if self.chat.is_group or self.user is None:
            return Audience.GUEST
        return Standing(self.role, self.plans).audience

    def with_text(self, text: str) -> Ask:
        """Return this ask as if `text` had been typed."""
        return replace(self, text=text, full_text="", is_free_text=False)
