"""Marks, which sites and plugins put into a post, that say it is for paying readers."""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"\[/?(?:membership|members?[_-]?only|member|restrict(?:ed)?|paywall|s2if|pmpro_\w+|membership_\w+|mepr-\w+|rcp_\w+)\b[^\]]*\]"
    r"|<!--\s*(?:members?[-_ ]only|paywall|premium)\b.*?-->"
    r"|以下(?:內容)?為(?:會員|付費|訂閱)[^<。]{0,8}(?:專屬|限定|獨享|內容|閱讀)"
    r"|(?:本文|全文|這篇)(?:為|是|僅限|限)[^<。]{0,6}(?:會員|付費|訂戶)[^<。]{0,6}(?:專屬|限定|獨享|閱讀|文章)"
    r"|(?:付費|訂閱|會員)(?:會員)?(?:後)?(?:才能|即可|可以?)?(?:繼續閱讀|閱讀全文|解鎖全文|看全文)"
    r"|[\"']isAccessibleForFree[\"']\s*:\s*[\"']?false"
    r"|class=[\"'][^\"']*\b(?:paywall|members-only|gh-post-upgrade-cta|subscriber-only)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_for_members(html: str) -> bool:
    """Tell whether a post carries a mark of a paywall; what carries one is never taken in as public."""
    return bool(_MARKS.search(html))
