"""The identity of an essay that is handed in: the same as one of the archive's, nearly the same, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from corpus.essay import Essay, Series, Visibility
from corpus.intake.sources.addresses import address_key
from corpus.language.text import fold
from corpus.storage.duplicates import MOVED_ESSAY, NEAR_DUPLICATE, SAME_ESSAY, SAME_TEXT, Signature
from corpus.storage.essay_json import content_hash, essay_of
from corpus.storage.prepared import Prepared
from corpus.storage.schema import State, bands, essays

Candidate = tuple[Any, Essay]  # the row of an essay, and the essay that is added as it would be in its place


class Near(NamedTuple):
    """An essay whose text resembles another's, by how much (0 to 1)."""

    essay_id: int
    similarity: float


_TITLED = select(essays).where(essays.c.title_key == bindparam("title_key")).order_by(essays.c.id)
_KEEP_BAND = Prepared(insert(bands))
_SHARING = (
    select(essays.c.id, essays.c.signature)
    .where(essays.c.id.in_(select(bands.c.essay_id).where(bands.c.hash.in_(bindparam("hashes", expanding=True)))))
    .where(essays.c.state == State.PUBLISHED)
    .order_by(essays.c.id)
)


def title_key(title: str) -> str:
    """Return the part of a title that identifies it: its first 200 letters, digits and ideographs, folded."""
    return "".join(character for character in fold(title) if character.isalnum())[:200]


def same_essay(
    connection: Connection, essay: Essay, signature: Signature, found: Sequence[Candidate], near: Sequence[Near]
) -> Candidate | None:
    """Find the row of an essay that is the same, and return it with the essay as it would be in its place.

    `found` are its candidates, those under its title, `near` its near-duplicates. Under one title, the same address or the same
    text is the same essay. Essays of two days are two: a weekly column; and so are those of two addresses, but where a site has
    moved: then the day and nearly all of the text are the same. Under another title see `_retitled`.
    """
    if (same := same_text(found)) is not None:
        return same
    key = address_key(essay.url)
    for row, placed in found:
        if key and row.address_key == key:
            return row, placed
    for row, placed in found:
        elsewhere = bool(key and row.address_key)
        if row.published != essay.published and (elsewhere or (row.published and essay.published)):
            continue
        if signature.similarity(_signature(connection, row)) >= (MOVED_ESSAY if elsewhere else SAME_ESSAY):
            return row, placed
    return _retitled(connection, essay, key, near[0]) if near and essay.published else None


def candidates(connection: Connection, essay: Essay) -> list[Candidate]:
    """Return the rows of essays under the same title, each with the essay as it would be in its place."""
    rows = connection.execute(_TITLED, {"title_key": title_key(essay.title)})
    return [(row, _in_place_of(row, essay)) for row in rows]


def same_text(found: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that is the same in every letter; None where none is."""
    return next((one for one in found if one[0].content_hash == content_hash(one[1])), None)


def _retitled(connection: Connection, essay: Essay, key: str, twin: Near) -> Candidate | None:
    """Return the row of a near-duplicate of the same day with nearly the same text, at no other address, whatever its title."""
    if twin.similarity < SAME_TEXT:
        return None
    row = connection.execute(select(essays).where(essays.c.id == twin.essay_id)).one()
    if row.published != essay.published or (key and row.address_key and key != row.address_key):
        return None
    return row, _in_place_of(row, essay)


def _in_place_of(row: Any, essay: Essay) -> Essay:
    """Return an essay as it would be in the place of a row: for no more readers than the row's, in its series if it names none.

    An essay is opened to more readers by 公開 or on the admin pages, never by adding it once more.
    """
    before = Visibility.read(row.visibility)
    series = essay.series or (Series(row.series, row.series_part) if row.series else None)
    placed = replace(essay, id=row.id, series=series)
    if essay.visibility.is_within(before):
        return placed
    return replace(placed, visibility=before, lead=essay.lead or row.lead)


def near_duplicates(connection: Connection, signature: Signature) -> list[Near]:
    """Return the published essays whose text resembles this one, in the order of their ids."""
    rows = connection.execute(_SHARING, {"hashes": signature.bands})
    near = (Near(row.id, signature.similarity(_signature(connection, row))) for row in rows)
    return [one for one in near if one.similarity >= NEAR_DUPLICATE]


def _signature(connection: Connection, row: Any) -> Signature:
    if row.signature is not None:
        return Signature.unpack(row.signature)
    whole = connection.execute(select(essays).where(essays.c.id == row.id)).one()  # its body is still to be signed
    return Signature.of(essay_of(whole).body)


def keep_bands(connection: Connection, essay_id: int, signature: Signature) -> None:
    """Keep the bands by which near-duplicates are looked up."""
    rows = [{"essay_id": essay_id, "band": i, "hash": value} for i, value in enumerate(signature.bands)]
    if rows:
        _KEEP_BAND.run_many(connection, rows)
