"""Dates as a reader of an old essay needs them: the day, and how long ago that is."""

from __future__ import annotations

from datetime import date

NEARLY = 10  # months of a year after which the next one is nearly full
UNDATED = "日期未標示"


def day(published: date | None) -> str:
    """Return 「2025/05/14」, or 「日期未標示」 for an essay without a date."""
    return published.strftime("%Y/%m/%d") if published else UNDATED


def age(published: date | None, today: date) -> str:
    """Return an age as 「今天」「3 天前」「8 個月前」「1 年多前」「將近 2 年前」: in days up to 30, whole months up to a year, then years."""
    if published is None:
        return UNDATED
    days = (today - published).days
    if days < 0:
        return f"{-days} 天後"
    if days < 2:
        return ("今天", "昨天")[days]
    if days <= 30:
        return f"{days} 天前"
    months = whole_months(published, today)
    if months < 12:
        return f"{months} 個月前"
    years, rest = divmod(months, 12)
    if rest >= NEARLY:
        return f"將近 {years + 1} 年前"
    return f"{years} 年前" if rest == 0 else f"{years} 年多前"


def dated(published: date | None, today: date) -> str:
    """Return date and age, 「2025/05/14 · 1 年多前」; an undated essay claims no age."""
    return f"{day(published)} · {age(published, today)}" if published else UNDATED


def whole_months(start: date, end: date) -> int:
    """Count the full months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
