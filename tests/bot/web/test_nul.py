"""A character that PostgreSQL cannot keep, wherever a page takes something: an answer in plain words, never a 500."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from corpus.database import reading
from corpus.storage.schema import essays
from tests.support.admin_site import EDITOR, OWNER, Desk, open_desk

NUL = "a\0b"


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    desk = open_desk(tmp_path, database_url=database_url)
    yield desk
    desk.bot.engine.dispose()


def address(rule: Rule) -> str:
    """Of a page, with the character in it wherever it may stand."""
    filled = {"int": "1", "path": quote(NUL), "string": quote(NUL), "default": quote(NUL)}
    return re.sub(
        r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: filled.get(found[1] or "default", quote(NUL)), rule.rule
    )


def test_no_page_stumbles_over_it(desk: Desk) -> None:
    owner = desk.browser(OWNER)
    token = owner.token("/desk/upload")
    names = set(re.findall(r'request\.(?:form|args)(?:\.get(?:list)?\(|\[)"(\w+)"', sources()))
    assert len(names) > 20
    wrong = []
    for rule in desk.bot.app.url_map.iter_rules():
        path = address(rule)
        query = "&".join(f"{name}={quote(NUL)}" for name in names)
        answers = [("GET", owner.client.get(each)) for each in (path, f"{path}?{query}")]
        if "POST" in (rule.methods or ()):
            form = {**dict.fromkeys(names, NUL), "csrf_token": token}
            answers.append(("POST", owner.client.post(path, data=form)))
            answers.append(("a file", owner.client.post(path, data=upload(token), content_type="multipart/form-data")))
        wrong += [(path, how, answer.status_code) for how, answer in answers if answer.status_code >= 500]
    assert wrong == []


def upload(token: str) -> dict[str, object]:
    return {"csrf_token": token, "file": (io.BytesIO("題目\n\n內文\0在這裡。".encode()), "a\0b.txt")}


def sources() -> str:
    return "\n".join(file.read_text() for file in Path("bot/web").rglob("*.py"))


def test_an_essay_with_it_in_its_form_is_not_kept_and_not_lost(desk: Desk) -> None:
    editor = desk.browser(EDITOR)
    answer = editor.post("/desk/upload", {"text": f"題目\n\n內文{NUL}。"})
    assert answer.status_code == 400
    with reading(desk.bot.engine) as connection:
        assert len(connection.execute(select(essays)).all()) == 2
