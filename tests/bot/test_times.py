"""How long is too long: what the operators' guide promises is what the code does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from bot.inbound import pool, sessions, webhook
from bot.ledger import claims, deliveries, ledger, left_unread, retention, tables
from bot.outbound import (
    composer,
    hub_keeper,
    member_list,
    menu_keeper,
    pusher,
    quota,
    reminders,
    review_notices,
    schedule,
    source_keeper,
    worker,
)

GUIDE = Path(__file__).parents[2] / "docs" / "reliability.md"


def spoken(time: float | timedelta) -> str:
    """In the largest unit of which it is a whole number."""
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    for name, unit in (("天", 86_400), ("小時", 3_600), ("分鐘", 60)):
        if seconds % unit == 0:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:g} 秒"


def test_the_guide_tells_every_time_as_it_is() -> None:
    table = re.search(r"## 等多久算太久\n\n(?:.*\n){2}((?:\|.*\n)+)", GUIDE.read_text())
    assert table
    told = dict(re.findall(r"\| (.+?) \| (.+) \|", table[1]))
    times: dict[str, tuple[float | timedelta, ...]] = {
        "回覆的權杖": (ledger.TOKEN_LIFE,),
        "一次送 LINE": (pusher.LONGEST_CALL, ledger.LEASE),
        "摘要錯過送出的時間": (schedule.WINDOW, schedule.LOOKBACK),
        "推播的結果不明": (deliveries.AMBIGUOUS,),
        "等下一則回覆一起送": (claims.LONGEST_WAIT,),
        "排不出來的一則": (composer.AGAIN,),
        "webhook 等資料庫": (webhook.PATIENCE,),
        "停機時等手上的事": (pool.LONGEST_STOP,),
        "一對一等答案": (pool.SOON,),
        "死掉的行程留下的": (pool.TICK,),
        "清掉做完的": (pool.SWEEP, worker.SWEEP, retention.KNOWN, retention.INSPECTABLE),
        "編輯還沒看的那一句": (left_unread.HELD,),
        "租約或重試的時間在未來": (tables.FARTHEST,),
        "「更多」記得的": (sessions.GROUP_SECONDS, sessions.PERSON_SECONDS),
        "打到一半的指令": (sessions.STEP_SECONDS,),
        "Redis 沒有回音": (sessions.REDIS_SECONDS, sessions.REST_SECONDS, sessions.DROP_SECONDS),
        "worker 看一次": (worker.TICK,),
        "單次執行沒有進展": (worker.GIVE_UP,),
        "LINE 的額度、群組的人數": (quota.FRESH_SECONDS, quota.COUNT_SECONDS),
        "會員到期的提醒": (reminders.BEFORE, reminders.PATIENCE, reminders.EVERY),
        "審稿的通知": (review_notices.LATELY,),
        "換選單": (menu_keeper.EVERY, menu_keeper.REST),
        "會員名單": (member_list.AT_REST, member_list.FIRST_PAUSE, member_list.LONGEST_PAUSE, member_list.STALE),
        "來源": (source_keeper.TICK, source_keeper.EARLY),
        "網站的中心": (hub_keeper.LEASE, hub_keeper.RENEWAL, hub_keeper.AGAIN),
    }
    assert told.keys() == times.keys()
    for what, known in times.items():
        assert [time for time in map(spoken, known) if time not in told[what]] == [], what
