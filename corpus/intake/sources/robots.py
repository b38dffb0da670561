"""Rules that robots.txt sets a visitor (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST = 500 * 2**10  # characters that are read, as RFC 9309 has it
LONGEST_DELAY = 30.0  # seconds that Crawl-delay may ask for


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The addresses that may be read, the time to wait between two, and the addresses of the sitemaps."""

    allows: Callable[[str], bool]
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()


def read_robots(text: str, agent: str, *, obeyed: bool) -> RobotRules:
    """Return the rules for one user agent; where they are not `obeyed`, only the sitemaps."""
    from protego import Protego  # only walking a site needs it

    rules = Protego.parse(text[:MOST])
    sitemaps = tuple(rules.sitemaps)
    if not obeyed:
        return RobotRules(lambda _url: True, 0.0, sitemaps)
    delay = rules.crawl_delay(agent) or 0.0
    return RobotRules(lambda url: bool(rules.can_fetch(url, agent)), min(float(delay), LONGEST_DELAY), sitemaps)
