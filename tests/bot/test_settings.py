"""Where settings come from, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import FeedText, Settings, read_settings
from bot.errors import SettingsError


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "REDIS_URL", "LUOPAN_RATE", "LUOPAN_FEED", "LUOPAN_REVIEW", "LUOPAN_JOIN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_each_kind_of_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PORT": "9000",
        "LUOPAN_FEED": "whole",
        "LUOPAN_REVIEW": "True",
        "LUOPAN_JOIN": "問版主",
    }.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.port, settings.luopan_feed, settings.luopan_review) == (9000, FeedText.WHOLE, True)
    assert settings.luopan_join == "問版主"


def test_the_environment_goes_before_the_file_and_an_empty_value_is_none(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alone / ".env").write_text(
        'PORT=9000\nexport LUOPAN_JOIN="問 版主"  # 一句話\nLUOPAN_RATE=7\nREDIS_URL=\n', "utf-8"
    )
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("LUOPAN_RATE", "")
    settings = read_settings()
    assert (settings.port, settings.luopan_rate, settings.luopan_join, settings.redis_url) == (9001, 7, "問 版主", "")


def test_what_nobody_set_has_the_default_of_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(luopan_rate=0).luopan_rate == 0
    monkeypatch.setenv("LUOPAN_RATE", "3")
    assert read_settings(luopan_rate=0).luopan_rate == 3
    assert Settings().luopan_rate == 30  # what is made by hand asks no environment


def test_all_values_that_cannot_be_read_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"PORT": "65536", "LUOPAN_RATE": "-1", "LUOPAN_FEED": "all", "LUOPAN_REVIEW": "maybe"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert str(told.value).splitlines() == [
        "PORT 的值不對：要是 1 到 65535 的整數",
        "LUOPAN_REVIEW 的值不對：要是 true 或 false",
        "LUOPAN_FEED 的值不對：要是 off 或 lead 或 whole",
        "LUOPAN_RATE 的值不對：要是 0 以上的整數",
    ]
