"""台積電 vs 聯電: the sentences of essays on two securities, on the same aspect where they share one, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.analysis.key_sentences import KeySentence
from corpus.analysis.tickers import scan
from corpus.lexicon.security import Security
from handlers.answer import Answer, Button, Digest, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import quotes
from handlers.reading.security_card import security_card, typed_name
from handlers.reading.security_names import securities_named, security_key, typed_with_code
from handlers.verb import Verb

EACH = 2  # sentences of each
NO_PRICES = "我不看即時股價，也不給買賣建議。"
SIDE_BY_SIDE = f"兩家的原文並列，{NO_PRICES}"

_PAIR = re.compile(
    r"(?!(?:vs|versus|compare)\b)(?P<one>[^,，]{1,16}?)\s*(?:\bvs\.?|versus|對比|對上|跟|和|與|比較|、|&|\band\b|\bor\b|\s)\s*(?P<other>[^,，]{1,16}?)\s*"
    r"(?:[的比誰]|哪(?:個|家|檔|支)的?|誰的)?\s*"
    r"(?P<aspect>毛利率?|營益率|營收|獲利|產能利用率|產能|資本支出|客戶|製程|技術|股利|估值|本益比|良率|訂單|庫存|成長|護城河|優勢)?(?:比?較?[高低好大多強]|多少)?"
    r"(?:誰.{0,4}|哪.{0,6}|差在哪.{0,2}|(?:有什麼|有何)?(?:差別|差異|不同)|比一比|比較|兩家比一比|怎麼比)?[?？]?",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"vs\.?|versus|compare|對比|對上|比|差在哪|差別|差異|不同|誰|哪", re.IGNORECASE)
_THE_TWO = re.compile(
    r"(?:這|那|他們?)?[兩二](?:家|檔|支|間|個)?(?:公司)?(?:比一比|比較(?:一下)?|怎麼比|比比看|差在哪.{0,2}|有什麼(?:不同|差別|差異)|誰.{1,4}|哪(?:家|檔|個).{1,4})[?]?"
    r"|比一比|比較一下|比比看|幫我比較"
)
ASPECTS = (
    "毛利",
    "營益率",
    "營收",
    "獲利",
    "產能",
    "資本支出",
    "客戶",
    "製程",
    "先進封裝",
    "股利",
    "本益比",
    "良率",
    "訂單",
    "庫存",
    "成長",
)


def compare(ask: Ask, context: Context) -> Answer | Ask:
    """Show two sentences of each security, dated; search where the text names no two securities."""
    if not ask.text or _THE_TWO.fullmatch(ask.text):
        return _the_two(ask, context)
    match = _PAIR.fullmatch(ask.text)
    found = [securities_named(match[side], context) for side in ("one", "other")] if match else []
    if match is None or not all(found):
        return ask.with_text(Verb.FIND.of(ask.text))
    pair = [ones[0] for ones in found]
    said = [context.library.subjects.security(one).quotes for one in pair]
    silent = [one for one, sentences in zip(pair, said, strict=True) if not sentences]
    if silent:
        return _without(silent, pair, context)
    aspect = _aspect(match["aspect"] or "", said)
    shown = _once([sentence for sentences in said for sentence in _on(aspect, sentences)])
    missing = match["aspect"] if match["aspect"] and not aspect.startswith(_stem(match["aspect"])) else ""
    title = " vs ".join(one.name for one in pair)
    first = tuple(quotes(_once([_on(aspect, sentences)[0] for sentences in said])))
    each = 1 if ask.chat.is_group else EACH
    told = f"兩家各 {each} 句" if len(first if ask.chat.is_group else shown) == len(pair) * each else "兩家的重點句"
    note = f"{told}，談{aspect}" if aspect else told
    unsaid = f"兩家的重點句裡沒有都談到{missing}的，先列{aspect or '別的重點'}。" if missing else ""
    digest = Digest(title, quotes(shown), note=note, buttons=_cards(pair, context), in_group=first)
    session = Session(Verb.COMPARE.of(ask.text), essays=tuple(dict.fromkeys(sentence.essay.id for sentence in shown)))
    text = unsaid if ask.chat.is_group else unsaid + SIDE_BY_SIDE
    return Answer(Outcome.TICKER, text=text, digest=digest, session=session)


def _without(silent: Sequence[Security], pair: Sequence[Security], context: Context) -> Answer:
    """Say which of the two is not written about, and show the card of the other."""
    told = f"文章裡還沒寫到{'和'.join(one.name for one in silent)}"
    if len(silent) == len(pair):
        return text_answer(
            f"{told}。", *(Button(f"等{one.name}的文章"[:20], Verb.NOTIFY.of(typed_with_code(one))) for one in silent)
        )
    written = next(one for one in pair if one not in silent)
    card = security_card(written.code, context.library.subjects.security(written), context)
    return replace(card, text=f"{told}，先看{written.name}；{NO_PRICES}")


def _the_two(ask: Ask, context: Context) -> Answer | Ask:
    """Compare the two securities that were asked about last."""
    asked = [one for line in (ask.session.before, ask.session.command) for one in _asked_about(line, context)]
    names = list(dict.fromkeys(one.name for one in asked))[-2:]
    if len(names) < 2:
        return error_answer("要比哪兩家？例如「台積電 vs 聯電」。", keyboard(Verb.COMPARE))
    return ask.with_text(Verb.COMPARE.of("、".join(names)))


def _asked_about(command: str, context: Context) -> list[Security]:
    """Return the securities that a command names: 「個股 2330」, 「找 台積電的毛利率」."""
    asked = command.partition(" ")[2]
    if alone := securities_named(asked, context):
        return alone[:1]
    found = scan(asked, context.library.archive.lexicon)
    found.sort(key=lambda one: one.mentions[0].start)
    return [ones[0] for one in found if (ones := securities_named(security_key(one.security), context))]


def compares(ask: Ask) -> bool:
    if _THE_TWO.fullmatch(ask.text):
        return True
    return len(ask.text) <= 40 and _COMPARES.search(ask.text) is not None and _PAIR.fullmatch(ask.text) is not None


def _aspect(asked: str, said: Sequence[Sequence[KeySentence]]) -> str:
    """Return an aspect that the sentences of both hold, the one asked about first; empty where they share none."""
    wanted = ([_stem(asked)] if asked else []) + list(ASPECTS)
    shared = (word for word in wanted if all(any(word in s.text for s in sentences) for sentences in said))
    return next(shared, "")


def _stem(aspect: str) -> str:
    return "毛利" if aspect == "毛利率" else aspect


def _on(aspect: str, sentences: Sequence[KeySentence]) -> list[KeySentence]:
    return sorted(sentences, key=lambda sentence: aspect not in sentence.text)[:EACH]


def _once(sentences: Sequence[KeySentence]) -> list[KeySentence]:
    """Return each sentence once, at its last place: one may speak of both."""
    return list({one.text: one for one in reversed(sentences)}.values())[::-1]


def _cards(pair: Sequence[Security], context: Context) -> tuple[Button, ...]:
    return tuple(Button(one.name[:20], Verb.SECURITY.of(typed_name(one, context))) for one in pair)


COMMAND = Command(
    words=(Verb.COMPARE, "compare"),
    usage="台積電 vs 聯電",
    help="兩家並列：各兩句、都有日期",
    examples=("台積電 vs 聯電",),
    run=compare,
    own_word=True,
    recognise=compares,
)
