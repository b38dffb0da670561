"""PDF files, written by hand: honest ones, and ones that mean harm."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter

Printed = tuple[str, float, float, float]  # text, x, y, size of the letters


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def printed(*pages: Sequence[Printed]) -> bytes:
    """A file with these lines on its pages, in a font of Chinese characters."""
    kids = b" ".join(b"%d 0 R" % (6 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Ming /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Ming /DW 1000 >>",
        stream(_characters("".join(line[0] for page in pages for line in page))),
    ]
    for at, lines in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents %d 0 R >>"
            % (7 + 2 * at)
        )
        objects.append(stream(b"\n".join(_show(line) for line in lines)))
    return pdf(*objects)


def _show(line: Printed) -> bytes:
    text, x, y, size = line
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET".encode()


def _characters(said: str) -> bytes:
    """Every code of these characters stands for the character of the same number; a hundred of them at a time, as the format wants."""
    codes = [b"<%04x> <%04x>" % (ord(sign), ord(sign)) for sign in sorted(set(said)) if ord(sign) < 0x10000]
    groups = (codes[at : at + 100] for at in range(0, len(codes), 100))
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(group), b"\n".join(group)) for group in groups)
        + b"endcmap end end"
    )


def one_page(content: bytes, entries: bytes = b"", resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A file of one page with this content stream; further objects are numbered from 5."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents 4 0 R >>" % resources,
        stream(content, entries),
        *more,
    )


def squeezed(piece: bytes, times: int) -> bytes:
    """`piece` so many times over, compressed twice."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()
    return zlib.compress(packed, 9)


def locked(data: bytes) -> bytes:
    """The same file under a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    writer.encrypt("秘密", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that should be refused, each by a name for what it tries."""
    honest = printed([("一份正常的檔案。", 72, 720, 12)])
    yield "only the magic", b"%PDF-1.7"
    yield "magic and noise", b"%PDF-1.7\n" + bytes(range(256)) * 40
    yield "cut off", honest[: len(honest) // 2]
    yield "password", locked(honest)
    yield "no pages", pdf(b"<< /Type /Catalog >>")
    yield "pictures only", one_page(b"0 0 100 100 re f")
    yield "catalogue is its own page tree", pdf(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 9 >>")
    yield (
        "page tree bites its tail",
        pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    )
    yield (
        "one page ten thousand times",
        pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 10000 /Kids [%s] >>" % (b"3 0 R " * 10_000),
            b"<< /Type /Page /Parent 2 0 R >>",
        ),
    )
    yield "compression bomb", one_page(squeezed(b"(0) Tj " * 2**17, 120), b"/Filter [/FlateDecode /FlateDecode]")
    yield "forty filters", one_page(b"x" * 100, b"/Filter [%s]" % (b"/FlateDecode " * 40))
    yield "run-length bomb", one_page(b"\x81 " * 2**20, b"/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]")
    yield "brackets without end", one_page(b"[" * 2**19)
    yield "object of brackets", pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 2**18)
    yield (
        "form draws itself",
        one_page(
            b"/X Do " * 50,
            resources=b"/XObject << /X 5 0 R >>",
            more=[
                stream(b"/X Do " * 50, b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>"),
            ],
        ),
    )
    yield "table of contents points to itself", honest.replace(b"startxref", b"startxref\n9\n%%EOF\nstartxref")[:200]
    yield (
        "cross-reference loop",
        pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Kids [] >>", trailer=b"/Prev 9 /XRefStm 9"),
    )
    yield (
        "characters by the billion",
        one_page(
            b"BT /F 12 Tf <0001> Tj ET",
            resources=b"/Font << /F 5 0 R >>",
            more=[
                b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>",
                stream(b"begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"),
                b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A >>",
            ],
        ),
    )
    yield (
        "widths by the billion",
        one_page(
            b"BT /F 12 Tf (A) Tj ET",
            resources=b"/Font << /F 5 0 R >>",
            more=[
                b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
                b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 4000000000 500] >>",
            ],
        ),
    )
    yield "matrices without end", one_page(b"q 1 0 0 1 0 0 cm BT /F 1 Tf (a) Tj ET " * 2**18)
