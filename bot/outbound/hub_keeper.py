"""Subscriptions to the hubs of sources (WebSub): made, renewed before their lease ends, and ended with the source."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.logs import log
from corpus.database import reading, writing
from corpus.intake.address import check_url
from corpus.intake.allowed import AllowedHosts
from corpus.intake.errors import IntakeError
from corpus.intake.sources.source import Source, SourceState
from corpus.storage import hub_store, source_store
from corpus.storage.hub_store import HubSubscription

CALLBACKS = "/websub/"  # below which hubs call
LEASE = timedelta(days=10)  # for which a hub is asked
RENEWAL = timedelta(days=1)  # before its end
AGAIN = timedelta(hours=6)  # between two requests for the same


class HubKeeper:
    """Keeps a subscription for each source with a hub. `callbacks`: the public https address below which hubs call."""

    def __init__(self, engine: Engine, callbacks: str, allowed: AllowedHosts) -> None:
        self.engine = engine
        self.callbacks = callbacks
        self.allowed = allowed

    def tend(self, now: datetime) -> None:
        """Ask for subscriptions that are missing or about to end, and leave those that belong to no source any more."""
        with reading(self.engine) as connection:
            sources = [one for one in source_store.every(connection) if one.state is SourceState.KEPT and one.doors.hub]
            held = hub_store.every(connection)
        wanted = {_what(source): source for source in sources if self._is_safe(source.doors.hub)}
        for subscription in held:
            if wanted.pop((subscription.source_id, subscription.hub, subscription.topic), None) is None:
                self._leave(subscription, now)
            elif self._is_due(subscription, now):
                self._ask("subscribe", replace(subscription, asked_at=now, is_leaving=False))
        for one in self._new(list(wanted.values()), now):
            self._ask("subscribe", one)

    def _new(self, sources: list[Source], now: datetime) -> Iterator[HubSubscription]:
        for source in sources:
            callback, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
            yield HubSubscription(callback, source.id, source.doors.hub, source.doors.topic, secret, now)

    def _is_safe(self, hub: str) -> bool:
        """Tell whether a hub may be given a secret: by https only, or at a host that the operator has named."""
        try:
            return hub.lower().startswith("https://") or check_url(hub, self.allowed).allowed
        except IntakeError:
            return False

    def _is_due(self, one: HubSubscription, now: datetime) -> bool:
        is_missing = one.is_leaving or one.until is None or one.until - now <= RENEWAL
        return is_missing and now - one.asked_at >= AGAIN

    def _leave(self, one: HubSubscription, now: datetime) -> None:
        if one.until is None or one.until <= now:
            with writing(self.engine) as connection:
                hub_store.drop(connection, one.callback)
        elif not one.is_leaving or now - one.asked_at >= AGAIN:
            self._ask("unsubscribe", replace(one, asked_at=now, is_leaving=True))

    def _ask(self, mode: str, one: HubSubscription) -> None:
        """Send a hub a request, kept beforehand, for the hub may ask back before it answers."""
        from corpus.intake.fetch import WebGuard, send_form

        with writing(self.engine) as connection:
            hub_store.keep(connection, one)
        form = {
            "hub.mode": mode,
            "hub.topic": one.topic,
            "hub.callback": f"{self.callbacks}{one.callback}",
            "hub.secret": one.secret,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        try:
            status = send_form(one.hub, form, WebGuard(allowed=self.allowed))
            log.info("hub_asked", source=one.source_id, mode=mode, status=status)
        except IntakeError as problem:
            log.warning("hub_failed", source=one.source_id, mode=mode, problem=problem.what)


def _what(source: Source) -> tuple[int, str, str]:
    return source.id, source.doors.hub, source.doors.topic
