"""Signs of a sentence that answers, by the kind of question, and of one that never does, whatever it holds.

All texts here are folded (`corpus.language.text.fold`): narrow, lower case, Simplified; so are the patterns.
"""

from __future__ import annotations

import re
from enum import Enum

from corpus.language.text import simplify
from corpus.search.figures import COUNT, spoken_figure

Sign = re.Pattern[str]


class AnswerKind(Enum):
    """The kind of sentence that answers, told by the question's own words."""

    NUMBER = re.compile(
        r"多少|几(?![乎何])|多大|多快|多高|多久|占比|市占|比例|规模|how (?:much|many)|百分|金额|价格|成长率"
    )
    WHO = re.compile(r"谁|哪[家间些几]|哪一?家|who\b|公司有|厂商|受惠|受益|概念股|供应商")
    WHY = re.compile(r"为什么|为何|为啥|怎么会|原因|凭什么|why\b|理由")
    WHAT = re.compile(r"是什么|什么是|啥是|是啥|什么意思|意思|定义|介绍|what(?:'s| is)")
    HOW = re.compile(r"怎么|如何|怎样|how\b|方法|步骤")


def _pattern(traditional: str) -> Sign:
    return re.compile(simplify(traditional))


_COMPANIES = _pattern(r"哪[家間些幾]|哪一家|公司|廠商|受惠|受益|概念股|供應商|個股|標的|who makes")
_NAMES = _pattern(
    r"(?:[\w.&*-]{2,10}(?:\([^()]{1,12}\))?、){2,}[\w.&-]{2,10}|\(\d{4}[a-z]?(?:-tw)?\)"
    r"|(?:包括|包含|例如|像是|(?<![不假])如)[^,。;]{2,14}(?:、|和|與)|龍頭|大廠"
)
_SIGNS = {
    AnswerKind.NUMBER: _pattern(rf"(?<!\d)(?!(?:19|20)\d\d年)\d[\d.,]*[%a-z㐀-鿿]|{COUNT}成|[百千萬億兆]分之"),
    AnswerKind.WHO: _pattern(r"公司|集團|創辦人|董事長|執行長|總經理|部長|主席|由[㐀-鿿]{2,4}[^,。]{0,8}(?:擔任|設計|創[立辦]|發明)"),
    AnswerKind.WHY: _pattern(r"因為|由於|使得|導致|意味|關鍵|原因|為了|主要|造成|迫使|讓|根源|背後|才能|在於|而是"),
    AnswerKind.WHAT: _pattern(r"指的?是|所謂|就是|是一[種個項座套]|又稱|即是|定義|稱為|意思|是將|簡稱|,即|——|「[^」]{2,12}」\("),
    AnswerKind.HOW: _pattern(r"透過|藉由|利用|首先|第一|步驟|方法|運用|採[用取]|策略|核心"),
}  # fmt: skip
_VIEW = _pattern(r"怎麼看|看法|觀點|要不要|還能不能|可不可以買|還可以買|展望|後市|值[不得]|前景")
_JUDGEMENT = _pattern(
    r"我們?(?:認為|相信|覺得|的看法|建議|寧可)|看[好壞多空淡]|樂觀|悲觀|保守|中性|謹慎|審慎|偏[多空]|建議|不宜|值得|收回|轉為|[高低]估|風險在|取決於|評等"
)

# A common belief and its refutation: 「很多人以為……。其實……」
_MYTH = _pattern(
    r"[「『(]?(?:有人|有些人|不少人|許多人|很多人|多數人|一般人|大家|人們|散戶|外界|坊間|市場上?|網路上?|網友|直覺上?|乍看|表面上?|假設|迷思|常見的?(?:迷思|誤解|說法)|傳統)"
    r"[^,。;]{0,6}(?:[說認以誤覺相盛流謠]|之下|看來|看起來|來看|:|,|是)"
)
_REFUTES = _pattern(
    r"[「『(]?(?:但是?|然而|其實|事實上?|實際上?|實情|不過|可是|錯|真相|恰[恰好]?相反|正好相反|相反|這並?[不非]|這[個種]?(?:想法|說法|看法|推論)|並非|問題[是在出]|殊不知)"
)
_UNNAMED = "有人|有些人|他們|她們|網友|鄉民|酸民|對手|反方|批評者|反對者|懷疑者|空方|多方"
_QUOTED = r"(?:「[^「」]*(?:「[^「」]*」[^「」]*)*」|『[^』]*』|[“”\"][^“”\"]*[“”\"])"
_SPOKEN = _pattern(rf"(?:(?:{_UNNAMED})[^,。]{{0,10}}[:,]?)?{_QUOTED}[。.]?")
_IDLE = _pattern(
    r"\s*https?://\S+\s*$|(?:延伸|推薦)(?:閱讀|觀看)|(?:圖|表|(?:資料|圖片|數據)來源|攝影|來源|撰文|責任編輯|作者)\s*[:/]|.{0,14}(?:僅供參考|不[構作][成為].{0,4}投資建議)"
    r"|(?:歡迎|記得|別忘了).{0,6}(?:訂閱|追蹤|分享|按讚|加入)|.{0,8}(?:再更新|持續更新|敬請期待|點此|點擊[此這]|請見)"
)


def signs(question: str) -> tuple[Sign, ...]:
    """Return patterns of a sentence that answers a folded question: for a figure its unit, for companies their names; else by kind."""
    found = {kind: sign for kind, sign in _SIGNS.items() if kind.value.search(question)}
    if figure := spoken_figure(question):
        found[AnswerKind.NUMBER] = figure
    if AnswerKind.WHO in found and _COMPANIES.search(question):
        found[AnswerKind.WHO] = _NAMES
    if _VIEW.search(question):
        found[AnswerKind.HOW] = _JUDGEMENT  # 怎麼看 asks for no way to do it
    return tuple(found.values())


def is_refuted(sentence: str, following: str) -> bool:
    """Tell whether a sentence is a common belief that the sentence after it refutes."""
    return _MYTH.match(sentence) is not None and _REFUTES.match(following) is not None


def is_spoken(sentence: str) -> bool:
    """Tell whether a sentence is nothing but the words of somebody whom it does not name."""
    return _SPOKEN.fullmatch(sentence) is not None


def is_idle(sentence: str) -> bool:
    """Tell whether a sentence says nothing of the subject: an address, a source, a disclaimer, a promise of more."""
    return _IDLE.match(sentence) is not None
