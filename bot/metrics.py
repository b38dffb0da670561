"""The figures of /metrics, counted here or read from the database; docs/operations.md says what each means."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

KEPT = Counter("luopan_events_kept", "Events of webhooks that were kept to be answered")
REDELIVERIES = Counter("luopan_redeliveries", "Events among them that LINE delivered again")
ANSWERS = Counter("luopan_answers", "What was said to an event, or that nothing was", ["outcome"])
REPLIES = Counter("luopan_replies", "How the sending of a reply ended", ["end"])
PUSHES = Counter("luopan_pushes", "How the sending of a push ended", ["end"])
ANSWERING = Histogram(
    "luopan_answering_seconds",
    "From the receipt of an event to the end of its reply's first sending",
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 50),
)

REDIS_FAILURES = Counter("luopan_redis_failures", "Times that Redis failed, and was left alone for some seconds")

Figure = tuple[str, str, dict[str, str], float]  # name, meaning, labels, value


class DatabaseCollector:
    """Figures that all processes share, because the database holds them."""

    def __init__(self, figures: Callable[[float], Iterable[Figure]], clock: Callable[[], float] = time.time) -> None:
        self.figures = figures
        self.clock = clock

    def page(self) -> bytes:
        """Write the figures as Prometheus reads them."""
        registry = CollectorRegistry()
        gauges: dict[str, Gauge] = {}
        for name, meaning, labels, value in self.figures(self.clock()):
            if name not in gauges:
                gauges[name] = Gauge(name, meaning, list(labels), registry=registry)
            (gauges[name].labels(**labels) if labels else gauges[name]).set(value)
        return generate_latest(registry)
