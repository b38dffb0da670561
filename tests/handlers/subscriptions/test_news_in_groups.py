"""A group that asks for the news is shown one passage, and told of all the rest by name."""

from __future__ import annotations

from pathlib import Path

from tests.support.digest_bot import BEN, CLUB, bot_over, clock, cooling, said, seen


def test_news_asked_for_in_a_group_names_every_essay_that_the_digest_need_not_tell_any_more(tmp_path: Path) -> None:
    place = bot_over(tmp_path)
    place.say(CLUB, BEN, "羅盤 訂閱 散熱")
    titles = [place.publish(cooling()).title for _ in range(4)]
    told = said(place.say(CLUB, BEN, "羅盤 今日"))
    assert "新上架 4 篇" in told
    assert [title for title in titles if title not in told] == []
    place.at(clock(8, 30))
    place.tick()
    assert seen(place, CLUB).count("今日摘要") == 1


def test_a_group_is_shown_one_passage_of_the_news_and_only_that_counts_as_shown(tmp_path: Path) -> None:
    place = bot_over(tmp_path)
    place.say(CLUB, BEN, "羅盤 訂閱 散熱")
    essays = [place.publish(cooling()) for _ in range(3)]
    passages = [block.text for essay in essays for block in essay.paragraphs]
    today, week = (said(place.say(CLUB, BEN, f"羅盤 {word}")) for word in ("今日", "本週"))
    assert [sum(passage in told for passage in passages) for told in (today, week)] == [1, 1]
    assert not any(passage in today and passage in week for passage in passages)
