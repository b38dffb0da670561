"""An archive with canaries: each line that only members may read holds a token that is known wherever it turns up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from corpus.analysis.themes import Theme
from corpus.database import UnitOfWork
from corpus.essay import Audience, Block, BlockKind, Essay, Series, Visibility
from corpus.lexicon.security import Security
from corpus.library import ArchiveResources, Library
from tests.simulation.essay_factory import COMPANIES, EssayFactory

NEWS = 10  # essays of either kind that are news at the beginning
SECRET_THEMES = 6  # of which only essays for members speak
RARE = 60  # securities that only essays for members may name
NAMED_EVERY = 20  # one in so many essays alone names some security or theme
PLANS = ("決策者", "分析者", "長期班")
FRESH = 10_000  # numbers of what is published for everybody meanwhile
NOBODY: frozenset[str] = frozenset()  # a guest
_CLOSED = (
    Visibility.MEMBERS,
    *(Visibility.of_plans([plan]) for plan in PLANS),
    Visibility.of_plans(PLANS[:2]),
)

_DIGITS = "零一二三四五六七八九"
_TOKEN = re.compile(rf"青石([{_DIGITS}]{{4}})版([{_DIGITS}]{{2}})|kestrel(\d{{4}})v(\d{{2}})", re.IGNORECASE)
_SHAPES = (
    "{chinese}談到{company}的{word},{latin}把訂單能見度推到{weeks}週，{bait}報價上調{share}%。",
    "市場忽略的是{bait}與{chinese}:{word}的毛利率回到{share}%,{latin}只占{weeks}成。",
    "{bait}、{chinese}都在搶{word}的產能，{latin}的交期拉長到{weeks}週，{company}受惠。",
    "{chinese}是{word}的最大變數，{company}的{bait}良率{share}%,{latin}明年第一季量產。",
)


@dataclass(frozen=True, slots=True)
class MembersEssay:
    """An essay for members, in its present version and state; `subject` is a name that stands nowhere else."""

    number: int
    theme: Theme
    essay: Essay
    subject: str = ""
    version: int = 0
    withdrawn: bool = False

    def is_for(self, circles: frozenset[str]) -> bool:
        """May somebody in these circles see its lines now? An editor is in all of them, a guest in none."""
        named = set(str(self.essay.visibility).split(","))
        return not self.withdrawn and (named == {"public"} or bool(named & circles))


class LeakArchive:
    """Publishes, corrects, shows, hides, withdraws and restores; tells of any text which canaries in it should not be there."""

    def __init__(self, archive: ArchiveResources, dice: Random) -> None:
        self.archive = archive
        self.dice = dice
        themes = EssayFactory.open().themes
        self.secret = dice.sample(list(themes), SECRET_THEMES)
        self.gazette = EssayFactory([theme for theme in themes if theme not in self.secret])
        self.birds: dict[int, MembersEssay] = {}  # by number
        self._names: dict[str, int] = {}  # names that stand nowhere else -> number
        self._ordinary = _ordinary_words(self.gazette.themes)

    def open(self, public: int, members: int, at: datetime) -> None:
        """Fill the archive: essays for everybody, then those for members."""
        for number in range(public):
            self.archive.add([self.gazette.write(number, _day(number), self.dice)], at, news=number < NEWS)
        secret = self._secret_names(at)
        for number in range(members):
            subject = secret.pop() if secret and number % NAMED_EVERY == 0 else ""
            self.publish(at, subject, news=number < NEWS)

    def publish(self, at: datetime, subject: str = "", *, news: bool = True) -> None:
        number = len(self.birds)
        theme = self.dice.choice(self.gazette.themes)
        bird = self._keep(MembersEssay(number, theme, _cover(number, theme), subject))
        [added] = self.archive.add([self._written(bird)], at, news=news)
        self._keep(replace(bird, essay=added.essay))

    def change(self, at: datetime) -> None:
        """Something that happens at the desk."""
        bird = self.dice.choice(list(self.birds.values()))
        act = self.dice.choice((self._correct, self._turn, self._turn, self._withdraw))
        if self.dice.random() < 0.2:
            self.publish(at)
            self.archive.add([self.gazette.write(FRESH + len(self.birds), at.date(), self.dice)], at)
            return
        with UnitOfWork(self.archive.engine) as work:
            library = self.archive.library(work, Audience.MEMBER)
            changed = self._restore(bird, library, at) if bird.withdrawn else act(bird, library, at)
            work.commit()
        self._keep(changed)

    def leaks(self, text: str, circles: frozenset[str]) -> list[str]:
        """The canaries in a text that its reader should not see: of hidden or withdrawn essays, or of older versions."""
        astray = [
            f"{number:04}v{version:02}"
            for number, version in canaries_in(text)
            if version != self.birds[number].version or not self.birds[number].is_for(circles)
        ]
        named = (name for name, number in self._names.items() if not self.birds[number].is_for(circles))
        return astray + [name for name in named if name in text]

    def words(self, bird: MembersEssay) -> str:
        """A stretch of an essay's own words, as somebody might ask for it: without its canaries."""
        essay = self._written(bird)
        line = self.dice.choice(essay.paragraphs[essay.open_blocks : -1]).text
        bare = _TOKEN.sub("", line)
        start = self.dice.randrange(max(1, len(bare) - 12))
        return bare[start : start + self.dice.randint(5, 16)]

    # changes

    def _correct(self, bird: MembersEssay, library: Library, at: datetime) -> MembersEssay:
        bird = replace(bird, version=(bird.version + 1) % 100)
        return replace(bird, essay=library.change(self._written(bird), at))

    def _turn(self, bird: MembersEssay, library: Library, at: datetime) -> MembersEssay:
        others = [one for one in _CLOSED if one != bird.essay.visibility]
        opens = not bird.essay.visibility.is_public and self.dice.random() < 0.5
        other = Visibility.PUBLIC if opens else self.dice.choice(others)
        return replace(bird, essay=library.change(replace(bird.essay, visibility=other), at))

    def _withdraw(self, bird: MembersEssay, library: Library, at: datetime) -> MembersEssay:
        library.withdraw(bird.essay.id, at)
        return replace(bird, withdrawn=True)

    def _restore(self, bird: MembersEssay, library: Library, at: datetime) -> MembersEssay:
        library.restore(bird.essay.id, at)
        return replace(bird, withdrawn=False)

    # writing

    def _written(self, bird: MembersEssay) -> Essay:
        """The essay in the bird's version: a canary in every heading, sentence, tag and title of further reading, and in the name of some series."""
        dice = Random(f"{bird.number} {bird.version}")
        chinese, latin = _tokens(bird.number, bird.version)
        lines = [
            "".join(
                dice.choice(_SHAPES).format(
                    chinese=chinese,
                    latin=latin,
                    bait=bait_word(bird.number),
                    company=dice.choice(COMPANIES),
                    word=dice.choice(bird.theme.strong),
                    share=dice.randint(5, 95),
                    weeks=dice.randint(2, 9),
                )
                for _ in range(2)
            )
            for _ in range(4)
        ]
        last = f"{bird.subject or bait_word(bird.number)}股價創高，{bird.subject}的財報由{chinese}帶動，{latin}跟進。"
        blocks = [Block(BlockKind.TEXT, line) for line in lines]
        said = f"{bird.theme.name}第{bird.number}期：{dice.choice(COMPANIES)}的訂單增加，開頭人人看得到，後面才是重點。"
        opened = [Block(BlockKind.TEXT, said)]
        opened = opened if bird.number % 4 == 3 else []
        blocks[2:2] = [Block(BlockKind.HEADING, f"{chinese}與{bait_word(bird.number)}")]
        return replace(
            bird.essay,
            open_blocks=len(opened),
            blocks=(*opened, *blocks, Block(BlockKind.HEADING, f"{latin}的下一步"), Block(BlockKind.BULLET, last)),
            tags=(chinese, latin),
            series=Series(
                f"{chinese}連載" if bird.number % 3 == 0 else f"會員連載{bird.number // 9}", bird.number % 9 + 1
            ),
            url=f"https://essays.example/{latin}",
            further_reading=(f"〈{chinese}〉", f"〈{latin}〉"),
        )

    def _keep(self, bird: MembersEssay) -> MembersEssay:
        self.birds[bird.number] = bird
        if bird.subject:
            self._names[bird.subject] = bird.number
        return bird

    def _secret_names(self, at: datetime) -> list[str]:
        """Securities and themes of which no essay speaks yet, and whose names stand in no other word: 機器人理財 is no secret."""
        with UnitOfWork(self.archive.engine) as work:
            library = self.archive.library(work, Audience.MEMBER)
            unwritten = [theme.name for theme in self.secret if not library.subjects.theme(theme).places]
            library.wait_for_index()
        unnamed = [one for one in self.archive.lexicon.securities if not self._is_ordinary(one.name, *one.aliases)]
        rare = _plain_names(unnamed)
        return [*self.dice.sample(rare, min(len(rare), RARE)), *(n for n in unwritten if not self._is_ordinary(n))]

    def _is_ordinary(self, *names: str) -> bool:
        """Whether essays for everybody may name it in one of these ways: 台新金 is shown as 台新新光金."""
        return any(name in self._ordinary for name in names)


