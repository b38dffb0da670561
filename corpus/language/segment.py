"""Words, character pairs and sounds of Chinese text: the units that the index holds and questions are made of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING

from corpus.language.dictionary import new_jieba
from corpus.language.pinyin import syllables
from corpus.language.text import fold, to_halfwidth

if TYPE_CHECKING:
    from rjieba import Jieba

_WORD_FREQUENCY = 50_000  # high enough that jieba keeps a given word whole
_SLIP = 20  # jieba's count up to which a word is rather a misspelling of another
FORMS = 3  # version of `fold` and of the cutting: an index made with another one is made anew
_LATIN = r"[a-z0-9][a-z0-9.+&'_#%-]*[a-z0-9+#%]|[a-z0-9]"
_HAN_RUN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_RUNS = re.compile(rf"(?P<latin>{_LATIN})|(?P<han>{_HAN_RUN.pattern})|(?P<other>[^\W_]+)")
_PIECES = re.compile(
    r"(?:19|20)\d\d(?=q)|q[1-4](?!\d)|[1-4]q(?=\d\d)|[a-z]+\d+(?=\.\d|[a-z])|[a-z]{2,}|\d{2,}(?:\.\d+)?|\d\.\d+"
)
# How much the absence of a word tells: of one said of anything; of one that the segmenter made up of everyday words (砍到);
# of a verb, an adjective, a number.
EVERYDAY, FRAGMENT, MANNER = 0.03, 0.03, 0.35
DEED, _RARE = 0.7, 0.75  # a verb that everyday text seldom has is a thing that happens: 公投, 增資, 逾期
_HOW_MANY, _WHICH, _THIS = "几", "何哪", "一两那这每某"
SPOKEN = frozenset(
    "到完过出进上下去来在要没不很最还都也又再就才给被把会能可是有让跟几一那这多少说讲想看买卖做打砍涨跌赢输块趴点个次天年月些啥怎么吗呢吧啊刚真假大家人谁自己太更好贵烂惨猛爽钱"
)
# Characters that a phrase may begin or end with, and hardly a name: 于初, 县所.
_BEGINS = frozenset("其于将所为是之与及而且或若按从由该各每等时只并仍则即曾已均皆乃便须支")
_ENDS = frozenset("于在时所为是之与及而以由指称叫做等内中后前名共并只均皆间")
_HAN = re.compile(r"[㐀-鿿]")

_PROPER = frozenset({"nr", "ns", "nt", "nz"})  # jieba's tags
_WITHIN = re.compile(r"^[a-z]{2,}(?=\d)|(?<=[a-z])\d{3,}$")


class Segmenter:
    """A cutter of folded text into words, by rjieba, that keeps `words` whole. Immutable: build a new one to add a word.

    Its dictionary is read for the first text that is cut.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = tuple(words)

    @cached_property
    def _jieba(self) -> Jieba:
        return self._filled[0]

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(self._filled[1])

    @cached_property
    def fingerprint(self) -> str:
        """The mark of FORMS and the added words: an index with another mark is made anew."""
        return blake2b("\n".join((str(FORMS), *self._filled[1])).encode(), digest_size=8).hexdigest()

    @cached_property
    def _filled(self) -> tuple[Jieba, list[str]]:
        """The dictionary, and the words that were added to it, sorted."""
        folded = {word.strip() for word in fold("\n".join(self._words)).split("\n")}
        jieba = new_jieba()
        known = [word for word in folded if len(word) > 1 and _HAN.search(word) and not _is_compound(word, jieba)]
        for word in sorted(known):
            jieba.add_word(word, _WORD_FREQUENCY, None)
        return jieba, sorted(known)

    def tokens(self, folded: str) -> list[str]:
        """Cut all of the text into pieces, spaces and punctuation among them."""
        return list(self._jieba.cut(folded))

    def has(self, word: str) -> bool:
        """Tell whether a text is a word of the dictionary, or a given one."""
        return bool(self._jieba.has_word(word))

    def is_common(self, word: str) -> bool:
        """Tell whether a text is a word that people write, not a slip: 機會 is, 西土 is not."""
        return self.has(word) and int(self._jieba.suggest_freq(word)) > _SLIP

    @lru_cache(maxsize=5_000)  # noqa: B019 - a process has few segmenters, and keeps them
    def telling(self, word: str) -> float:
        """Rate how much it tells of a subject that a text lacks this word: a thing 1, a manner of speaking less."""
        if word.isascii() or word in self._given:
            return 1.0
        known = self.has(word)
        named = known and any(tag[0] == "n" for _, tag in self._jieba.tag(word))  # 哪吒, 几何学
        asks = word[0] in _HOW_MANY or (len(word) == 2 and word[0] in _WHICH)
        if (asks and not named) or (len(word) == 2 and word[0] in _THIS):
            return EVERYDAY
        if not known:
            return self._telling_of_guess(word)
        tags = [tag for _, tag in self._jieba.tag(word)]
        if not all(tag[0] in "vadzlirfcpuymtqoeb" and tag != "vn" for tag in tags):
            return 1.0
        return DEED if len(tags) == 1 and tags[0] in "vt" and self.specificity(word) >= _RARE else MANNER

    def _telling_of_guess(self, word: str) -> float:
        """Rate a word that no dictionary has: it is cut wrongly where it begins or ends as only a phrase does; 真君庙 is a name."""
        if len(word) > 4:
            return 1.0
        if word[0] in SPOKEN or word[-1] in SPOKEN:
            rest = "".join(character for character in word if character not in SPOKEN)
            return FRAGMENT if len(rest) < 2 else self.telling(rest)
        return MANNER if word[0] in _BEGINS or word[-1] in _ENDS else 1.0

    @lru_cache(maxsize=2_000)  # noqa: B019 - a process has few segmenters, and keeps them
    def is_noun(self, character: str) -> bool:
        """Tell whether a single character is a noun: the 狗 of 機器狗, not the 貴 of 咖啡貴."""
        return any(tag.startswith("n") or tag == "vn" for _, tag in self._jieba.tag(character))

    @lru_cache(maxsize=5_000)  # noqa: B019 - a process has few segmenters, and keeps them
    def is_proper(self, word: str) -> bool:
        """Tell whether a word holds the name of a place, a person or an institution: 熊本廠."""
        return any(tag in _PROPER for _, tag in self._jieba.tag(word))

    def parts(self, folded: str) -> list[str]:
        """Return the shorter words of two and more characters inside a word, in order, each once; the letters of switch2."""
        if folded.isascii():
            return pieces(folded)
        words = [word for word in self.cut_for_search(folded) if len(word) > 1 and word != folded]
        return [word for word in dict.fromkeys(words) if not any(word != other and word in other for other in words)]

    def specificity(self, word: str) -> float:
        """Rate how much a word tells of a subject, from jieba's count of it in everyday text: 稀土 1, 咖啡 0.63, 機會 0.35."""
        if word in self._given or word.isascii():
            return 1.0
        common = self._jieba.suggest_freq(word) if len(word) < 8 else 1
        return min(1.0, max(0.35, 1 - 0.325 * (math.log10(max(1, common)) - 2)))

    def cut(self, folded: str) -> list[str]:
        """Cut into words in reading order, each character in one word; no spaces or punctuation."""
        return [stem(word) for word in self._jieba.cut(folded) if _RUNS.match(word)]

    def _long_parts(self, word: str) -> list[str]:
        """Return the words of four and more characters inside a word, of which jieba gives only the shorter ones: 亚利桑那 of 亚利桑那州."""
        if len(word) < 5:
            return []
        stretches = (word[start:end] for start in range(len(word) - 3) for end in range(start + 4, len(word) + 1))
        return [part for part in stretches if part != word and self._jieba.has_word(part)]

    def cut_for_search(self, folded: str) -> list[str]:
        """Cut as `cut` does, with the shorter words inside each long word beside it: 世芯-ky gives 世芯, too."""
        found: list[str] = []
        for word in self._jieba.cut_for_search(folded):
            if _HAN_RUN.fullmatch(word):  # most are
                found.append(word)
                found += self._long_parts(word) if len(word) > 4 else ()
                continue
            if not _RUNS.match(word):
                continue
            found.append(stem(word))
            found.extend(pieces(word) if word.isascii() else self._long_parts(word))
            if not word.isascii() and len(runs := _RUNS.findall(word)) > 1:
                found.extend(stem("".join(run)) for run in runs)
        return found


