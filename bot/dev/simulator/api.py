"""LINE's Messaging API over HTTP, as far as a bot like ours calls it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from bot.dev.simulator import other_endpoints
from bot.dev.simulator.channel import FAULTS, Result
from bot.dev.simulator.failures import SENDING
from bot.dev.simulator.people import BOT
from bot.dev.simulator.platform import Platform

HANG_SECONDS = 30.0  # longer than any sane time-out
MOST_BYTES = 2 * 1024 * 1024
NOT_FOUND = Result(404, {"message": "Not found"})


def make_api(platform: Platform) -> Blueprint:
    """Make the routes under /v2/bot; each answers with a Result."""
    api = Blueprint("line", __name__, url_prefix="/v2/bot")
    views = {**_sending(platform), **_lookups(platform), **_account(platform), **_richmenus(platform)}
    for (method, path), (kind, view) in views.items():
        api.add_url_rule(path, f"{method} {path}".replace(".", ""), _guarded(platform, kind, view), methods=[method])
    return api


View = Callable[..., Result | Response]
Views = dict[tuple[str, str], tuple[str, View]]  # (method, path) -> (kind, view)


def _guarded(platform: Platform, kind: str, view: View) -> Callable[..., ResponseReturnValue]:
    """Put a view behind the token check, with the delays and failures that were ordered for its kind."""

    def guarded(**path: str) -> ResponseReturnValue:
        if request.headers.get("Authorization") != f"Bearer {platform.token}":
            return _answer(Result(401, {"message": "Authentication failed. Confirm that the access token is valid."}))
        if (request.content_length or 0) > MOST_BYTES:
            return _answer(Result(413, {"message": "Request body is too large"}))
        if platform.failures.delay:
            time.sleep(platform.failures.delay)
        failure = platform.failures.next(kind) if kind not in SENDING else None
        result = FAULTS[failure.fault] if failure else view(**path)
        if isinstance(result, Response):
            return result
        if result.hangs:
            platform.closed.wait(HANG_SECONDS)
        return _answer(result)

    return guarded


def _answer(result: Result) -> ResponseReturnValue:
    return jsonify(result.body), result.status, result.headers


def _body() -> Any:
    return request.get_json(force=True, silent=True)


def _sending(platform: Platform) -> Views:
    channel = platform.channel

    def send(kind: str) -> View:
        return lambda: channel.send(kind, _body(), request.headers.get("X-Line-Retry-Key"))

    def validate() -> Result:
        return channel.validate("validate", _body())

    def loading() -> Result:
        return other_endpoints.show_loading(platform, _body())

    kinds = ("reply", "push", "multicast")
    return (
        {("POST", f"/message/{kind}"): (kind, send(kind)) for kind in kinds}
        | {
            ("POST", f"/message/validate/{kind}"): ("validate", validate)
            for kind in (*kinds, "narrowcast", "broadcast")
        }
        | {("POST", "/chat/loading/start"): ("loading", loading)}
    )


def _lookups(platform: Platform) -> Views:
    chats = platform.chats

    def profile(user: str) -> Result:
        known = user in chats.friends and user not in chats.blocked
        return _profile(platform, user, language="zh-Hant") if known else NOT_FOUND

    def member(group: str, user: str) -> Result:
        known = group in chats.groups and user in chats.groups[group].members
        return _profile(platform, user) if known else NOT_FOUND

    def summary(group: str) -> Result:
        found = chats.groups.get(group)
        return Result(200, {"groupId": group, "groupName": found.name}) if found and found.joined else NOT_FOUND

    def count(group: str) -> Result:
        found = chats.groups.get(group)
        return Result(200, {"count": found.size}) if found and found.joined else NOT_FOUND

    def leave(group: str) -> Result:
        if group not in chats.groups or not chats.groups[group].joined:
            return NOT_FOUND
        # LINE tells the bot that it left; not before this call is answered, or the two would wait for one another.
        threading.Thread(target=platform.leave, args=(group,), daemon=True).start()
        return Result(200, {})

    def content(message: str) -> Result | Response:
        if message not in platform.files:
            return NOT_FOUND
        kind, data = platform.files[message]
        return Response(data, mimetype=kind)

    return {
        ("GET", "/profile/<user>"): ("profile", profile),
        ("GET", "/group/<group>/member/<user>"): ("member", member),
        ("GET", "/group/<group>/summary"): ("summary", summary),
        ("GET", "/group/<group>/members/count"): ("count", count),
        ("POST", "/group/<group>/leave"): ("leave", leave),
        ("GET", "/message/<message>/content"): ("content", content),
    }


def _profile(platform: Platform, user: str, **more: str) -> Result:
    return Result(200, {"userId": user, "displayName": platform.chats.persons[user].name, **more})


def _richmenus(platform: Platform) -> Views:
    menus = platform.richmenus

    def alias() -> Result:
        body = _body() or {}
        return menus.alias(str(body.get("richMenuAliasId", "")), str(body.get("richMenuId", "")), new=True)

    def change_alias(alias: str) -> Result:
        return menus.alias(alias, str((_body() or {}).get("richMenuId", "")), new=False)

    def upload(menu: str) -> Result:
        return menus.upload(menu, request.content_type or "", request.get_data())

    views: dict[tuple[str, str], View] = {
        ("POST", "/richmenu"): lambda: menus.create(_body()),
        ("GET", "/richmenu/list"): menus.listed,
        ("POST", "/richmenu/<menu>/content"): upload,
        ("DELETE", "/richmenu/<menu>"): lambda menu: menus.delete(menu),
        ("POST", "/richmenu/bulk/link"): lambda: menus.show_to_many(_body()),
        ("POST", "/richmenu/bulk/unlink"): lambda: menus.hide_from_many(_body()),
        ("GET", "/richmenu/alias/list"): menus.listed_aliases,
        ("POST", "/richmenu/alias"): alias,
        ("POST", "/richmenu/alias/<alias>"): change_alias,
        ("POST", "/user/all/richmenu/<menu>"): lambda menu: menus.show(menu, None),
        ("POST", "/user/<user>/richmenu/<menu>"): lambda user, menu: menus.show(menu, user),
    }
    return {place: ("richmenu", view) for place, view in views.items()}


def _account(platform: Platform) -> Views:
    quota, webhooks = platform.quota, platform.webhooks

    def limit() -> Result:
        limited = quota.limit is not None
        return Result(200, {"type": "limited", "value": quota.limit} if limited else {"type": "none"})

    def consumption() -> Result:
        return Result(200, {"totalUsage": quota.used(platform.clock())})

    def info() -> Result:
        about = {"userId": BOT.id, "basicId": "@luopan", "displayName": BOT.name}
        modes = ("chat", "manual") if platform.has_inbox else ("bot", "auto")
        return Result(200, {**about, "chatMode": modes[0], "markAsReadMode": modes[1]})

    def endpoint() -> Result:
        return Result(200, {"endpoint": webhooks.url, "active": True})

    def set_endpoint() -> Result:
        webhooks.set_callback(str((_body() or {}).get("endpoint", "")))
        return Result(200, {})

    def test_endpoint() -> Result:
        return other_endpoints.test_webhook(platform)

    def mark_as_read() -> Result:
        return other_endpoints.mark_as_read(platform, _body())

    def followers() -> Result:
        return other_endpoints.followers(platform, request.args.get("date", ""))

    return {
        ("GET", "/message/quota"): ("quota", limit),
        ("GET", "/insight/followers"): ("insight", followers),
        ("GET", "/message/quota/consumption"): ("consumption", consumption),
        ("GET", "/info"): ("info", info),
        ("GET", "/channel/webhook/endpoint"): ("endpoint", endpoint),
        ("PUT", "/channel/webhook/endpoint"): ("endpoint", set_endpoint),
        ("POST", "/channel/webhook/test"): ("test", test_endpoint),
        ("POST", "/chat/markAsRead"): ("markAsRead", mark_as_read),
    }
