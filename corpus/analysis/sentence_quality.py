"""The quality of a sentence: whether it can be quoted on its own, and how much it says."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 20, 160
# Points for figures with a unit, for the source of a claim, for an event, for words that state or measure, and for length;
# less where a sentence talks to its reader, or leans on the sentence before.
FIGURES = (0.0, 0.125, 0.16, 0.19)
SOURCED, EVENT, CLAIM, FULL, ADDRESS, LEANS = 0.06, 0.1, 0.04, 0.08, -0.03, -0.1
FULL_LENGTH, MOST_CLAIMS = 70, 3


def _any(words: str) -> str:
    """Return a pattern of space-separated alternatives."""
    return "(?:" + "|".join(words.split()) + ")"


# A sentence that begins so hangs on the one before it, or says nothing.
_DANGLING = re.compile(
    "[「『(]?"
    + _any(
        "[這此其它他她該] 那(?!些) 前者 後者 兩者 二者 雙方 三方 各方 上述 如此 對此 為此 在這 在此 從這 由此 正是 以上 以下 如下 "
        "因此 因而 所以 於是 結果 總之 當然 事實上 實際上 畢竟 正因 原因 理由 答案 關鍵[是在] 問題[是在出] "
        "然而 但 不過 而(?!立) 可是 反觀 反之 相反 相較之下 相比之下 相對的 不同的是 則 卻 "
        "同時 與此同時 此外 另外 另一 再者 再來 除此之外 除了這 不僅如此 不只是 更 也 還 又 並 甚至 尤其 特別是 同樣 就像 好比 如同 "
        "換言之 換句話 也就是 亦即 簡單來說 簡言之 例如 比如 譬如 舉例 "
        "首先 其次 接著 接下來 再?下一步 隨後 最後 第[一二三四五六七八九十][,，、點] 一是 二是 三是 "
        "同期 同年 當時 當[天日年] 隔[天日年] 消息一出 有趣的是 值得注意的是 "
        "本文 本篇 讓我們 我們 你 您 圖[/:\uff1a] 資料來源 推薦閱讀 推薦觀看 延伸閱讀"
    )
)
_ENDS_WHOLE = re.compile(r"[。!！.…][」』”’)）】]*$")
_ASKS = re.compile(r"[?？]|[嗎呢][。!！]")
_LISTED = re.compile(r"\(?[\d一二三四五六七八九十]{1,2}\s*[.、)：:]\s*(?!\d)|[A-Za-z]\s*[.)]\s")
# A measure, not a date: 12 萬片 and 四成, not 1 月.
_FIGURE = re.compile(
    r"\d[\d,.]*\s*(?:[%％]|個?百分點|倍|[兆億萬千百元片台家間噸座輛人個吋瓦℃]|美元|奈米|[kKMGT]W|公[斤噸里])|[百千萬億兆]分之"
    r"|[\d一二三四五六七八九近過]成(?![為長功本立熟員就果品交])"
)
_SOURCED = re.compile(
    r"根據|依據|據.{2,12}(?:估|統計|預測|指出)|(?:數據|資料|統計|調查|報告)[^,，。]{0,6}(?:顯示|指出)|預測|預估|預計|估計|估算"
)
_EVENT = re.compile(
    r"宣布|傳出|計[劃畫]|推出|設立|興建|收購|併購|投資(?![者人])|擴產|擴建|解散|取得|簽[訂署]|導入|啟動|上市|開始|轉向|取代|[布佈]局|翻倍|量產"
)
_CLAIM = re.compile(r"龍頭|第一|最大|超過|突破|[佔占]|成長|關鍵|將|取決|核心|優勢|挑戰|瓶頸|機會|風險|壓力|衝擊|集中")
_ADDRESS = re.compile(r"[你您我]|許多人|讓人|投資[者人]|想像|不禁|談到|說到|所謂")
# 「平台則透過...」 answers to something; so does what compares or supposes.
_LEANS = re.compile(r"[^,，。;；:\uff1a]{0,20}?(?:則|也|亦|同樣|卻|更是|反而|同期|隨即)|正如|當我|若|如果|假[如設]")


def is_quotable(text: str) -> bool:
    """Tell whether a sentence can stand alone: whole, no question, no list item or lead-in, and no opener that hangs on what came before."""
    return (
        SHORTEST <= len(text) <= LONGEST
        and bool(_ENDS_WHOLE.search(text))
        and not _ASKS.search(text)
        and not _DANGLING.match(text)
        and not _LISTED.match(text)
        and all(text.count(left) == text.count(right) for left, right in ("「」", "『』", "()", "（）", "《》"))
    )


def informativeness(text: str) -> float:
    """Rate how much a sentence says, by its figures, sources, events and claims; 0.6 is a lot."""
    return (
        FIGURES[min(len(_FIGURE.findall(text)), len(FIGURES) - 1)]
        + SOURCED * bool(_SOURCED.search(text))
        + EVENT * bool(_EVENT.search(text))
        + CLAIM * min(len(_CLAIM.findall(text)), MOST_CLAIMS)
        + FULL * min(len(text), FULL_LENGTH) / FULL_LENGTH
        + ADDRESS * bool(_ADDRESS.search(text))
        + LEANS * bool(_LEANS.match(text))
    )