def canaries_in(text: str) -> set[tuple[int, int]]:
    """(number, version) of every canary in a text."""
    found = _TOKEN.findall(text)
    return {(_number(chinese or latin), _number(one or other)) for chinese, one, latin, other in found}


def bait_word(number: int) -> str:
    """A word that stands in the hidden lines of one essay only, and that people ask for."""
    return f"浮标{_spelt(number, 4)}"


def _tokens(number: int, version: int) -> tuple[str, str]:
    """Alike in either script, and in lower case: no way of writing a text hides them."""
    return f"青石{_spelt(number, 4)}版{_spelt(version, 2)}", f"kestrel{number:04}v{version:02}"


def _spelt(number: int, width: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in f"{number:0{width}}")


def _number(digits: str) -> int:
    return int("".join(str(_DIGITS.find(digit)) if digit in _DIGITS else digit for digit in digits))


def _cover(number: int, theme: Theme) -> Essay:
    """What everybody may see of an essay."""
    return Essay(
        title=f"{theme.name}會員月報第{number}期",
        blocks=(),
        author="會員編輯部",
        published=_day(number),
        visibility=_CLOSED[number % len(_CLOSED)],
        lead=f"第{number}期談{theme.name}，全文給會員。" if number % 3 else None,
    )


def _day(number: int) -> date:
    return date(2025, 1, 1) + timedelta(days=number % 365)


def _ordinary_words(themes: Sequence[Theme]) -> str:
    """All words that essays for everybody are made of."""
    words = (word for theme in themes for word in (theme.name, *theme.aliases, *theme.strong))
    return "\n".join((*COMPANIES, *words))


def _plain_names(securities: Iterable[Security]) -> list[str]:
    """Names of companies that are no abbreviations."""
    named = {one.name for one in securities if one.exchange == "TWSE" and 3 <= len(one.name) <= 5}
    return sorted(name for name in named if not name.isascii() and "-" not in name)
