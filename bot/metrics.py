"""What /metrics counts; docs/operations.md says what each figure means."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

KEPT = Counter("luopan_events_kept", "Events of webhooks that were kept to be answered")
ANSWERS = Counter("luopan_answers", "What was said to an event, or that nothing was", ["outcome"])
REPLIES = Counter("luopan_replies", "How the sending of a reply ended", ["end"])
ANSWERING = Histogram(
    "luopan_answering_seconds",
    "From the receipt of an event to the end of its reply's first sending",
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 50),
)
