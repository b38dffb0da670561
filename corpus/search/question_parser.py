"""From the text of a question to its words, period, byline and exclusions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from corpus.analysis.themes import Themes
from corpus.index import TermForm
from corpus.language.segment import EVERYDAY, MANNER, SPOKEN, Segmenter, char_bigrams
from corpus.language.text import fold, regional_terms, written_out
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.thesaurus import (
    SYNONYM_WEIGHT,
    SynonymGroup,
    Thesaurus,
    lexicon_lines,
    security_groups,
    synonym_groups,
    theme_groups,
)
from corpus.search.answer_signs import signs
from corpus.search.figures import asked_figure
from corpus.search.period import asked_years, take_period
from corpus.search.question import NAME_BOOST, Question, Word

LONGEST = 600  # characters of a question that are read; a pasted article tells its subject by then
MOST_WORDS = 16
LONGEST_SAYING = 6  # characters of a remark that fits any subject

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+")
_CODE = re.compile(
    r"\$?(?<![a-z0-9])([a-z]{1,5}|\d{4,6}[a-z]?)[.\-](?:twse|two|tw|us|hk|ss|sz|jp|t)(?![a-z0-9])|\$([a-z]{1,5})(?![a-z0-9])"
)
_CHUNK = re.compile(r"(?:[a-z]#|[^\s,.;:!?、。,;:!?「」『』()()《》〈〉【】\[\]{}<>\|/\\~…\"'`*#=^])+(?:\.\d+)?")
_MEASURES = frozenset("率量额价费值比")
_QUARTER = re.compile(r"(?<=[a-z])(?=q[1-4](?![a-z0-9]))")  # glued to a name: NVDAQ3
# What asks, with the preposition before it and what is merely its measure behind: 于何年, 由哪一个, 有哪些公司, 差在哪里.
_ASKS = re.compile(
    r"(?:是|差(?=在))?[于在由为被从有]?(?:哪(?![吒咤])[一几些]?[个种位类项款档座条部件名样家间所场本支首届次边里年天]?(?!族)|(?<!为)(?:什么|啥)样?|谁)"
    r"(?:公司|厂商|东西|时候|地方|意思|人|事)?的?|(?:[于在由是被从]|(?<=[㐀-鿿])为)何[年月日时处地人国种]|(?<![为如任几])何[种样]"
)
_QUOTED = re.compile(r"[《〈「『](?P<said>[^《》〈〉「」『』\s,。;:!?]{2,12})[》〉」』]")
_PERSON = re.compile(r"[㐀-鿿]{3,}")  # a name that is no part of another word
_HAN = re.compile(r"[㐀-鿿]")
_WHETHER = re.compile(r"([㐀-鿿])[不没]\1")  # 會不會, 有沒有
_WITHOUT = re.compile(
    r"(?:除了|除去|扣掉|撇开)(?P<aside>[^\s,、;!?。]{1,12}?)(?:以外|之外)的?(?!.*(?:还|谁|哪|什么|何|另|其他|其它|也|都|[?吗呢]))"
    r"|(?:^|(?<=[\s,、;]))(?:-|!|不要|不想看|不看|不含|不包括|不包含|排除|扣掉)\s*(?P<word>[^\s,、;!?。]+?)"
    r"(?:的?(?:以外|之外))?(?=[\s,、;!?。]|$)|(?<=\S)(?:不要|不含|排除|不包括|不包含)(?P<last>[^\s,、;!?。]{1,6})$"
)
_NEWEST = re.compile(r"最新|最近|近期|latest|recent")
_VIEW = re.compile(r"怎么看|看法|观点|看好|看坏|要不要|还能不能|可不可以买|还可以买|展望|后市")
_BYLINE = re.compile(
    r"(?:作者|撰文|来源|出处|记者)\s*[::是为/]?\s*(?P<after>[^\s,、;的]{2,20}?)(?=(?:19|20)\d\d|[\s,、;的]|$)|(?P<before>[^\s,、;]{2,20}?)\s?(?:写的|撰写的?|撰文|的专栏)"
)


@dataclass(frozen=True, slots=True)
class QuestionParser:
    """Reads questions with the synonyms, stop words and segmenter of one archive."""

    segmenter: Segmenter
    thesaurus: Thesaurus
    stops: frozenset[tuple[str, ...]]
    facets: frozenset[str]
    everyday: frozenset[str]

    def read(self, text: str, today: date, author: str = "") -> Question:
        """Parse a question. Never raises, whatever the text; nothing readable gives no words.

        `author`: a folded name in it that is taken for the author of the essays sought.
        """
        rest = _QUARTER.sub(" ", _WHETHER.sub(" ", fold(clean(text))[:LONGEST]))
        rest = self.thesaurus.misheard(rest, self.segmenter)
        wished, figure = signs(rest), asked_figure(rest)
        rest = _CODE.sub(_symbol, rest)
        rest, unwanted = _take_without(rest)
        without = tuple(dict.fromkeys(form for word in unwanted for form in self._names_of(word)))
        signature = _BYLINE.search(rest)
        byline = (signature["after"] or signature["before"]) if signature else author
        signed = signature.group() if signature else author
        rest = rest.replace(signed, " ") if author and author in signed else rest
        years = asked_years(rest, today)
        period, rest = take_period(rest, today)
        told = _ASKS.sub(" ", rest)
        words: dict[str, Word] = {}
        numbers = {str(one.year) for one in years}
        for word in self.words_of(told):
            is_year = word.typed in numbers  # 2025 is a code, too
            words.setdefault(word.typed, self.plain_word(word.typed) if is_year else word)
        words = _without_foreign(words, text)
        words |= {word.typed: word for word in _asked_for(words.values(), rest)}
        chunks = tuple(match.group() for match in _CHUNK.finditer(told))
        newest = period is None and bool(_NEWEST.search(rest))
        return Question(
            tuple(words.values())[:MOST_WORDS],
            chunks,
            wished,
            period,
            byline,
            signed,
            without,
            newest,
            view=bool(_VIEW.search(rest)),
            years=years,
            figure=figure,
        )

    def subjects(self, text: str, today: date) -> tuple[Word, ...]:
        """Return the words of a line that say a subject, a period or a byline: none of 「可以簡單一點嗎」."""
        asked = self.read(text, today)
        said = (asked.period.text if asked.period else "", asked.byline)
        named = (Word((TermForm(words),), known=True) for words in said if words)
        return (*(word for word in asked.words if word.is_subject), *named)

    def _names_of(self, word: str) -> tuple[str, ...]:
        """Return an unwanted word and its other names: a question without 台積電 is one without TSMC."""
        whole = next((g for begin, end, g in self.thesaurus.find(word, self.segmenter) if end - begin == len(word)), ())
        known = self._known_word(word, whole)
        return (word, *(form.text for form in known.forms if form.weight >= SYNONYM_WEIGHT))

    def words_of(self, text: str) -> Iterator[Word]:
        """Yield the words of a text: names and known terms whole, the rest cut, words of asking left out."""
        start = 0
        for begin, end, groups in self.thesaurus.find(text, self.segmenter):
            if self.without_stops([text[begin:end]]):
                yield from self.plain_words(text[start:begin])
                yield self._known_word(text[begin:end], groups)
                start = end
        yield from self.plain_words(text[start:])

    def plain_words(self, text: str) -> Iterator[Word]:
        """Yield the words of a text without known terms; what stands in quotation marks is a term, 《使琉球錄》."""
        yield from (
            replace(self.plain_word(said), telling=1.0) for said in _QUOTED.findall(text) if self._is_term(said)
        )
        for chunk in itertools.chain.from_iterable(map(self._apart, _CHUNK.findall(text))):
            tokens = map(self._without_edges, self.segmenter.cut(chunk))
            for token in self._joined(self.without_stops(tokens), chunk):
                if len(token) > 1 or token.isdigit() or len(text) == 1 or self.segmenter.is_noun(token):
                    yield self.plain_word(token)

    def _is_term(self, quoted: str) -> bool:
        """Tell whether quoted words are more than one word, and not a code."""
        return not quoted.isascii() and len(self.segmenter.tokens(quoted)) > 1

    def _apart(self, chunk: str) -> tuple[str, ...]:
        """Split a remark that fits any subject off the end of a chunk: 拿铁 变高, which the segmenter cuts 拿铁变 高."""
        for size in range(min(LONGEST_SAYING, len(chunk) - 1), 1, -1):
            subject, said = chunk[:-size], chunk[-size:]
            single = len(subject) == 1 and self.segmenter.is_noun(subject)  # 油大涨
            told = said in self.everyday or (single and said in self.facets)
            if told and (single or len(subject) > 1) and self._ends_with_a_word(subject, chunk):
                return subject, said
        return (chunk,)

    def _ends_with_a_word(self, subject: str, chunk: str) -> bool:
        """Tell whether the subject ends where a word does, and not in the middle of another: 员工福 利多."""
        last, position = self.segmenter.cut(subject)[-1:], 0
        if any(len(word) > 1 and self.segmenter.has(word) for word in last):
            return True
        for token in self.segmenter.tokens(chunk):
            if position < len(subject) < position + len(token):
                return not self.segmenter.has(token) or (len(token) == 2 and not self.segmenter.is_common(token))
            position += len(token)
        return True

    def _without_edges(self, token: str) -> str:
        """Strip the words of asking from a two-character guess of the segmenter: 镇 of 镇在."""
        if len(token) != 2 or token.isascii() or self.segmenter.has(token):
            return token
        kept = "".join(character for character in token if (character,) not in self.stops)
        return kept or token

    def _joined(self, tokens: Iterable[str], chunk: str) -> list[str]:
        """Join single characters that stand side by side (鈷礦), and a single character to the word that it is the head of (機器狗)."""
        words: list[str] = []
        stray = False
        for token in tokens:
            single = len(token) == 1 and not token.isascii()
            spoken = token in SPOKEN and len("".join(words[-1:])) > 1  # the 还 of 拿铁还, not the 大 of 大咖
            joins = single and words and words[-1] + token in chunk
            if joins and ((stray and not spoken) or self._is_head(words[-1], token)):
                words[-1] += token
            else:
                words.append(token)
            stray = single
        return words

    def _is_head(self, before: str, character: str) -> bool:
        """Tell whether the character is the head of a compound with the word before: a 狗 that is 機器, the 率 of 逾期."""
        if len(before) < 2 or before.isascii():
            return False
        return character in _MEASURES or self.segmenter.is_noun(character)

    def plain_word(self, token: str) -> Word:
        spellings = self.spellings(token)
        return Word(
            tuple(map(TermForm, spellings)),
            self.segmenter.specificity(token),
            facet=not self.facets.isdisjoint(spellings),
            telling=self._telling(token),
            proper=self.segmenter.is_proper(token),
        )

    def is_everyday(self, typed: str) -> bool:
        """Tell whether a word is too plain to be misspelt: it fits any subject, is a scrap of two characters (会掉) or common in everyday text."""
        scrap = len(typed) == 2 and self._telling(typed) <= EVERYDAY
        return scrap or typed in self.everyday or self.segmenter.is_common(typed)

    def _telling(self, typed: str) -> float:
        return EVERYDAY if typed in self.everyday else self.segmenter.telling(typed)

    def spellings(self, typed: str) -> tuple[str, ...]:
        """Return a term as it was typed, as it is called on the other side of the strait, and with a figure's unit in words."""
        return (typed, *regional_terms(typed, self.segmenter.cut(typed)), *written_out(typed))

    def _known_word(self, typed: str, groups: tuple[SynonymGroup, ...]) -> Word:
        forms = dict.fromkeys(self.spellings(typed.removeprefix("$")), 1.0)
        for group in groups:
            for form in group.forms:
                text = form.removeprefix("$")
                forms[text] = max(forms.get(text, 0.0), group.weight)
        name = any(group.name and typed not in group.doubtful for group in groups)
        weight = NAME_BOOST if name else self.segmenter.specificity(typed)
        parts = () if name or typed.isascii() else tuple(self.segmenter.parts(typed))
        known = tuple(TermForm(text, weight) for text, weight in forms.items() if char_bigrams(text))
        facet = any(form.text in self.facets and form.weight >= SYNONYM_WEIGHT for form in known)
        telling = 1.0 if name or not self.segmenter.has(typed) else self._telling(typed)
        telling = EVERYDAY if typed in self.everyday else telling  # a known term is no guess of the segmenter
        return Word(known, weight, name, parts, facet and not name, telling, known=True)

    def runs(self, chunk: str) -> Iterator[str]:
        """Yield the stretches of a chunk between the words of asking, uncut."""
        tokens = self.segmenter.tokens(chunk)
        kept, position = "", 0
        while position < len(tokens):
            if length := self._stop_length(tokens, position):
                yield kept
                kept, position = "", position + length
            else:
                kept, position = kept + tokens[position], position + 1
        yield kept

    def _stop_length(self, tokens: Sequence[str], position: int) -> int:
        return next((n for n in range(5, 0, -1) if tuple(tokens[position : position + n]) in self.stops), 0)

    def without_stops(self, tokens: Iterable[str]) -> list[str]:
        """Return the tokens outside stop phrases, taking the longest phrase at each place."""
        tokens, kept = list(tokens), []
        position = 0
        while position < len(tokens):
            length = self._stop_length(tokens, position)
            if not length:
                kept.append(tokens[position])
            position += max(1, length)
        return kept


