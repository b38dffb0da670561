"""現在多少, 可以買嗎: no prices and no advice, and then what the essays say."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.analysis.tickers import scan
from corpus.lexicon.security import Security
from handlers.answer import Answer, Button, Outcome, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import hit_card
from handlers.reading.security_card import security_card
from handlers.reading.security_names import securities_named, security_key
from handlers.verb import Verb

LONGEST = 80  # characters of a question for advice; a longer text tells something
REFUSAL = "我不看即時股價，也不給買賣建議。"

_DEAL = (
    r"(?:買進?|賣[出掉]?|追(?!蹤|單|查|問)|存(?=[嗎吧呢?]|股|\d{4}|$)|續抱|抱|進場|出場"
    r"|加碼|減碼|抄底|停[損利]|出清|先跑|上車|下車|放空|做多|做空|all ?in)"
)


def _any_of(*asking: str) -> re.Pattern[str]:
    return re.compile("|".join(asking), re.IGNORECASE)


# Questions for advice, whatever they are about. 「買下」, 「賣多少台」 are what companies do.
_ADVICE = _any_of(
    # may or should one deal in it
    rf"(?:可以|可|能|該|要|適合|值得|應該|敢)(?:不(?:可以|能|該|要|值得))?(?:再|還|現在|繼續)?{_DEAL}(?![下斷單方家氣座給多進過了的得])",
    # at what price to deal
    rf"(?<![花用出])(?:多少錢?|幾[元塊]錢?|[什哪][麼個]價位?)(?:可以|能|該|要|才|再)?{_DEAL}",
    # which one to deal in
    r"(?:選|挑|買|存|押|抱)哪(?:個|一|檔|支|隻|家|間|幾)?(?!些?(?:文章|篇))|哪(?:個|一?家|一?檔|一?支|間).{0,4}(?:值得|比較?好買|好買|能買|可以買)",
    # recommend so many; what is worth buying
    r"(?:推薦|介紹|報|給).{0,4}[一二三四五六七八九十幾\d](?:檔|支|隻|家)|(?:股票|標的|個股|ETF).{0,4}(?:可以買|能買|好買|值得買)",
    # to deal in it, is that right; which one to buy
    rf"{_DEAL}(?=.{{0,12}}(?:好嗎|好不好|可以嗎|對嗎|划算嗎|比較好))|買哪(?:支|檔|隻|一)|哪(?:支|檔|隻|一檔).{{0,4}}(?:買|漲|好)",
    # hot tips
    r"(?:下一?|哪一?|這一?|有沒有|報)?.?(?:支|檔|隻)?(?:明牌|飆股|妖股|內線)(?:是誰|是哪.|有哪些|是什麼)?|報.{0,2}牌",
    # recommend a stock
    r"推薦.{0,4}(?:股票?|個股|標的|ETF)|(?:存股|股票|個股|標的|ETF|基金).{0,2}推薦",
    # what the bot thinks of it, up or down
    r"(?:你|您|羅盤).{0,2}(?:看好|看壞|看多|看空|推薦)|看[多空漲跌好壞]還是看?[多空漲跌好壞]|多還是空|看[多空][嗎?]",
    # where to stop, whether to change; which is better
    r"停[損利](?:點|.{0,4}(?:設|抓|放|多少|哪|幾))|止[損盈利]點?|(?:要不要|該不該|可以|該)換股|好還是.{1,6}好|哪[只個]?(?:ETF|股票|基金).{0,2}好",
    # short and long positions; buy this or that; which has a future
    r"[多空]單.{0,6}(?:補|抱|留|平|砍|嗎)|買.{1,6}還是|還是買|哪(?:一?[檔支隻家個]).{0,4}(?:潛力|強勢|會漲|看好|前景|賺錢)",
    # what the market will do
    r"(?:明天|後天|下週|今天|年底|開盤|大盤|台股|美股|股市).{0,6}(?:會怎樣|怎麼走|怎麼看|會如何|走勢|行情)",
    # is now the time
    r"抄底|逃頂|\bis .{1,20} (?:still )?a (?:good )?(?:buy|sell)\b",
    # is it too late to buy
    r"(?:買進?|進場|上車|入場)(?:會不會|會|是不是|算不算)?太?[晚早貴遲]",
    # caught with a loss
    r"(?:被?套[牢住]|解套)(?:了|的話)*(?:怎麼辦|該?怎麼|要怎|嗎)",
    # how to invest so much
    r"[萬千百](?:塊錢?|元|本金)?(?:要|該|可以|想)?(?:怎麼|如何)(?:投資|買|存|放|配置)|[萬千百]塊.{0,4}(?:投資|買)",
    # choose so many
    r"(?:選|挑|推薦|給).{0,3}[一二三四五六七八九十幾\d]+(?:檔|支|隻)(?!產品)",
    # tell me when it rises
    r"(?:漲|跌|突?破|到價).{0,12}(?:通知|提醒|告訴|叫)(?:我|一下)?$|到價(?:通知|提醒)",
    # to go all in, when and where to enter
    r"all ?in|梭哈|歐印|[買進出]場?點位?|進場時機|price target|target price|worth buying",
    # a price target of nothing; of something it is a fact of essays
    r"^(?:請問)?目標價(?:是|在|看到?)?(?:多少|多高|哪裡?|幾元?)?[嗎呢?？\s]*$",
    # in English
    r"(?:should|can|could|may|shall) (?:i|we) (?:still |now )?(?:buy|sell|hold|short)"
    r"|good (?:time to )?buy|buy or sell|which stocks? (?:should|to|can)|(?:stock|hot) (?:tip|pick)s?",
)
# Questions for a price or a forecast, where they are about a security or the market: a panel's 報價 is what essays tell.
_PRICE = _any_of(
    # what it costs now
    r"(?:現在|今天|目前|最新|即時|一股|一張)?的?(?:股價|收盤價?|開盤價?|報價|現價|市價|價格|價位)?(?:現在|今天|目前)?(?:是|漲到|跌到)?"
    r"(?:(?:多少|多高)(?:錢|元|塊錢?)?|幾(?:元|塊錢?))",
    # the price, and no more
    r"(?:現在|今天|目前|最新|即時)?的?(?:股價|收盤價?|開盤價?|報價|現價|市價|價格|價位)(?=[嗎呢?\s]*$|怎樣|如何)",
    # will it rise
    r"(?:會|還會|能)(?:不會)?(?:再|繼續)?(?:大?[漲跌崩][停板]?|反彈|回檔|噴)(?!價)(?:到.{0,8})?(?=[嗎呢?\s]*$)",
    # the price target
    r"目標價(?:現在|大概)?(?:是|在|有|看)?(?:到)?(?:多少|多高|幾元|哪裡?)?(?=[嗎呢?\s]*$)",
    # can it reach so much
    r"(?:能|會|可以|可能)(?:不會|不能)?(?:再)?(?:漲?到|上|破|站上|衝到)\s?\d[\d,]*(?:元|塊|點)?(?=[嗎呢?\s]*$)",
    # how much did it rise
    r"[漲跌]了?(?:多少|幾[元點])(?:錢|元|點)?(?=[嗎呢了?\s]*$)",
    # in English
    r"\bwill\b(?=.{1,20}\b(?:up|down|rise|fall|crash)\b)|stock price|share price|(?:what(?:'s| is) )?the price of",
)
_TARGET = re.compile("(?:price target|target price|目標價)", re.IGNORECASE)
_MARKET = re.compile(r"(?:大盤|股市|台股|美股|台指|加權指數|指數|股票|個股|費半|那斯達克|道瓊)?")
_LEFTOVER = re.compile(
    r"[嗎呢吧啊?!。,、\s]+$|^[,、\s]+|(?:好不好|好嗎|可以嗎|對嗎|划算嗎|比較好嗎?|什麼股票)$"
    r"|^(?:請問|想問|問一下|現在|今天|明天|後天|下週|下周|這週|本週|明年|今年|年底|下個月|這個月|目前|有沒有|有什麼?|有啥|還是|要不|我|你|您|的)+"
    r"|\s(?:go )?(?:up|down|rise|fall|crash)$|(?:^|\s)(?:next|this) (?:week|month|year|quarter)$|(?:^|\s)(?:tomorrow|today|now|soon|of|for)$"
    r"|^(?:of|for|the|is)\s|\sa (?:good )?(?:buy|sell)$"
    r"|(?:還是|還|再|又|就|的|是|現在|今天|明天|下週|年底|明年|未來|之後|接下來|目前|一股|一張|最近)+$"
)


def advice(ask: Ask, context: Context) -> Answer | Ask:
    """Refuse, and show what the essays say about the security or theme asked about; search where no advice is asked for."""
    topic = topic_of(ask.text)
    if _TARGET.search(ask.text) and _is_written(ask, context):  # an author's price target is a matter of essays
        return ask.with_text(Verb.FIND.of(ask.text))
    if not _ADVICE.search(ask.text) and not (_MARKET.fullmatch(topic) or securities_named(topic, context)):
        return ask.with_text(Verb.FIND.of(ask.text))
    asked = _securities(topic, context)
    written = [one for one in asked if context.library.subjects.is_written_about(one)]
    if len(asked) > 1:
        return ask.with_text(Verb.COMPARE.of(f"{asked[0].name}、{asked[1].name}"))
    if len(written) == 1:
        card = security_card(written[0].code, context.library.subjects.security(written[0]), context)
        return replace(card, text=REFUSAL)
    theme = context.library.subjects.resolve_theme(topic)
    is_of_essays = bool(context.library.subjects_in(topic, ask.at))
    if (
        not asked
        and theme is None
        and is_of_essays
        and context.library.search(topic, ask.at, strict=True).outcome == "answer"
    ):
        return _what_essays_say(topic, ask, context)
    if not written and theme is None:
        missing = f"文章裡也還沒寫到「{asked[0].name}」。" if asked else ""
        return text_answer(f"{REFUSAL}{missing}", Button("最新文章", Verb.LATEST), Button("主題", Verb.THEME))
    return _what_essays_say(topic, ask, context)


def _is_written(ask: Ask, context: Context) -> bool:
    return context.library.search(ask.text, ask.at, strict=ask.chat.is_group).outcome != "not_covered"


def _what_essays_say(topic: str, ask: Ask, context: Context) -> Answer:
    finding = context.library.search(topic, ask.at, strict=ask.chat.is_group, limit=3)
    hits = finding.hits[:1]
    if finding.outcome == "not_covered" or not hits:
        return text_answer(f"{REFUSAL}文章裡也還沒寫到「{topic[:24]}」。")
    cards = tuple(hit_card(context, hit) for hit in hits)
    session = Session(Verb.FIND.of(topic), 1, tuple(hit.essay_id for hit in hits))
    return Answer(Outcome.ANSWER, text=f"{REFUSAL}文章裡這樣說：", cards=cards, session=session)


def _securities(topic: str, context: Context) -> list[Security]:
    """Return the securities that a question is about: the one that the whole of it names, or those that it mentions."""
    whole = securities_named(topic, context)
    if whole:
        return whole[:1]
    found = (
        securities_named(security_key(one.security), context) for one in scan(topic, context.library.archive.lexicon)
    )
    return list(dict.fromkeys(ones[0] for ones in found if ones))


def asks_for_advice(ask: Ask) -> bool:
    return len(ask.text) <= LONGEST and bool(_ADVICE.search(ask.text) or _PRICE.search(ask.text))


def topic_of(text: str) -> str:
    """Return the subject of a question without the asking: 「今天台積電多少錢」 -> 「台積電」."""
    kept = _PRICE.sub(" ", _ADVICE.sub(" ", text))
    while (shorter := _LEFTOVER.sub("", kept).strip()) != kept:
        kept = shorter
    return kept


COMMAND = Command(
    words=(),
    usage="現在多少、可以買嗎",
    help="不報價、不給建議，只給文章原文",
    examples=("台積電現在多少", "鴻海可以買嗎", "今天台積電多少錢"),
    run=advice,
    hidden=True,
    recognise=asks_for_advice,
)
