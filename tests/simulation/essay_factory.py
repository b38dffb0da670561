"""Essays for simulations: on themes and securities of the lexicon, every sentence recognisable wherever it turns up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from corpus.analysis.themes import Theme, Themes
from corpus.essay import Block, BlockKind, Essay, Visibility

COMPANIES = (
    "台積電（2330）",
    "鴻海（2317）",
    "聯發科（2454）",
    "台達電（2308）",
    "廣達（2382）",
    "長榮（2603）",
    "中鋼（2002）",
)
CODES = ("2330", "2317", "2454", "2308", "2382", "2603", "2002")

_MARK = re.compile(r"第(\d{4})-(\d{2})號")
_TITLE = re.compile(r"〔(\d{4})〕")
_SHAPES = (
    "{word}在第{mark}號調查裡的滲透率達到{share}%，供應商的訂單能見度延長到{weeks}週。",
    "{company}第{mark}號財報顯示，{word}帶動營收年增{share}%，毛利率同步提高。",
    "研究機構預估，第{mark}號情境下{word}的市場規模三年內成長{share}%，台灣廠商佔了{weeks}成訂單。",
    "{word}的瓶頸在於產能，第{mark}號樣本的交期拉長到{weeks}週，價格上漲{share}%。",
)


@dataclass(frozen=True, slots=True)
class EssayFactory:
    """Writes essays from dice."""

    themes: Sequence[Theme]

    @classmethod
    def open(cls) -> EssayFactory:
        """On the themes that have enough Chinese words of their own."""
        return cls([theme for theme in Themes.load().all() if len(_words(theme)) >= 6])

    def write(self, number: int, day: date, dice: Random, visibility: Visibility = Visibility.PUBLIC) -> Essay:
        """Six paragraphs of three sentences on one theme; 「第0042-03號」 tells which sentence of which essay one is."""
        theme = dice.choice(self.themes)
        words, company = _words(theme), dice.choice(COMPANIES)
        sentences = [
            dice.choice(_SHAPES).format(
                word=dice.choice(words),
                company=company,
                mark=f"{number:04}-{place:02}",
                share=dice.randint(5, 95),
                weeks=dice.randint(2, 9),
            )
            for place in range(18)
        ]
        paragraphs = ["".join(sentences[start : start + 3]) for start in range(0, 18, 3)]
        return Essay(
            title=f"{theme.aliases[0]}觀察〔{number:04}〕",
            blocks=tuple(Block(BlockKind.TEXT, paragraph) for paragraph in paragraphs),
            published=day,
            visibility=visibility,
            lead=f"{theme.name}的新觀察。" if visibility == Visibility.MEMBERS else None,
        )


def essays_in(text: str) -> list[int]:
    """The essays whose titles stand in a text."""
    return [int(number) for number in dict.fromkeys(_TITLE.findall(text))]


def sentences_in(text: str) -> list[tuple[int, int]]:
    """(essay, sentence) of every sentence of ours in a text, as often as it stands there."""
    return [(int(essay), int(place)) for essay, place in _MARK.findall(text)]


def _words(theme: Theme) -> list[str]:
    return [word for word in theme.strong if not word.isascii()]
