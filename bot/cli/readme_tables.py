"""The tables of docs/commands.md and docs/settings.md, made from the code: `make docs` writes, a test compares."""

from __future__ import annotations

import re
from pathlib import Path

from typer.main import get_command

from bot.cli.console import app
from bot.config import setting_rows
from handlers.command import Command
from handlers.commands import COMMANDS
from handlers.identity import Role

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (DOCS / "commands.md", DOCS / "settings.md")


def command_table() -> str:
    """List what people can type, in the order of the help."""
    rows = [_command_row(command) for command in COMMANDS if not command.hidden]
    return "\n".join(["| 打 | 會得到 | 別名 | 誰、哪裡 |", "| --- | --- | --- | --- |", *rows])


def setting_table() -> str:
    """List every setting with its default."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |" for name, default, meaning in setting_rows()
    ]
    return "\n".join(["| 設定 | 預設 | 意思 |", "| --- | --- | --- |", *rows])


def shell_table() -> str:
    """List the subcommands of `luopan`."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    rows = [
        f"| `luopan {name}` | {next(iter((command.help or '').splitlines()), '')} |"
        for name, command in commands.items()
    ]
    return "\n".join(["| 指令 | 做什麼 |", "| --- | --- |", *rows])


def with_tables(text: str) -> str:
    """Renew the tables between their markers in `text`."""
    tables = {"commands": command_table(), "settings": setting_table(), "shell": shell_table()}
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: f"{found.group(1)}{table}{found.group(2)}", text)  # type: ignore[misc]
    return text


def _command_row(command: Command) -> str:
    others = "、".join(f"`{word}`" for word in command.words[1:])
    who = "大家" if command.role == Role.GUEST else command.role.label
    where = who + ("" if command.group else "，一對一")
    return f"| {command.usage} | {command.help} | {others} | {where} |"


def main() -> None:
    """Renew the pages in place."""
    for page in PAGES:
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    from bot import cli  # noqa: F401  registers the subcommands

    main()