@lru_cache(maxsize=1)
def shared_parser(segmenter: Segmenter, lexicon: Lexicon, themes: Themes, synonyms: tuple[str, ...]) -> QuestionParser:
    """Build the parser, in a fifth of a second and 30 MB; another archive of the same words in the process shares it."""
    groups = [
        *synonym_groups([*lexicon_lines("synonyms.txt"), *synonyms]),
        *theme_groups(themes),
        *security_groups(lexicon),
    ]
    stops = stop_phrases(lexicon_lines("stopwords.txt"), segmenter)
    facets, everyday = (frozenset(fold(" ".join(lexicon_lines(f"{n}.txt"))).split()) for n in ("facets", "everyday"))
    return QuestionParser(segmenter, Thesaurus(groups), stops, facets, everyday)


def _take_without(folded: str) -> tuple[str, tuple[str, ...]]:
    """Return the question without its exclusions, and these; none where nothing else would be left: 不看盤反而賺比較多."""
    rest = _WITHOUT.sub(" ", folded)
    if not _CHUNK.search(rest):
        return folded, ()
    return rest, tuple(match["aside"] or match["word"] or match["last"] for match in _WITHOUT.finditer(folded))


def clean(text: str) -> str:
    """Replace with spaces the characters that no keyboard types: control characters, lone surrogates, direction marks."""
    return _UNREADABLE.sub(" ", text[: LONGEST * 2])


