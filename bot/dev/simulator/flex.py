"""Flex containers: bubbles and carousels of components, and how large they may be."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from bot.dev.simulator.actions import Action
from bot.dev.simulator.components import Box, Image, Video
from bot.dev.simulator.fields import Color, StrictModel

# LINE says "30 KB" and "50 KB" without saying of what: the smaller reading, over the JSON in UTF-8.
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
BUBBLES = 12


class BlockStyle(StrictModel):
    background_color: Color | None = None
    separator: bool | None = None
    separator_color: Color | None = None


class BubbleStyles(StrictModel):
    header: BlockStyle | None = None
    hero: BlockStyle | None = None
    body: BlockStyle | None = None
    footer: BlockStyle | None = None


class FlexBubble(StrictModel):
    type: Literal["bubble"]
    size: Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"] = "mega"
    direction: Literal["ltr", "rtl"] | None = None
    header: Box | None = None
    hero: Annotated[Box | Image | Video, Field(discriminator="type")] | None = None
    body: Box | None = None
    footer: Box | None = None
    styles: BubbleStyles | None = None
    action: Action | None = None

    @model_validator(mode="after")
    def has_a_block(self) -> Self:
        if not (self.header or self.hero or self.body or self.footer):
            raise ValueError("At least one block must be specified")
        if isinstance(self.hero, Video) and self.size not in ("kilo", "mega", "giga"):
            raise ValueError("a video needs a bubble of size kilo, mega or giga")
        return self


class Carousel(StrictModel):
    type: Literal["carousel"]
    contents: Annotated[list[FlexBubble], Field(min_length=1, max_length=BUBBLES)]

    @field_validator("contents")
    @classmethod
    def all_of_one_size(cls, bubbles: list[FlexBubble]) -> list[FlexBubble]:
        if len({bubble.size for bubble in bubbles}) > 1:
            raise ValueError("all bubbles must have the same size")
        return bubbles


Container = Annotated[FlexBubble | Carousel, Field(discriminator="type")]


def fits(container: Any) -> Any:
    """Refuse what is too large before it is read. Errors: ValueError."""
    size = len(json.dumps(container, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    carousel = isinstance(container, dict) and container.get("type") == "carousel"
    most = CAROUSEL_BYTES if carousel else BUBBLE_BYTES
    if size > most:
        raise ValueError(f"Size must be at most {most // 1000} KB, is {size} bytes")
    bubbles = container.get("contents") if carousel else None
    for bubble in bubbles if isinstance(bubbles, list) else ():
        if isinstance(bubble, dict) and bubble.get("type") == "bubble":
            fits(bubble)
    return container
