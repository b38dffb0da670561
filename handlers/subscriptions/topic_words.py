"""The topics of a line and their words: names that are known, words that essays hold, and what any other may have been meant for."""

from __future__ import annotations

import re

from corpus.language.pinyin import syllables
from handlers.ask import Ask
from handlers.club.topic import BY, Topic, and_apart, author_of, read_topics
from handlers.context import Context
from handlers.reading.digest_builder import contains, spoken_of
from handlers.reading.security_names import alike, misspelt, securities_named

QUOTED = re.compile("[「」\"'“”]")  # around a word: it is meant as it stands
ALIKE = 0.6  # likeness of a theme's name, from 0 to 1


def is_known(name: str, context: Context) -> bool:
    if author := author_of(name):
        return context.library.author_called(author) is not None
    return context.library.subjects.resolve_theme(name) is not None or bool(securities_named(name, context))


def is_written(word: str, ask: Ask, context: Context) -> bool:
    """Tell whether some essay holds the word, or was written by the author whom it names."""
    if author_of(word):
        return is_known(word, context)
    hits = (hit for asked in (word, f"作者 {word}") for hit in context.library.search(asked, ask.at).hits)
    return any(contains(spoken_of(hit.essay), word) for hit in hits)


def meant_by(word: str, ask: Ask, context: Context) -> list[str]:
    """Return the names that a word in no essay may have been meant for; none for a word that stands in some."""
    if is_written(word, ask, context):
        return []
    if author := author_of(word):
        return [BY + one.name for one in context.library.author_tallies() if _is_near(author, one.name)][:3]
    archive = context.library.archive
    names = [one.name for one in misspelt(word, context)]
    near = [theme.name for theme in archive.themes.all() if any(_is_near(word, name) for name in theme.aliases)]
    sound = syllables(word.lower())
    sounds_like = [name for theme in archive.themes.all() for name in theme.aliases if syllables(name.lower()) == sound]
    return list(dict.fromkeys([*sounds_like, *(names or near)]))[:3]


def _is_near(word: str, name: str) -> bool:
    return abs(len(word) - len(name)) < 2 and alike(word, name) > ALIKE


def topics_in(text: str, context: Context) -> list[Topic]:
    """Return the topics of a line, quotation marks left out."""

    def knows(name: str) -> bool:
        return is_known(name, context)

    said = QUOTED.sub("", text)
    return read_topics("、".join(and_apart(said, knows)) or said, knows)


def are_known(topics: list[Topic], context: Context) -> bool:
    """Tell whether there are topics, and all that they want are names: a theme's, a security's, or everything."""
    return bool(topics) and all(is_known(word, context) for topic in topics for word in topic.wanted)
