"""Labels of acts and plans, as people read them: the audit and the plans keep short names."""

from __future__ import annotations

from handlers.club.plans import PlanKind

ACTS = {
    "accept": "核准發布",
    "activate": "開通會員",
    "alone": "自己核准",
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
    "end": "結束會員",
    "erase": "刪除個人資料",
    "enter": "進後台",
    "extend": "延長會員",
    "invite": "要後台連結",
    "notify": "通知更正",
    "plan": "新增方案",
    "publish": "上架",
    "push": "推播",
    "refused": "沒有照辦",
    "restore": "重新上架",
    "return": "退回草稿",
    "revert": "還原",
    "role": "改身分",
    "schedule": "排程",
    "settle": "清掉問題",
    "submit": "送審",
    "teach": "教詞",
    "together": "一次改多篇",
    "undo": "取消上架",
    "unteach": "刪詞",
    "upload": "上傳",
    "void": "作廢開通碼",
    "withdraw": "撤回",
    "word": "新詞",
}

PLANS = {
    PlanKind.PUBLISH: "定時發布",
    PlanKind.ANNOUNCE: "剛發布",
    PlanKind.PUSH: "推播",
    PlanKind.CORRECT: "通知更正",
    PlanKind.TRIAL: "試送",
}
