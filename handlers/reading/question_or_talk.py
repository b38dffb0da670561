"""Whether a line asks the archive something, or is said to the bot and asks nothing of it."""

from __future__ import annotations

import re

from corpus.language.text import fold
from corpus.search.finding import Finding
from corpus.search.question import Word
from handlers.ask import Ask
from handlers.context import Context
from handlers.identity import Role
from handlers.reading.security_names import securities_named
from handlers.text.bot_words import BotTopic, clause_topic, is_english
from handlers.text.small_talk_words import as_typed, is_sentence, said_words
from handlers.text.talk_model import likely_topics
from handlers.text.work_words import is_of_work, may_speak_of_work

LONGEST = 120  # characters of talk
# What the odds of talk must reach, and by how much more for each sign of a question: a logistic fit on the lines of talk_model.py,
# each writer's left out of the model, with a search of the sample essays for each.
NEEDED = 1.0
FOR_NAME, FOR_TERM, FOR_WORD = 5.5, 2.7, 0.5  # each, of two at most
FOR_NAME_TO_FOLLOW = 2.5  # in talk that has need of one: 「幫我追一下廣達」
FOR_ANSWER = 3.0  # an essay that surely answers
FOR_PHRASE = 4.0  # nothing but such words
WITHOUT_ANY = -4.0  # a sentence with no such word

_TO_FOLLOW = frozenset(
    (BotTopic.SUBSCRIBE, BotTopic.MINE, BotTopic.STOP, BotTopic.UNDO, BotTopic.WATCH, BotTopic.WATCHED, BotTopic.ALERT)
)
_COUNT = re.compile(r"(?:at|to|by)?\d{1,3}(?:[ap]m)?")  # folding joins a small word and its number
_REMARK = re.compile(r"[㐀-鿿][很好太超真][㐀-鿿]")  # 字好小, where no dictionary has it
_CLAUSES = re.compile(r"[\s,、，;]+")
_PHRASE = 0.9  # of a line's characters


def is_talk(question: str, finding: Finding, ask: Ask, context: Context) -> bool:
    """Tell whether a line is talk about the bot, an editor's work or chat, by what such lines hold and by what an essay could be about.

    A line that the first essay says word for word is a question: 「高頻」; so is one with a company's name misspelt, under
    which an essay was found: 「台機電最近怎樣」.
    """
    words = context.library.subjects_in(question, ask.at)
    subjects = [word for word in words if _may_be_a_subject(word, question, ask, context)]
    names = [word for word in subjects if _is_surely_one(word, question, context)]
    if not names and any(map(clause_topic, _CLAUSES.split(question))):
        return True
    if len(question) > LONGEST:
        return False
    hits = finding.hits[:1]
    if any(_is_company_misspelt(told, question, context) for hit in hits for told in hit.why):
        return False
    if not subjects and any(fold(question) in hit.reading.page.folded.text for hit in hits):
        return False
    likely = likely_topics(question, may_speak_of_work(ask))[0]
    if not subjects:
        return likely.odds >= NEEDED + WITHOUT_ANY * is_sentence(question)
    is_phrase = sum(len(word.typed) for word in words) > _PHRASE * len(re.sub(r"\W", "", fold(question)))
    terms = [word for word in subjects if word.known and word not in names]
    counts = (len(names), len(terms), len(subjects) - len(names) - len(terms))
    for_each = (FOR_NAME_TO_FOLLOW if likely.topic in _TO_FOLLOW else FOR_NAME, FOR_TERM, FOR_WORD)
    signs = sum(sign * min(count, 2) for sign, count in zip(for_each, counts, strict=True))
    signs += FOR_ANSWER * (finding.outcome == "answer") + FOR_PHRASE * is_phrase
    return likely.odds >= NEEDED + signs


def _may_be_a_subject(word: Word, question: str, ask: Ask, context: Context) -> bool:
    """Tell whether a word is more than a count or a word of conversation, or of an editor's work: 機器人 is one, and a theme, too."""
    is_theme = context.library.subjects.resolve_theme(word.typed) is not None
    is_work = ask.role >= Role.EDITOR and is_of_work(as_typed(word.typed, question))
    is_said = word.typed in said_words() or (
        _REMARK.fullmatch(word.typed) and not context.library.archive.is_word(word.typed)
    )
    return is_theme or not (is_said or is_work or _is_count(word))


def _is_surely_one(word: Word, question: str, context: Context) -> bool:
    """Tell whether a word is a name, a theme or a model; a name within an English sentence has a capital: not the msgs of daily msgs."""
    is_name = word.name and not (is_english(question) and as_typed(word.typed, question).islower())
    return is_name or _is_model(word) or context.library.subjects.resolve_theme(word.typed) is not None


def _is_company_misspelt(told: str, question: str, context: Context) -> bool:
    """Tell whether a word of an essay is the name of a company that the question does not spell so."""
    return told not in question and any(one.name == told for one in securities_named(told, context))


def _is_count(word: Word) -> bool:
    """Tell whether a word is a number that is no code: 「+1」, 「8」, 「at 6pm」."""
    return _COUNT.fullmatch(word.typed) is not None


def _is_model(word: Word) -> bool:
    """Tell whether a word is a model's or a fund's: letters and digits, M365, 00981A."""
    return re.search(r"\d", word.typed) is not None and re.search("[a-z]", word.typed) is not None


def names_a_subject(question: str, ask: Ask, context: Context) -> bool:
    """Tell whether a question names what essays are known to be about; else it may be about us: 怎麼把字調大."""
    words = context.library.subjects_in(question, ask.at)
    return any(word.known or _is_model(word) for word in words) or not is_sentence(question)
