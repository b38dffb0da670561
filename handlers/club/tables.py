"""The Club's tables: the community's book of people and chats."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
    union_all,
)

from corpus.database import metadata

people = Table(
    "people",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("role", Integer, nullable=False, index=True),  # editor and above; 0 for everybody else
    Column("since", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False, default=""),  # of moderators, about a member
)

member_plans = Table(
    "member_plans",  # plans that members pay for: an essay can be for the members of some of these
    metadata,
    Column("name", String(32), primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("plan", String(32), primary_key=True),  # its name; "members": of no plan
    Column("until", DateTime(timezone=True), nullable=False, index=True),  # far future: for good
    Column("since", DateTime(timezone=True), nullable=False),
)

paid_memberships = Table(
    "paid_memberships",  # memberships that are paid for elsewhere, as the payer's platform last said
    metadata,
    Column("key", String(200), primary_key=True),  # the platform's own id of the person
    Column("plan", String(32), primary_key=True),
    Column("user_id", String(64), index=True),  # null: nobody has typed its code yet
    Column("until", DateTime(timezone=True), nullable=False, index=True),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),  # on the platform's clock: a later decision holds
)

payer_requests = Table(
    "payer_requests",  # answers to the payer's platform, so that a repeated request is answered alike
    metadata,
    Column("hash", String(64), primary_key=True),  # of its Idempotency-Key
    Column("fingerprint", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

_OF_MEMBERS = ("user_id", "plan", "until", "since")
held = union_all(  # every membership of somebody we know, however it came
    select(*(memberships.c[name] for name in _OF_MEMBERS)),
    select(*(paid_memberships.c[name] for name in _OF_MEMBERS)).where(paid_memberships.c.user_id.is_not(None)),
).subquery("held")

codes = Table(
    "codes",
    metadata,
    Column("hash", String(64), primary_key=True),  # never the code itself
    Column("purpose", String(16), nullable=False),  # see people.Purpose
    Column("user_id", String(64)),  # the person it is bound to; null: nobody
    Column("plan", String(32)),  # of the membership that it opens; null: of no plan
    Column("payer_key", String(200), index=True),  # of a payer's platform: belongs to the person who types the code
    Column("days", Integer),  # how long the membership lasts; null: for good
    Column("batch", String(64)),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("used_by", String(64), index=True),
    Column("used_at", DateTime(timezone=True)),
)

chats = Table(
    "chats",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("place", String(8), nullable=False),
    Column("mode", String(16), nullable=False),  # asked, helpful, digests
    Column("active", Boolean, nullable=False),  # False after unfollow, leave, kick
    Column("quiet_from", Integer),  # minutes after midnight; null: no quiet hours
    Column("quiet_until", Integer),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), index=True),  # the day on which something was last said there
    Column("join_said_at", DateTime(timezone=True)),  # the day on which a group was last told how to join
    Column("left_at", DateTime(timezone=True), index=True),  # when the bot was blocked or sent away; null: it is there
)

saved = Table(
    "saved_essays",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("essay_id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

opened = Table(
    "opened_essays",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("essay_id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

kept_passages = Table(
    "kept_passages",  # by place and fingerprint: the words are read from the essay, as its reader may see it then
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("essay_id", Integer, primary_key=True),
    Column("paragraph", Integer, primary_key=True),
    Column("fingerprint", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

misses = Table(
    "misses",  # questions asked in vain or answered beside the point, without their askers
    metadata,
    Column("key", String(200), primary_key=True),
    Column("kind", String(8), primary_key=True),  # miss, wrong
    Column("question", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False, index=True),
)

missed_asks = Table(
    "missed_asks",  # the askers of misses, for a day: so that an unsent or erased question can be taken out again
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("user_id", String(64), index=True),
    Column("message", String(128), index=True),  # LINE's id of the message
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

missed_askers = Table(
    "missed_askers",  # salted hashes of askers, for a week: so that people are counted, not asks
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, index=True),
    Column("salt", String(32), nullable=False),  # each row's own: no two of one person are alike
    Column("hash", String(64), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

wishes = Table(
    "wishes",  # 有文章再通知我
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("key", String(200), nullable=False),
    Column("revision", Integer, nullable=False, index=True),  # of the archive when the question was last tried
    Column("at", DateTime(timezone=True), nullable=False),
    Column("message", String(64), index=True),  # LINE's id of the message that asked for it; null: a button
    UniqueConstraint("user_id", "key"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("user_id", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),  # "essay:12", "user:U…"
    Column("detail", Text, nullable=False),
    Index("ix_audit_subject", "subject"),
)

erasures = Table(
    "erasures",  # hashes of erased people and of messages taken back: a restored backup is erased again
    metadata,
    Column("person", String(64), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
)

friend_counts = Table(
    "friend_counts",  # as LINE counts them at the end of each day
    metadata,
    Column("day", Date, primary_key=True),
    Column("friends", Integer, nullable=False),  # accounts that ever added the bot
    Column("blocks", Integer, nullable=False),  # those of them that block it
)

reader_browsers = Table(
    "reader_browsers",  # browsers in which people read
    metadata,
    Column("hash", String(64), primary_key=True),  # of its cookie
    Column("user_id", String(64), nullable=False, index=True),
    Column("until", DateTime(timezone=True), nullable=False, index=True),
)

opened_links = Table(
    "opened_links",  # links of the reader's page that have let their one browser in
    metadata,
    Column("hash", String(64), primary_key=True),  # of the link's token
    Column("until", DateTime(timezone=True), nullable=False, index=True),  # after that the link lets nobody in anyway
)
