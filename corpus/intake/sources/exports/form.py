"""Forms of exports: the one that a file is, and the posts in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

from corpus.intake.decode import read_text
from corpus.intake.errors import IntakeError
from corpus.intake.sources.exports.archive_file import names_in_zip
from corpus.intake.sources.exports.blogger import TAKEOUT
from corpus.intake.sources.exports.csv_table import header
from corpus.intake.sources.post import Post

FOLDER = "folder"  # a zip of pages and texts, each read as a file of its own

_START = 8192
_HOME = "corpus.intake.sources.exports."
_TABLE = re.compile(r"\.(?:csv|tsv)$", re.IGNORECASE)
_TITLES, _BODIES = ("title", "標題"), ("content", "body", "html", "text", "markdown", "內文", "內容")


def export_form(data: bytes, name: str) -> str | None:
    """Return the name of the export that a file is; None for what is none: a document, a page, a text."""
    start = data[:_START].lstrip(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK\x03\x04"):
        return _zip_form(data, is_named_zip=name.lower().endswith(".zip"))
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:RDF")):
        return _xml_form(start)
    if start.startswith((b"{", b"[")):
        return _json_form(data)
    return "csv_table" if _TABLE.search(name) and _is_table(data, name) else None


def is_export(data: bytes, name: str) -> bool:
    """Tell whether a file is a platform's export for its writers: an archive, and no news, which says who may read each post."""
    return export_form(data, name) not in (None, FOLDER)


def read_export(data: bytes, name: str, form: str) -> list[Post]:
    """Read all posts of an export, also those that are not published. Raises IntakeError for one that cannot be read."""
    if form == "sitemap":
        raise IntakeError("這是網站地圖，裡面只有網址", name, "要整個網站請打「來源 網址」或 luopan source add")
    read: Callable[[bytes, str], list[Post]] = import_module(_HOME + form).read
    try:
        return read(data, name)
    except IntakeError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        raise IntakeError("這份匯出檔讀不懂", name, "請重新匯出一次") from problem


def _zip_form(data: bytes, *, is_named_zip: bool) -> str | None:
    """Tell the platform of a zip; a folder of pages only where its name says that it is one."""
    names = names_in_zip(data)
    plain = [name.rpartition("/")[2] for name in names]
    if "[Content_Types].xml" in names:
        return None
    if "posts.csv" in plain:
        return "substack"
    if any(re.search(r"(?:^|/)posts/.*\.html$", name) for name in names):
        return "medium"
    if any(name.rpartition("/")[2] == TAKEOUT for name in names):
        return "blogger"
    pages = (".md", ".markdown", ".html", ".htm", ".txt")
    return FOLDER if is_named_zip and any(each.lower().endswith(pages) for each in plain) else None


def _xml_form(start: bytes) -> str | None:
    if b"wordpress.org/export/" in start:
        return "wxr"
    if b"<urlset" in start or b"<sitemapindex" in start:
        return "sitemap"
    if b"<feed" in start and (b"blogger" in start.lower()):
        return "blogger"
    return "feed" if re.search(rb"<(?:rss|feed|rdf:RDF)\b", start) else None


def _json_form(data: bytes) -> str | None:
    start = data[:_START]
    if (b'"db"' in start or b'"exported_on"' in start) and b'"data"' in data[: 2**20]:
        return "ghost"
    if b"jsonfeed.org/version" in start.replace(b"\\/", b"/"):
        return "feed"
    return "wordpress_json" if b'"rendered"' in data[: 2**20] and b'"link"' in data[: 2**20] else None


def _is_table(data: bytes, name: str) -> bool:
    try:
        columns = {cell.strip().lower() for cell in header(read_text(data, name))[0]}
    except IntakeError:
        return False
    return bool(columns & set(_TITLES)) and bool(columns & set(_BODIES))
