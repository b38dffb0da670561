"""Other senses of a name where it stands: a figure of speech, a person, another body, the place where readers are asked to follow.

All texts here are flattened (`corpus.lexicon.security.flatten`); so are the patterns.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from corpus.lexicon.security import flatten

_SENSES = Path(__file__).parents[2] / "lexicon" / "senses.tsv"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(flatten(text))


# 「生技業的台積電」, 「印尼版亞馬遜」, 「下一個輝達」: a likeness, not the company.
_LIKENESS = _pattern(
    r"(?:[界圈壇業]的|[一-鿿]版的?)[\s「『《〈]*$"
    r"|(?:下一?|第[二三四五]|另一?|又一?|新一代|無數|再造一)[個家間座隻檔][\s「『《〈]*$"
    r"|(?:迷你|縮小版|翻版|山寨)[\s「『《〈]*$|(?:喻為|譽為|封為|稱為|稱作)[一-鿿]{0,4}[\s「『《〈]*$"
    r"|(?:譽為|喻為|喻成|比作|比喻|號稱|堪稱|自比|自稱|人稱|素有|稱[為之作]?|封為|當成|視為|就像|如同|宛如)[^\w]?[^。,;!?\n]{0,8}的[\s「『《〈]*$"
)
# 「被稱為護國神山的台積電下修展望」: a byname of the company itself.
_BYNAME = _pattern(r"(?:譽為|喻為|稱為|封為|號稱|堪稱|素有)[^。,;!?\n界業圈壇版]{1,8}的[\s「『《〈]*$")
_OF_A_TRADE = _pattern(r"業的[\s「『《〈]*$")
# 「想做越南的鴻海,」: what somebody wants to become.
_AMBITION = _pattern(
    r"(?:[說稱](?:它|他|她|牠|自己|這家|那家|這間)就?是|[想要]做|成為|變成|打造|當上|立志做)[^。,;!?\n]{0,8}的[\s「『《〈]*$"
)
_END_OF_CLAUSE = re.compile(r"[\s」』》〉]*(?:[,。;!?、)]|$)")
_IN_EARNEST = _pattern(
    r"[、與和及跟]|[^\w]?(?:股價|營收|獲利|財報|今年|去年|[本上下]季|第[一二三四]季|法說|董事長|執行長|今天|昨|[上下]修|調[升降高]|宣[布佈]|公[布佈]|表示|預計|將|擴[廠大產])"
)

# 「台積電文教基金會」, 「國泰醫院」, 「中鋼路口」: another body that bears the name, or a place.
_BODY = _pattern(
    r"(?:(?:文教|慈善|公益|教育|藝術|文化|社會福利|環保|科技)*基金會|獎學金|(?:綜合|紀念|教學)?醫院|診所|(?:科技)?大學|學院|高[中職工商]|國[中小]|幼兒園"
    r"|美術館|博物館|盃|杯(?:[馬全]|[^\w]|$)|[男女]?[籃棒排足]球?隊|大道(?:[^\w]|[的上口])|大樓|大廈|球場|體育館|路(?:口|段|站|[上邊與和、的]|[一二三四五六七八]段|\d|[^\w]|$)|[東西南北]路|[新老]?街(?:口|[上的]|\d|[^\w]|$)|道(?:[與和及]|[^\w]|$)"
    r"|區公所|花市|公園|精舍|書院|紀念館)"
)
# 「福特總統」, 「阿里·…」: somebody of that name.
_TITLE = _pattern(
    r"(?:總統|先生|女士|小姐|爵士|教授|博士|牧師|神父|將軍|國王|夫人|老師|主教|可汗|會議|定律|定理|方程式|的貓)"
)
# 「富邦金甲特」: another paper of the company.
_PREFERRED = _pattern(r"(?:[甲乙丙丁戊己庚辛]特|特[甲乙丙丁戊己庚辛])")
_MIDDLE_DOTS = "·•‧・"

# A sentence that asks its readers to follow, share or listen names the place where they do so.
_SENTENCE_END = re.compile(r"[。!?！？\n]")
_FOLLOW = _pattern(
    r"(?:追蹤|訂閱|關注|按讚|按贊|加入|搜尋|點擊|造訪)\s?(?:我們|我的?|本|作者|這個|官方|並|fb|facebook|ig|instagram|line|youtube|telegram|twitter|google|threads|x\b)"
    r"|分享(?:到|至|給|此|本|這)|轉[貼發](?:到|至|給)"
    r"|歡迎(?:在|到|上|加|追|訂|分|轉|按|留)|請(?:到|上|在|幫|按|追|訂|填|加)|幫忙按讚|開啟小鈴鐺|小鈴鐺"
    r"|粉絲(?:專頁|團)|粉專|官方帳號|社群(?:媒體|平台)?帳號|(?:facebook|fb|line|telegram|discord)\s?(?:群組|社團|社群|好友|私訊|留言)"
    r"|(?:可|也能|都能|也可|就能)(?:以)?(?:在|於|透過|收)[^。]{0,40}(?:收聽|收看|聽到|聽|看到)|也能聽|同步(?:刊登|上架|更新|發布)|收聽(?:平台|連結)"
    r"|(?:帳號|id|facebook|google)\s?(?:登入|註冊|登錄)|登入[^\w]|下載\s?app|app store|版權所有|著作權|隱私權|recaptcha|©"
    r"|all rights reserved|copyright"
    r"|follow us|follow me|find us|listen on|subscribe|sign in with|log in with|share on|share this|join us"
    r"|上架於|延伸收聽|好評|複製連結|買得到|apple podcasts?|kkbox|soundon|available on|powered by|來源\s?:"
    r"|(?:圖片?|照片|影片|資料|截圖)(?:來源|提供|取自|擷?取?自)?\s?[:/]|翻攝自?|擷取自|取自"
)
_PLACE = _pattern(
    r"\s?(?:新聞|news(?![a-z])|play(?![a-z])|pay(?![a-z])|wallet(?![a-z])|錢包|表單|地圖|maps?(?![a-z])|meet(?![a-z])|雲端硬碟|drive(?![a-z])|日曆|文件|試算表|帳[號戶]|id(?![a-z])|podcasts?(?![a-z])|播客|trends(?![a-z])|analytics(?![a-z])|forms?(?![a-z])|docs(?![a-z])|scholar(?![a-z])|學術|搜尋一下"
    r"|粉[專絲]|粉絲專頁|粉絲團|頻道|社團|群組|留言|貼文|私訊|登入)"
)
# A line that says where something is from or who wrote it, or leads to other pieces: 「資料來源：」, 「延伸閱讀：」, 「作者簡介：」.
_FOOTER = _pattern(
    r"[^\w]*(?:(?:資料|圖片?|照片|數據|影片)?來源|photos?(?:\sby|\scredit)|(?:延伸|推薦|相關|更多)(?:閱讀|新聞|文章|報導)|(?:作者|譯者)簡介|關於作者|本文作者|作者[為是曾現])"
)
_CREDIT = _pattern(r"[^\w]*(?:圖片?|照片|影片|截圖|攝影)\s?[:/]")
_LENT = _pattern(r"\s?(?:提供|官網|官方|粉專|粉絲|臉書|網站|新聞稿|youtube|ig(?![a-z])|facebook|授權)")


def is_figure(before: str, after: str) -> bool:
    """Tell whether the name stands for something like the company rather than for the company."""
    if _LIKENESS.search(before):
        is_it = _OF_A_TRADE.search(before) or _BYNAME.search(before)
        return not (is_it and _IN_EARNEST.match(after))
    return _AMBITION.search(before) is not None and _END_OF_CLAUSE.match(after) is not None


def is_other_body(after: str) -> bool:
    """Tell whether the name is the first part of the name of a foundation, school, hospital, street or cup, or of a preferred share."""
    return _BODY.match(after) is not None or _PREFERRED.match(after) is not None


def is_person(before: str, after: str) -> bool:
    """Tell whether a foreign name stands in a person's name, or before a person's title."""
    dotted = (before[-1:] and before[-1] in _MIDDLE_DOTS and before[-2:-1].isalpha()) or (
        after[:1] and after[0] in _MIDDLE_DOTS and after[1:2].isalpha()
    )
    return bool(dotted) or _TITLE.match(after) is not None


def is_date(before: str, name: str) -> bool:
    """Tell whether the name begins with the last character of a date: 24日|立法院."""
    return name[0] in "日月年" and before[-1:] in tuple("0123456789一二三四五六七八九十周期")


def is_address(flat: str, start: int, end: int) -> bool:
    """Tell whether a Latin name is where readers are asked to go: 「追蹤我們的 Facebook」, 「Google 新聞」, 「Facebook｜LINE」."""
    if _PLACE.match(flat, end):
        return True
    left = max(
        (match.end() for match in _SENTENCE_END.finditer(flat, max(0, start - 80), start)), default=max(0, start - 80)
    )
    found = _SENTENCE_END.search(flat, end, end + 80)
    sentence = flat[left : found.start() if found else end + 80]
    return _FOLLOW.search(sentence) is not None


def is_footer(flat: str, start: int, end: int) -> bool:
    """Tell whether the place lies in a line of sources, related pieces or about the author, or names a picture's lender: 「(圖/台積電提供)」."""
    left = max(
        (match.end() for match in _SENTENCE_END.finditer(flat, max(0, start - 80), start)), default=max(0, start - 80)
    )
    if left and flat[left - 1] not in "\n。!?":
        return False
    opened = flat.rfind("(", left, start)
    return any(
        _FOOTER.match(flat, place, start) or (_CREDIT.match(flat, place, start) and _LENT.match(flat, end))
        for place in {left, max(left, opened)}
    )


def other_sense(name: str, around: str) -> bool:
    """Tell whether a word around speaks of another thing of that name: 果農, of 蘋果."""
    pattern = _senses().get(name)
    return pattern is not None and pattern.search(around) is not None


@lru_cache(maxsize=1)
def _senses() -> dict[str, re.Pattern[str]]:
    lines = (line for line in _SENSES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    pairs = (flatten(line).split("\t") for line in lines)
    return {name: re.compile("|".join(map(re.escape, words.split("、")))) for name, words in pairs}
