"""The fields above a Markdown text: title, date, author, source, url, tags, visibility, lead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import yaml

from corpus.essay import Essay, Series, Visibility
from corpus.intake.byline import tags_in
from corpus.intake.dates import find_date
from corpus.intake.extracted import LeftOut, Reason
from corpus.language.text import to_halfwidth
from corpus.visibility import plan_names

MOST_TAGS = 50

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.{,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.{,20000}?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)  # Hugo
_FIELD = re.compile(r"^(\w+)\s*[:：]\s*(.*)$", re.MULTILINE)
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is ten times as fast, where it is built
_NOTHING: tuple[object, ...] = ("", "~", "null", [])
_WHO_MAY = (
    "visibility",
    "access",
    "audience",
    "members_only",
    "members",
    "premium",
    "paid",
    "paywall",
    "private",
    "locked",
)
_OPEN = {
    "visibility": ("public", "公開", "所有人", "everyone", "open", "free", "免費", "全部"),
    "access": ("public", "公開", "所有人", "everyone", "open", "free", "免費", "all"),
    "audience": ("public", "公開", "所有人", "everyone", "all", "free", "免費"),
}
_FOR_MEMBERS = (
    "members", "member", "members-only", "membersonly", "membership", "paid", "premium", "private", "restricted", "closed",
    "subscribers", "subscriber", "會員", "會員專屬", "會員限定", "付費", "不公開", "私人",
)  # fmt: skip
_NOT = ("false", "no", "0", "否", "off", "n")
_READ = {
    "title", "author", "source", "url", "canonical", "link", "date", "published", "tags", "lead", "series", *_WHO_MAY,
}  # fmt: skip

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields, and the text of those that say nothing to an archive."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    is_draft: bool = False

    @property
    def title(self) -> str | None:
        return self.said("title")

    def said(self, *names: str) -> str | None:
        """Return the first of these fields that is there, as text."""
        value = next((self.fields[name] for name in names if name in self.fields), None)
        return "、".join(value) if isinstance(value, list) else value

    def complete(self, essay: Essay, source: str) -> Essay:
        """Return the essay with what its fields say of it, which counts more than its text."""
        tags = self.fields.get("tags", [])
        return replace(
            essay,
            author=self.said("author") or essay.author,
            source=self.said("source") or essay.source or source or None,
            url=self.said("url", "canonical", "link"),
            published=find_date(to_halfwidth(self.said("date", "published") or "")) or essay.published,
            tags=(tuple(tags) if isinstance(tags, list) else tags_in(tags)) or essay.tags,
            visibility=self.visibility or essay.visibility,
            lead=self.said("lead"),
            series=Series.typed(self.said("series") or ""),
        )

    @property
    def visibility(self) -> Visibility | None:
        """The readers for whom the fields keep the essay; an unknown word is a plan's name, or a slip of typing that lets nobody in."""
        closed = [name for name in _WHO_MAY if name in self.fields and self._closes(name)]
        if not closed:
            return None
        said = self.said("visibility") or ""
        is_named = "visibility" in closed and to_halfwidth(said).strip().lower() not in _FOR_MEMBERS
        plans = plan_names(said) if is_named else ()
        return Visibility.of_plans(plans) if plans else Visibility.MEMBERS

    def _closes(self, name: str) -> bool:
        said = to_halfwidth(self.said(name) or "").strip().lower()
        return said not in _OPEN.get(name, _NOT)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(text, Reason.FRAME) for text in self.unread)


def read_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the fields above a text and the text below them; damaged fields are read line by line."""
    if (match := _TOML.match(text)) is not None and _toml(match[1]):
        return _of_fields(_toml(match[1]), match[1]), text[match.end() :]
    match = _FRONT.match(text)
    if match is None:
        return FrontMatter(), text
    try:
        # Everything is text to this loader: no day is impossible, nothing is merged, and it recurses in Python, not in C.
        said = yaml.load(match[1], Loader=_Loader)  # noqa: S506  it makes less than the safe one
    except (yaml.YAMLError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        said = {key: value.strip("'\" ") for key, value in _FIELD.findall(match[1])}
    return _of_fields(said, match[1]), text[match.end() :]


def _of_fields(said: Mapping[object, object], front: str) -> FrontMatter:
    fields = {key.lower(): _plain(value) for key, value in said.items() if isinstance(key, str)}
    read = _READ if _names_a_part(fields.get("series", "")) else _READ - {"series"}
    known = {key: value for key, value in fields.items() if value not in _NOTHING and key in read}
    return FrontMatter(known, tuple(_unread(front, read)), _is_draft(fields))


def _is_draft(fields: Mapping[str, Value]) -> bool:
    """Tell whether a site's generator would not publish the text: `draft: true` of Hugo, `published: false` of Jekyll."""
    return fields.get("draft") == "true" or fields.get("published") == "false"


def _toml(front: str) -> dict[object, object]:
    """Return Hugo's fields as texts; none where they are damaged, and then they are text."""
    try:
        said = tomllib.loads(front)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key: value if isinstance(value, list) else _as_text(value) for key, value in said.items()}


def _as_text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, (int, date)) else value


def _names_a_part(series: Value) -> bool:
    """Tell whether a series is named with a number; without one it says nothing to an archive."""
    return isinstance(series, str) and Series.typed(series) is not None


def _plain(value: object) -> Value:
    """Return a field's text or texts. What is nested deeper is left out: by its aliases it may be endless."""
    if isinstance(value, list):
        return [text for text in value[:MOST_TAGS] if isinstance(text, str) and text not in _NOTHING]
    return value if isinstance(value, str) else ""


def _unread(front: str, read: Collection[str]) -> Iterator[str]:
    """Yield the lines of the fields that are not read, with the lines below them that belong to them."""
    name = ""
    for line in front.split("\n"):
        if (match := re.match(r"([\w-]+)\s*[:：=]", line)) is not None:
            name = match[1].lower()
        if name not in read and line.strip():
            yield line.strip()
