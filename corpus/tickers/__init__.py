"""Which securities a text names, where, and how surely."""

from corpus.tickers.scan import Mention, Named, Suspicion, examine, scan, suspicious

__all__ = ["Mention", "Named", "Suspicion", "examine", "scan", "suspicious"]
