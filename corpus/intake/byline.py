"""Lines that say when, by whom and where an essay was published, and its tags. All functions take narrow forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from corpus.essay import Table
from corpus.intake.dates import find_date, without_date
from corpus.intake.lines import width
from corpus.language.text import to_halfwidth
from corpus.language.traditional import to_traditional

LONGEST_BYLINE = 60  # in Han widths
ODDMENT = 6  # what a byline may hold besides: a section's name
SECTION = 8  # the same behind a bar
ODDMENTS_BY_A_CLOCK = 16  # what may stand beside a day and an hour: a paper, a desk, a reporter

_SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊呂何羅蕭潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋鄧杜傅侯曹薛丁卓蔣紀姚康汪尤阮"
_FURTHER_SURNAMES = "歐馬唐温溫田石董鄒龔鄔程涂高江巫連崔樊韓陸邵溫駱伍白邢常龍賀尹藍古"

_TASK = (
    r"(?:採訪|專題|特約|整理|資深)?(?:採訪|撰文者?|圖、?文|作者|記者|特派員|撰稿人?|編譯|執筆|文字|文|整理"
    r"|專欄作家|主筆|分析師|研究員|發文者|發[布佈]者|張貼者)"
)
_NAME = r"(?P<name>[^\W\d_丨][^】\])〕〉/|:;,。!?\d丨]{0,23}[^\W_丨])"
_HAN = r"(?-i:[\u4e00-\u9fff])"  # Han has no case; ignoring it takes milliseconds for each range
_AUTHOR = tuple(
    re.compile(form, re.IGNORECASE | re.VERBOSE)
    for form in (
        rf"(?:^|[\s【\[(〔|·•]){_TASK}\s*[/:|丨]\s*{_NAME}",
        rf"^[【\[(〔]?{_TASK}\s*[.·‧•●]\s*{_NAME}",
        rf"^[^\w\s#@]\s?(?P<name>(?-i:[{_SURNAMES}]){_HAN}{{2}})$",  # ■王小明
        rf"^\(?本文作者\s?(?P<name>(?-i:[{_SURNAMES}]){_HAN}{{2}})(?=[為是現任,、(])",  # (本文作者王小明為獨立分析師)
        rf"作者\s?:\s*{_NAME}",  # behind what else a line holds, without a blank
        r"^(?P<name>\S.{1,23})\sby\s(?P=name)$",  # beside a portrait that says the name, too
        # (中央社記者王小明台北21日電), 〔記者王小明/台北報導〕
        r"記者\s?(?P<name>[^\W\d_]{3}|[^\W\d_]{2}|[^\W\d_]{4})\s?(?:/|\s|(?=[^\W\d_]{2,3}\d{1,2}日))(?:[^\W\d_]{2,6}報導|[^\W\d_]{2,3}\d{1,2}日|綜合)",
        r"記者\s?(?P<name>[^\W\d_]{3}|[^\W\d_]{2}|[^\W\d_]{4})\s?報導",
        rf"記者\s?(?P<name>{_HAN}{{3}}){_HAN}{{2,4}}報導",  # 記者王小明台北報導
        rf"^\S{{0,8}}記者\s?(?P<name>{_HAN}{{2,4}})\s{_HAN}{{2,3}}(?:$|\s(?=\d))",  # 某某網記者王小明 台北
        r"^(?P<name>[^,\[\]]{2,24}),\s\[[^\]]*\d{4}[^\]]*\]:?$",  # 某某頻道, [2026/3/11 20:00]
        rf"記者\s(?P<name>{_HAN}{{2,4}})\s(?={_HAN}{{2,3}}\s|\d)",  # 記者 王小明 台北 2026-03-04
        rf"^\S{{2,6}}(?:中心|組)/(?P<name>{_HAN}{{2,4}})(?:、{_HAN}{{2,4}})*\s?/?\S{{0,4}}報導$",  # 財經中心/王小明報導
        rf"^(?P<name>{_HAN}{{2,4}})\s報導(?:\s*/.{{1,8}})?$",  # 王小明 報導 / 台北市
        rf"(?:^|\d\s)\S{{2,8}}(?:時報|日報|新聞|[周週]刊|雜誌|快報|通訊社)\s(?P<name>{_HAN}{{2,4}})$",
        r"^(?:轉[發傳]自|forwarded from)\s*:?\s*(?P<name>\S.{1,30})$",
        r"^作者\s+(?P<name>\w+)(?:\s*\(.*\))?(?:\s+(?:看板|站內)\s+\S+|\s*\|.*)?$",  # a forum's head
        rf"^\S{{0,4}}{_TASK}\s+(?P<name>{_HAN}{{2,4}}(?:[、,\s]+{_HAN}{{2,4}})?)(?:$|(?=\d{{4}}))",  # 撰文 王小明
        rf"^{_TASK}\s+(?P<name>(?-i:[{_SURNAMES}]){_HAN}{{2}})\s+\S{{2,8}}[報刊誌網社]",  # 文 王小明 某某雜誌 830期
        r"^(?P<name>[a-z][\w.'-]+\s[a-z][\w.'-]+),\s(?:staff\s|senior\s)?(?:reporter|writer|editor|correspondent|columnist)$",
        rf"(?<=[\d日])\sby\s(?P<name>[a-z][\w.'-]*(?:[ ][a-z][\w.'-]*){{0,3}}|{_HAN}{{2,5}})$",
        r"(?:^|[|·•])\s*(?:(?:written|posted|words|text|story|reported)\s+)?by:?\s+"
        rf"(?P<name>[a-z][\w.'-]*(?:[ ][a-z][\w.'-]*){{0,3}}|{_HAN}{{2,5}})",
    )
)
_NAMES = re.compile(rf"\W*{_TASK}\s*[/:|]", re.IGNORECASE)
_REMARK = re.compile(r"(?<=[\u4e00-\u9fff])\([^()/\d]{2,24}\)")
_ACCOUNT = re.compile(r"\s?\(?(?:微信號?|微信号|公眾號|公众号)?\s?\bID\s?:\s?[\w-]+\)?|(?<=[\u4e00-\u9fff])ID:[\w-]+")
_CUE = re.compile(rf"{_TASK}|[報刊誌社聞]|by|from|[發傳]自|,\s", re.IGNORECASE)  # without one no form of _AUTHOR is met
_AFTER_NAME = re.compile(
    r"\s{2,}|\s(?=\S{0,4}[\d(]|\S+@)|\s於(?:\s|$)|\son\s|[、&]?\s?(?:攝影|編輯|圖)\s?[/:|]|[、&\s](?:攝影|編輯|整理|圖片?|時間|日期|報導|發[布佈]|更新)$",
    re.IGNORECASE,
)
_APPEARED = re.compile(r"發[布佈表]|刊登|上架|published|posted", re.IGNORECASE)
_CHANGED = re.compile(r"更新|updated|modified", re.IGNORECASE)
_WHEN = re.compile(r"(?:發[布佈表]|刊登|出刊|報告|研究)?(?:日期|時間)")
_NEXT_LABEL = re.compile(
    r"\s*(?:發[布佈表]|刊登|更新|上架)?(?:日期|時間)$|\s+\S+$"
)  # what stands between a name and a colon
_WITH_OFFICE = re.compile(rf"(?:作者|撰文者?|撰稿人?|文)\s*[:|/]\s*(?-i:[{_SURNAMES}]){_HAN}{{1,2}}\s*[|(,、/]")
_AGENCY = re.compile(
    rf"[【\[(〔]?\S{{2,8}}?\s?/?\s?{_HAN}{{2,4}}\d{{1,2}}日(?:綜合)?(?:(?:外|專)?電|(?:外電)?報導)[】\])〕]?"
)  # 某某社/新竹4日電
_DESK = re.compile(
    r"(?:\S{2,6}(?:中心|組|部|社)\s?/\s?(?:綜合|即時|專題)?|綜合)(?:報導|外電|外電報導)"
)  # 國際中心/綜合外電
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_COUNTED = re.compile(
    r"閱讀(?:時間)?\s?約?\s?\d+\s?分鐘|\d+\s?(?:分鐘|min(?:ute)?s?).{0,3}(?:閱讀|read)|(?:觀看|瀏覽|點閱)(?:次數|人次|數)?\s*:?\s*[\d,.]+\s?[萬k]?\s?次?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^[【\[(]?(?:文章|新聞|原文)?(?:來源|出處|轉載自|轉自|媒體|刊登於|source)\s*[:/|]\s*(?P<name>[^】\])|]{2,30})",
    re.IGNORECASE,
)
_SAID_AROUND = re.compile(
    r"發[布佈表]|更新|刊登|上架|最後|日期|時間|於|(?:星期|週)[一二三四五六日]|上午|下午|凌晨|\d{1,2}:\d\d(?::\d\d)?|綜合|外電|報導|公開"
    r"|\b(?:date|time|posted|published|updated|on|am|pm|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(f"[{_SURNAMES}][\u4e00-\u9fff]{{2}}")
_COLUMN = re.compile(f"(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{2}})》")
_LATIN_NAME = re.compile(r"[A-Z][a-z]+(?:[ -](?:[A-Z][a-z]+|[A-Z]\.)){1,3}")
_NAME_ALONE = re.compile(
    f"(?:[{_SURNAMES}{_FURTHER_SURNAMES}]|歐陽|司馬|諸葛|上官|張簡|范姜|東方|皇甫)[\u4e00-\u9fff]{{1,2}}(?<![報社網刊台電])"
)
_ORGANISATION = re.compile(
    r"(?:網|報|社|刊|台|臺|誌|電視|新聞|媒體|編輯[部台組]?|中心|公司|頻道|部落格|團隊|news|media|times|daily|editor\w*|admin|staff|inc\.?|ltd\.?)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[|·•]")
_TAG_HEAD = re.compile(r"^[【\[(]?(?:關鍵字|關鍵詞|文章標籤|標籤|tags?|hashtags?)[】\])]?\s*[:：|]?\s*", re.IGNORECASE)


def _without_remarks(plain: str) -> str:
    """Return a line of names without the remarks in brackets: 作者:王小明(某大學教授)、李小華."""
    plain = _ACCOUNT.sub("", plain) if ":" in plain else plain
    return _REMARK.sub("", plain) if "(" in plain and _NAMES.match(plain) else plain


def author_in(plain: str) -> str | None:
    """Return the author that a byline, or the opening of a news paragraph, names."""
    plain = _without_remarks(plain)
    folded = to_traditional(plain[:200])  # as long; the name is taken as it is written
    for pattern in _AUTHOR:
        if match := pattern.search(folded):
            named = _AFTER_NAME.split(match["name"])[0]
            if folded[match.end("name") :].startswith(":") and named == match["name"]:
                named = _NEXT_LABEL.sub("", named) or named
            if not _SAID_AROUND.sub("", named):
                continue  # no name at all: the next label
            return plain[match.start("name") :][: len(named)].strip(" -–—|") or None
    if not find_date(plain[:200]):
        return None
    parts = [part.strip() for part in _PARTS.split(plain)]
    others = parts if len(parts) > 1 else []
    named = next(filter(is_person, parts), None) or next(filter(None, map(author_in, others)), None)
    return named or _only_name(without_date(plain))


def day_in(plain: str) -> date | None:
    """Return the day on which a byline says that the essay appeared, before one on which it was changed."""
    appeared = _APPEARED.search(plain)
    later = find_date(plain[appeared.start() :]) if appeared and _CHANGED.search(plain[: appeared.start()]) else None
    return later or find_date(plain)


def _only_name(plain: str) -> str | None:
    """Return the name that is all a line holds beside its day and hour, or None."""
    words = _SAID_AROUND.sub(" ", plain).split()
    return words[0] if len(words) == 1 and _NAME_ALONE.fullmatch(words[0]) else None


def columnist_in(title: str) -> str | None:
    """Return the name in front of a column's title, 「王小明》電價的帳單」, or None."""
    match = _COLUMN.match(title)
    return match["name"] if match else None


