"""The ways LINE measures the values in a message: lengths, pixels, colours, links."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class StrictModel(BaseModel):
    """Any object within a message; a property LINE does not know is refused.

    LINE itself is that strict inside Flex only; elsewhere it drops the property without a word, which helps nobody.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


def utf16_units(text: str) -> int:
    """Return the length of a text as LINE counts it: 🍎 is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Return the length of a label as LINE counts it, in what a reader takes for one character (UAX #29)."""
    return len(regex.findall(r"\X", text))


def units(most: int, least: int = 1) -> AfterValidator:
    def check(text: str) -> str:
        if least and not text.strip():
            raise ValueError("May not be empty")
        if utf16_units(text) > most:
            raise ValueError(f"Length must be between {least} and {most}")
        return whole_characters(text)

    return AfterValidator(check)


def label(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if not text.strip():
            raise ValueError("May not be empty")
        if len(text) > most and graphemes(text) > most:  # there are never more of them than code points
            raise ValueError(f"must not be longer than {most} characters")
        return whole_characters(text)

    return AfterValidator(check)


def whole_characters(text: str) -> str:
    """Refuse half a surrogate pair, which a text cut in the middle of an emoji ends in: it cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return text


def link(*schemes: str, most: int = 1000) -> AfterValidator:
    def check(uri: str) -> str:
        if len(uri) > most:
            raise ValueError(f"Length must be between 1 and {most}")
        if not uri.isascii() or not uri.isprintable() or " " in uri:
            raise ValueError("invalid uri: must be percent-encoded")
        return in_scheme(uri)

    def in_scheme(uri: str) -> str:
        try:
            parts = urlsplit(uri)
        except ValueError:
            raise ValueError("invalid uri") from None
        if parts.scheme not in schemes:
            raise ValueError(f"invalid uri scheme: must be one of [{', '.join(schemes)}]")
        if parts.scheme.startswith("http") and not parts.hostname:
            raise ValueError("invalid uri")
        return uri

    return AfterValidator(check)


KEYWORDS = "none|xs|sm|md|lg|xl|xxl"
TEXT_SIZES = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"
PIXELS = r"\d+(\.\d+)?px"
PERCENT = r"\d+(\.\d+)?%"

Color = Annotated[str, Field(pattern="^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
Gap = Annotated[str, Field(pattern=f"^({KEYWORDS}|{PIXELS})$")]  # spacing, margin, cornerRadius
Padding = Annotated[str, Field(pattern=f"^({KEYWORDS}|{PIXELS}|{PERCENT})$")]
Offset = Annotated[str, Field(pattern=f"^({KEYWORDS}|-?{PIXELS}|-?{PERCENT})$")]
Length = Annotated[str, Field(pattern=f"^({PIXELS}|{PERCENT})$")]  # width, height
Pixels = Annotated[str, Field(pattern=f"^{PIXELS}$")]
Border = Annotated[str, Field(pattern=f"^(none|light|normal|medium|semi-bold|bold|{PIXELS})$")]
TextSize = Annotated[str, Field(pattern=f"^({TEXT_SIZES}|{PIXELS})$")]
ImageSize = Annotated[str, Field(pattern=f"^({TEXT_SIZES}|full|{PIXELS}|{PERCENT})$")]
Degrees = Annotated[str, Field(pattern=r"^\d+(\.\d+)?deg$")]
Percent = Annotated[str, Field(pattern=f"^{PERCENT}$")]
Weight = Annotated[int, Field(ge=0)]  # the `flex` of a component
Secure = Annotated[str, link("https", most=2000)]
