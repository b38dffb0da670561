"""說明: made from the handlers themselves."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.ask import Answer, Ask, Button, Command, Handler, Outcome, Role
from handlers.house import House


def command(commands: Sequence[Command]) -> Command:
    """The help command for these commands: each one that the asker may use here, with its one line."""
    return Command(("說明", "幫助", "help"), "說明", "這張表", ("說明",), _guide(commands), alone=True)


def _guide(commands: Sequence[Command]) -> Handler:
    def guide(ask: Ask, house: House) -> Answer:
        """What can be said here, one line each."""
        shown = [c for c in commands if not c.hidden and c.role <= ask.role and (c.group or not ask.chat.is_group)]
        if not ask.text:
            shown = [c for c in shown if c.role is Role.GUEST or ask.role >= Role.EDITOR]
        rows = tuple((c.usage, c.help) for c in shown)
        text = "群組裡打「羅盤」開頭或 @ 我,例如「羅盤 散熱」" if ask.chat.is_group else "直接打公司、代號、主題或問題"
        return Answer(Outcome.SAID, text=text, rows=rows, buttons=(Button("最新文章", "最新"), Button("主題", "主題")))

    return guide
