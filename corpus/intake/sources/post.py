"""A post as its site publishes it, before it is read as an essay."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from corpus.essay import Visibility
from corpus.intake.dates import find_date

TAIPEI = ZoneInfo("Asia/Taipei")
PROTECTED = "這篇有密碼"

_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--.*?-->", re.DOTALL)  # 「<5%」 begins none
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `html` is its text alone, or the whole page that it stands on; `refusal` says why it cannot be taken."""

    address: str
    title: str = ""
    published: date | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    html: str = ""
    whole_page: bool = False
    number: str = ""  # what the site itself calls it
    modified: str = ""  # as the site writes it
    etag: str = ""
    last_modified: str = ""
    unpublished: str = ""  # why its site does not show it: a draft, a page
    refusal: str = ""


def plain(text: object) -> str:
    """Return a name or title without its markup."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", str(text or "")))).strip()


def html_of_plain(text: object) -> str:
    """Return plain text as HTML: each of its lines a paragraph, its signs as they are."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in str(text or "").splitlines() if line.strip())


def day_of(written: str | None) -> date | None:
    """Return the day in Taipei of a moment that a site writes; one without an offset is a day already."""
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return find_date(written)
    return moment.astimezone(TAIPEI).date() if moment.tzinfo is not None else moment.date()


def day_at(seconds_since: float) -> date:
    """Return the day in Taipei of a moment in seconds since 1970."""
    return datetime.fromtimestamp(seconds_since, UTC).astimezone(TAIPEI).date()


def moment_of(written: str) -> str:
    """Return a moment of change in one spelling, in UTC; a day as it stands; empty where it cannot be read."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return ""
    if "T" not in written and " " not in written.strip():
        return written.strip()
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds")
