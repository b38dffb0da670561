"""The simulator as a web server: LINE's API and the chat page on one address."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cheroot.wsgi import Server
from flask import Flask
from flask.json.provider import DefaultJSONProvider

from bot.dev.simulator.api import make_api
from bot.dev.simulator.page import make_page
from bot.dev.simulator.platform import Platform

THREADS = 48  # each open page and each call that hangs holds one


class _Json(DefaultJSONProvider):
    ensure_ascii = False


def create_app(platform: Platform) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.json = _Json(app)
    app.register_blueprint(make_api(platform))
    app.register_blueprint(make_page(platform))
    return app


def serve(host: str, port: int, platform: Platform) -> None:
    """Serve until interrupted."""
    server = _server(host, port, platform)
    try:
        server.start()
    except KeyboardInterrupt:
        _stop(server, platform)


def start_in_thread(platform: Platform, port: int = 0) -> tuple[str, Callable[[], None]]:
    """Serve on 127.0.0.1 beside the caller, on a free port by default: (address, how to stop it)."""
    server = _server("127.0.0.1", port, platform)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()

    def stop() -> None:
        _stop(server, platform)
        thread.join()

    return f"http://127.0.0.1:{server.bind_addr[1]}", stop


def _server(host: str, port: int, platform: Platform) -> Server:
    # Werkzeug's server would close the connection after each answer; a bot sends hundreds of small requests a second.
    server = Server((host, port), create_app(platform), numthreads=THREADS, request_queue_size=128, shutdown_timeout=2)
    server.keep_alive_conn_limit = 2 * THREADS  # the usual ten would keep closing a pushing bot's connections
    server.expiration_interval = 0.05  # seconds until a stop is noticed
    return server


def _stop(server: Server, platform: Platform) -> None:
    platform.close()
    server.stop()