def is_person(plain: str) -> bool:
    """Tell whether a line is the full name of a Chinese person and nothing else."""
    return _PERSON.fullmatch(plain) is not None


def is_label(plain: str) -> bool:
    """Tell whether a line only announces an author's name: 「作者」."""
    return re.fullmatch(_TASK, plain) is not None


def labelled(table: Table) -> Iterator[str]:
    """Yield what the rows of a table say of an essay as lines, 「研究員:王小明」, 「日期:2026/3/4」."""
    for row in (table.header, *table.rows):
        for label, said in pairwise(row):
            if is_label(label) or _WHEN.fullmatch(label):
                yield f"{label}:{to_halfwidth(said)}"


def is_full_name(text: str) -> bool:
    """Tell whether a line is the full name of a person, in Chinese or in Latin letters, and nothing else."""
    return is_person(text) or (_LATIN_NAME.fullmatch(text) is not None and not is_organisation(text))


def is_organisation(name: str, site: str | None = None) -> bool:
    """Tell whether an author's name is that of the site, of a newsroom or a company."""
    plain = name.strip().lower()
    return bool(_ORGANISATION.search(plain)) or (site is not None and (plain in site.lower() or site.lower() in plain))


def source_in(plain: str) -> str | None:
    """Return the medium that a line names as its source."""
    match = _SOURCE.search(to_traditional(plain))
    return plain[slice(*match.span("name"))].strip() if match else None


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags of a tag line, as written: with their # where the page sets one."""
    rest = _TAG_HEAD.sub("", text)
    parted = r"\s*[,、，;；|/]+\s*" if re.search(r"[,、，;；|/]", rest) else r"\s+"
    found = re.findall(r"[#＃][^\s#＃,、，]+", rest) or re.split(parted, rest.strip())
    return tuple(dict.fromkeys(tag for tag in found if tag))


def is_byline(plain: str) -> bool:
    """Tell whether a line holds a date, an author or a source, and next to nothing else."""
    if width(plain) > LONGEST_BYLINE or "。" in plain:
        return False
    if source_in(plain) or _WITH_OFFICE.match(plain) or _AGENCY.fullmatch(plain) or _DESK.fullmatch(plain):
        return True
    plain = _without_remarks(plain)
    rest = _COUNTED.sub(" ", plain)
    if _CUE.search(plain):
        for pattern in _AUTHOR:
            rest = pattern.sub(" ", rest)
    if rest == plain and find_date(plain) is None:
        return False
    spare = ODDMENTS_BY_A_CLOCK if find_date(plain) and _CLOCK.search(plain) else ODDMENT
    rest = _SAID_AROUND.sub(" ", without_date(rest))
    oddments = [width(part) for part in re.split(r"[|丨/【】\[\]()〔〕,\s:·]+", rest)]
    return sum(oddments) <= spare or max(oddments) <= (SECTION if "|" in plain else ODDMENT if "/" in plain else 0)
