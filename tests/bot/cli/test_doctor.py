"""`luopan doctor` finds what is wrong, says what to do, alarms nobody without need, and changes nothing."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, jsonify
from redis import Redis
from sqlalchemy import make_url, text
from typer.testing import CliRunner
from werkzeug.serving import make_server

from bot.cli import app
from bot.cli.checks import Check
from bot.cli.checks_of_channel import check_channel
from bot.cli.doctor import examine
from bot.config import Settings
from bot.dev.bench.processes import redis_server as own_redis
from bot.line.client import LineClient
from bot.migrate import upgrade_in
from corpus.database import connect, writing
from corpus.essay import Block, BlockKind, Essay
from corpus.storage import essay_store
from corpus.storage.schema import backups
from handlers.club.digest_tables import mailings
from handlers.identity import Place
from tests.support.postgres import postgres_schema
from tests.support.schemas import lay_schema

OWNER = "U" + "0123456789abcdef" * 2


@dataclass
class FakeLine:
    """LINE's answers to the doctor's questions."""

    status: int = 200
    active: bool = True
    endpoint: str = "https://bot.example.com/callback"
    chat_mode: str = "bot"
    test: dict[str, Any] = field(default_factory=lambda: {"success": True, "statusCode": 200})
    address: str = ""

    def app(self) -> Flask:
        made = Flask("line")
        made.add_url_rule("/oauth2/v3/token", "token", lambda: ({"error": "invalid_client"}, 401), methods=["POST"])
        made.add_url_rule("/v2/bot/info", "info", self.info)
        made.add_url_rule("/v2/bot/channel/webhook/endpoint", "endpoint", self.webhook)
        made.add_url_rule("/v2/bot/channel/webhook/test", "test", lambda: jsonify(self.test), methods=["POST"])
        return made

    def info(self) -> Any:
        about = {"userId": "Ubot", "basicId": "@bot", "displayName": "羅盤", "chatMode": self.chat_mode}
        return jsonify(about), self.status

    def webhook(self) -> Any:
        return jsonify({"endpoint": self.endpoint, "active": self.active})


@pytest.fixture
def line() -> Iterator[FakeLine]:
    import threading

    fake = FakeLine()
    server = make_server("127.0.0.1", 0, fake.app(), threaded=True)
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


Given = Callable[..., Settings]


@pytest.fixture
def given(line: FakeLine, tmp_path: Path) -> Given:
    """Settings of a bot that runs well, but for what is told."""

    def make(**wrong: Any) -> Settings:
        right = {
            "line_channel_secret": "a" * 32,
            "line_channel_access_token": "token",
            "line_api_base": line.address,
            "public_url": "https://bot.example.com",
            "database_url": f"sqlite:///{tmp_path}/luopan.db",
            "luopan_moderators": OWNER,
        }
        return Settings(**{**right, **wrong})

    return make


def filled(url: str, *, backed_up: float | None = 0.5, days: float = 30) -> None:
    """A database with an essay of so many days ago, and a backup of so many."""
    lay_schema(url)
    engine = connect(url)
    with writing(engine) as connection:
        at = datetime.now(UTC) - timedelta(days=days)
        block = Block(BlockKind.TEXT, "這一段有足夠的字可以比對。" * 5)
        essay_store.add(connection, Essay("題目", (block,)), at)
        if backed_up is not None:
            made_at = time.time() - backed_up * 86_400
            connection.execute(backups.insert().values(made_at=made_at, name="a", essays=1, rows=1, checked=True))
    engine.dispose()


def faults(checks: list[Check]) -> str:
    return "\n".join(check.line for check in checks if check.ok is False)


def dead_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


SETTINGS = [  # what is set, and words of the complaint or of the advice
    ({"line_channel_secret": ""}, "Basic settings"),
    ({"line_channel_access_token": ""}, "LINE_CHANNEL_ACCESS_TOKEN 沒有設定"),
    ({"line_channel_secret": " " + "a" * 32}, "LINE_CHANNEL_SECRET 裡有空白"),
    ({"line_channel_secret": '"' + "a" * 32 + '"'}, "LINE_CHANNEL_SECRET 裡有空白"),
    ({"line_channel_access_token": "tok en\n"}, "LINE_CHANNEL_ACCESS_TOKEN 裡有空白"),
    ({"line_channel_secret": "b" * 31 + "Z", "line_api_base": "https://api.line.me"}, "不像頻道密鑰"),
    ({"luopan_moderators": "小明"}, "認領碼"),
    ({"luopan_moderators": f"{OWNER},@boss"}, "@boss"),
    ({"luopan_moderators": OWNER[:-1], "line_api_base": "https://api.line.me"}, "LUOPAN_MODERATORS"),
    ({"public_url": "bot.example.com"}, "PUBLIC_URL 要以"),
    ({"public_url": "https://bot.example.com/callback"}, "不要帶 /callback"),
    ({"public_url": "http://bot.example.com", "line_api_base": "https://api.line.me"}, "https"),
    ({"database_url": "mysql://x/y"}, "DATABASE_URL 只支援"),
    ({"database_url": "luopan.db"}, "DATABASE_URL 看不懂"),
    ({"luopan_tz": "Taipei"}, "LUOPAN_TZ"),
    ({"luopan_tz": "Asia"}, "LUOPAN_TZ"),
    ({"luopan_tz": "../Asia/Taipei"}, "LUOPAN_TZ"),
    ({"redis_url": "localhost:6379"}, "REDIS_URL 要以"),
    ({"luopan_stripe_plans": "price_1=members"}, "LUOPAN_STRIPE_SECRET"),
    ({"luopan_members_list": "/nowhere/members.csv"}, "會員名單讀不到：/nowhere/members.csv"),
]


@pytest.mark.parametrize(("wrong", "words"), SETTINGS)
def test_a_wrong_setting_is_found(
    given: Given, wrong: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wrong.get("line_api_base", "").startswith("https://api"):  # not one packet to LINE itself
        wrong = {**wrong, "line_channel_access_token": ""}
    assert words in faults(examine(given(**wrong)))


def test_values_that_cannot_be_read_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("LUOPAN_RATE", "-1")
    found = faults(examine())
    assert "PORT" in found
    assert "LUOPAN_RATE" in found


def test_a_name_that_is_nearly_a_setting_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"LUOPAN_MODERATOR={OWNER}\nDOMAIN=bot.example.com\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("REDIS_URI", "redis://127.0.0.1")
    monkeypatch.setenv("LINE_TOKEN_OLD", "x")
    found = [check for check in examine() if check.what.endswith("這個設定")]
    assert [(check.ok, check.what, check.do) for check in found] == [
        (False, "沒有 LINE_TOKEN_OLD 這個設定", "改對名字，或拿掉"),
        (False, "沒有 LUOPAN_MODERATOR 這個設定", "改成 LUOPAN_MODERATORS"),
        (False, "沒有 REDIS_URI 這個設定", "改成 REDIS_URL"),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "big5"])
def test_an_env_file_of_another_encoding_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("LUOPAN_JOIN=加入會員\n", encoding=encoding)
    assert "不是 UTF-8" in faults(examine())


def test_an_env_file_that_one_may_not_read_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=80\n")
    examine()
    (tmp_path / ".env").chmod(0)
    with nobody(tmp_path):
        assert ".env 讀不到" in faults(examine())


HOST: list[tuple[str, Callable[[Path], dict[str, str]], str]] = [
    ("redis is dead", lambda _: {"redis_url": f"redis://127.0.0.1:{dead_port()}"}, "Redis 不能用"),
    (
        "postgres is away",
        lambda _: {"database_url": f"postgresql+psycopg://x@127.0.0.1:{dead_port()}/x"},
        "資料庫打不開",
    ),
    ("the database is none", lambda d: _file(d / "luopan.db", "hello" * 1000), "luopan restore"),
    ("its folder is a file", lambda d: _at(d, "sqlite:///{}/f/luopan.db"), "建立資料庫"),
    ("the index is a file", lambda d: {"luopan_index": str(_touched(d / "index"))}, "LUOPAN_INDEX"),
    ("the index is below a file", lambda d: {"luopan_index": str(_touched(d / "f") / "index")}, "LUOPAN_INDEX"),
    ("the schema is older", lambda d: _schema(d, "0003"), "luopan migrate"),
    ("the schema is newer", lambda d: _schema(d, "9999"), "更新版"),
    ("never backed up", lambda d: _filled(d, backed_up=None), "從來沒有備份過"),
    ("the backup is old", lambda d: _filled(d, backed_up=12), "上次備份是 12 天前"),
    ("no worker runs", lambda d: _with_reader(d, since=3 * 86_400), "worker 沒在跑"),
]


def _touched(path: Path) -> Path:
    path.touch()
    return path


def _at(folder: Path, url: str) -> dict[str, str]:
    _touched(folder / "f")
    return {"database_url": url.format(folder)}


def _file(path: Path, words: str) -> dict[str, str]:
    path.write_text(words)
    return {}


def _filled(folder: Path, **how: Any) -> dict[str, str]:
    filled(f"sqlite:///{folder}/luopan.db", **how)
    return {}


def _with_reader(folder: Path, since: float) -> dict[str, str]:
    """Somebody wants digests at each minute of the day that is eleven minutes ago, since so many seconds."""
    url = f"sqlite:///{folder}/luopan.db"
    filled(url)
    engine = connect(url)
    due = datetime.now(ZoneInfo("Asia/Taipei")) - timedelta(minutes=11)
    with writing(engine) as connection:
        connection.execute(
            mailings.insert().values(
                chat=OWNER,
                place=Place.PERSON,
                days="daily",
                minute=60 * due.hour + due.minute,
                on_time=False,
                archive=False,
                covered=0,
                since=time.time() - since,
            )
        )
    engine.dispose()
    return {}


def _schema(folder: Path, number: str) -> dict[str, str]:
    engine = connect(f"sqlite:///{folder}/luopan.db")
    with writing(engine) as connection:
        upgrade_in(connection, "0003")
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
    engine.dispose()
    return {}


@pytest.mark.parametrize(("wrong", "words"), [pytest.param(w, x, id=name) for name, w, x in HOST])
def test_what_is_wrong_with_the_machine_is_found(
    given: Given, tmp_path: Path, wrong: Callable[[Path], dict[str, str]], words: str
) -> None:
    assert words in faults(examine(given(**wrong(tmp_path))))


CHANNEL: list[tuple[dict[str, Any], str, str]] = [
    ({"status": 401}, "Reissue", "網路"),
    ({"status": 500}, "權杖不用換", "Reissue"),
    ({"status": 429}, "權杖不用換", "Reissue"),
    ({"endpoint": "https://old.example.com/callback"}, "和 PUBLIC_URL 不一樣", "Reissue"),
    ({"active": False}, "Use webhook", "Reissue"),
    ({"test": {"success": False, "statusCode": 401, "reason": "ERROR_STATUS_CODE"}}, "密鑰不符", "Reissue"),
    ({"test": {"success": False, "statusCode": 0, "reason": "COULD_NOT_CONNECT"}}, "luopan serve", "密鑰"),
]


@pytest.mark.parametrize(("wrong", "words", "unsaid"), CHANNEL)
def test_what_is_wrong_with_the_channel_is_found(
    given: Given, line: FakeLine, wrong: dict[str, Any], words: str, unsaid: str
) -> None:
    for name, value in wrong.items():
        setattr(line, name, value)
    found = faults(examine(given()))
    assert words in found
    assert unsaid not in found


def test_a_number_and_a_secret_that_line_refuses_are_no_reason_to_issue_a_token(given: Given, line: FakeLine) -> None:
    found = faults(examine(given(line_channel_access_token="", line_channel_id="1234567890")))
    assert "LINE_CHANNEL_ID 與 LINE_CHANNEL_SECRET 要是同一個頻道的" in found
    assert "Reissue" not in found


def test_a_line_that_cannot_be_reached_is_no_reason_to_change_the_token(given: Given) -> None:
    found = faults(examine(given(line_api_base=f"http://127.0.0.1:{dead_port()}")))
    assert "連不上 LINE" in found
    assert "Reissue" not in found


def test_a_clock_that_is_off_is_told_by_how_much(given: Given, line: FakeLine) -> None:
    checks = check_channel(given(), LineClient(line.address, "token"), lambda: time.time() + 3600)
    assert "時鐘快了 3" in faults(list(checks))


GOOD: list[tuple[str, Callable[[Path], dict[str, str]]]] = [
    ("a newcomer's, before the first start", lambda _: {"luopan_moderators": "", "public_url": ""}),
    ("one small machine", lambda d: _filled(d)),
    ("a young archive without a backup", lambda d: _filled(d, backed_up=None, days=2)),
    ("a digest that is not due yet", lambda d: _with_reader(d, since=60)),
    ("with an index elsewhere", lambda d: {**_filled(d), "luopan_index": str(d / "elsewhere" / "index")}),
]


def test_a_database_that_takes_no_writes_is_found(given: Given, postgres_url: str) -> None:
    with postgres_schema(postgres_url) as url:
        filled(url)
        for option, words in (
            ("-cdefault_transaction_read_only=on", "唯讀"),
            ("-crole=pg_read_all_data", "張表這個帳號寫不進去"),
        ):
            address = make_url(url)
            options = f"{address.query['options']} {option}"
            wrong = address.update_query_dict({"options": options}).render_as_string(hide_password=False)
            assert words in faults(examine(given(database_url=wrong)))


def test_a_redis_that_takes_no_writes_is_found(given: Given) -> None:
    with own_redis() as url, Redis.from_url(url) as redis:
        redis.config_set("maxmemory-policy", "noeviction")
        redis.config_set("maxmemory", 1)
        assert "記憶體滿了" in faults(examine(given(redis_url=url)))
        redis.config_set("maxmemory", 0)
        assert faults(examine(given(redis_url=url))) == ""
        redis.replicaof("127.0.0.1", str(dead_port()))
        assert "唯讀的複本" in faults(examine(given(redis_url=url)))


def test_a_file_that_belongs_to_somebody_else_is_found(given: Given, tmp_path: Path) -> None:
    filled(f"sqlite:///{tmp_path}/luopan.db")
    examine(given())  # nobody may not even load what it needs
    (tmp_path / "luopan.db").chmod(0o444)
    with nobody(tmp_path):
        found = faults(examine(given()))
    assert "資料庫檔寫不進去" in found
    assert "用服務的使用者" in found


def test_a_folder_that_one_may_not_look_into_is_found(given: Given, tmp_path: Path) -> None:
    (closed := tmp_path / "closed").mkdir()
    filled(f"sqlite:///{closed}/luopan.db")
    settings = given(database_url=f"sqlite:///{closed}/luopan.db")
    examine(settings)
    closed.chmod(0)
    with nobody(tmp_path):
        found = faults(examine(settings))
    closed.chmod(0o700)
    assert "用服務的使用者執行" in found


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Let this process act as a user who owns nothing, for root may write everywhere."""
    if is_root := os.geteuid() == 0:
        for one in (folder, *folder.parents[:-1]):
            one.chmod(one.stat().st_mode | 0o055)
        folder.chmod(0o777)
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize("good", [pytest.param(settings, id=name) for name, settings in GOOD])
def test_a_good_setup_raises_no_alarm(given: Given, tmp_path: Path, good: Callable[[Path], dict[str, str]]) -> None:
    assert faults(examine(given(**good(tmp_path)))) == ""


