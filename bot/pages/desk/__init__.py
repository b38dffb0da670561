"""The moderators' desk on the web."""

from bot.pages.desk.desk import create_desk

__all__ = ["create_desk"]
