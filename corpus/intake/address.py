"""The web addresses that may be opened: what anybody on the public internet could open, and nothing else."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_network
from urllib.parse import quote, urlsplit

import ssrfguard
from ssrfguard import Address, AddressTable, Block, Policy, Reach, Resolver, SSRFGuardError

from corpus.intake.allowed import NO_HOSTS, AllowedHosts
from corpus.intake.errors import IntakeError

Connect = Callable[[Sequence[Address], float], socket.socket]

# Endings of names that no public page has (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what offices and routers use).
_ONLY_HERE = re.compile(
    r"alt|arpa|corp|home|internal|intranet|invalid|lan|local|localdomain|localhost|onion|private|test"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a host that ends in one is an IPv4 address to somebody (WHATWG URL, 3.5)
_KEPT = "/%:@!$&'()*+,;=~?"  # what a path or a query may hold as it stands


@dataclass(frozen=True, slots=True)
class SafeTarget:
    """The target of one request: a host that may be asked, and what to ask it for. No second reading of the URL is needed."""

    target: ssrfguard.Target
    wanted: str  # path and query, percent-encoded
    allowed: bool = False  # by name, wherever it stands

    @property
    def host(self) -> str:
        """The name in Host, in the certificate and in SNI."""
        return self.target.host.rstrip(".")


def check_url(url: str, allowed: AllowedHosts = NO_HOSTS) -> SafeTarget:
    """Return the target of a URL. Raises IntakeError unless it is http(s) on its usual port to a public host, or to an allowed host."""
    if (named := _named_host(url, allowed)) is not None:
        return SafeTarget(named, _wanted(url), allowed=True)
    try:
        target = _policy().check_url(url)
    except SSRFGuardError as problem:
        raise _unusable(url) from problem
    if "\\" in url or (target.address is None and _is_no_name(urlsplit(url).netloc, target.host.rstrip("."))):
        raise _unusable(url)
    return SafeTarget(target, _wanted(url))


def _wanted(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path, safe=_KEPT) or "/"
    return f"{path}?{quote(parts.query, safe=_KEPT)}" if parts.query else path


def _named_host(url: str, allowed: AllowedHosts) -> ssrfguard.Target | None:
    """Return the host of a URL where the operator allows it, port and all, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if (host, port) not in allowed or "@" in parts.netloc or "\\" in url or parts.scheme not in ("http", "https"):
        return None
    return ssrfguard.Target(parts.scheme, host, port, host)


def addresses_of(place: SafeTarget, lookup: Resolver) -> tuple[Address, ...]:
    """Look up the host's addresses once and check each of them; one that is not public refuses them all.

    `lookup` is called as socket.getaddrinfo is. Raises IntakeError, and OSError when there is no such host.
    """
    try:
        return ssrfguard.resolve(place.target, policy=_anywhere() if place.allowed else _policy(), resolver=lookup)
    except (SSRFGuardError, ValueError) as problem:  # a ValueError: what came back was no address
        raise _not_public(place.host) from problem


def connect_to(addresses: Sequence[Address], seconds: float) -> socket.socket:
    """Connect to one of these addresses: checked once more, and never a name that could be looked up again."""
    try:
        return ssrfguard.connect(addresses, policy=_policy(), timeout=seconds)
    except SSRFGuardError as problem:
        raise _not_public(addresses[0].hostname) from problem


@cache
def _policy() -> Policy:
    """Return ssrfguard's rules for URLs with a stricter table of addresses.

    Its own table lets through what wraps a public address (NAT64, 6to4, Teredo, IPv4-mapped), IPv6 outside 2000::/3 and the
    platform address of Azure; a page that people read stands behind none of these.
    """
    closed = [replace(block, reach=Reach.DENIED) for block in ssrfguard.DEFAULT_DENIED.blocks]
    ours = [
        Block(ip_network("::/0"), "Not global unicast", "RFC4291", Reach.DENIED),
        Block(ip_network("2000::/3"), "Global unicast", "RFC4291", Reach.PERMITTED),
        Block(ip_network("168.63.129.16/32"), "Azure platform", "", Reach.DENIED),
    ]
    return Policy(denied_networks=AddressTable((*closed, *ours)), max_connection_attempts=2)


def connect_to_allowed(addresses: Sequence[Address], seconds: float) -> socket.socket:
    """Connect as `connect_to` does, to a host that the operator allows by name."""
    return ssrfguard.connect(addresses, policy=_anywhere(), timeout=seconds)


@cache
def _anywhere() -> Policy:
    return Policy(allowed_networks=(ip_network("0.0.0.0/0"), ip_network("::/0")), max_connection_attempts=2)


def _is_no_name(written: str, host: str) -> bool:
    """Tell whether a host can only mean a machine nearby, or is an address in disguise."""
    *_, last = labels = host.split(".")
    nearby = len(labels) < 2 or _ONLY_HERE.fullmatch(last)
    return bool(nearby or _NUMBER.fullmatch(last) or "[" in written)


def _unusable(url: str) -> IntakeError:
    return IntakeError(
        "這不是公開網頁的網址", url, "請給 http:// 或 https:// 開頭、沒有帳號密碼和連接埠的網址，或把文章內容直接貼過來"
    )


def _not_public(host: str) -> IntakeError:
    return IntakeError("這個網址不在公開的網際網路上，不能打開", host, "請把文章內容直接貼過來")
