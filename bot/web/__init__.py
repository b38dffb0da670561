"""The pages: the reader's, the admin site, and how a card is drawn in a browser."""

from pathlib import Path

CARD_FOLDER = Path(__file__).parent / "static" / "card"  # flex.js, elements.js, flex.css: a card as LINE draws it
