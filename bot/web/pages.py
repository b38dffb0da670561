"""Wire what browsers, feed readers and paying platforms are served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from flask import Blueprint

from bot.config import Settings
from bot.inbound.conversation import Conversation
from bot.line.client import LineClient
from bot.messages.links import Links
from bot.web.admin import create_admin
from bot.web.feeds import create_feeds
from bot.web.hub_callback import create_hub_callback
from bot.web.my_data import create_my_data
from bot.web.payments import PaymentSettings, PlatformAccount, create_payments
from bot.web.pictures import PictureProxy, picture_on_the_web
from bot.web.reader import create_reader
from bot.web.reader_view import keep_link, link_entry_for, page_address, reader_view_for
from corpus.library import ArchiveResources


def create_pages(
    archive: ArchiveResources,
    conversation: Conversation,
    line: LineClient,
    links: Links,
    settings: Settings,
    clock: Callable[[], float],
) -> Iterator[Blueprint]:
    """Yield the essays' pages, one's own data, the feeds, the admin site, and the endpoints of paying platforms and hubs."""
    fetch_picture = partial(picture_on_the_web, allowed=settings.fetch_allowed)
    yield create_reader(
        reader_view_for(archive, settings, clock),
        PictureProxy(fetch_picture) if settings.luopan_pictures else None,
        link_entry_for(archive, links, settings, clock),
        partial(keep_link, lambda: line.basic_id),
        is_https=settings.public_url.startswith("https://"),
        join=settings.luopan_join,
    )
    yield create_my_data(conversation, partial(page_address, settings.public_url, links), clock)
    yield create_payments(archive.engine, _payment_settings(settings), clock)
    yield create_feeds(archive, links, settings, clock)
    yield create_hub_callback(archive.engine, clock)
    yield create_admin(conversation, settings.channel_secrets[0], clock=clock)


def _payment_settings(settings: Settings) -> PaymentSettings:
    return PaymentSettings(
        settings.luopan_members_secret,
        PlatformAccount(settings.luopan_stripe_secret, settings.stripe_plans),
        PlatformAccount(settings.luopan_ghost_secret, settings.ghost_plans),
    )
