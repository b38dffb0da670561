"""The moderators' admin pages."""

from bot.web.admin.site import create_admin

__all__ = ["create_admin"]
