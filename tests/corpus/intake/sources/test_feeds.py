"""A feed gives only posts that came in whole."""

from __future__ import annotations

import json

import pytest

from corpus.intake.sources.feeds import parse_feed

ITEM = "<item><title>{0}</title><link>https://a.example/{0}</link><category>電動車</category><category>散熱</category></item>"
FEED = f'<?xml version="1.0"?><rss version="2.0"><channel><title>誌</title>{ITEM.format(1)}{ITEM.format(2)}</channel></rss>'


def test_a_whole_feed_gives_every_post() -> None:
    feed = parse_feed(FEED.encode() + b"\n<!-- cached -->\n", "https://a.example/feed")
    assert feed.is_whole
    assert [(post.title, post.tags) for post in feed.posts] == [("1", ("電動車", "散熱")), ("2", ("電動車", "散熱"))]


@pytest.mark.parametrize("end", range(FEED.index("2</title>"), len(FEED) - 1))
def test_of_a_feed_that_ends_in_the_middle_no_post_is_half(end: int) -> None:
    feed = parse_feed(FEED[:end].encode(), "https://a.example/feed")
    assert not feed.is_whole
    assert [(post.title, post.tags) for post in feed.posts] == [("1", ("電動車", "散熱"))]


def test_plain_text_of_a_feed_keeps_its_signs() -> None:
    told = {
        "url": "https://a.example/1",
        "title": "毛利率<50%,營收>去年",
        "content_text": "毛利率<50%的<AI>伺服器。\n\n第二段 &amp; 完。",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "誌", "items": [told]}
    (post,) = parse_feed(json.dumps(feed).encode(), "https://a.example/feed").posts
    assert post.title == "毛利率<50%,營收>去年"
    assert post.html == "<p>毛利率&lt;50%的&lt;AI&gt;伺服器。</p><p>第二段 &amp;amp; 完。</p>"
