"""A feed gives only posts that came in whole."""

from __future__ import annotations

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
