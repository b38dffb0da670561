"""Short-lived channel access tokens, fetched from LINE with the channel's id and secret whenever one is about to end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlencode

import urllib3

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECONDS = 3.0  # for which LINE may take its time: a message waits for the token
MARGIN = 60.0  # seconds before its end at which a token is no longer used


class TokenError(Exception):
    """LINE gave no token; `status` is 0 when it was not reached."""

    def __init__(self, status: int) -> None:
        super().__init__(f"no channel token: {status}")
        self.status = status


class StatelessToken:
    """LINE's stateless tokens: fifteen minutes each, as many as one likes, nothing to revoke or renew by hand."""

    def __init__(self, base: str, channel: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        self.url = f"{base.rstrip('/')}/oauth2/v3/token"
        self.channel = channel
        self.secret = secret
        self.clock = clock
        self._lock = Lock()
        self._token = ""
        self._ends = 0.0

    def __call__(self) -> str:
        """Return a token that lives for a while. Raises TokenError."""
        with self._lock:
            if self.clock() >= self._ends - MARGIN:
                self._renew()
            return self._token

    def _renew(self) -> None:
        try:
            self._token, self._ends = self._fetch()
        except TokenError:
            if self.clock() >= self._ends:  # the old one still works until its very end
                raise

    def _fetch(self) -> tuple[str, float]:
        asked_at = self.clock()
        form = {"grant_type": "client_credentials", "client_id": self.channel, "client_secret": self.secret}
        try:
            answer = urllib3.request(
                "POST", self.url, body=urlencode(form), headers=FORM, timeout=SECONDS, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise TokenError(0) from error
        try:
            told = json.loads(answer.data)
            return str(told["access_token"]), asked_at + float(told["expires_in"])
        except (ValueError, LookupError, TypeError) as error:
            raise TokenError(answer.status) from error
