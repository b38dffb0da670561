"""Manners of a visit to other people's sites."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from corpus.intake.allowed import NO_HOSTS, AllowedHosts


@dataclass(frozen=True, slots=True)
class Manners:
    """The name under which a site is walked, the private hosts that may be walked, and whether its owner waived robots.txt."""

    agent: str = "Luopan/1.0"
    allowed: AllowedHosts = NO_HOSTS
    ignores_robots: bool = False
    longest_gap: float = 5.0  # seconds between two requests, where the site asks for no more
    sleep: Callable[[float], None] = time.sleep


def agent_name(public_url: str) -> str:
    """Return the user agent: the bot's name, and where its community can be found."""
    return f"Luopan/1.0 (+{public_url})" if public_url else "Luopan/1.0"
