"""Thousands of essays out of a few: their sentences dealt anew, with other numbers and other companies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from corpus.analysis.tickers import scan
from corpus.essay import Block, BlockKind, Essay
from corpus.language.text import sentences
from corpus.lexicon.securities import Lexicon

PARAGRAPHS, SENTENCES = 9, 4  # of one essay, about 1,300 characters
HEADING_EVERY = 3
FIRST_DAY, DAYS = date(2021, 1, 1), 2_100

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SentenceTemplate:
    """A sentence in pieces: between two of them stands the name of a company."""

    pieces: tuple[str, ...]

    def fill(self, names: Sequence[str], chance: Random) -> str:
        text = self.pieces[0] + "".join(chance.choice(names) + piece for piece in self.pieces[1:])
        return _NUMBER.sub(lambda digits: _as_long(digits.group(), chance), text)


def synthetic(given: Sequence[Essay], count: int, lexicon: Lexicon) -> Iterator[Essay]:
    """Yield `count` essays, the same ones at every call: no two alike, none a near-duplicate of another but by chance."""
    templates = [
        template
        for essay in given
        for paragraph in essay.paragraphs
        for template in _templates(paragraph.text, lexicon)
    ]
    names = sorted({security.name for security in lexicon.securities if security.in_taiwan})
    for number in range(1, count + 1):
        chance = Random(number)  # noqa: S311  nothing here is a secret
        model = given[number % len(given)]
        blocks: list[Block] = []
        for place in range(PARAGRAPHS):
            if place % HEADING_EVERY == 0 and model.headings:
                blocks.append(Block(BlockKind.HEADING, chance.choice(model.headings)))
            text = "".join(
                template.fill(names, chance) for template in chance.sample(templates, min(SENTENCES, len(templates)))
            )
            blocks.append(Block(BlockKind.TEXT, text))
        yield Essay(
            f"{model.title}({number})",
            tuple(blocks),
            author=model.author,
            published=FIRST_DAY + timedelta(days=number % DAYS),
            tags=model.tags,
        )


def _templates(text: str, lexicon: Lexicon) -> Iterator[SentenceTemplate]:
    places = [mention for named in scan(text, lexicon) for mention in named.mentions]
    for start, end in sentences(text):
        pieces, last = [], start
        for mention in sorted(places, key=lambda mention: mention.start):
            if last <= mention.start and mention.end <= end:
                pieces.append(text[last : mention.start])
                last = mention.end
        yield SentenceTemplate((*pieces, text[last:end]))


def _as_long(digits: str, chance: Random) -> str:
    """Draw another number with as many digits; a year stays one."""
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return str(chance.randint(1998, 2026))
    return str(chance.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1))
