"""Questions from the command line: what `luopan ask` and `luopan digest` print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.config import Settings
from corpus.analysis.key_sentences import KeySentence
from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources, Library
from corpus.search.finding import Finding
from handlers.answer import Answer, Outcome
from handlers.ask import Ask
from handlers.club.club import Club
from handlers.commands import router
from handlers.context import Context
from handlers.identity import Chat, Place, Role

OPERATOR = "Uoperator"


class QuestionRunner:
    """Asks questions as one person, one to one; nothing of them is kept."""

    def __init__(self, archive: ArchiveResources, settings: Settings, *, members: bool = False) -> None:
        self.archive = archive
        self.settings = settings
        self.role = Role.MEMBER if members else Role.GUEST
        self.router = router(archive.is_word)

    def ask(self, question: str, ranked: int = 0) -> dict[str, Any]:
        """Return question, outcome, confidence, text and hits: the answer as a person would get it, with the ranking behind it.

        `ranked`: how many hits are given whatever the outcome, for measuring; 0: the usual ones, none of what is not covered.
        """
        at = datetime.now(self.settings.zone)
        ask = Ask(question, Chat(OPERATOR, Place.PERSON), OPERATOR, at, self.role)
        with UnitOfWork(self.archive.engine) as work:
            library = self.archive.library(work, ask.audience)
            library.wait_for_index()
            finding = library.search(question, at, limit=ranked) if ranked else library.search(question, at)
            context = Context(library, Club(work), at, lambda essay, paragraph: essay.url or "")
            answer = self.router.answer(ask, context)
        return {
            "question": question,
            "outcome": str(answer.outcome),
            "confidence": round(_confidence(answer, finding), 3),
            "text": answer.text,
            "hits": _hits(finding) if ranked or answer.outcome is not Outcome.NOT_COVERED else [],
        }

    def line(self, value: dict[str, Any]) -> str:
        """Return an answer's values as lines for people."""
        lines = [f"{value['question']} → {value['outcome']} ({value['confidence']:.2f})"]
        lines += [f"  {line}" for line in value["text"].splitlines()]
        for hit in value["hits"][:3]:
            lines.append(f"  {hit['essay_id']}〈{hit['title']}〉")
            lines += [f"    {snippet['text']}" for snippet in hit["snippets"]]
        return "\n".join(lines)


def _confidence(answer: Answer, finding: Finding) -> float:
    return finding.confidence if answer.outcome in (Outcome.ANSWER, Outcome.CHOICES) else answer.confidence


def _hits(finding: Finding) -> list[dict[str, Any]]:
    return [
        {
            "essay_id": hit.essay_id,
            "title": hit.essay.title,
            "paragraph": hit.paragraph,
            "score": round(hit.score, 4),
            "why": list(hit.why),
            "snippets": [{"text": s.text, "marks": [list(m) for m in s.marks]} for s in hit.snippets],
        }
        for hit in finding.hits
    ]


def questions_in(file: Path) -> list[str]:
    """Read one question a line, or a labelled file: JSON with `queries` of `q`, or JSON lines."""
    text = file.read_text(encoding="utf-8")
    try:
        found = json.loads(text)
    except ValueError:
        return [_question(line) for line in text.splitlines() if line.strip()]
    listed = found.get("queries", []) if isinstance(found, dict) else found
    return [_question(each) for each in listed]


def _question(entry: Any) -> str:
    """Return the question of a plain line, a JSON string or an object."""
    if isinstance(entry, str) and entry.lstrip().startswith(("{", '"')):
        try:
            entry = json.loads(entry)
        except ValueError:
            return str(entry)
    if isinstance(entry, dict):
        return str(entry.get("q") or entry.get("question") or entry.get("text") or "")
    return str(entry)


def digest_of(archive: ArchiveResources, key: str) -> dict[str, Any]:
    """Return key and sentences: at most five of the theme or security so called, whichever speaks first; none where neither does."""
    with UnitOfWork(archive.engine) as work:
        library = archive.library(work, Audience.GUEST)
        quotes = next(filter(None, _digests(library, key)), ())
    listed = [{"essay_id": q.essay.id, "title": q.essay.title, "text": q.text} for q in quotes[:5]]
    return {"key": key, "sentences": listed}


def _digests(library: Library, key: str) -> Iterator[tuple[KeySentence, ...]]:
    """Yield key sentences, those of a theme's own key or name before a code's, a code's before a theme's alias: SMR is both."""
    theme = library.subjects.resolve_theme(key)
    if theme is not None and key.lower() in (theme.key, theme.name.lower()):
        yield library.subjects.theme(theme).quotes
    yield from (library.subjects.security(security).quotes for security in library.subjects.resolve_security(key))
    if theme is not None:
        yield library.subjects.theme(theme).quotes
