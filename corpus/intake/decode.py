"""Decoding of a file's bytes to clean text, whatever encoding it came in."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from functools import cache

from corpus.intake.errors import MAX_BYTES, IntakeError, too_large

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Legacy encodings of Chinese, most likely first; each is strict, so the first that decodes *and* reads as Chinese wins.
_LEGACY = ("big5", "cp950", "big5hkscs", "gb18030")
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf")
_ARCHIVE = ("壓縮檔", "請先解開，再傳裡面的文章")
_PICTURE = ("圖片", "請把圖裡的文字打出來，直接貼過來")
_PROGRAM = ("程式", "請傳文章本身：txt、md、html、pdf 或 docx")
_RECORDING = ("影音檔", "請把內容寫成文字，直接貼過來")
# What a file is that turned out to be no text; none of these alone proves it, since a text may begin with 「MZ」, too.
_KINDS = (
    (re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe"), *_PROGRAM),
    (re.compile(rb"PK|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd"), *_ARCHIVE),
    (re.compile(rb"\x89PNG|GIF8|\xff\xd8\xff|BM|II\*\x00|RIFF.{4}WEBP|.{4}ftyp(?:hei|avi|mif)", re.DOTALL), *_PICTURE),
    (re.compile(rb"ID3|\xff[\xf2-\xfb]|OggS|fLaC|RIFF|.{4}ftyp|\x1aE\xdf\xa3", re.DOTALL), *_RECORDING),
    (re.compile(rb"\{\\rtf|\xd0\xcf\x11\xe0"), "舊格式的文件", "請另存成 .docx 或純文字"),
)
LIKELY = 0.6
READABLE = 0.9  # share of characters that somebody would write
_SAMPLE = 200_000
_ENDS = 10_000  # characters that are looked at, of either end
_UNTYPED = {"Cc", "Cn", "Co", "Cs"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u200c\u2060\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x85\u2028\u2029]")
_PAGE_END = re.compile(r"(?P<before>[^\n\x0c]*)\s*\x0c\s*")
_SAID = "。！？!?：:；;…」』）)"
_PAGE_LINE = 16  # characters; a shorter line at a page's end is a heading, a number or a foot


def read_text(data: bytes, name: str) -> str:
    """Return the text of a file: lines end in \\n, no NUL or other control character, no byte-order mark.

    `name` is how the file is called in errors. Raises IntakeError for empty, oversized, binary and undecodable files.
    """
    return clean(decode(data, name))


def decode(data: bytes, name: str) -> str:
    """Return all the characters of a file, where they stand. Raises as `read_text` does."""
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if data.startswith(_DOCUMENTS):
        raise _not_text(data, name)
    text = _decode(data)
    if text is None or _readable(text, is_unicode=_is_utf8(data)) < READABLE:
        raise _not_text(data, name)
    if not clean(text).strip():
        raise IntakeError("檔案是空的", name, "請確認內容後再加入")
    return text


def clean(text: str) -> str:
    """Return the text without control characters, its lines ending in \\n; a page's end in mid-sentence ends no line."""
    text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return _PAGE_END.sub(_across_page, text) if "\x0c" in text else text


def _across_page(match: re.Match[str]) -> str:
    before = match["before"].rstrip()
    if len(before) < _PAGE_LINE or before[-1] in _SAID:
        return f"{before}\n\n"
    return f"{before} " if before[-1].isascii() else before


def _decode(data: bytes) -> str | None:
    """Return the characters that the bytes stand for, whether or not they make sense; None where no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data:
        return _decode_wide(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _decode_wide(data: bytes) -> str | None:
    """Decode UTF-16 without a mark, which has a NUL in every ASCII character; return None for anything else with NULs."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _chinese(text) > LIKELY:
            return text
    return None


def _decode_legacy(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    best, best_score = None, 0.0
    for encoding in _LEGACY:
        score = _chinese(sample.decode(encoding, errors="replace"))
        if score > best_score + 0.01:
            best, best_score = encoding, score
    if best is not None and best_score > LIKELY:
        return data.decode(best, errors="replace")
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    guess = from_bytes(sample).best()
    return data.decode(guess.encoding, errors="replace") if guess else None


def _chinese(text: str) -> float:
    """Return how much a decoded text looks like Chinese: the share of common Han and ASCII, less what would not decode."""
    seen = text[:20_000]
    han = sum("\u4e00" <= c <= "\u9fff" for c in seen)
    plain = sum(" " <= c <= "~" or c in "\n\r\t，。、；：？！「」『』（）《》〈〉…—・　／％" for c in seen)
    common = sum(seen.count(c) for c in "的是一在有不為了人這個中和以上市年公司")
    return (han + plain - 8 * seen.count("\ufffd") + 2 * common) / max(1, len(seen))


def _readable(text: str, is_unicode: bool) -> float:
    """Return the share of characters that a person could have typed; bytes that are no text decode to Han characters nobody uses.

    Of what is UTF-8 without a fault every Han character is meant, however rare: 奇鋐, 台燿.
    """
    seen = text if len(text) <= 2 * _ENDS else text[:_ENDS] + text[-_ENDS:]
    odd = sum(times for c, times in Counter(seen).items() if _is_odd(c) and not (is_unicode and _is_han(c)))
    return 1 - odd / max(1, len(seen))


def _is_utf8(data: bytes) -> bool:
    """Tell whether the bytes are UTF-8 without a fault, as plain ASCII is, too."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_han(c: str) -> bool:
    return "\u3400" <= c <= "\u9fff" or c >= "\U00020000"


def _is_odd(c: str) -> bool:
    if "\u3400" <= c <= "\u9fff":
        return c not in _usual()
    return c == "\ufffd" or (unicodedata.category(c) in _UNTYPED and c not in "\n\r\t\x0c")


@cache
def _usual() -> frozenset[str]:
    """Return the Han characters of everyday writing: the first levels of Big5 and of the Japanese standard, and GB2312."""
    seconds = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    levels = (("big5", range(0xA4, 0xC7)), ("gb2312", range(0xB0, 0xF8)), ("euc_jp", range(0xB0, 0xD0)))
    pairs = ((bytes((first, second)), name) for name, firsts in levels for first in firsts for second in seconds)
    return frozenset("".join(pair.decode(name, "ignore") for pair, name in pairs))


def _not_text(data: bytes, name: str) -> IntakeError:
    for sign, kind, do in _KINDS:
        if sign.match(data):
            return IntakeError(f"這不是文字檔，是{kind}", name, do)
    return IntakeError("這不是文字檔", name, "請改用純文字、Markdown、HTML、PDF 或 Word(.docx)檔")
