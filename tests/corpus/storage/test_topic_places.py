"""Where a topic is spoken of, packed and read again."""

from __future__ import annotations

from datetime import date

from corpus.storage.topic_places import TopicOccurrence, TopicPlaces

ROWS = [
    (7, date(2026, 3, 2), 2.0, "[0, 4]"),
    (5, date(2026, 3, 2), 1.5, "[]"),
    (3, date(2025, 12, 1), 0.25, "[11]"),
    (9, None, 4.0, "[1]"),
]


def test_places_come_back_as_they_were_given() -> None:
    assert list(TopicPlaces(ROWS)) == [
        TopicOccurrence(7, date(2026, 3, 2), 2.0, (0, 4)),
        TopicOccurrence(5, date(2026, 3, 2), 1.5, ()),
        TopicOccurrence(3, date(2025, 12, 1), 0.25, (11,)),
        TopicOccurrence(9, None, 4.0, (1,)),
    ]


def test_a_page_of_places_is_cut_out() -> None:
    places = TopicPlaces(ROWS)
    assert [place.essay_id for place in places[1:3]] == [5, 3]
    assert places[4:] == []
    assert places[places.dated - 1].published == date(2025, 12, 1)


def test_weights_are_added_up_by_day() -> None:
    assert TopicPlaces(ROWS).weight_by_day() == {date(2025, 12, 1): 0.25, date(2026, 3, 2): 3.5}


def test_no_place_is_no_place() -> None:
    places = TopicPlaces([])
    assert (len(places), places.ids, places.dated, places.weight_by_day(), list(places)) == (0, [], 0, {}, [])
