"""Word files: honest ones, and ones that mean harm."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO

import docx

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BOMB = "<!DOCTYPE w [" + '<!ENTITY a0 "笑">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
_QUADRATIC = f'<!DOCTYPE w [<!ENTITY a "{"笑" * 50_000}">'


def word(*paragraphs: str) -> bytes:
    """A Word file as Word would write it, its first paragraph the title."""
    document = docx.Document()
    document.add_heading(paragraphs[0], 0)
    for text in paragraphs[1:]:
        document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _package(out: BytesIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def with_parts(parts: Mapping[str, bytes | str], but: tuple[str, ...] = ()) -> bytes:
    """A Word file with some parts replaced or added, and others left out."""
    kept = {name: data for name, data in _honest().items() if name not in but}
    return archive({**kept, **parts})


@cache
def _honest() -> dict[str, bytes]:
    """The parts of a Word file as Word would write it."""
    with zipfile.ZipFile(BytesIO(word("題目", "內文。"))) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_body(body: str, declaration: str = "") -> bytes:
    """A Word file with this body in its main part."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<w:document {_W}><w:body>{body}</w:body></w:document>'
    return with_parts({"word/document.xml": text.encode()})


def said(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def archive(members: Mapping[str, bytes | str]) -> bytes:
    out = BytesIO()
    with _package(out) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def xxe(address: str) -> bytes:
    """A Word file that wants another file read into its text."""
    return with_body(said("&x;") + said("這裡有一段內文。"), f'<!DOCTYPE w [<!ENTITY x SYSTEM "{address}">]>')


def _lying(data: bytes) -> bytes:
    """The same archive with sizes in its directory that are not true."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = b"\x10\x00\x00\x00"
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _flagged(data: bytes) -> bytes:
    """The same archive with every part marked as encrypted."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that should be refused, each by a name for what it tries."""
    honest = word("題目", "內文。")
    large = b" " * 2**20
    yield "only the magic", b"PK\x03\x04"
    yield "cut off", honest[: len(honest) // 2]
    yield "noise inside", honest[:400] + b"\x00\xff" * 400 + honest[1200:]
    yield "an archive of other things", archive({"a.txt": b"text", "b.txt": b"text"})
    yield "a spreadsheet", archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    yield "no content types", with_parts({}, but=("[Content_Types].xml",))
    yield "no main part", with_parts({}, but=("word/document.xml",))
    yield "empty main part", with_parts({"word/document.xml": b""})
    yield "zip bomb", with_parts({"word/media/image1.png": large * 110})
    yield "zip bomb as text", with_body(said("空" * 36_000_000))
    yield "ten thousand parts", with_parts({f"word/media/{n}.png": b"" for n in range(10_000)})
    yield "sizes that lie", _lying(with_parts({"word/media/image1.png": large * 110}))
    yield "password on parts", _flagged(honest)
    yield "an old or encrypted Word file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
    yield "billion laughs", with_body(said("&a11;"), _BOMB + "]>")
    yield "quadratic entities", with_body(said("&a;" * 50_000), _QUADRATIC + "]>")
    yield "parameter entities", with_body(said("文。"), "<!DOCTYPE w [<!ENTITY % a \"<!ENTITY b 'c'>\"> %a;]>")
    yield "an entity from a file", xxe("file:///etc/hostname")
    yield "an entity from the web", xxe("http://169.254.169.254/latest/meta-data/")
    yield "a grammar from the web", with_body(said("文。"), '<!DOCTYPE w SYSTEM "http://127.0.0.1/a.dtd">')
    yield "nested without end", with_body("<w:sdt><w:sdtContent>" * 50_000)
    yield "tables in tables", with_body("<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000)
    yield "not XML", with_parts({"word/document.xml": b"\x00\x01\x02" * 1000})
    yield "styles that laugh", with_parts({"word/styles.xml": f"{_BOMB}]><styles>&a11;</styles>".encode()})
    yield "nothing said", with_body("")
