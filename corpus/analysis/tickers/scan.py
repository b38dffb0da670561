"""The securities of a text, as values, for `luopan scan`, the analysis of essays and highlights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.analysis.tickers.context import only_reports
from corpus.analysis.tickers.names import Names
from corpus.analysis.tickers.recogniser import NameSpan, TickerRecogniser
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.security import Security, SurfaceKind

_SOURCES = Path(__file__).parents[2] / "lexicon" / "sources.txt"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names a security; offsets are code points of the scanned text. 「台積電(2330)」 is one mention."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A security and every place that names it, in order."""

    security: Security
    mentions: tuple[Mention, ...]
    explicit: bool  # a code stands beside it somewhere
    subject: bool  # False: only the reporter, broker or source of a figure
    weak: bool  # only a product of it is named
    products: tuple[Mention, ...] = ()  # places of its products, where the company itself is named, too


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A code beside a name it does not belong to. The name was believed."""

    text: str  # as written: 「台積電(2303)」
    start: int
    end: int
    name: str
    code: str
    expected: str


def scan(text: str, lexicon: Lexicon) -> list[Named]:
    """Return the securities that `text` names, by first mention. Offsets are code points of `text`."""
    return examine(text, lexicon)[0]


def suspicious(text: str, lexicon: Lexicon) -> list[Suspicion]:
    """Return the codes that disagree with the name before them, in order."""
    return examine(text, lexicon)[1]


def examine(text: str, lexicon: Lexicon) -> tuple[list[Named], list[Suspicion]]:
    """Return the results of `scan` and of `suspicious`, at the price of one."""
    reading = TickerRecogniser(text, lexicon, _names(lexicon))
    found = [_named(security, spans, reading) for security, spans in reading.spans.items()]
    doubts = [
        Suspicion(text[start:end], start, end, text[start:cut], code, meant.code)
        for start, cut, end, code, meant in reading.disagreements
    ]
    return sorted(found, key=lambda named: (named.mentions[0].start, named.security.code)), doubts


def names_it(sentence: str, security: Security, lexicon: Lexicon) -> bool:
    """Tell whether a sentence of a text that speaks of the security names it: 大量股價, not 大量採購."""
    introduced = f"{security.name}({security.code})。"
    found = TickerRecogniser(introduced + sentence, lexicon, _names(lexicon)).spans.get(security, ())
    return any(span.start >= len(introduced) for span in found)


@lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> Names:
    return Names(lexicon)


@lru_cache(maxsize=4)
def _sources(lexicon: Lexicon) -> frozenset[Security]:
    lines = (line for line in _SOURCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return frozenset(security for line in lines for key in line.split() for security in lexicon.symbol(key))


def _named(security: Security, spans: list[NameSpan], reading: TickerRecogniser) -> Named:
    itself = [
        span for span in spans if span.sort is not SurfaceKind.BRAND
    ]  # its products do not count where it is named
    places = _merge(itself or spans, reading.narrow)
    products = _merge([span for span in spans if itself and span.sort is SurfaceKind.BRAND], reading.narrow)
    explicit = security in reading.explicit
    reports = security in _sources(reading.lexicon) and all(only_reports(*reading.around(*place)) for place in places)
    return Named(
        security,
        _mentions(places, reading.text),
        explicit,
        subject=explicit or not reports,
        weak=not itself,
        products=_mentions(products, reading.text),
    )


def _mentions(places: list[tuple[int, int]], text: str) -> tuple[Mention, ...]:
    return tuple(Mention(start, end, text[start:end]) for start, end in places)


def _merge(spans: list[NameSpan], narrow: str) -> list[tuple[int, int]]:
    """Join overlapping spans into one, and a name with its other name in brackets: 「輝達(NVIDIA)」."""
    merged: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not merged or not _continues(merged[-1], span, narrow):
            merged.append((span.start, span.end))
            continue
        start, end = merged[-1][0], max(merged[-1][1], span.end)
        opened = narrow.count("(", start, end) > narrow.count(")", start, end)
        merged[-1] = (start, end + 1 if opened and narrow.startswith(")", end) else end)
    return merged


def _continues(last: tuple[int, int], span: NameSpan, narrow: str) -> bool:
    return span.start < last[1] or narrow[last[1] : span.start].strip() == "("
