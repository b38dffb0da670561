"""The Ledger's tables. All times are epoch seconds of the moment the caller passed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Double,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    or_,
)

from corpus.database import metadata

FARTHEST = 600.0  # seconds: no lease and no pause is as long

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", String(128), nullable=False, unique=True),  # webhookEventId
    Column("state", String(16), nullable=False),  # waiting, done
    Column("lane", String(260), nullable=False),  # chat and person
    Column("kind", String(64), nullable=False),
    Column("chat", String(128), nullable=False),
    Column("place", String(8), nullable=False),
    Column("user_id", String(128), index=True),
    Column("message", String(128), index=True),  # LINE's id of the message
    Column("text", Text),  # from here to `reply_token` all is erased once answered
    Column("quoted", String(128)),
    Column("quote_token", Text),
    Column("read_token", Text),  # marks the message as read
    Column("file_name", Text),
    Column("reply_token", Text),
    Column("said_at", Double, nullable=False),  # by LINE's clock: the order within a lane
    Column("received_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),  # of the reply token
    Column("attempts", Integer, nullable=False),
    Index("ix_inbox_waiting", "state", "lane", "said_at"),
)

lanes = Table(
    "lanes",  # one row for each person who is being answered right now
    metadata,
    Column("key", String(260), primary_key=True),
    Column("lease_until", Double, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # reply, push
    Column("state", String(8), nullable=False),  # waiting, riding, pending, sent, dropped, unknown
    Column("chat", String(128), nullable=False),
    Column("user_id", String(128), index=True),  # the asker, or the receiver of a delivery; null for a group's delivery
    Column("event_id", String(128), unique=True),  # of a reply
    Column("message", String(128), index=True),  # LINE's id of the message it answers
    Column("reply_token", Text),
    Column("read_token", Text),  # marks that message as read, once the reply is sent
    Column("retry_key", String(36), unique=True),  # of a push
    Column("body", LargeBinary),  # frozen JSON of messages and options; erased once it has come to its end
    Column("command", Text, nullable=False),  # the command it answers: 「找 散熱」
    Column("essays", JSON, nullable=False),  # ids of the essays it shows
    Column("due_at", Double, nullable=False),  # not before
    Column("expires_at", Double, nullable=False),  # not after
    Column("lease_until", Double, nullable=False),  # 0: in nobody's hands
    Column("attempts", Integer, nullable=False),
    Column("unclear", Boolean, nullable=False),  # some attempt may have been accepted
    Column("created_at", Double, nullable=False),
    Column("run", Integer, index=True),  # of a push
    Column("push_at", Double),  # by the schedule's clock: pushed from then on; null: it only rides
    Column("carrier", Integer, index=True),  # the reply that it rides with
    Column("cost", Integer, nullable=False, server_default="0"),  # messages of the month that were set aside for it
    Index("ix_outbox_due", "state", "kind", "due_at"),
    Index("ix_outbox_push", "state", "push_at"),
    Index("ix_outbox_chat", "chat", "state"),
)

runs = Table(
    "runs",  # a delivery for one chat at one time, each once
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "kind", String(12), nullable=False
    ),  # digest, asked, wish, notice, reminder, review, essay, correction, trial
    Column("chat", String(128), nullable=False),
    Column("place", String(8), nullable=False),
    Column("name", String(128), nullable=False),  # "digest 2026-11-20T00:30Z"
    Column("state", String(8), nullable=False),  # planned; or how it ended
    Column("way", String(8)),  # how it went out: reply, alone, push
    Column("subject", Text, nullable=False),  # its essay, alert, draft or words, as its kind needs them
    Column("slot", Double),  # when it was due, by the schedule's clock
    Column("since", Integer),  # of a digest: the archive's revisions that it covers, above `since` up to `until`
    Column("until", Integer),
    Column("created_at", Double, nullable=False, index=True),
    UniqueConstraint("chat", "name"),
)

bubbles = Table(
    "sent_bubbles",  # the command and essays of each message of ours, for when it is quoted
    metadata,
    Column("message", String(128), primary_key=True),  # LINE's id
    Column("chat", String(128), nullable=False),
    Column("user_id", String(128), index=True),
    Column("answers", String(128), index=True),  # LINE's id of the message it answered
    Column("command", Text, nullable=False),
    Column("essays", JSON, nullable=False),
    Column("sent_at", Double, nullable=False, index=True),
)

left_unread = Table(
    "left_unread",  # chats in which something waits for an editor: nothing there is marked as read
    metadata,
    Column("chat", String(128), primary_key=True),
    Column("until", Double, nullable=False),
)

tokens = Table(
    "free_tokens",  # of events nobody answers, kept while a digest waits for a ride in that chat
    metadata,
    Column("token", String(512), primary_key=True),
    Column("chat", String(128), nullable=False, index=True),
    Column("expires_at", Double, nullable=False),
)

quarantine = Table(
    "quarantine",  # signed bodies that could not be read
    metadata,
    Column("id", Integer, primary_key=True),
    Column("received_at", Double, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)


def has_come(moment: ColumnElement[float], now: Any) -> ColumnElement[bool]:
    """Return the condition that the end of a lease or pause has come; one beyond `FARTHEST` was written by a clock that was set back since."""
    return or_(moment <= now, moment - FARTHEST > now)
