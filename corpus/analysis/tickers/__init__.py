"""The securities that a text names, where, and how surely."""

from corpus.analysis.tickers.scan import Mention, Named, Suspicion, examine, names_it, scan, suspicious

__all__ = ["Mention", "Named", "Suspicion", "examine", "names_it", "scan", "suspicious"]
