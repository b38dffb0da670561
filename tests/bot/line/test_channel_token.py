"""Short-lived channel tokens, two secrets while one is changed, and secrets that stand in files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import Engine
from werkzeug.serving import make_server

from bot.config import Settings, read_settings
from bot.errors import SettingsError
from bot.inbound.webhook import sign
from bot.line.channel_token import StatelessToken, TokenError
from bot.line.client import Refused, Sent, line_client
from tests.support.line_events import BOT, SECRET, Rooms, said

BODY = b'{"messages": []}'


class TokenOffice:
    """LINE where it gives out tokens, and asks for the newest one."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 200

    def app(self) -> Flask:
        made = Flask("line")
        made.add_url_rule("/oauth2/v3/token", "token", self.token, methods=["POST"])
        made.add_url_rule("/v2/bot/message/push", "push", self.push, methods=["POST"])
        return made

    def token(self) -> Any:
        self.asked.append(request.form.to_dict())
        return {"access_token": f"short {len(self.asked)}", "expires_in": 900, "token_type": "Bearer"}, self.status

    def push(self) -> Any:
        known = request.headers.get("Authorization") == f"Bearer short {len(self.asked)}"
        return ({"sentMessages": []}, 200) if known else ({"message": "Authentication failed"}, 401)


@pytest.fixture
def office() -> Iterator[tuple[TokenOffice, str]]:
    office = TokenOffice()
    server = make_server("127.0.0.1", 0, office.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield office, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_token_is_fetched_once_and_again_before_it_ends(office: tuple[TokenOffice, str]) -> None:
    line, address = office
    now = [0.0]
    token = StatelessToken(address, "1234", "secret", lambda: now[0])
    assert [token(), token()] == ["short 1", "short 1"]
    now[0] = 839
    assert token() == "short 1"
    now[0] = 841
    assert token() == "short 2"
    assert line.asked[0] == {"grant_type": "client_credentials", "client_id": "1234", "client_secret": "secret"}


def test_the_old_token_serves_to_its_end_while_line_gives_none(office: tuple[TokenOffice, str]) -> None:
    _, address = office
    now = [0.0]
    token = StatelessToken(address, "1234", "secret", lambda: now[0])
    token()
    token.url = "http://127.0.0.1:1/"
    now[0] = 870
    assert token() == "short 1"
    now[0] = 901
    with pytest.raises(TokenError):
        token()


def test_a_bot_without_a_long_lived_token_sends_with_short_ones(office: tuple[TokenOffice, str]) -> None:
    line, address = office
    settings = Settings(line_channel_id="1234", line_channel_secret="new,old", line_api_base=address)
    assert settings.line_problems() == []
    client = line_client(settings)
    assert client.push("U1", BODY, "k") == Sent(())
    assert line.asked[0]["client_secret"] == "new"
    away = line_client(replace(settings, line_api_base="http://127.0.0.1:1"))
    assert away.push("U1", BODY, "k") == Refused(0, "no channel token")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_webhooks_of_both_secrets_are_taken_while_one_is_changed(engine: Engine) -> None:
    rooms = Rooms(engine, secrets=("new", SECRET))
    body = json.dumps({"destination": BOT, "events": [said("散熱")]}).encode()
    for secret, status in (("new", 200), (SECRET, 200), ("older", 401)):
        assert rooms.post(body, **{"x-line-signature": sign(secret, body)}).status_code == status


def test_secrets_may_stand_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("from a file\n".replace(" ", "-"))
    monkeypatch.setenv("LINE_CHANNEL_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "from-the-environment")
    assert read_settings().line_channel_secret == "from-a-file"
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match="DATABASE_URL_FILE"):
        read_settings()
