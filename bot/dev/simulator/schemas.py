"""The request bodies and message objects that LINE accepts; Flex has a file of its own."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from bot.dev.simulator.actions import QuickAction, must_have_label
from bot.dev.simulator.fields import Secure, StrictModel, label, units
from bot.dev.simulator.flex import Container, fits

USER_ID = r"U[0-9a-f]{32}"
RECEIVER_ID = r"[UCR][0-9a-f]{32}"


class QuickReplyItem(StrictModel):
    type: Literal["action"]
    image_url: Secure | None = None
    action: QuickAction

    @field_validator("action")
    @classmethod
    def has_short_label(cls, action: Any) -> Any:
        must_have_label(action, 20)
        return action


class QuickReply(StrictModel):
    items: Annotated[list[QuickReplyItem], Field(min_length=1, max_length=13)]


class Sender(StrictModel):
    name: Annotated[str, label(20)] | None = None
    icon_url: Secure | None = None


class Message(StrictModel):
    quick_reply: QuickReply | None = None
    sender: Sender | None = None


class Emoji(StrictModel):
    index: Annotated[int, Field(ge=0)]
    product_id: str
    emoji_id: str


class TextMessage(Message):
    type: Literal["text"]
    text: Annotated[str, units(5000)]
    emojis: Annotated[list[Emoji], Field(max_length=20)] | None = None
    quote_token: str | None = None


class Mentionee(StrictModel):
    type: Literal["user", "all"]
    user_id: str | None = None


class Substitution(StrictModel):
    type: Literal["mention", "emoji"]
    mentionee: Mentionee | None = None
    product_id: str | None = None
    emoji_id: str | None = None

    @model_validator(mode="after")
    def is_complete(self) -> Self:
        if self.type == "mention" and self.mentionee is None:
            raise ValueError("mentionee: May not be null")
        if self.type == "emoji" and not (self.product_id and self.emoji_id):
            raise ValueError("productId and emojiId: May not be null")
        return self


class TextMessageV2(Message):
    type: Literal["textV2"]
    text: Annotated[str, units(5000)]
    substitution: Annotated[dict[str, Substitution], Field(max_length=100)] | None = None
    quote_token: str | None = None

    @model_validator(mode="after")
    def every_brace_means_something(self) -> Self:
        rest = self.text.replace("{{", "").replace("}}", "")
        keys = set(re.findall(r"\{([A-Za-z0-9_]{1,20})\}", rest))
        if re.search(r"[{}]", re.sub(r"\{[A-Za-z0-9_]{1,20}\}", "", rest)):
            raise ValueError("text: braces must be doubled")
        if keys != set(self.substitution or {}):
            raise ValueError("substitution: must define exactly the keys used in the text")
        return self


class StickerMessage(Message):
    type: Literal["sticker"]
    package_id: Annotated[str, Field(pattern=r"^\d+$")]
    sticker_id: Annotated[str, Field(pattern=r"^\d+$")]
    quote_token: str | None = None


class MediaMessage(Message):
    type: Literal["image", "video"]
    original_content_url: Secure
    preview_image_url: Secure
    tracking_id: str | None = None


class AudioMessage(Message):
    type: Literal["audio"]
    original_content_url: Secure
    duration: Annotated[int, Field(ge=1)]


class LocationMessage(Message):
    type: Literal["location"]
    title: Annotated[str, units(100)]
    address: Annotated[str, units(100)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class FlexMessage(Message):
    type: Literal["flex"]
    alt_text: Annotated[str, units(1500)]
    contents: Annotated[Container, BeforeValidator(fits)]


AnyMessage = Annotated[
    TextMessage | TextMessageV2 | StickerMessage | MediaMessage | AudioMessage | LocationMessage | FlexMessage,
    Field(discriminator="type"),
]
Messages = Annotated[list[AnyMessage], Field(min_length=1, max_length=5)]


class Validation(StrictModel):
    messages: Messages


class Sending(StrictModel):
    messages: Messages
    notification_disabled: bool = False
    custom_aggregation_units: list[str] | None = None


class ReplyBody(StrictModel):
    reply_token: Annotated[str, units(1000)]
    messages: Messages
    notification_disabled: bool = False


class PushBody(Sending):
    to: Annotated[str, Field(pattern=f"^{RECEIVER_ID}$")]


class MulticastBody(Sending):
    to: Annotated[list[Annotated[str, Field(pattern=f"^{USER_ID}$")]], Field(min_length=1, max_length=500)]


class Loading(StrictModel):
    chat_id: str
    loading_seconds: Annotated[int, Field(ge=5, le=60, multiple_of=5)] = 20


BODIES: dict[str, type[StrictModel]] = {
    "reply": ReplyBody,
    "push": PushBody,
    "multicast": MulticastBody,
    "validate": Validation,
    "loading": Loading,
}
