"""LINE's action objects, for what a button may do."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.dev.simulator.fields import StrictModel, graphemes, label, link, units

Label = Annotated[str, label(40)]


class PostbackAction(StrictModel):
    type: Literal["postback"]
    label: Label | None = None
    data: Annotated[str, units(300)]
    display_text: Annotated[str, units(300)] | None = None
    text: Annotated[str, units(300)] | None = None
    input_option: Literal["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"] | None = None
    fill_in_text: Annotated[str, units(300)] | None = None

    @model_validator(mode="after")
    def check_display_text(self) -> Self:
        if self.text is not None and self.display_text is not None:
            raise ValueError("text and displayText can't be set at the same time")
        if self.fill_in_text is not None and self.input_option != "openKeyboard":
            raise ValueError("fillInText needs inputOption openKeyboard")
        return self


class MessageAction(StrictModel):
    type: Literal["message"]
    label: Label | None = None
    text: Annotated[str, units(300)]


class AltUri(StrictModel):
    desktop: Annotated[str, link("http", "https")]


class UriAction(StrictModel):
    type: Literal["uri"]
    label: Label | None = None
    uri: Annotated[str, link("http", "https", "line", "tel")]
    alt_uri: AltUri | None = None


class DatetimePickerAction(StrictModel):
    type: Literal["datetimepicker"]
    label: Label | None = None
    data: Annotated[str, units(300)]
    mode: Literal["date", "time", "datetime"]
    initial: str | None = None
    max: str | None = None
    min: str | None = None


class ClipboardAction(StrictModel):
    type: Literal["clipboard"]
    label: Label | None = None
    clipboard_text: Annotated[str, units(1000)]


class PhoneAction(StrictModel):
    """An action that only a quick reply may ask of the phone."""

    type: Literal["camera", "cameraRoll", "location"]
    label: Label | None = None


Tapped = PostbackAction | MessageAction | UriAction | DatetimePickerAction | ClipboardAction
Action = Annotated[Tapped, Field(discriminator="type")]
QuickAction = Annotated[Tapped | PhoneAction, Field(discriminator="type")]


def must_have_label(action: Tapped | PhoneAction, most: int) -> None:
    """Refuse an action whose label is missing or longer than its place allows, in grapheme clusters."""
    if action.label is None:
        raise ValueError("label: May not be null")
    if graphemes(action.label) > most:
        raise ValueError(f"label: must not be longer than {most} characters")
