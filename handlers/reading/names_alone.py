"""Lines that are names and nothing else: several companies, a theme, a misspelt name."""

from __future__ import annotations

import re

from corpus.search.finding import Finding
from handlers.answer import Answer, Button, Outcome, choices_answer
from handlers.club.topic import and_apart
from handlers.context import Context
from handlers.reading.security_names import securities_named, security_key, surely_meant
from handlers.text.empty_words import COMPARING
from handlers.text.small_talk_words import said_words
from handlers.verb import Verb

MOST_NAMES = 8

_LAST_SIGNS = re.compile(r"[^\w]+$")
_APART = re.compile(r"[\s,、，;]+")
_ALONE = re.compile(r"[\w.&-]{3,20}")


def several_named(question: str, context: Context) -> Answer | str | None:
    """Read names and codes one after another, or joined by 跟: return a command for one or for two, choices of more; None for anything else.

    Words of ours in Latin letters are passed over: the vs of "vs TSMC NVDA", the go of "2330 go".
    """
    typed = _APART.split(question.strip())
    if len(typed) == 1:
        typed = and_apart(question, lambda name: bool(securities_named(name, context)))
    parts = [part for part in typed if not _is_ours(part)]
    if not parts or not 2 <= len(typed) <= MOST_NAMES or (len(parts) == 1 and parts[0].islower()):  # do you have an app
        return None
    meant = [securities_named(part, context)[:1] for part in parts]
    if not all(meant):
        return None
    securities = list(dict.fromkeys(one for ones in meant for one in ones))
    if len(securities) == 1:
        return Verb.SECURITY.of(security_key(securities[0]))
    if len(securities) == 2:
        return Verb.COMPARE.of("、".join(map(security_key, securities)))
    buttons = (Button(f"{one.name} {one.code}"[:20], Verb.SECURITY.of(security_key(one))) for one in securities)
    return choices_answer("先看哪一檔？", *buttons, outcome=Outcome.CHOICES)


def _is_ours(word: str) -> bool:
    """Tell whether a word in Latin letters is one of ours, and not meant as a ticker: now, Show, vs; NOW is one."""
    return word.isascii() and word.lower() in said_words() and (not word.isupper() or word.lower() in COMPARING)


def theme_alone(question: str, context: Context) -> str | None:
    """Return the name of the written-about theme that the question is, and nothing else: 散熱."""
    word = _LAST_SIGNS.sub("", question)
    theme = context.library.subjects.resolve_theme(word)
    if theme is None or not theme.is_called(word):
        return None
    return theme.name if any(tally.key == theme.key for tally in context.library.subjects.theme_tallies()) else None


def misspelt(question: str, finding: Finding, context: Context) -> str | None:
    """Return the security that a misspelt word alone means, where no essay found for it holds the word: 台機電, nvdia."""
    if not _ALONE.fullmatch(question) or context.library.subjects.resolve_theme(question) is not None:
        return None
    meant = surely_meant(question, context)
    if meant is None:
        return None
    held = any(question.lower() in f"{hit.essay.title}\n{hit.essay.body}".lower() for hit in finding.hits)
    return None if held else security_key(meant)
