"""Dates as a reader of an old essay needs them: the day, and how long ago that is."""

from __future__ import annotations

from datetime import date

UNDATED = "日期未標示"


def day(published: date | None) -> str:
    """「2025/05/14」, or that the essay bears no date."""
    return published.strftime("%Y/%m/%d") if published else UNDATED


def age(published: date | None, today: date) -> str:
    """「今天」「3 天前」「18 個月前」「2 年前」; days up to a month, whole months up to two years."""
    if published is None:
        return UNDATED
    days = (today - published).days
    if days < 0:
        return f"{-days} 天後"
    if days < 2:
        return ("今天", "昨天")[days]
    if days <= 30:
        return f"{days} 天前"
    months = _whole_months(published, today)
    return f"{months} 個月前" if months < 24 else f"{months // 12} 年前"


def dated(published: date | None, today: date) -> str:
    """「2025/05/14 · 18 個月前」; an undated essay claims no age."""
    return f"{day(published)} · {age(published, today)}" if published else UNDATED


def _whole_months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
