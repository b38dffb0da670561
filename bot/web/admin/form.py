"""An essay's form: its fields, their problems, and the essay it makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from bot.messages.limits import clean
from bot.web.admin.manuscript import as_manuscript, blocks_in, opened_in, parts
from corpus.essay import Essay, Series, Visibility

LONGEST_TITLE = 200
LONGEST_BODY = 200_000

_BETWEEN_TAGS = re.compile(r"\s*[,\uff0c\u3001;\uff1b\n]\s*")


@dataclass(frozen=True, slots=True)
class EssayForm:
    """The fields as typed, each a string; `visibility` is empty until somebody has chosen."""

    title: str = ""
    published: str = ""
    author: str = ""
    source: str = ""
    series: str = ""
    url: str = ""
    tags: str = ""
    visibility: str = ""
    lead: str = ""
    body: str = ""

    @classmethod
    def of(cls, essay: Essay, *, chosen: bool = True) -> EssayForm:
        """Fill the form with what an essay says."""
        return cls(
            title=essay.title,
            published=essay.published.isoformat() if essay.published else "",
            author=essay.author or "",
            source=essay.source or "",
            series=str(essay.series or ""),
            url=essay.url or "",
            tags="、".join(essay.tags),
            visibility=str(essay.visibility) if chosen else "",
            lead=essay.lead or "",
            body=as_manuscript(essay.blocks, essay.open_blocks),
        )

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> EssayForm:
        return cls(**{field.name: clean(typed.get(field.name, "")).strip() for field in fields(cls)})

    def parts(self) -> list[EssayForm]:
        """Return a form for each essay of the manuscript, alike but for title and body."""
        return [replace(self, title=title.strip(), body=body.strip()) for title, body in parts(self.title, self.body)]

    def problems(self, today: date, plans: Collection[str] = ()) -> dict[str, str]:
        """Say by field what has to be mended before the essay can be kept; `plans` are those that members may have."""
        found = {}
        if not self.title:
            found["title"] = "要有標題。"
        if len(self.title) > LONGEST_TITLE:
            found["title"] = f"標題最多 {LONGEST_TITLE} 字。"
        if self.published and (problem := wrong_day(self.published, today)):
            found["published"] = problem
        if self.url and not self.url.startswith(("https://", "http://")):
            found["url"] = "網址要以 https:// 開頭。"
        if self.series and Series.typed(self.series) is None:
            found["series"] = "系列要有名字和第幾篇，例如「記憶體週期 3」。"
        visibility = Visibility.typed(self.visibility)
        if visibility is None or not set(plans).issuperset(visibility.plans):
            found["visibility"] = "請選給誰看。"
        if not blocks_in(self.body):
            found["body"] = "要有內文。"
        if len(self.body) > LONGEST_BODY:
            found["body"] = f"內文最多 {LONGEST_BODY:,} 字。"
        return found

    def essay(self, before: Essay) -> Essay:
        """Return the essay `before` as this form has it.

        A title left empty, a visibility not chosen, and a day or series that cannot be read stay as they were.
        """
        visibility = Visibility.typed(self.visibility) or before.visibility
        no_lead = None if visibility.is_public else ""
        return replace(
            before,
            title=" ".join(self.title.split())[:LONGEST_TITLE] or before.title,
            published=(read_date_field(self.published) or before.published) if self.published else None,
            author=self.author or None,
            source=self.source or None,
            series=(Series.typed(self.series) or before.series) if self.series else None,
            url=self.url or None,
            tags=_tags(self.tags),
            visibility=visibility,
            lead=self.lead or no_lead,
            blocks=blocks_in(self.body),
            open_blocks=opened_in(self.body),
        )


def _tags(text: str) -> tuple[str, ...]:
    tags = (tag.strip().lstrip("#\uff03") for tag in _BETWEEN_TAGS.split(text))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def read_date_field(text: str) -> date | None:
    """Read a day as a date field sends it; return None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def wrong_day(text: str, today: date) -> str:
    day = read_date_field(text)
    if day is None:
        return "日期看不懂，例如 2026-03-05。"
    return "這一天還沒到。" if day > today + timedelta(days=1) else ""
