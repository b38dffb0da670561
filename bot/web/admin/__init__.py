"""The moderators' desk on the web."""

from bot.web.admin.site import create_admin

__all__ = ["create_admin"]
