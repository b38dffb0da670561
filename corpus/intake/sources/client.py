"""Asks one site for its pages, politely: one request at a time, no faster than the site answers, by its robots.txt."""

from __future__ import annotations

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

from corpus.intake.errors import IntakeError, UnreachableError
from corpus.intake.fetch import WebGuard, WebResponse, request
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.robots import RobotRules, read_robots

ATTEMPTS = 5
FIRST_PAUSE = 1.0  # seconds before the second attempt; doubled at each further one
LONGEST_WAIT = 60.0  # seconds that a site may ask to wait; whoever asks for more is left alone until the next look
SHARE = 4  # the pause after an answer, in times of what the answer took
SHORTEST_GAP = 0.05  # seconds between two requests
BUSY = (429, 503)
PASSING = (*BUSY, 500, 502, 504)


class SourceError(IntakeError):
    """A site that gives nothing for now: it is asked again later."""


class SourceClient:
    """The requests of one walk over one or a few hosts. Used by one thread."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self.guard = WebGuard(allowed=manners.allowed)
        self.requests = 0
        self._next_at: dict[str, float] = {}
        self._robots: dict[str, RobotRules] = {}
        self._left: set[str] = set()  # hosts that send everybody elsewhere for good

    def get(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "*/*") -> WebResponse:
        """Ask for one address and return the answer, whatever its status. Raises SourceError where there is none for now, and
        IntakeError where the address may not be opened or robots.txt asks not to."""
        rules = self.rules_of(url)
        if not rules.allows(url):
            raise IntakeError(
                "網站的 robots.txt 請機器人不要讀這一頁", url, "網站是自己的，就在加入來源時說「這是我的網站」"
            )
        headers = {"Accept": accept, "User-Agent": self.manners.agent}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        return self._ask(url, headers, rules.delay)

    def rules_of(self, url: str) -> RobotRules:
        """Return the rules of robots.txt on a URL's host; it is read once."""
        host = _host(url)
        if host not in self._robots:
            self._robots[host] = self._read_rules(url)
        return self._robots[host]

    def new_host(self, home: str) -> str:
        """Return scheme and host where a site now stands, where its own host sends everybody there for good; else empty.

        robots.txt, which every walk reads, tells it, and the home page has to say the same.
        """
        self.rules_of(home)
        if _host(home) not in self._left:
            return ""
        answer = self.get(home)
        after = urlsplit(answer.url)
        moved = answer.moved and answer.status == 200 and after.netloc.lower() != _host(home)
        return f"{after.scheme}://{after.netloc}" if moved else ""

    def _read_rules(self, url: str) -> RobotRules:
        parts = urlsplit(url)
        answer = self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt", {"User-Agent": self.manners.agent}, 0.0)
        if answer.moved and _host(answer.url) != _host(url):
            self._left.add(_host(url))
        text = answer.data.decode("utf-8", "replace") if answer.status == 200 else ""
        return read_robots(text, self.manners.agent, obeyed=not self.manners.ignores_robots)

    def _ask(self, url: str, headers: dict[str, str], delay: float) -> WebResponse:
        pause, problem = FIRST_PAUSE, ""
        for attempt in range(ATTEMPTS):
            self._wait(url)
            began = monotonic()
            try:
                answer = request(url, headers, self.guard)
            except UnreachableError as error:
                answer, problem = None, error.what
            finally:
                self.requests += 1
                gap = min(max(SHARE * (monotonic() - began), SHORTEST_GAP), self.manners.longest_gap)
                self._next_at[_host(url)] = monotonic() + max(gap, delay)
            if answer is not None and answer.status not in PASSING:
                return answer
            wait = pause
            if answer is not None:
                problem = f"網站太忙或出了問題（代碼 {answer.status}）"
                wait = max(wait, _asked_to_wait(answer)) if answer.status in BUSY else wait
            if attempt == ATTEMPTS - 1 or wait > LONGEST_WAIT:
                break
            self.manners.sleep(wait)
            pause *= 2
        raise SourceError(problem, url, "晚一點會自己再試")

    def _wait(self, url: str) -> None:
        left = self._next_at.get(_host(url), 0.0) - monotonic()
        if left > 0:
            self.manners.sleep(left)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _asked_to_wait(answer: WebResponse) -> float:
    """Return the seconds of Retry-After, in either of its two forms; 0 where there is none."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdigit():
        return float(asked)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    return 0.0