def signing(text: str, authors: Iterable[str]) -> str:
    """Return the longest of these names in a question, or "". A short or Latin one must stand apart: it begins other words."""
    folded = fold(clean(text))[:LONGEST]
    apart = f" {' '.join(_CHUNK.findall(folded))} "
    held = [one for one in authors if (one in folded if _PERSON.fullmatch(one) else f" {one} " in apart)]
    return max(held, key=len, default="")


def stop_phrases(lines: Iterable[str], segmenter: Segmenter) -> frozenset[tuple[str, ...]]:
    return frozenset(tokens for line in lines if (tokens := tuple(segmenter.cut(fold(line)))))


def _asked_for(words: Collection[Word], folded: str) -> Iterator[Word]:
    """Yield as little telling the words for the kind of thing asked for, and a verb of one character before 在哪.

    An answer to 哪一個朝代 need not say 朝代, nor one to 散熱卡在哪 卡.
    """
    asked = list(_ASKS.finditer(folded))
    behind = [folded[match.end() :] for match in asked]
    before = [folded[: match.start()] for match in asked if match.group().startswith("在")]
    for word in words:
        if not word.name and any(rest.startswith(word.typed) for rest in behind):
            yield replace(word, telling=min(word.telling, MANNER))
        elif len(words) > len(word.typed) == 1 and any(rest.endswith(word.typed) for rest in before):
            yield replace(word, telling=EVERYDAY)


def _without_foreign(words: dict[str, Word], text: str) -> dict[str, Word]:
    """Keep of an English sentence known words, numbers and proper names: the essays are Chinese, and hold no others."""
    if _HAN.search(text) or not any(word.known for word in words.values()):
        return words
    return {
        typed: word
        for typed, word in words.items()
        if word.known or not typed.isalpha() or not re.search(rf"(?<![A-Za-z]){typed}", text)
    }


def _symbol(code: re.Match[str]) -> str:
    symbol = code[1] or code[2]
    return f" {symbol} " if symbol[0].isdigit() else f" ${symbol} "
