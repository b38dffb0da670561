"""The components of a Flex message: which may stand where, with which properties."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from bot.dev.simulator.actions import Action, must_have_label
from bot.dev.simulator.fields import (
    Border,
    Color,
    Degrees,
    Gap,
    ImageSize,
    Length,
    Offset,
    Padding,
    Percent,
    Pixels,
    Secure,
    StrictModel,
    TextSize,
    Weight,
    units,
)


class Positioned(StrictModel):
    """The properties of every visible component."""

    margin: Gap | None = None
    position: Literal["relative", "absolute"] | None = None
    offset_top: Offset | None = None
    offset_bottom: Offset | None = None
    offset_start: Offset | None = None
    offset_end: Offset | None = None


class TextStyle(StrictModel):
    size: TextSize | None = None
    color: Color | None = None
    weight: Literal["regular", "bold"] | None = None
    style: Literal["normal", "italic"] | None = None
    decoration: Literal["none", "underline", "line-through"] | None = None


class TextSpan(TextStyle):
    type: Literal["span"]
    text: Annotated[str, units(5000, least=0), Field(min_length=1)]


class Text(Positioned, TextStyle):
    type: Literal["text"]
    text: Annotated[str, units(5000, least=0), Field(min_length=1)] | None = None
    contents: list[TextSpan] | None = None
    flex: Weight | None = None
    align: Literal["start", "end", "center"] | None = None
    gravity: Literal["top", "bottom", "center"] | None = None
    wrap: bool | None = None
    line_spacing: Pixels | None = None
    max_lines: Weight | None = None
    adjust_mode: Literal["shrink-to-fit"] | None = None
    scaling: bool | None = None
    action: Action | None = None

    @model_validator(mode="after")
    def check_not_empty(self) -> Self:
        if not self.text and not self.contents:
            raise ValueError("must specify either text or contents")
        return self


class ButtonComponent(Positioned):
    type: Literal["button"]
    action: Action
    flex: Weight | None = None
    color: Color | None = None
    style: Literal["primary", "secondary", "link"] | None = None
    gravity: Literal["top", "bottom", "center"] | None = None
    height: Literal["sm", "md"] | None = None
    adjust_mode: Literal["shrink-to-fit"] | None = None
    scaling: bool | None = None

    @field_validator("action")
    @classmethod
    def has_label(cls, action: Any) -> Any:
        must_have_label(action, 40)
        return action


class ImageStyle(Positioned):
    url: Secure
    aspect_ratio: Annotated[str, Field(pattern=r"^\d+(\.\d+)?:\d+(\.\d+)?$")] | None = None

    @field_validator("aspect_ratio")
    @classmethod
    def check_aspect_ratio(cls, ratio: str | None) -> str | None:
        width, height = map(float, (ratio or "1:1").split(":"))
        if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
            raise ValueError("invalid aspect ratio")
        return ratio


class Image(ImageStyle):
    type: Literal["image"]
    flex: Weight | None = None
    align: Literal["start", "end", "center"] | None = None
    gravity: Literal["top", "bottom", "center"] | None = None
    size: ImageSize | None = None
    aspect_mode: Literal["cover", "fit"] | None = None
    background_color: Color | None = None
    animated: bool | None = None
    action: Action | None = None


class Icon(ImageStyle):
    type: Literal["icon"]
    size: TextSize | None = None
    scaling: bool | None = None


class Separator(StrictModel):
    type: Literal["separator"]
    margin: Gap | None = None
    color: Color | None = None


class Filler(StrictModel):
    type: Literal["filler"]
    flex: Weight | None = None


class Gradient(StrictModel):
    type: Literal["linearGradient"]
    angle: Degrees
    start_color: Color
    end_color: Color
    center_color: Color | None = None
    center_position: Percent | None = None


class BoxFrame(Positioned):
    type: Literal["box"]
    flex: Weight | None = None
    spacing: Gap | None = None
    background_color: Color | None = None
    background: Gradient | None = None
    border_color: Color | None = None
    border_width: Border | None = None
    corner_radius: Gap | None = None
    width: Length | None = None
    max_width: Length | None = None
    height: Length | None = None
    max_height: Length | None = None
    padding_all: Padding | None = None
    padding_top: Padding | None = None
    padding_bottom: Padding | None = None
    padding_start: Padding | None = None
    padding_end: Padding | None = None
    justify_content: (
        Literal["center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"] | None
    ) = None
    align_items: Literal["center", "flex-start", "flex-end"] | None = None
    action: Action | None = None


class BaselineBox(BoxFrame):
    layout: Literal["baseline"]
    contents: list[Annotated[Text | Icon | Filler, Field(discriminator="type")]]


class LinearBox(BoxFrame):
    layout: Literal["vertical", "horizontal"]
    contents: list[Component]


Box = Annotated[LinearBox | BaselineBox, Field(discriminator="layout")]
Component = Annotated[Box | Text | ButtonComponent | Image | Separator | Filler, Field(discriminator="type")]
LinearBox.model_rebuild()


class Video(StrictModel):
    type: Literal["video"]
    url: Secure
    preview_url: Secure
    alt_content: Annotated[Box | Image, Field(discriminator="type")]
    aspect_ratio: str | None = None
    action: Action | None = None
