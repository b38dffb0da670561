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
from handlers.text.bot_words import clause_topic, is_english
from handlers.text.small_talk_words import (
    as_typed,
    is_mostly_empty,
    is_said_to_us,
    is_sentence,
    said_words,
    speaks_of_us_or_the_day,
)
from handlers.text.work_words import is_of_work

_COUNT = re.compile(r"(?:at|to|by)?\d{1,3}(?:[ap]m)?")  # folding joins a small word and its number
_REMARK = re.compile(r"[㐀-鿿][很好太超真][㐀-鿿]")  # 字好小, where no dictionary has it
_CLAUSES = re.compile(r"[\s,、，;]+")


def is_talk(question: str, finding: Finding, ask: Ask, context: Context) -> bool:
    """Tell whether no word of a question is one that an essay could be about, but for words that speak of us.

    Of a question that is said to us, or is mostly empty words, only names, themes, models and codes count, and words that
    the first essay found is about; other words that the lexicon knows, where no word of ours or of people's day
    stands beside them: 「提醒我看盤」, 「晚餐吃什麼」. A line that the first essay says word for word is a question: 「高頻」;
    so is one with a company's name misspelt, under which an essay was found: 「台機電最近怎樣」.
    """
    subjects = [
        word
        for word in context.library.subjects_in(question, ask.at)
        if _may_be_a_subject(word, question, ask, context)
    ]
    pages = [hit.reading.page for hit in finding.hits[:1]]
    if any(map(clause_topic, _CLAUSES.split(question))) and not any(
        _is_surely_one(word, question, context) for word in subjects
    ):
        return True
    if any(_is_surely_one(word, question, context) or any(p.is_about(word.typed) for p in pages) for word in subjects):
        return False
    if any(_is_company_misspelt(told, question, context) for hit in finding.hits[:1] for told in hit.why):
        return False
    typed = {as_typed(word.typed, question) for word in subjects}
    if any(word.known for word in subjects) and not speaks_of_us_or_the_day(question, typed):
        return False
    if not subjects:
        return not any(fold(question) in page.folded.text for page in pages)
    return is_said_to_us(question) or is_mostly_empty(question, typed)


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
