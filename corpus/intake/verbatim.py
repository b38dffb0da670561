"""A file for `luopan scan`: its characters where they stand, so that an offset found in them holds in the file."""

from __future__ import annotations

import re
from pathlib import Path

from corpus.essay import Essay
from corpus.intake.decode import clean, decode
from corpus.intake.files import essays_in_file
from corpus.intake.readers import FileForm, form_of, split

_EXTRACTED = (".pdf", ".docx")  # hold no text of their own to point into
_MARKUP = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1\s*>|<[a-z/!?][^>]*>", re.IGNORECASE | re.DOTALL)


def verbatim(file: Path) -> tuple[str, str, list[Essay]]:
    """Return the file's text, the same with markup blanked, and the essays in it, which may be none.

    Of a PDF or docx the text is that of its essays. Raises IntakeError where the file cannot be read.
    """
    if file.suffix.lower() in _EXTRACTED:
        essays = essays_in_file(file)
        text = "\n\n".join(f"{essay.title}\n{essay.body}" for essay in essays)
        return text, text, essays
    text = decode(file.read_bytes(), str(file))
    cleaned = clean(text)
    form = form_of(cleaned, file.suffix)
    return text, blanked(text) if form is FileForm.HTML else text, split(cleaned, file.stem, form)


def blanked(html: str) -> str:
    """Return HTML with a space for every character of its tags, scripts and comments."""
    return _MARKUP.sub(lambda match: " " * len(match[0]), html)