def _is_compound(word: str, jieba: Jieba) -> bool:
    """Tell whether a word is made of ordinary words, as 中国稀土 is: kept whole, it would hide them."""
    parts = jieba.cut(word)
    return len(parts) > 1 and all(len(part) > 1 and jieba.has_word(part) for part in parts)


@lru_cache(maxsize=20_000)
def pieces(latin: str) -> list[str]:
    """Return the shorter names and numbers in a Latin one: hbm of hbm4, gpt5 of gpt5.5, 53.5 of 53.5%, q3 of 3q25."""
    found = [f"q{piece[0]}" if piece[-1] == "q" and piece[0].isdigit() else piece for piece in _PIECES.findall(latin)]
    within = [part for piece in found if len(piece) > 2 for part in _WITHIN.findall(piece)]
    return [piece for piece in dict.fromkeys((*found, *within)) if piece != latin and len(piece) > 1]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return an English word without its plural s; any other word as it is."""
    plural = len(word) > 3 and word.isascii() and word.isalpha() and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


def char_bigrams(folded: str) -> list[str]:
    """Return overlapping character pairs of Han runs, Latin words whole: a phrase of them is a substring of the text."""
    found: list[str] = []
    for run in _RUNS.finditer(folded):
        text = run.group()
        if run.lastgroup == "han" and len(text) > 1:
            found.extend(map(add, text, text[1:]))
        else:
            found.append(stem(text))
    return found


def pinyin_bigrams(text: str) -> list[str]:
    """Return overlapping pairs of toneless syllables of the Han runs of unfolded text: 碳化矽 -> tan-hua, hua-xi."""
    found: list[str] = []
    for run in _RUNS.finditer(to_halfwidth(text).lower()):
        if run.lastgroup == "han":
            found.extend(map("-".join, pairwise(syllables(run.group()))))
    return found
