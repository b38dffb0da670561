"""Members' plans on the command line: the list, a new one, and whom an essay is for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import CommandGroup, Json, app, complain, opened, show, write_logs

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from corpus.essay import Visibility

plan_app = CommandGroup("plans", "會員方案：列出來，或新增一個", runs_alone=True)
app.add_typer(plan_app)


@plan_app.callback()
def listing(context: typer.Context, as_json: Json = False) -> None:
    """現有的會員方案。"""
    if context.invoked_subcommand is not None:
        return
    write_logs()
    with opened() as (_, archive):
        for name in known_plans(archive.engine):
            show(as_json, {"plan": name}, name)


@plan_app.command()
def add(
    name: Annotated[str, typer.Argument(help="方案名稱，例如 決策者", show_default=False)], as_json: Json = False
) -> None:
    """新增一個會員方案；已經有的沒關係。"""
    from corpus.database import UnitOfWork
    from corpus.visibility import LONGEST_PLAN, plan_name
    from handlers.club.memberships import Memberships

    plan = plan_name(name)
    if not plan:
        complain(f"方案名稱要是 1 到 {LONGEST_PLAN} 個字，不能有逗號，也不能叫 public 或 members：{name}")
        raise typer.Exit(2)
    with opened() as (settings, archive), UnitOfWork(archive.engine) as work:
        is_new = Memberships(work).add_plan(plan, datetime.now(settings.zone))
        work.commit()
    show(
        as_json,
        {"plan": plan, "status": "added" if is_new else "unchanged"},
        f"{plan}{'' if is_new else '（已經有了）'}",
    )


def known_plans(engine: Engine) -> tuple[str, ...]:
    from corpus.database import UnitOfWork
    from handlers.club.memberships import Memberships

    with UnitOfWork(engine) as work:
        return Memberships(work).plans()


def chosen_visibility(text: str | None, plans: tuple[str, ...]) -> Visibility | None:
    """Return the visibility that `--visibility` names; end the command, saying why, where it names nobody we know."""
    from corpus.essay import Visibility

    if text is None:
        return None
    visibility = Visibility.typed(text)
    if visibility is None or not set(plans).issuperset(visibility.plans):
        known = "、".join(plans) or "還沒有方案，先用 luopan plans add 新增"
        complain(f"--visibility 只能是 public、members 或方案名稱（{known}），收到的是 {text}")
        raise typer.Exit(2)
    return visibility
