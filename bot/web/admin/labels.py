"""Name the values that the admin pages show."""

from __future__ import annotations

from typing import Any

from corpus.storage.essay_store import State
from handlers.club.drafts import DraftStage
from handlers.editing.audit_labels import ACTS, PLANS
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
    "PLANS": dict(PLANS),
    "ACTS": dict(ACTS),
}
