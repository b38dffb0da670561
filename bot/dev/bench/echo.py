"""The least that a LINE bot can be, to compare ours with: Flask and LINE's SDK, each text said back before the 200."""

from __future__ import annotations

import os

from flask import Flask, request
from linebot.v3 import WebhookHandler
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent


def create_app() -> Flask:
    """Build the bot as the SDK's example shows it, with the settings of the environment."""
    app = Flask(__name__)
    configuration = Configuration(
        host=os.environ["LINE_API_BASE"], access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
    )
    handler = WebhookHandler(os.environ["LINE_CHANNEL_SECRET"])

    @app.get("/healthz")
    def healthz() -> str:
        return "OK"

    @app.post("/callback")
    def callback() -> str:
        handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
        return "OK"

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
    def echo(event: MessageEvent) -> None:
        with ApiClient(configuration) as client:
            said = TextMessage(text=event.message.text)
            MessagingApi(client).reply_message(ReplyMessageRequest(reply_token=event.reply_token, messages=[said]))

    return app
