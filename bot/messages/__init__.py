"""Answers as LINE messages: plain dicts, within every limit of LINE's, that read well on a phone."""

from bot.messages.compose import messages
from bot.messages.dates import age

__all__ = ["age", "messages"]
