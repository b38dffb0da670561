"""From the bytes of a file to clean text, whatever encoding it came in."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

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
LIKELY = 0.6
_SAMPLE = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\u200b\u2060]")
_LINE_END = re.compile(r"\r\n?|[\x0c\x85\u2028\u2029]")


def read_text(data: bytes, name: str) -> str:
    """The text of a file: lines end in \\n, no NUL or other control character, no byte-order mark.

    `name` is how the file is called in errors. Raises IntakeError for empty, oversized, binary and undecodable files.
    """
    return clean(decode(data, name))


def decode(data: bytes, name: str) -> str:
    """The characters of a file, all of them, where they stand. Raises as `read_text` does."""
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if data.startswith(_DOCUMENTS):
        raise _not_text(name)
    text = _decode(data, name)
    if not clean(text).strip():
        raise IntakeError("檔案是空的", name, "請確認內容後再加入")
    return text


def clean(text: str) -> str:
    """The text without control characters, its lines ending in \\n."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def _decode(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data:
        return _decode_wide(data, name)
    try:
        return _refuse_binary(data.decode("utf-8"), name)
    except UnicodeDecodeError:
        return _refuse_binary(_decode_legacy(data, name), name)


def _decode_wide(data: bytes, name: str) -> str:
    """UTF-16 without a mark has a NUL in every ASCII character; anything else with NULs is no text."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _chinese(text) > LIKELY:
            return text
    raise _not_text(name)


def _decode_legacy(data: bytes, name: str) -> str:
    sample = data[:_SAMPLE]
    best, best_score = None, 0.0
    for encoding in _LEGACY:
        score = _chinese(sample.decode(encoding, errors="replace"))
        if score > best_score + 0.01:
            best, best_score = encoding, score
    if best is not None and best_score > LIKELY:
        return data.decode(best, errors="replace")
    guess = from_bytes(sample).best()
    if guess is None:
        raise _not_text(name)
    return data.decode(guess.encoding, errors="replace")


def _chinese(text: str) -> float:
    """How much a decoded text looks like Chinese: the share of common Han and ASCII, less what would not decode."""
    seen = text[:20_000]
    han = sum("\u4e00" <= c <= "\u9fff" for c in seen)
    plain = sum(c.isascii() or c in "，。、；：？！「」『』（）《》〈〉…—・　／％" for c in seen)
    common = sum(seen.count(c) for c in "的是一在有不為了人這個中和以上市年公司")
    return (han + plain - 8 * seen.count("\ufffd") + 2 * common) / max(1, len(seen))


def _refuse_binary(text: str, name: str) -> str:
    if _readable(text[:_SAMPLE]) < 0.9:
        raise _not_text(name)
    return text


def _readable(text: str) -> float:
    """Share of characters that a person could have typed."""
    seen = text[:20_000]
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} and c not in "\n\r\t\x0c" for c in seen)
    return 1 - (odd + seen.count("\ufffd")) / max(1, len(seen))


def _not_text(name: str) -> IntakeError:
    return IntakeError("這不是文字檔", name, "請改用純文字、Markdown 或 HTML 檔")
