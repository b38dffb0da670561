"""Forms of Chinese text: width, script, sentences."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import opencc
from opencc import OpenCC

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^。!?！？\n]+(?:[。!?！？]+[」』”’)）】]*|$|\n)")


def to_halfwidth(text: str) -> str:
    """Full-width letters, digits and punctuation as their ordinary forms (NFKC). May change the length."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4)
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def simplify(text: str) -> str:
    """Character-wise Simplified form: same length as `text`, so that offsets into one hold in the other."""
    simple = _converter("t2s").convert(text)
    return simple if len(simple) == len(text) else "".join(_simple_character(c) for c in text)


@lru_cache(maxsize=20_000)
def _simple_character(character: str) -> str:
    simple = _converter("t2s").convert(character)
    return simple if len(simple) == 1 else character


_WIDE = re.compile(r"[\uff01-\uff5e\u3000]")


def level(text: str) -> str:
    """As near to `fold` as the same length allows: narrow, lower case, Simplified; offsets into one hold in the other."""
    lower = _WIDE.sub(_narrow_sign, text)
    lower = lower.lower() if len(lower.lower()) == len(lower) else "".join(c.lower()[:1] for c in lower)
    return simplify(lower)


def _narrow_sign(sign: re.Match[str]) -> str:
    return " " if sign.group() == "\u3000" else chr(ord(sign.group()) - 0xFEE0)


# Words that OpenCC takes from Taiwan's to the mainland's and not back, because Taiwan has the mainland's word as well.
_ONE_WAY = {"数字": "数位", "访问": "存取", "模拟": "类比", "高级": "进阶", "调制": "调变", "联系": "联络"}

_LOOSE = re.compile(r"(?<=[㐀-鿿]) +(?=[a-z0-9])|(?<=[a-z0-9]) +(?=[㐀-鿿])")


def tight(folded: str) -> str:
    """Without the spaces that some writers put between Chinese and Latin: 「AI 伺服器」, 「AI伺服器」."""
    return _LOOSE.sub("", folded)


@lru_cache(maxsize=1)
def _taiwanese() -> OpenCC:
    """OpenCC's s2twp without the phrases that choose among Traditional characters, which `level` undoes: 3 MB, not 44."""
    folder = Path(opencc.__file__).parent / "clib" / "share" / "opencc"

    def first_of(*names: str) -> dict[str, object]:
        listed = [{"type": "ocd2", "file": str(folder / f"{name}.ocd2")} for name in names]
        return {"type": "group", "match_policy": "short_circuit", "dicts": listed}

    phrases = "STPhrases_GeneratedFromRegionalPhrases"
    chain = [first_of(phrases, "STCharacters"), first_of("TWPhrases", "TWVariantsPhrases", "TWVariants")]
    settings = {
        "name": "Taiwan's words",
        "segmentation": {"type": "mmseg", "dict": first_of(phrases)},
        "conversion_chain": [{"dict": link} for link in chain],
    }
    with NamedTemporaryFile("w", suffix=".json") as file:  # OpenCC takes its settings from files only
        json.dump(settings, file)
        file.flush()
        return OpenCC(file.name)


@lru_cache(maxsize=20_000)
def spellings(folded: str) -> tuple[str, ...]:
    """How a folded word may stand in levelled text: as it is, and with Taiwan's word for the mainland one."""
    taiwanese = level(_taiwanese().convert(folded))
    for mainland, ours in _ONE_WAY.items():
        taiwanese = taiwanese.replace(mainland, ours)
    return tuple(dict.fromkeys((folded, taiwanese)))


def fold(text: str) -> str:
    """The form in which question and archive are compared: narrow, lower case, Taiwan's words as mainland ones (tw2sp)."""
    return str(_converter("tw2sp").convert(to_halfwidth(text).lower()))


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of one paragraph, in order; closing quotes and brackets belong to the sentence they close.

    A full stop inside 「...」 does not cut unless the quotation has closed by then.
    """
    spans: list[Span] = []
    start = depth = 0
    for match in _SENTENCE.finditer(text):
        piece = match.group()
        depth = max(0, depth + sum(piece.count(c) for c in "「『《(（") - sum(piece.count(c) for c in "」』》)）"))
        if depth == 0 or match.end() == len(text):
            spans.append((start, match.end()))
            start, depth = match.end(), 0
    if start < len(text):
        spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span)) is not None]


def _trim(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
