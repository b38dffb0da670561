"""The desk's words for what the house keeps under short names."""

from __future__ import annotations

from typing import Any

from corpus.essay import Visibility
from corpus.storage.essay_store import State
from handlers.club.drafts import DraftStage
from handlers.editing.audit_labels import ACTS, PLANS
from handlers.identity import Role

WORDING: dict[str, dict[Any, str]] = {
    "ROLES": {
        Role.GUEST: "訪客",
        Role.MEMBER: "會員",
        Role.EDITOR: "編輯",
        Role.MODERATOR: "版主",
        Role.OWNER: "擁有者",
    },
    "STATES": {State.PUBLISHED: "上架中", State.WITHDRAWN: "已撤回"},
    "VISIBILITIES": {Visibility.PUBLIC: "公開", Visibility.MEMBERS: "會員專屬"},
    "STAGES": {
        DraftStage.OPEN: "還在貼",
        DraftStage.READY: "編輯中",
        DraftStage.PUBLISHED: "已發布",
        DraftStage.DROPPED: "已刪除",
    },
    "PLANS": dict(PLANS),
    "ACTS": dict(ACTS),
}
