"""現在多少, 可以買嗎: no prices and no advice, and then what the essays say."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.ask import Answer, Ask, Command, Outcome, Session, said
from handlers.house import House
from handlers.present import essays_of, hit_card

REFUSAL = "我不看即時股價,也不給買賣建議。"

_ASKS_FOR_IT = re.compile(
    r"現在(股價|價格)?(是)?多少(錢|元)?|(今天|目前|最新|即時)?(股價|收盤價|開盤價|報價|現價)(是)?(多少|多高|怎樣|如何)?"
    r"|目標價|明牌|飆股|(可以|能|該|要|適合|值得)(不(可以|能|該|要))?(再)?(買|賣|進場|出場|加碼|減碼|追|抄底|停損|上車|下車|放空|all ?in)"
    r"|(會|還會)(不會)?(再)?(漲|跌)(到|嗎|多少)|買哪(支|檔|一)|推薦(.{0,6})(股|標的)|報.{0,2}牌|should i (buy|sell)|stock price|price target",
    re.IGNORECASE,
)
# 「今天台積電多少錢」 asks for a price, 「一櫃多少錢」 for what an essay may say.
_ASKS_TODAY = re.compile(r"(?:現在|今天|目前|一股|一張)(?P<who>.{0,10}?)(?:多少錢|多少元|幾塊錢?|幾元)")
_LEFTOVER = re.compile(r"[嗎呢吧啊?!。,\s]+$|^(請問|想問|問一下|現在|今天|目前|我|的)+")


def advice(ask: Ask, house: House) -> Answer:
    """The refusal, followed by what the essays say about what is left of the question."""
    topic = topic_of(ask.text)
    if not topic:
        return said(REFUSAL)
    finding = house.library.search(topic, ask.at, strict=ask.chat.is_group, limit=3)
    hits = essays_of(finding.hits[:1], house.library.read([hit.essay_id for hit in finding.hits[:1]]))
    if finding.outcome == "not_covered" or not hits:
        return said(f"{REFUSAL}文章裡也還沒寫到「{topic[:24]}」。")
    cards = tuple(replace(hit_card(house, hit, essay, 1), number=None) for hit, essay in hits)
    session = Session(f"找 {topic}", 1, tuple(essay.id for _, essay in hits))
    return Answer(Outcome.ANSWER, text=f"{REFUSAL}文章裡這樣說:", cards=cards, session=session)


def asks_for_advice(ask: Ask) -> bool:
    return bool(_ASKS_FOR_IT.search(ask.text) or _ASKS_TODAY.search(ask.text))


def topic_of(text: str) -> str:
    """What is asked about, without the asking for a price: 「台積電現在多少」 -> 「台積電」."""
    kept = _ASKS_FOR_IT.sub(" ", _ASKS_TODAY.sub(r"\g<who>", text))
    while (shorter := _LEFTOVER.sub("", kept).strip()) != kept:
        kept = shorter
    return kept


COMMAND = Command(
    words=(),
    usage="現在多少、可以買嗎",
    help="不報價、不給建議,只給文章原文",
    examples=("台積電現在多少", "鴻海可以買嗎", "今天台積電多少錢"),
    run=advice,
    hidden=True,
    recognise=asks_for_advice,
)
