"""What robots.txt asks of a visitor (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST = 500 * 2**10  # characters that are read, as RFC 9309 has it
LONGEST_DELAY = 30.0  # seconds that Crawl-delay may ask for


@dataclass(frozen=True, slots=True)
class RobotRules:
    """Which addresses may be read, how long to wait between two, and where the sitemaps are."""

    allows: Callable[[str], bool]
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()


def read_robots(text: str, agent: str, *, obeyed: bool) -> RobotRules:
    """The rules for one user agent; not `obeyed`, only the sitemaps are taken."""
    from protego import Protego  # only walking a site needs it

    rules = Protego.parse(text[:MOST])
    sitemaps = tuple(rules.sitemaps)
    if not obeyed:
        return RobotRules(lambda _url: True, 0.0, sitemaps)
    delay = rules.crawl_delay(agent) or 0.0
    return RobotRules(lambda url: bool(rules.can_fetch(url, agent)), min(float(delay), LONGEST_DELAY), sitemaps)
