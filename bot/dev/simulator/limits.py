"""LINE's refusals of a message, and the words in which it says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from bot.dev.simulator.schemas import BODIES


def problems(messages: Sequence[Any]) -> list[str]:
    """List what LINE would refuse in these message objects, each in a line: `messages[0].text: May not be empty`.

    Imagemaps, templates and coupons are unknown to this simulator, and so refused.
    """
    found = details("validate", {"messages": list(messages)})
    return [f"{detail['property']}: {detail['message']}" for detail in found]


def details(kind: str, body: Any) -> list[dict[str, str]]:
    """Return the `details` of LINE's error answer to a request of one kind (a key of BODIES); none when the body is sound."""
    try:
        BODIES[kind].model_validate(body)
    except ValidationError as refusal:
        return [{"message": _words(error), "property": _path(error["loc"], body)} for error in refusal.errors()]
    return []


def _words(error: Any) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return "May not be null"
        case "extra_forbidden":
            return "unknown field"
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return _one_of(context["expected"])
        case "union_tag_invalid":
            return _one_of(context["expected_tags"])
        case "too_long":
            return f"Size must be between 1 and {context['max_length']}"
        case "too_short":
            return "May not be empty"
        case "string_pattern_mismatch":
            return f"invalid property: must match {context['pattern']}"
    return str(error["msg"])


def _one_of(expected: str) -> str:
    return f"Must be one of the following values: [{expected.replace(chr(39), '').replace(' or ', ', ')}]"


def _path(loc: tuple[int | str, ...], body: Any) -> str:
    """Write the place of an error, `messages[0].contents.body`, without the tags that the union types put into it."""
    path, value = "", body
    tags: tuple[Any, ...] = ()
    for part in loc:
        if part in tags:
            tags = tags[tags.index(part) + 1 :]
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
        value = _inside(value, part)
        tags = _tags(value) if isinstance(value, dict) else ()
    return path.lstrip(".")


def _tags(part: dict[str, Any]) -> tuple[Any, ...]:
    """Return the tags that pydantic may put into a path here; a quick reply's item is of type `action` but no union."""
    return tuple(part[key] for key in ("type", "layout") if part.get(key) not in (None, "action"))


def _inside(value: Any, part: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
