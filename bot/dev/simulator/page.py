"""The chat page for people, and what it asks of the platform."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from bot.dev.simulator.chats import ChatBubble
from bot.dev.simulator.gallery import specimens
from bot.dev.simulator.people import BOT
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.web import CARD_FOLDER

SHOWN = 100  # bubbles of each chat when the page opens
PULSE_SECONDS = 15.0  # a sign of life on a quiet stream, so that closed pages are noticed

# The page runs no script, uses no style and fetches nothing but its own.
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def make_page(platform: Platform) -> Blueprint:
    page = Blueprint(
        "page", __name__, template_folder="templates", static_folder="static", static_url_path="/_sim/static"
    )

    @page.get("/_sim/card/<name>")
    def card_file(name: str) -> Response:
        return send_from_directory(CARD_FOLDER, name)

    @page.get("/")
    def home() -> ResponseReturnValue:
        return render_template("simulator.html", bot=BOT), {"Content-Security-Policy": POLICY}

    @page.get("/gallery")
    def gallery() -> ResponseReturnValue:
        return render_template("gallery.html", bot=BOT), {"Content-Security-Policy": POLICY}

    @page.get("/_sim/gallery")
    def gallery_specimens() -> Response:
        return jsonify([{"name": one.name, "place": one.place, "messages": one.messages} for one in specimens()])

    @page.get("/_sim/stream")
    def stream() -> Response:
        run, _, version = request.headers.get("Last-Event-ID", "").partition("-")
        known = int(version) if run == platform.run and version.isdigit() else None
        return Response(_stream(platform, known), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    @page.post("/_sim/do/<action>")
    def act(action: str) -> ResponseReturnValue:
        if action not in ACTIONS or not request.is_json:
            abort(404)
        try:
            return jsonify(_told(ACTIONS[action](platform, request.get_json())))
        except (LookupError, ValueError) as error:
            return jsonify({"problem": str(error)}), 400

    @page.post("/_sim/file/<chat>/<user>/<name>")
    def file(chat: str, user: str, name: str) -> ResponseReturnValue:
        if request.headers.get("X-Requested-With") != "page":  # no other site may post in our name
            abort(403)
        return jsonify(_told(platform.send_file(chat, user, name, request.get_data())))

    @page.get("/_sim/content/<message>")
    def content(message: str) -> Response:
        if message not in platform.files:
            abort(404)
        kind, data = platform.files[message]
        safe = kind if kind in ("image/png", "image/jpeg") else "application/octet-stream"
        return Response(data, mimetype=safe, headers={"X-Content-Type-Options": "nosniff"})

    return page


ACTIONS: dict[str, Callable[[Platform, dict[str, Any]], WebhookDelivery]] = {
    "say": lambda platform, ask: platform.say(ask["chat"], ask["user"], ask["text"], ask["mention"], ask["quote"]),
    "press": lambda platform, ask: platform.press(ask["chat"], ask["user"], ask["action"], ask.get("params")),
    "unsend": lambda platform, ask: platform.unsend(ask["message"]),
    "edit": lambda platform, ask: platform.edit(ask["message"], ask["text"]),
    "follow": lambda platform, ask: platform.follow(ask["user"]),
    "unfollow": lambda platform, ask: platform.unfollow(ask["user"]),
    "join": lambda platform, ask: platform.join(ask["group"]),
    "leave": lambda platform, ask: platform.leave(ask["group"]),
}


def _told(delivery: WebhookDelivery) -> dict[str, Any]:
    return {"status": delivery.status, "taken": delivery.taken or delivery.status is None}


def _stream(platform: Platform, version: int | None) -> Iterator[str]:
    """Yield server-sent events: the changed bubbles and the state; at first everything, unless the page knows a version."""
    yield "retry: 500\n\n"
    known = ""
    while not platform.closed.is_set():
        fresh, beat = version is None, platform.chats.beat
        version, bubbles = _changes(platform, version)
        state = json.dumps(_state(platform), ensure_ascii=False)
        if fresh or bubbles or state != known:
            news = json.dumps([_drawn(bubble) for bubble in bubbles], ensure_ascii=False)
            flag = json.dumps(fresh)
            yield f'id: {platform.run}-{version}\ndata: {{"fresh": {flag}, "bubbles": {news}, "state": {state}}}\n\n'
        known = state
        if not _wait(platform, beat):
            yield ": still here\n\n"


def _changes(platform: Platform, version: int | None) -> tuple[int, list[ChatBubble]]:
    if version is not None:
        return platform.chats.since(version)
    with platform.chats.changed:
        chats = [*platform.chats.persons, *platform.chats.groups]
        return platform.chats.version, [bubble for chat in chats for bubble in platform.chats.history(chat, SHOWN)]


def _wait(platform: Platform, beat: int) -> bool:
    with platform.chats.changed:
        return platform.chats.beat > beat or platform.chats.changed.wait(PULSE_SECONDS)


def _drawn(bubble: ChatBubble) -> dict[str, Any]:
    return {
        "id": bubble.id,
        "chat": bubble.chat,
        "sender": bubble.sender,
        "at": int(bubble.at.timestamp() * 1000),
        "content": bubble.content,
        "quoted": bubble.quoted,
        "unsent": bubble.unsent,
        "edited": bubble.edited,
        "read": bubble.read,
    }


def _state(platform: Platform) -> dict[str, Any]:
    chats, now = platform.chats, platform.clock()
    return {
        "persons": [
            {"id": person.id, "name": person.name, "blocked": person.id in chats.blocked}
            for person in chats.persons.values()
        ],
        "groups": [
            {
                "id": group.id,
                "name": group.name,
                "size": group.size,
                "joined": group.joined,
                "members": sorted(group.members),
            }
            for group in chats.groups.values()
        ],
        "quota": {"used": platform.quota.used(now), "limit": platform.quota.limit},
        "typing": [chat for chat, until in list(chats.typing.items()) if until > now],
    }
