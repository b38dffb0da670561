"""The private hosts that an operator lets be read, by LUOPAN_FETCH_ALLOW."""

from __future__ import annotations

AllowedHosts = frozenset[tuple[str, int]]  # (host, port)
NO_HOSTS: AllowedHosts = frozenset()


def allowed_hosts(written: str) -> AllowedHosts:
    """Parse 「127.0.0.1:8080,wiki.lan:80」 into hosts and ports. Raises ValueError for anything else."""
    hosts = [part.strip().rpartition(":") for part in written.split(",") if part.strip()]
    if any(not host for host, _, _ in hosts):
        raise ValueError(written)
    return frozenset((host.strip("[]").lower(), int(port)) for host, _, port in hosts)
