"""Commands said in another order: 「把 2330 加到自選」, 「這篇存起來」, 「有人寫鈉電池的話跟我說」 with the command first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.verb import Verb

_VERBS = {
    "自選": Verb.WATCH,
    "自選股": Verb.WATCH,
    "追蹤": Verb.WATCH,
    "關注": Verb.WATCH,
    "訂閱": Verb.SUBSCRIBE,
    "收藏": Verb.SAVE,
    "存": Verb.SAVE,
    "留": Verb.SAVE,
    "退訂": Verb.UNSUBSCRIBE,
    "退掉": Verb.UNSUBSCRIBE,
    "取消訂閱": Verb.UNSUBSCRIBE,
    "取消追蹤": Verb.UNWATCH,
    "取消收藏": Verb.UNSAVE,
    "追": Verb.WATCH,
    "盯": Verb.WATCH,
    "訂": Verb.SUBSCRIBE,
    "加訂": Verb.SUBSCRIBE,
    "加": Verb.WATCH,
    "下架": Verb.WITHDRAW,
    "撤回": Verb.WITHDRAW,
    "撤下來": Verb.WITHDRAW,
    "推播": Verb.BROADCAST,
    "同義詞": Verb.SYNONYM,
    "別名": Verb.ALIAS,
    "讀": Verb.READ,
    "打開": Verb.READ,
}
BEFORE_ONE_MORE = re.compile(
    r"^(?:(?:對了|順便|還有|另外|然後|喔對|啊對|[啊喔哦對欸]|那個)(?:那個)?[\s,]*)+(?=\S)"
)  # before one wish more
_VERB = rf"(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))})"
_THING = r"(?P<thing>[^,。?!]{1,24}?)"
_ESSAY = r"(?P<thing>(?:剛[剛才]?|上面)?(?:這|那)一?[篇則]|第\s*[\d一二三四五六七八九十]{1,3}\s*[篇則個])"
_ORDERS = tuple(
    re.compile(order)
    for order in (
        # 「追 台達電 跟 鴻海」
        rf"(?P<verb>追|加)\s+{_THING}",
        # 「衛星的也要訂」, 「散熱跟記憶體都訂」
        rf"{_THING}的?(?:[也都]|順便)(?:要|想|幫我|給我)*{_VERB}(?:起來|一下|吧|好了)?",
        # 「把 2330 加到自選」, 「2330 加入追蹤」
        rf"(?:把|將)?{_THING}(?:給我)?(?:加[到入進]?|放[到進]?|列入|設為)(?:我的)?{_VERB}(?:裡面?|清單|名單)?(?:吧|啦)?",
        # 「把散熱退訂」, 「把這篇存起來」
        rf"(?:把|將){_THING}(?:給我)?{_VERB}(?:起來|下來|掉)?",
        # 「這篇存起來」, 「第二篇收藏」
        rf"{_ESSAY}(?:給我|幫我)?{_VERB}(?:起來|下來|一下|著)?",
        # 「加自選 2330」, 「刪掉第一個收藏」
        rf"加[入到]?{_VERB}\s*{_THING}",
        # 「順便追蹤台達電」, 「多追一檔長榮」
        rf"(?:順便|另外|還要|還想|[也再多先])+(?:幫我)?{_VERB}(?:(?:個|[一二兩三]?[檔支隻家間])(?=[^,。?!])|\s)*{_THING}",
        # 「把台積電加進去」
        r"(?:把|將)?(?P<watched>[^,。?!]{1,24}?)(?:都|也)?(?:給我)?加(?:進去|進來|上去)",
        # 「幫我看著輝達」
        r"(?:看著|盯著|盯緊|顧著)\s*(?P<looked>[^,。?!]{1,24}?)",
        # 「自選加 2308 2603」
        rf"(?:我的)?{_VERB}(?:裡面?|清單|名單)?(?:再|多|新增|加[入到上]?|放)+\s*{_THING}",
        # 「記一下這篇」, 「留住第二篇」
        rf"(?P<keep>[記留收存])(?:一下|下來?|起來|著|住)?{_ESSAY}",
    )
)
# 「看一下 #12」, 「編號 12 是哪篇」
_NUMBERED = re.compile(
    r"(?:看(?:一下)?\s*(?:#|編號\s*)|編號\s*#?)(?P<number>\d{1,6})\s*號?(?:的)?(?:是|在|那)?(?:(?:哪|那)一?篇|(?:講|說|寫)什麼)?"
)
_KEPT = r"(?P<verb>收藏|訂閱|追蹤|自選)"
_TO_DROP = tuple(
    re.compile(order)
    for order in (
        rf"(?:刪[掉除]?|移除|拿掉){_THING}(?:的)?{_KEPT}",
        rf"(?:刪[掉除]?|移除|拿掉)(?:我的)?{_KEPT}(?:裡面?|清單|名單)?的?{_THING}",
        rf"(?:我的)?{_KEPT}(?:裡面?|清單|名單)?(?:刪[掉除]?|移除|拿掉|去掉|踢掉)\s*{_THING}",
    )
)
_DROPS = {"收藏": Verb.UNSAVE, "訂閱": Verb.UNSUBSCRIBE, "追蹤": Verb.UNWATCH, "自選": Verb.UNWATCH}
# 「有人寫鈉電池的話跟我說」 is read from both ends: the wish to be told, the news waited for, and what is left between.
_SO = "(?:再|就|請|麻煩|可以|要|記得|幫我)"
_TELL = re.compile(
    rf"[,\s]*(?P<so>{_SO}*)(?:(?:[跟和]我[說講]|(?:通知|告訴|提醒|叫|喊|敲|密|call|ping)\s?我)(?:一聲|一下)?|(?:通知|提醒)(?:一聲|一下)"
    rf"|(?<=[再就請])(?:通知|提醒))$",
    re.IGNORECASE,
)
_WHENEVER = r"(?:如果|要是|假如|哪天|一旦|只要|等到?|以後|之後|未來)"
_NEWS = r"(?:新的(?:文章?)?|新文章?|文章|更新|新?消息|新聞|動靜|進展|後續)"
_WRITTEN = r"(?:再|要是)?(?:寫到?|提到|講到?|談到?|聊到?|出現)"
_NEWS_BEHIND = re.compile(
    rf"\s*{_WHENEVER}?(?:(?:[有出](?:任何|什麼)?{_NEWS}|有人?{_WRITTEN}|更新|出現)了?(?:的話|的時候|時)?|有(?:的話|的時候|了|時))$"
)
_NEWS_BEFORE = re.compile(rf"^{_WHENEVER}*\s*有(?:人|{_NEWS})?(?:{_WRITTEN}|關於)?\s*")
_OF_IT = re.compile(rf"(?:的?{_NEWS})?(?:的話|的時候|時)?$")
_PRICED = re.compile(r"[漲跌破]|到價|到\s?\d")
_ANYTHING = re.compile("新|文章|更新")
_IN_ENGLISH = re.compile(
    r"(?:let me know|(?:notify|remind|tell|alert|ping) me) (?:when|if|once) (?:there(?:'s| is| are)? )?"
    r"(?:some(?:thing|one)|anything|news|(?:an? |any )?(?:new )?(?:essays?|articles?))(?: new)?(?: writes)? (?:on|about) (?P<about>.{1,30}?)",
    re.IGNORECASE,
)
MOST_AWAITED = 30  # characters


def _awaited(text: str) -> str:
    """Return the command for a line that waits for news: 「玻璃基板有新的就叫我」; empty where it is no such line."""
    if found := _IN_ENGLISH.fullmatch(text):
        return Verb.NOTIFY.of(found["about"])
    told = _TELL.search(text)
    if told is None or _PRICED.search(asked := text[: told.start()]):
        return ""
    for news in (_NEWS_BEHIND, _NEWS_BEFORE):
        if (rest := news.sub("", asked, count=1)) != asked:
            thing = _OF_IT.sub("", rest).strip(" ,").removeprefix("的").removesuffix("的")
            if not thing:
                return Verb.SUBSCRIBE.of("精選") if _ANYTHING.search(asked) else ""
            return Verb.NOTIFY.of(thing) if len(thing) <= MOST_AWAITED else ""
    return ""


def command_first(text: str) -> str:
    """Return the line with its command first: 「把 2330 加到自選」 -> 「追蹤 2330」; empty where it is no such line."""
    return _reordered(BEFORE_ONE_MORE.sub("", text)) or _reordered(text)


def _reordered(text: str) -> str:
    if awaited := _awaited(text):
        return awaited
    if found := _NUMBERED.fullmatch(text):
        return Verb.READ.of(f"#{found['number']}")
    if found := _first(_TO_DROP, text):
        return _DROPS[found["verb"]].of(found["thing"].strip())
    if found := _first(_ORDERS, text):
        said = found.groupdict()
        if watched := said.get("watched") or said.get("looked"):
            return Verb.WATCH.of(watched.strip())
        return (_VERBS[said["verb"]] if said.get("verb") else Verb.SAVE).of(said["thing"].strip())
    return ""


def _first(orders: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for order in orders if (match := order.fullmatch(text))), None)


_APART = re.compile(r"\n+|[,;。]?\s*(?:然後|接著|順便|並且|另外)(?:再|也)?(?:請|幫我)*\s*")


def requests(text: str) -> list[str]:
    """Split a message into its requests: one a line, or joined by 然後 and 順便."""
    return [part for part in map(str.strip, _APART.split(text)) if part]
