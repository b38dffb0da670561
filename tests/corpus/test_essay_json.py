"""An essay as JSON, as both databases keep it."""

from __future__ import annotations

import json

from corpus.essay import Block, BlockKind, Essay, Hyperlink, Picture, Table
from corpus.storage.essay_json import from_json, to_json

TABLE = Table(("項目", "2026"), (("營收", "1,250"), ("毛利率", "")), "單位：元")
BLOCKS = (
    Block(BlockKind.HEADING, "小標"),
    Block(BlockKind.TEXT, "見年報。", (Hyperlink(1, 3, "https://example.com/r"),)),
    Block(BlockKind.TABLE, TABLE.text, table=TABLE),
    Block(BlockKind.PICTURE, "", picture=Picture("https://example.com/a.jpg", "廠房")),
    Block(BlockKind.QUOTE, "訂單比想像中多。", author="陳分析"),
    Block(BlockKind.NOTE, "年報第 12 頁。", mark="1"),
)


def test_every_kind_of_block_comes_back_as_it_was() -> None:
    essay = Essay("題目", BLOCKS)
    assert from_json(json.loads(json.dumps(to_json(essay)))) == essay


def test_a_block_of_text_alone_is_kept_as_it_ever_was() -> None:
    assert to_json(Essay("題目", BLOCKS[:1]))["blocks"] == [["heading", "小標"]]
