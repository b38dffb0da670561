"""The few words of our own around a quotation, in English for people who ask in English."""

from __future__ import annotations

from datetime import date

from bot.messages.dates import day, whole_months

ENGLISH = {
    "文章原文摘錄，非投資建議": "Quoted from essays; no investment advice",
    "閱讀全文": "Read it all",
    "讀公開的部分": "Read the open part",
    "看更多": "More",
    "私訊問": "Ask one to one",
    "會員私訊看全文": "Members: read it all",
    "會員文章《{}》": "Members' essay 《{}》",
    "這篇只給會員看，沒有公開的前言。": "For members only.",
    "第 {} 篇": "Essay {}",
    "關鍵字：{}": "Keywords: {}",
    "備註：{}": "Your note: {}",
    "回覆：{}": "Re: {}",
    "提到：{}": "Names: {}",
    "{} 篇文章": "{} essays",
    " 至 {}": " to {}",
    "最早的說法": "What was said first",
    "主題：{}": "Themes: {}",
    "常一起提到：{}": "Often named with: {}",
    "每季被提到幾次": "mentions a quarter",
    "日期未標示": "undated",
    "會員專屬": "members only",
}


def english_dated(published: date | None, today: date) -> str:
    """Return date and age, 「2025/05/14 · over a year ago」; an undated essay claims no age."""
    return f"{day(published)} · {_age(published, today)}" if published else ENGLISH["日期未標示"]


def _age(published: date, today: date) -> str:
    days, months = (today - published).days, whole_months(published, today)
    if days < 2:
        return ("today", "yesterday")[days] if days >= 0 else f"in {-days} days"
    if months < 2:
        return f"{days} days ago"
    if months < 12:
        return f"{months} months ago"
    years, rest = divmod(months, 12)
    return f"{'over ' if rest else ''}{'a year' if years == 1 else f'{years} years'} ago"
