"""Makes readings.tsv again from the data of pypinyin, in the `lexicon` dependency group: `python -m corpus.language.rebuild`."""

from __future__ import annotations

import os
from collections import defaultdict
from importlib import import_module
from pathlib import Path

TABLE = Path(__file__).with_name("readings.tsv")
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))


def readings() -> dict[str, str]:
    """The characters of each toneless syllable, by their first reading."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    pinyin_dict = import_module("pypinyin.pinyin_dict").pinyin_dict
    convert, normal = import_module("pypinyin.style").convert, import_module("pypinyin").Style.NORMAL
    found: dict[str, list[str]] = defaultdict(list)
    for code in sorted(pinyin_dict):
        if any(code in characters for characters in HAN):
            found[convert(pinyin_dict[code].split(",")[0], normal, strict=False)].append(chr(code))
    return {syllable: "".join(characters) for syllable, characters in sorted(found.items())}


if __name__ == "__main__":
    lines = (f"{syllable}\t{characters}\n" for syllable, characters in readings().items())
    TABLE.write_text("".join(lines), encoding="utf-8")
