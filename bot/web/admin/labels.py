"""Name the values that the admin pages show."""

from __future__ import annotations

from typing import Any

from corpus.storage.browse import Doubt
from corpus.storage.schema import State
from handlers.club.drafts import DraftStage
from handlers.editing.audit_labels import ACTS, PLANS
from handlers.editing.together import CHANGES
from handlers.identity import ROLE_LABELS

WORDING: dict[str, dict[Any, str]] = {
    "ROLES": dict(ROLE_LABELS),
    "STATES": {State.PUBLISHED: "上架中", State.WITHDRAWN: "已撤回"},
    "STAGES": {
        DraftStage.OPEN: "還在貼",
        DraftStage.READY: "編輯中",
        DraftStage.PUBLISHED: "已發布",
        DraftStage.DROPPED: "已刪除",
    },
    "DOUBTS": {
        Doubt.UNDATED: "沒有日期",
        Doubt.UNSIGNED: "沒有作者",
        Doubt.SHORT: "特別短",
        Doubt.LONG: "特別長",
        Doubt.ALIKE: "和別篇很像",
        Doubt.SPLIT: "可能是好幾篇",
        Doubt.PICTURES: "有圖片拿不到",
    },
    "CHANGES": dict(CHANGES),
    "PLANS": dict(PLANS),
    "ACTS": dict(ACTS),
}
