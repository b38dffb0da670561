"""Make readings.tsv and dictionary.npy again: `python -m corpus.language.rebuild`.

readings.tsv comes from the data of pypinyin, in the `lexicon` dependency group; dictionary.npy from jieba's dict.txt.
"""

from __future__ import annotations

import os
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.language.dictionary import TABLE as DICTIONARY

READINGS = Path(__file__).with_name("readings.tsv")
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))


def readings() -> dict[str, str]:
    """Return the characters of each toneless syllable, by their first reading."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    pinyin_dict = import_module("pypinyin.pinyin_dict").pinyin_dict
    convert, normal = import_module("pypinyin.style").convert, import_module("pypinyin").Style.NORMAL
    found: dict[str, list[str]] = defaultdict(list)
    for code in sorted(pinyin_dict):
        if any(code in characters for characters in HAN):
            found[convert(pinyin_dict[code].split(",")[0], normal, strict=False)].append(chr(code))
    return {syllable: "".join(characters) for syllable, characters in sorted(found.items())}


def dictionary() -> NDArray[np.uint32]:
    """Build the trie of jieba's words, breadth first, a column for each node: its character, its first child (the next column's is the
    end of its children), how often its word was met and the kind of that word; how often all were, for the root.
    """
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None
    lines = Path(spec.origin).with_name("dict.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines]
    counts = {word: int(count) for word, count, _ in rows}
    kinds = {word: int.from_bytes(kind.encode(), "little") for word, _, kind in rows}
    words = sorted(counts)
    said = np.array([[counts[word] for word in words], [kinds[word] for word in words]])
    lengths = np.array([len(word) for word in words])
    characters = np.array(words).view(np.uint32).reshape(len(words), -1)
    nodes = [np.array([[0], [sum(int(count) for _, count, _ in rows)], [0]])]
    parents = [np.array([-1])]
    parent = np.zeros(len(words), dtype=np.int64)  # of each word, at the length at hand
    differs = np.arange(len(words)) == 0  # from the word before, up to that length
    size = 1
    for place in range(int(lengths.max())):
        differs[1:] |= characters[1:, place] != characters[:-1, place]
        new = differs & (lengths > place)
        parents.append(parent[new])
        parent = np.where(lengths > place, size - 1 + np.cumsum(new), -1)
        level = np.zeros((3, int(new.sum())), dtype=np.int64)
        level[0] = characters[new, place]
        whole = lengths == place + 1
        level[1:, parent[whole] - size] = said[:, whole]
        nodes.append(level)
        size += level.shape[1]
    labels, met, kind = np.concatenate([*nodes, np.zeros((3, 1), dtype=np.int64)], axis=1)
    children = np.searchsorted(np.concatenate(parents), np.arange(size + 1))
    return np.stack([labels, children, met, kind]).astype(np.uint32)


if __name__ == "__main__":
    lines = (f"{syllable}\t{found}\n" for syllable, found in readings().items())
    READINGS.write_text("".join(lines), encoding="utf-8")
    np.save(DICTIONARY, dictionary())
