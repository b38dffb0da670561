"""An essay as JSON and as a row, for the archive's tables, drafts and backups."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from corpus.essay import Block, BlockKind, Essay, Hyperlink, Picture, Series, Table, Visibility


def content_hash(essay: Essay) -> str:
    """Return a fingerprint of everything a reader can see."""
    return hashlib.sha256(json.dumps(to_json(essay), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def to_json(essay: Essay) -> dict[str, Any]:
    """Return an essay as JSON, without its id and revision in the store."""
    return {
        "title": essay.title,
        "author": essay.author,
        "source": essay.source,
        "url": essay.url,
        "published": essay.published.isoformat() if essay.published else None,
        "visibility": str(essay.visibility),
        "lead": essay.lead,
        "tags": list(essay.tags),
        "further_reading": list(essay.further_reading),
        "blocks": [_block_json(block) for block in essay.blocks],
    } | _optional_json(essay)


def _optional_json(essay: Essay) -> dict[str, Any]:
    """Return the fields that few essays have, and that the others leave out: so their content hashes stay the same."""
    opened = {"open_blocks": essay.open_blocks} if essay.open_blocks else {}
    return opened | ({"series": [essay.series.name, essay.series.part]} if essay.series else {})


def _block_json(block: Block) -> list[Any]:
    """Return a block as its kind and text, and a third value where it holds more than these."""
    more: dict[str, Any] = {"author": block.author, "mark": block.mark}
    more["links"] = [[link.start, link.end, link.url] for link in block.links]
    if block.table is not None:
        more["table"] = {
            **asdict(block.table),
            "header": list(block.table.header),
            "rows": [*map(list, block.table.rows)],
        }
    more["picture"] = asdict(block.picture) if block.picture is not None else None
    more = {name: value for name, value in more.items() if value}
    return [str(block.kind), block.text, *([more] if more else [])]


def _block(kind: str, text: str, more: dict[str, Any] | None = None) -> Block:
    more = more or {}
    table, picture = more.get("table"), more.get("picture")
    return Block(
        BlockKind(kind),
        text,
        links=tuple(Hyperlink(*link) for link in more.get("links", ())),
        table=Table(tuple(table["header"]), tuple(map(tuple, table["rows"])), table["caption"]) if table else None,
        picture=Picture(**picture) if picture else None,
        author=more.get("author"),
        mark=more.get("mark"),
    )


def version_of(kept: dict[str, Any], essay_id: int, number: int) -> Essay:
    """Return the essay that `to_json` wrote, as it is stored under this id at this revision."""
    return Essay(
        title=kept["title"],
        blocks=tuple(_block(*part) for part in kept["blocks"]),
        author=kept["author"],
        source=kept["source"],
        url=kept["url"],
        published=date.fromisoformat(kept["published"]) if kept["published"] else None,
        tags=tuple(kept["tags"]),
        further_reading=tuple(kept["further_reading"]),
        visibility=Visibility.read(kept["visibility"]),
        lead=kept["lead"],
        open_blocks=kept.get("open_blocks", 0),
        series=Series(*kept["series"]) if kept.get("series") else None,
        id=essay_id,
        revision=number,
    )


def from_json(kept: dict[str, Any]) -> Essay:
    """Return the essay that `to_json` wrote, not yet stored."""
    return version_of(kept, 0, 0)


def essay_of(row: Any) -> Essay:
    """Return the essay of a row of the table."""
    kept = row._mapping
    fields = {
        name: kept[name] for name in ("title", "author", "source", "url", "visibility", "lead", "open_blocks", "tags")
    }
    fields |= {"further_reading": kept["further_reading"], "blocks": kept["blocks"]}
    fields["series"] = [kept["series"], kept["series_part"]] if kept["series"] else None
    fields["published"] = kept["published"].isoformat() if kept["published"] else None
    return version_of(fields, row.id, row.revision)
