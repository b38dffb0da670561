"""Intake: from files and pasted text to Essays."""

from corpus.intake.decode import read_text
from corpus.intake.document import essays_in_bytes
from corpus.intake.errors import MAX_BYTES, IntakeError
from corpus.intake.files import Form, essays_in_file, split
from corpus.intake.wall import looks_like_login_wall

__all__ = [
    "MAX_BYTES",
    "Form",
    "IntakeError",
    "essays_in_bytes",
    "essays_in_file",
    "looks_like_login_wall",
    "read_text",
    "split",
]
