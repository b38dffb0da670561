"""The archive's tables."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from corpus.database import metadata


class State(StrEnum):
    """The state of an essay: only a published one is found and read."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


archive = Table(
    "archive",
    metadata,
    Column("id", Integer, primary_key=True),  # one row
    Column("revision", Integer, nullable=False),  # grows by one with every change of any essay
)

marks = Table(
    "archive_marks",  # a random mark for each revision: two archives, or one that was set back, never share one
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("mark", String(32), nullable=False),
)

backups = Table(
    "backups",  # a note of each backup that was made, so that somebody notices when none is
    metadata,
    Column("id", Integer, primary_key=True),
    Column("made_at", Double, nullable=False),
    Column("name", Text, nullable=False),
    Column("essays", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("checked", Boolean, nullable=False),  # restored into a throw-away database and compared
)

essays = Table(
    "essays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False, index=True),  # the archive's revision at this essay's last change
    Column("born", Integer, nullable=False, index=True),  # the revision at which it became public news; 0 for backfill
    Column("state", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", String(200), nullable=False, index=True),
    Column("author", Text),
    Column("source", Text),
    Column("url", Text),
    Column("address_key", String(300), nullable=False, default="", index=True),  # the address's identity; empty: none
    Column("published", Date, index=True),
    Column("visibility", Text, nullable=False),  # see `Visibility.read`
    Column("lead", Text),
    Column("open_blocks", Integer, nullable=False, default=0),  # everybody may read the blocks before the mark
    Column("series", Text, index=True),
    Column("series_part", Integer),
    Column("tags", JSON, nullable=False),
    Column("further_reading", JSON, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("near_duplicate_of", Integer),
    Column("signature", LargeBinary),  # MinHash values of the body; null: made from the body when they are needed
    Column("added_at", DateTime(timezone=True), nullable=False),
)

versions = Table(
    "essay_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("essay_id", Integer, ForeignKey("essays.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("essay", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(64)),
)


def _mentions(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("essay_id", Integer, ForeignKey("essays.id"), primary_key=True),
        Column("code", String(16), primary_key=True),
        Column("exchange", String(16), primary_key=True),
        Column("name", Text, nullable=False),
        Column("count", Integer, nullable=False),
        Column("subject", Boolean, nullable=False),  # False: only the reporter, broker or source of a figure
        Column("paragraphs", JSON, nullable=False),  # indices of the paragraphs that name it
        Index(f"ix_{name}_code", "code"),
    )


def _themes(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("essay_id", Integer, ForeignKey("essays.id"), primary_key=True),
        Column("key", String(64), primary_key=True),
        Column("weight", Float, nullable=False),
        Column("main", Boolean, nullable=False),
        Column("paragraphs", JSON, nullable=False),  # indices of the paragraphs that speak of it
        Index(f"ix_{name}_key", "key"),
    )


# Topics of whole essays; and of the open parts, by themselves, of those that are not for everybody.
mentions, open_mentions = _mentions("mentions"), _mentions("open_mentions")
essay_themes, open_themes = _themes("essay_themes"), _themes("open_themes")

suggestions = Table(
    "word_suggestions",
    metadata,
    Column("word", String(64), primary_key=True),
    Column("weight", Float, nullable=False),
    Column("essay_id", Integer, ForeignKey("essays.id")),
    Column("state", String(16), nullable=False, default="open"),
)

lexicon_lines = Table(
    "lexicon_lines",  # lines that moderators added to the lexicon; a line holds while its last row says so
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # synonym, alias, theme, word
    Column("line", Text, nullable=False),
    Column("stands", Boolean, nullable=False),  # False: struck out
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", String(64), nullable=False),
)

bands = Table(
    "essay_bands",  # MinHash bands of the body: two essays that share one may be near-duplicates
    metadata,
    Column("essay_id", Integer, ForeignKey("essays.id"), primary_key=True),
    Column("band", Integer, primary_key=True),
    Column("hash", String(32), nullable=False, index=True),
)

sources = Table(
    "sources",  # sites that are walked once and kept up from then on
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),  # of its address; see sources.addresses.address_key
    Column("address", Text, nullable=False),  # as it was given
    Column("title", Text, nullable=False),
    Column("doors", JSON, nullable=False),  # see sources.discovery.SourceDoors
    Column("found", JSON, nullable=False),  # the finds that were shown before it was taken in
    Column("rule", String(16), nullable=False),  # draft, shelve, publish
    Column("state", String(16), nullable=False),  # found, walking, kept, removed
    Column("is_ours", Boolean, nullable=False),  # its owner is of this community, and waives robots.txt
    Column("added_by", String(64)),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("cursor", JSON, nullable=False),  # where the walk goes on
    Column("next_at", DateTime(timezone=True), nullable=False, index=True),
    Column("synced_at", DateTime(timezone=True)),  # when a look at it last came to its end
    Column("failing_since", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),  # of the last look; empty where it went well
    Column("owner_told", Boolean, nullable=False),  # the owner knows that it has been failing for a day
)

hub_subscriptions = Table(
    "hub_subscriptions",  # at WebSub hubs that tell when a source has something new
    metadata,
    Column(
        "callback", String(64), primary_key=True
    ),  # the end of the address that the hub calls, which nobody can guess
    Column("source_id", Integer, nullable=False, index=True),  # its source may be gone: then the hub is told to stop
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("secret", String(64), nullable=False),  # the hub signs with it
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),  # the end of its lease; null: not confirmed yet
    Column("is_leaving", Boolean, nullable=False),  # the hub was asked to stop
)

source_posts = Table(
    "source_posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("key", String(300), nullable=False),  # of its address, without the host of the source
    Column("number", String(64), nullable=False),  # the site's own number of it
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("modified", String(40), nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the essay as it was read
    Column("shelved", String(64), nullable=False),  # of the essay as it was put on the shelf
    Column("essay_id", Integer, index=True),
    Column("draft_id", Integer),
    Column("state", String(16), nullable=False),  # kept, refused, removed
    Column("reason", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Index("ux_source_posts_key", "source_id", "key", unique=True),
    Index("ix_source_posts_number", "source_id", "number"),
)

post_readings = Table(
    "post_readings",  # the findings of reading a source's post, beside its essay
    metadata,
    Column("post_id", Integer, ForeignKey("source_posts.id"), primary_key=True, autoincrement=False),
    Column("left_out", JSON, nullable=False),  # [text, reason, above which block]
    Column("pieces", Integer, nullable=False),  # how many essays the reader took it for
    Column("lost_pictures", Integer),  # how many could not be had; null: not looked for yet
)
