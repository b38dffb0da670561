"""A small town for tests of digests: essays to publish, people and groups to tell, and what each chat was shown."""

from __future__ import annotations

from datetime import datetime
from itertools import count, permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.dev.local import plain
from bot.dev.simulator.channel import SendCall
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from corpus.database import connect
from corpus.essay import Block, BlockKind, Essay, Visibility
from corpus.library import ArchiveResources
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.schemas import lay_schema

TAIPEI = ZoneInfo("Asia/Taipei")
ANN, BEN, EVE = person("安"), person("本"), person("伊")
CLUB = group("讀書會", (ANN, BEN), size=100)
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=TAIPEI)

ALLOYS = ["".join(metals) + "合金" for metals in permutations("銅鋁鎳鈦鋅錫銀鐵鉛", 5)]  # no essay reads like a reprint
_numbers = count(1)


def cooling(name: str = "", visibility: Visibility = Visibility.PUBLIC, word: str = "水冷板") -> Essay:
    """An essay about liquid cooling and 台積電, in sentences that no other has."""
    number = next(_numbers)
    name, alloy = name or f"散熱週記第{number}期", ALLOYS[611 * number % len(ALLOYS)]
    lines = (
        f"第{number}號供應商的{word}今年出貨{number}萬片，液冷散熱的滲透率達到三成五，{alloy}的訂單能見度到明年。",
        f"台積電（2330）先進製程的功耗讓液冷散熱成為第{number}座機房的唯一選擇，{alloy}機櫃的功率超過一百千瓦。",
        f"氣冷散熱在第{number}座機房仍占六成，但{alloy}快接頭的交期拉長到{number + 10}週，液冷的市場規模年增八成。",
    )
    return Essay(
        name, tuple(Block(BlockKind.TEXT, line) for line in lines), visibility=visibility, lead=f"{name}的前言。"
    )


def coffee() -> Essay:
    number = next(_numbers)
    lines = (
        f"第{number}家咖啡連鎖店今年展店{number}家，現煮咖啡的毛利率提高到六成，咖啡豆的成本下降。",
        f"便利商店的咖啡在第{number}季賣出三億杯，咖啡市場的規模年增一成，連鎖品牌占七成。",
    )
    return Essay(f"咖啡連鎖第{number}話", tuple(Block(BlockKind.TEXT, line) for line in lines))


def bot_over(folder: Path, database_url: str = "", **more: Any) -> InProcessBot:
    """ANN, BEN, EVE and the CLUB of a hundred; Monday, seven in the morning."""
    database_url = database_url or f"sqlite:///{folder}/town.db"
    lay_schema(database_url)
    archive = ArchiveResources(connect(database_url), folder / "index")
    return InProcessBot(folder, MONDAY, persons=(ANN, BEN, EVE), groups=(CLUB,), archive=archive, **more)


def clock(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=TAIPEI)


def pushes(town: InProcessBot) -> list[SendCall]:
    """Accepted pushes, in order."""
    return [call for call in town.platform.calls if call.kind == "push" and call.accepted]


def seen(town: InProcessBot, chat: LinePerson | LineGroup) -> str:
    """All that the bot ever said in a chat."""
    return "\n".join(plain(bubble.content) for bubble in town.platform.history(chat) if bubble.sender is None)


def said(messages: list[dict[str, Any]]) -> str:
    return "\n".join(plain(message) for message in messages)