def test_several_machines_on_postgres_and_redis_raise_no_alarm(
    given: Given, database_url: str, redis_url: str, line: FakeLine
) -> None:
    line.chat_mode = "chat"  # people answer too; webhooks come all the same
    filled(database_url)
    assert faults(examine(given(database_url=database_url, redis_url=redis_url))) == ""


@pytest.mark.parametrize(("mode", "says"), [("chat", "留在 LINE 的收件匣"), ("bot", "「聊天」關著")])
def test_chat_on_and_off_are_both_sound(given: Given, line: FakeLine, mode: str, says: str) -> None:
    line.chat_mode = mode
    [found] = [check for check in examine(given()) if says in check.what]
    assert found.ok


def test_the_doctor_only_looks(given: Given, tmp_path: Path) -> None:
    assert faults(examine(given())) == ""
    assert list(tmp_path.iterdir()) == []
    filled(f"sqlite:///{tmp_path}/luopan.db")
    before = _fingerprint(tmp_path)
    examine(given())
    assert _fingerprint(tmp_path) == before


def _fingerprint(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".db-wal", ".db-shm")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_nobody_is_an_owner_by_garbage(given: Given) -> None:
    assert given(luopan_moderators=f"小明, {OWNER} ,@boss").owners == (OWNER,)


def test_an_alarm_is_an_exit_status(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert CliRunner().invoke(app, ["doctor", "--json"]).exit_code == 1


def test_a_review_without_a_reviewer_is_told(given: Given, tmp_path: Path) -> None:
    filled(f"sqlite:///{tmp_path}/luopan.db")
    said = "\n".join(check.line for check in examine(given(luopan_review=True)))
    assert "版主以上卻不到兩位" in said
    two = given(luopan_review=True, luopan_moderators=f"{OWNER},U{'f' * 32}")
    assert "不到兩位" not in "\n".join(check.line for check in examine(two))
