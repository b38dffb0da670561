"""README's tables, made from the code: `make docs` writes them, a test compares them."""

from __future__ import annotations

import re
from pathlib import Path

from bot.config import setting_rows
from handlers.command import Command
from handlers.commands import COMMANDS
from handlers.identity import Role

README = Path(__file__).parents[2] / "README.md"
WHO = {Role.GUEST: "大家", Role.MEMBER: "會員", Role.EDITOR: "編輯", Role.MODERATOR: "版主", Role.OWNER: "擁有者"}


def command_table() -> str:
    """What people can type, in the order of the help."""
    rows = [_command_row(command) for command in COMMANDS if not command.hidden]
    return "\n".join(["| 打 | 會得到 | 別名 | 誰、哪裡 |", "| --- | --- | --- | --- |", *rows])


def setting_table() -> str:
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |" for name, default, meaning in setting_rows()
    ]
    return "\n".join(["| 設定 | 預設 | 意思 |", "| --- | --- | --- |", *rows])


def with_tables(text: str) -> str:
    """`text` with the tables between their markers renewed."""
    for name, table in (("commands", command_table()), ("settings", setting_table())):
        marked = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: f"{found.group(1)}{table}{found.group(2)}", text)  # type: ignore[misc]
    return text


def _command_row(command: Command) -> str:
    others = "、".join(f"`{word}`" for word in command.words[1:])
    where = WHO[command.role] + ("" if command.group else ",一對一")
    return f"| {command.usage} | {command.help} | {others} | {where} |"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
