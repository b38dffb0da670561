"""XML from outside: no entity is opened, no DTD loaded, nothing unpacked beyond a limit."""

from __future__ import annotations

import re
import zlib
from typing import Any

from lxml import etree

from corpus.intake.errors import IntakeError

MOST_XML = 50 * 2**20  # bytes after unpacking: what the sitemap protocol allows
_GZIP = b"\x1f\x8b"
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def unpacked(data: bytes, where: str, most: int = MOST_XML) -> bytes:
    """Return the bytes, unpacked where they are a gzip file. Raises IntakeError past `most`, and for a damaged file."""
    if not data.startswith(_GZIP):
        return data
    opener = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        out = opener.decompress(data, most)
    except zlib.error as problem:
        raise IntakeError("壓縮檔壞了", where, "請確認網站上的檔案") from problem
    if opener.unconsumed_tail:
        raise IntakeError(f"解開後超過 {most // 2**20} MB", where, "請改給比較小的檔案")
    return out


def parse_xml(data: bytes, where: str) -> Any:
    """Return the root element of an XML file. Raises IntakeError for what is no XML, or declares entities."""
    data = unpacked(data, where)
    if _ENTITY.search(data):
        raise IntakeError("這份 XML 宣告了實體，不安全", where, "請改用沒有 DTD 的檔案")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise IntakeError("這份 XML 讀不出來", where, "請確認檔案是完整的") from problem
    if root is None:
        raise IntakeError("這份 XML 是空的", where, "請確認檔案是完整的")
    return root


def local_name(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
