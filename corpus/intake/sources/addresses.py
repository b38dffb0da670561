"""Addresses of posts: one key for all ways of writing the same one."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

LONGEST_KEY = 300
_IDENTITY = ("p", "page_id", "post", "id", "article", "aid", "sn")  # what of a query names a page; the rest is tracking


def address_key(url: str | None) -> str:
    """Return host and path of an address, as its identity; empty for none. Scheme, www, trailing slash, tracking do not count."""
    parts = urlsplit(url or "")
    host = parts.netloc.lower().removeprefix("www.")
    return _short(host + _path(url or "")) if host else ""


def names_post(url: str) -> bool:
    """Tell whether the query of an address says which post it is: /?p=12."""
    return "?" in _path(url)


def path_key(url: str) -> str:
    """Return the key of an address without its host: the part that stays when a site moves."""
    return _short(_path(url))


def same_site(url: str, home: str) -> bool:
    """Tell whether an address belongs to the host of another."""
    return _bare_host(url) == _bare_host(home)


def below(url: str, home: str) -> bool:
    """Tell whether an address belongs to the site, or to the part of a site, whose address is `home`."""
    folder = unquote(urlsplit(home).path).rstrip("/")
    path = unquote(urlsplit(url).path)
    return same_site(url, home) and (path == folder or path.startswith(f"{folder}/"))


def absolute(base: str, link: str | None) -> str:
    """Return a link as an address; empty for what is no web address."""
    try:
        found = urljoin(base, (link or "").strip())
    except ValueError:
        return ""
    return found.split("#")[0] if found.lower().startswith(("http://", "https://")) else ""


def _bare_host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _path(url: str) -> str:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() in _IDENTITY]
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{urlencode(kept)}" if kept else path


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else "sha256:" + hashlib.sha256(key.encode()).hexdigest()
