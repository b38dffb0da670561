"""`luopan ask`: what a tester reads."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.cli.ask import QuestionRunner
from bot.config import Settings
from bot.migrate import open_archive
from corpus.essay import Block, BlockKind, Essay

PARAGRAPHS = ("水冷板的毛利率比氣冷高，接頭與分歧管占四成。", "氣冷在單櫃三十千瓦以下還夠用。")


def test_the_ranking_is_printed_whatever_the_outcome(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/luopan.db")
    archive = open_archive(settings)
    essays = [Essay("散熱的分水嶺", tuple(Block(BlockKind.TEXT, text) for text in PARAGRAPHS))]
    archive.add(essays, datetime(2026, 11, 20, tzinfo=settings.zone), news=False)
    runner = QuestionRunner(archive, settings)
    plain, ranked = runner.ask("越南電動機車的毛利率"), runner.ask("越南電動機車的毛利率", ranked=5)
    assert plain["outcome"] == ranked["outcome"] == "not_covered"
    assert plain["hits"] == []
    assert [hit["title"] for hit in ranked["hits"]] == ["散熱的分水嶺"]


def test_the_text_of_an_answer_stands_apart_from_the_outcome(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/luopan.db")
    runner = QuestionRunner(open_archive(settings), settings)
    told = {
        "question": "散熱",
        "outcome": "answer",
        "confidence": 0.95,
        "text": "之後有新看法：\n散熱的分水嶺",
        "hits": [],
    }
    assert runner.line(told).splitlines() == ["散熱 → answer (0.95)", "  之後有新看法：", "  散熱的分水嶺"]
