"""The simulator refuses what LINE refuses in a message, and nothing that LINE takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dev.simulator.limits import problems


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def box(*contents: dict[str, Any], layout: str = "vertical", **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": box(*contents), **more}


def flex(contents: dict[str, Any], alt: str = "通知") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def tap(label: str = "看", says: str = "看") -> dict[str, Any]:
    return {"type": "message", "label": label, "text": says}


def button(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "button", "action": action, **more}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return text("選一個", quickReply={"items": [{"type": "action", "action": action} for action in actions]})


def open_link(uri: str) -> dict[str, Any]:
    return flex(bubble(button({"type": "uri", "label": "開", "uri": uri})))


FAMILY = "👨‍👩‍👧‍👦"  # one grapheme cluster, eleven UTF-16 units

TAKEN = {
    "5,000 units of text": [text("字" * 5000)],
    "2,500 emoji": [text("🍎" * 2500)],
    "five messages": [text("好")] * 5,
    "altText of 1,500": [flex(bubble(text("好")), "字" * 1500)],
    "a button label of 40 clusters": [flex(bubble(button(tap(FAMILY * 40))))],
    "13 quick replies with labels of 20 clusters": [quick(*[tap(FAMILY * 20)] * 13)],
    "postback data of 300": [flex(bubble(button({"type": "postback", "label": "頁", "data": "字" * 300})))],
    "12 bubbles": [flex({"type": "carousel", "contents": [bubble(text("好"))] * 12})],
    "spans, and no text": [
        flex(bubble({"type": "text", "contents": [{"type": "span", "text": "光", "weight": "bold"}]}))
    ],
    "a bar: an empty box": [flex(bubble(box(height="12px", backgroundColor="#2f6b5e", cornerRadius="xs")))],
    "a baseline box of text": [flex(bubble(box(text("2330", flex=0), text("台積電"), layout="baseline")))],
    "pixels, percent and keywords": [
        flex(bubble(box(text("好", margin="3px"), width="50%", paddingAll="12%", spacing="xxl")))
    ],
    "a negative offset": [flex(bubble(text("好", position="absolute", offsetTop="-4px")))],
    "a box that can be pressed, without label": [
        flex(bubble(box(text("好"), action={"type": "message", "text": "好"})))
    ],
    "a link of 1,000": [open_link("https://a.tw/" + "x" * 987)],
    "doubled braces and a mention": [
        {
            "type": "textV2",
            "text": "{{x}} {who}",
            "substitution": {"who": {"type": "mention", "mentionee": {"type": "all"}}},
        }
    ],
    "a sticker": [{"type": "sticker", "packageId": "446", "stickerId": "1988"}],
}

REFUSED = {
    "no message": ([], "messages: May not be empty"),
    "six messages": ([text("好")] * 6, "messages: Size must be between 1 and 5"),
    "a text too long by one emoji": ([text("字" * 4999 + "🍎")], "messages[0].text: Length must be between 1 and 5000"),
    "a blank text": ([text(" \n")], "messages[0].text: May not be empty"),
    "no text": ([{"type": "text"}], "messages[0].text: May not be null"),
    "half an emoji": ([text("好\ud83c")], "messages[0].text: must be valid Unicode"),
    "an unknown type": ([{"type": "poem"}], "messages[0]: Must be one of the following values: [text, textV2,"),
    "altText of 1,501": ([flex(bubble(text("好")), "字" * 1501)], "messages[0].altText: Length must be"),
    "an empty altText": ([flex(bubble(text("好")), "")], "messages[0].altText: May not be empty"),
    "13 bubbles": (
        [flex({"type": "carousel", "contents": [bubble(text("好"))] * 13})],
        "contents.contents: Size must be",
    ),
    "bubbles of two sizes": (
        [flex({"type": "carousel", "contents": [bubble(text("好"), size="kilo"), bubble(text("好"))]})],
        "contents.contents: all bubbles must have the same size",
    ),
    "a bubble over 30 KB": (
        [flex(bubble(*[text("字" * 1000)] * 10))],
        "messages[0].contents: Size must be at most 30 KB",
    ),
    "a carousel over 50 KB": (
        [flex({"type": "carousel", "contents": [bubble(text("字" * 4800))] * 4})],
        "messages[0].contents: Size must be at most 50 KB",
    ),
    "a bubble without a block": (
        [flex({"type": "bubble"})],
        "messages[0].contents: At least one block must be specified",
    ),
    "an unknown property": ([flex(bubble(text("好", colour="#000000")))], "body.contents[0].colour: unknown field"),
    "a property of another component": (
        [flex(bubble(text("好", spacing="md")))],
        "body.contents[0].spacing: unknown field",
    ),
    "an empty text in Flex": ([flex(bubble(text("")))], "body.contents[0].text: May not be empty"),
    "neither text nor spans": (
        [flex(bubble({"type": "text"}))],
        "body.contents[0]: must specify either text or contents",
    ),
    "a spacer": ([flex(bubble({"type": "spacer"}))], "body.contents[0]: Must be one of"),
    "a button in a baseline box": (
        [flex(bubble(box(button(tap()), layout="baseline")))],
        "contents[0].contents[0]: Must be one of",
    ),
    "a span outside of text": ([flex(bubble({"type": "span", "text": "光"}))], "body.contents[0]: Must be one of"),
    "an unknown layout": ([flex(bubble(box(layout="diagonal")))], "body.contents[0]: Must be one of"),
    "a colour by name": ([flex(bubble(text("好", color="red")))], "body.contents[0].color: invalid property"),
    "a margin without unit": ([flex(bubble(text("好", margin="8")))], "body.contents[0].margin: invalid property"),
    "a number as text": ([flex(bubble(text("好", flex="1")))], "body.contents[0].flex: "),
    "a button without label": (
        [flex(bubble(button({"type": "message", "text": "好"})))],
        "action: label: May not be null",
    ),
    "a button label of 41": ([flex(bubble(button(tap("字" * 41))))], "must not be longer than 40 characters"),
    "a quick reply label of 21": ([quick(tap("字" * 21))], "action: label: must not be longer than 20 characters"),
    "14 quick replies": ([quick(*[tap()] * 14)], "quickReply.items: Size must be between 1 and 13"),
    "message text of 301": ([quick(tap(says="字" * 301))], "action.text: Length must be between 1 and 300"),
    "postback data of 301": (
        [flex(bubble(button({"type": "postback", "label": "頁", "data": "字" * 301})))],
        "action.data: Length must be between 1 and 300",
    ),
    "a link of 1,001": ([open_link("https://a.tw/" + "x" * 988)], "action.uri: Length must be between 1 and 1000"),
    "a link that is not percent-encoded": ([open_link("https://a.tw/讀")], "action.uri: invalid uri"),
    "a link to a script": ([open_link("javascript:alert(1)")], "action.uri: invalid uri scheme"),
    "a link to nowhere": ([open_link("https://")], "action.uri: invalid uri"),
    "a picture over http": ([flex(bubble({"type": "image", "url": "http://a.tw/b.png"}))], "url: invalid uri scheme"),
    "a picture like a tower": (
        [flex(bubble({"type": "image", "url": "https://a.tw/b.png", "aspectRatio": "1:4"}))],
        "aspectRatio: invalid aspect ratio",
    ),
    "a lone brace": ([{"type": "textV2", "text": "a { b"}], "messages[0]: text: braces must be doubled"),
    "a key without substitution": ([{"type": "textV2", "text": "{who}"}], "messages[0]: substitution: must define"),
    "no object at all": (["好"], "messages[0]: "),
}


@pytest.mark.parametrize("messages", TAKEN.values(), ids=TAKEN)
def test_what_line_takes_has_no_problem(messages: list[Any]) -> None:
    assert problems(messages) == []


@pytest.mark.parametrize(("messages", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_line_refuses_is_named_with_its_place(messages: list[Any], problem: str) -> None:
    found = problems(messages)
    assert len(found) == 1
    assert problem in found[0]


def test_every_problem_is_listed() -> None:
    broken = flex(bubble(text("好", wrap="yes"), text("好", maxLines=-1), box(text("好", align="left"))))
    places = [problem.split(":")[0] for problem in problems([text("好"), broken])]
    body = "messages[1].contents.body.contents"
    assert places == [f"{body}[0].wrap", f"{body}[1].maxLines", f"{body}[2].contents[0].align"]
