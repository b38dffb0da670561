"""The moderators' desk on the web."""

from bot.web.admin.site import create_desk

__all__ = ["create_desk"]
