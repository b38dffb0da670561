"""Plans: an essay for some of them is read by their members alone, from the draft to every answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from corpus.database import UnitOfWork, connect
from corpus.visibility import ALL_MEMBERS
from handlers.club.club import Club
from handlers.club.people import Purpose

ESSAY = """---
title: 記憶體的暗號
date: 2026-11-02
visibility: {visibility}
lead: 人人看得到的前言。
---
這一季的暗號是藍色鯨魚，記憶體的合約價上漲三成，供應商的庫存降到四週以下。

第二段說的是需求：伺服器的訂單排到明年，手機的拉貨要到下半年才會回來。
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(app, [*words])
    return done.stdout + done.stderr


def test_plans_are_named_once_and_listed(home: Path) -> None:
    assert "決策者" in run("plans", "add", "決策者")
    assert "已經有了" in run("plans", "add", "　決策者")
    run("plans", "add", "分析者")
    assert run("plans").split() == ["決策者", "分析者"]
    assert '"plan": "分析者"' in run("plans", "--json")


@pytest.mark.parametrize("name", ["public", "a,b", ""])
def test_a_name_that_no_plan_can_have_is_refused(home: Path, name: str) -> None:
    assert "方案名稱" in run("plans", "add", name)
    assert run("plans") == ""


@pytest.mark.parametrize(
    ("field", "option", "kept"),
    [
        ("決策者", (), "決策者"),
        ("分析者、決策者", (), "分析者,決策者"),
        ("public", ("--visibility", "決策者,分析者"), "分析者,決策者"),
        ("public", ("--visibility", "members"), "members"),
        ("決策者", ("--visibility", "public"), "public"),
        ("決册者", (), "決册者"),
    ],
)
def test_an_added_essay_is_for_whom_it_or_the_option_says(
    home: Path, field: str, option: tuple[str, ...], kept: str
) -> None:
    for plan in ("決策者", "分析者"):
        run("plans", "add", plan)
    (home / "essay.md").write_text(ESSAY.format(visibility=field), encoding="utf-8")
    said = run("add", str(home / "essay.md"), "--json", *option)
    assert f'"visibility": "{kept}"' in said
    assert ("沒有這個方案" in said) == (kept == "決册者")
    assert ("藍色鯨魚" in run("ask", "記憶體的暗號")) == (kept == "public")


def test_an_option_that_names_nobody_is_refused(home: Path) -> None:
    (home / "essay.md").write_text(ESSAY.format(visibility="public"), encoding="utf-8")
    assert "決策者" in run("add", str(home / "essay.md"), "--visibility", "決策者")
    assert run("ask", "暗號 藍色鯨魚", "--json").count("記憶體的暗號") == 0


def test_a_code_makes_a_member_of_its_plan(home: Path) -> None:
    run("plans", "add", "決策者")
    (code,) = run("codes", "--count", "1", "--plan", "決策者", "--days", "30", "--name", "十一月").split()
    assert "沒有這個方案" in run("codes", "--plan", "分析者")
    engine = connect(f"sqlite:///{home}/luopan.db")
    with UnitOfWork(engine) as work:
        spent = Club(work).people.use_code(code, Purpose.MEMBER, "U1", datetime.now(UTC))
        assert spent is not None
        assert (spent.plan, spent.days) == ("決策者", 30)
        assert spent.plan != ALL_MEMBERS
    engine.dispose()
