"""The visibility of an essay, in the words that people read."""

from __future__ import annotations

from corpus.essay import Visibility
from corpus.visibility import ALL_MEMBERS


def visibility_label(visibility: Visibility) -> str:
    """Return 「公開」, 「會員專屬」, or 「決策者、分析者專屬」."""
    if visibility.is_public:
        return "公開"
    return f"{'、'.join(visibility.plans) or '會員'}專屬"


def plan_label(plan: str) -> str:
    """Return a membership's name by its plan: 「會員」, 「決策者」."""
    return "會員" if plan == ALL_MEMBERS else plan
