"""Essays and passages that one person keeps, as that person may read them now: for the list and for the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus.essay import Essay, Paragraph
from corpus.library import Library
from handlers.club.club import Club
from handlers.club.kept_passages import KeptPassage

MOST = 500  # saved essays
OTHER = "其他"
UNREADABLE = "（這段現在讀不到：文章改過，或只給會員看）"

_MARKS = re.compile(r"([\\`*_\[\]<>#])")


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An essay that is kept, or with `kept` one passage of it; `paragraph` is None where that cannot be read now."""

    essay: Essay
    themes: tuple[str, ...]
    kept: KeptPassage | None = None
    paragraph: Paragraph | None = None


def kept_items(user: str, club: Club, library: Library) -> list[KeptItem]:
    """List kept passages, then kept essays, the latest first. The library decides what this reader may see of each."""
    passages, ids = club.passages.of(user), club.bookmarks.saved(user, MOST)
    essays = library.read({*ids, *(one.essay_id for one in passages)})
    themes = {key: library.subjects.theme_names(essay) for key, essay in essays.items()}
    found = [
        KeptItem(essay, themes[essay.id], one, one.within(essay))
        for one in passages
        if (essay := essays.get(one.essay_id)) is not None
    ]
    return found + [KeptItem(essays[key], themes[key]) for key in ids if key in essays]


def by_theme(items: Iterable[KeptItem]) -> dict[str, list[KeptItem]]:
    """Group items by their heaviest theme, the largest group first; items without a theme come last."""
    found: dict[str, list[KeptItem]] = defaultdict(list)
    for item in items:
        found[item.themes[0] if item.themes else OTHER].append(item)
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == OTHER, -len(pair[1]))))


def as_markdown(items: Sequence[KeptItem], address: Callable[[Essay, int], str]) -> str:
    """Write a Markdown file: by theme, each passage quoted with its essay, date, link and note."""
    lines = ["# 我的收藏", ""]
    for theme, held in by_theme(items).items():
        lines += [f"## {_plain(theme)}", ""]
        for item in held:
            lines += _entry(item, address)
    return "\n".join(lines)


def _entry(item: KeptItem, address: Callable[[Essay, int], str]) -> list[str]:
    essay = item.essay
    link = address(essay, item.paragraph.index if item.paragraph else 0)
    title = f"[{_plain(essay.title)}]({link})" if link else _plain(essay.title)
    day = f"{essay.published:%Y/%m/%d}" if essay.published else "日期未標示"
    facts = " · ".join(
        filter(None, [day, essay.source and _plain(essay.source), essay.author and _plain(essay.author)])
    )
    if item.kept is None:
        return [f"- {title}（{facts}）", ""]
    words = item.paragraph.text.splitlines() if item.paragraph else [UNREADABLE]
    note = ["", f"備註：{_plain(' '.join(item.kept.note.split()))}"] if item.kept.note else []
    return [f"### {title}", "", facts, "", *(f"> {_plain(one)}" for one in words), *note, ""]


def _plain(text: str) -> str:
    """Escape the signs that Markdown would read."""
    return _MARKS.sub(r"\\\1", text)
