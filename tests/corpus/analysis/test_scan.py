"""`luopan scan` and `luopan add` at the command line: what a file is about, and what in it looks wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

PIECE = (
    "台積電(2330)與日月光擴產。\r\n高盛證券將目標價調升,剪輯後上傳 YouTube。\r\n聯電(2330)的代號寫錯了,台積電又創高。"
)
PAGE = """<!doctype html><html><head><title>液冷的帳</title><meta name="keywords" content="聯發科(2454)"></head>
<body><!-- 聯詠(3034) --><article><h1>液冷的帳</h1><p>看好<b>台積電</b>(2330)與奇鋐。</p></article>
<script>var hot = "鴻海(2317)";</script></body></html>"""

NOTES = "# 標題\r\n\r\n**台積電**(2330)\u200b與[奇鋐](https://example.org/2330)\U0001f680大漲"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def scan(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("scan", "--json", str(file)).stdout)
    return found


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [("a.txt", PIECE, "utf-8"), ("b.html", PAGE, "utf-8"), ("c.txt", PIECE, "big5"), ("d.md", NOTES, "utf-8")],
)
def test_every_span_points_into_the_file_as_it_is(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    found = scan(written(tmp_path, name, text, encoding))
    mentions = [mention for ticker in found["tickers"] for mention in ticker["mentions"]]
    assert mentions
    assert [text[mention["start"] : mention["end"]] for mention in mentions] == [m["text"] for m in mentions]


def test_a_page_is_read_without_its_markup(tmp_path: Path) -> None:
    codes = [ticker["code"] for ticker in scan(written(tmp_path, "page.html", PAGE))["tickers"]]
    assert codes == ["2330", "3017"]


def test_mere_sources_and_products_are_not_told(tmp_path: Path) -> None:
    codes = {ticker["code"] for ticker in scan(written(tmp_path, "a.txt", PIECE))["tickers"]}
    assert codes == {"2330", "3711", "2303"}


def test_only_themes_worth_saying_are_told(tmp_path: Path) -> None:
    lines = [
        "水冷板的毛利",
        "散熱廠的水冷板供不應求,單價一年漲了兩成。",
        "液冷機櫃的訂單看到明年底,分歧管與快接頭都要排隊。",
        "浸沒式冷卻還在試點,冷卻液的價格是最大的障礙。",
        "記憶體的報價只在最後一頁提到,DRAM 不是這次的主題。",
    ]
    (theme,) = scan(written(tmp_path, "a.txt", "\n\n".join(lines)))["themes"]
    assert theme["key"] == "cooling"
    assert theme["weight"] >= 0.5


def test_a_wrong_code_is_reported_when_an_essay_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/luopan.db")
    text = "首季的晶圓代工\n\n首季由台積電(2303)領軍,先進製程的產能利用率回到九成以上,成熟製程仍在六成上下徘徊。\n\n聯電(2303)的報價沒有變動。"
    result = run("add", "--json", str(written(tmp_path, "a.txt", text)))
    (doubt,) = json.loads(result.stdout.splitlines()[0])["suspicious"]
    assert doubt == {"text": "台積電(2303)", "name": "台積電", "code": "2303", "expected": "2330"}
    assert "台積電應該是 2330" in result.stderr
