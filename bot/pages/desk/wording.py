"""The desk's words for what the house keeps under short names."""

from __future__ import annotations

from typing import Any

from corpus.essay import Visibility
from corpus.store import State
from handlers.ask import Role
from handlers.club.drafts import Stage
from handlers.club.plans import PlanKind

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
    "STAGES": {Stage.OPEN: "還在貼", Stage.READY: "編輯中", Stage.PUBLISHED: "已發布", Stage.DROPPED: "已刪除"},
    "PLANS": {
        PlanKind.PUBLISH: "定時發布",
        PlanKind.ANNOUNCE: "剛發布",
        PlanKind.PUSH: "推播",
        PlanKind.CORRECT: "通知更正",
    },
    "ACTS": {
        "apply": "申請編輯",
        "approve": "核准",
        "cancel": "取消",
        "claim": "認領",
        "codes": "做開通碼",
        "correct": "更正",
        "dismiss": "解任",
        "draft": "開更正草稿",
        "drop": "刪除草稿",
        "edit": "改草稿",
        "enter": "進後台",
        "invite": "要後台連結",
        "notify": "通知更正",
        "publish": "上架",
        "push": "推播",
        "refused": "沒有照辦",
        "restore": "重新上架",
        "revert": "還原",
        "role": "改身分",
        "schedule": "排程",
        "settle": "清掉問題",
        "teach": "教詞",
        "undo": "取消上架",
        "unteach": "刪詞",
        "upload": "上傳",
        "void": "作廢開通碼",
        "withdraw": "撤回",
        "word": "新詞",
    },
}
