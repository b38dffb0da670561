"""The lexicon's data files as securities and the texts that name them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.lexicon.security import AMERICA, SUFFIXES, TAIWAN, Security, Surface, SurfaceKind

_DATA = Path(__file__).parent
_STEM = re.compile(r"(?:-KY創?|-DR|-創|\*|[控投]控)+$")

Alias = tuple[str, str]  # (sort as aliases.tsv calls it, text)


def load_tables() -> tuple[list[Surface], list[Security]]:
    """Every surface, the hand-kept and Taiwan's first, and every security."""
    ordinary, firm = _ordinary()
    aliases = read_aliases()
    securities: dict[tuple[str, str], Security] = {}
    surfaces: list[Surface] = []
    for row in (*read_world(), *read_listed(firm)):
        if (row.exchange, row.code) not in securities:
            own = aliases.pop(row.key, [])
            securities[row.exchange, row.code] = security = _security(row, own)
            surfaces += _surfaces(security, row, own, ordinary)
    surfaces.sort(key=lambda surface: (not surface.by_hand, not surface.security.in_taiwan))
    return surfaces, list(securities.values())


def stem(name: str) -> str:
    """世芯-KY -> 世芯, 日月光投控 -> 日月光, 國巨* -> 國巨."""
    short = _STEM.sub("", name).replace("*", "")
    return short if len(short) > 1 else name


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a table: what is known of one security before the hand-kept aliases join it."""

    exchange: str
    code: str
    kind: str
    name: str
    english: str
    forms: tuple[str, ...]
    word: bool = False
    by_hand: bool = False

    @property
    def key(self) -> str:
        """How aliases.tsv calls it: the code, with a suffix outside Taiwan and the United States."""
        if self.exchange in TAIWAN or self.exchange in AMERICA:
            return self.code
        suffix = next((suffix for suffix, exchanges in SUFFIXES.items() if exchanges == {self.exchange}), self.exchange)
        return f"{self.code}.{suffix}"


def read_world() -> Iterator[_Row]:
    for exchange, code, kind, name, english, names in _rows("world.tsv"):
        yield _Row(exchange, code, kind, name, english, tuple(filter(None, names.split("、"))), by_hand=True)


def read_listed(firm: frozenset[str]) -> Iterator[_Row]:
    for exchange, code, kind, name, english, forms, word in _rows("securities.tsv"):
        ordinary = word == "word" and stem(name) not in firm  # of a US stock: its code is a word
        yield _Row(exchange, code, kind, name, english, tuple(filter(None, forms.split("|"))), word=ordinary)


def read_aliases() -> dict[str, list[Alias]]:
    """Pairs of (sort, alias) by key."""
    found: dict[str, list[Alias]] = {}
    for key, sort, names in _rows("aliases.tsv"):
        found.setdefault(key, []).extend((sort, name) for name in names.split("、"))
    return found


def _ordinary() -> tuple[frozenset[str], frozenset[str]]:
    """Names that need a reason, and names that need none although the dictionary knows them as words."""
    lines = (_DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    firm = frozenset(word[1:] for word in words if word.startswith("!"))
    return frozenset(word for word in words if not word.startswith("!")), firm


def _security(row: _Row, aliases: list[Alias]) -> Security:
    full = next((name for sort, name in aliases if sort == "full"), "")
    english = next((name for sort, name in aliases if sort == "english"), row.english)
    usual = next((name for sort, name in aliases if sort == "name"), "")
    names = dict.fromkeys([*(name for _, name in aliases), *row.forms])
    return Security(
        row.code, row.exchange, row.name or usual or english or row.code, full, english, row.kind, tuple(names)
    )


_SORTS = {
    "english": SurfaceKind.NAME,
    "full": SurfaceKind.NAME,
    "name": SurfaceKind.NAME,
    "slang": SurfaceKind.SLANG,
    "brand": SurfaceKind.BRAND,
}


def _surfaces(security: Security, row: _Row, aliases: list[Alias], ordinary: frozenset[str]) -> Iterator[Surface]:
    def sort(name: str, otherwise: SurfaceKind = SurfaceKind.NAME) -> SurfaceKind:
        return SurfaceKind.WORD if otherwise is SurfaceKind.NAME and name in ordinary else otherwise

    short = stem(row.name)
    for name in filter(None, dict.fromkeys((row.name, short))):
        word = row.word and (name == short or "-" not in name)  # 材料-KY is no ordinary word
        yield Surface(name, security, SurfaceKind.WORD if word else sort(name), row.by_hand)
    if row.name.endswith("-KY"):
        yield Surface(f"{short}KY", security, SurfaceKind.NAME)
    for kind, name in aliases:
        yield Surface(name, security, sort(name, _SORTS[kind]), by_hand=True)
    for form in row.forms:
        is_code = form == security.code
        yield Surface(
            form,
            security,
            sort(form, (SurfaceKind.WORD if row.word else SurfaceKind.CODE) if is_code else SurfaceKind.NAME),
            row.by_hand,
        )


def _rows(name: str) -> Iterator[list[str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(
            (line for line in lines if line.strip() and not line.startswith("#")),
            delimiter="\t",
            quoting=csv.QUOTE_NONE,
        )
        next(rows)  # the header
        yield from rows
