"""The text of one block as a browser shows it: blanks squeezed, superscripts as such, links with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.essay import Hyperlink

_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_LETTERS = dict(zip("abcdefghijklmoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_BLANKS = re.compile(r"\s+")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff]")


def squeezed(text: str) -> str:
    """Return a text with every run of blanks as one."""
    return _BLANKS.sub(" ", text).strip()


def raised(text: str) -> str:
    """Return the text of a `<sup>`: figures and signs as superscripts, so that 10⁶ is not read as 106."""
    return _LETTERS.get(text.strip(), text.translate(_SUPERSCRIPT))


def lowered(text: str) -> str:
    """Return the text of a `<sub>`: figures as subscripts."""
    return text.translate(_SUBSCRIPT)


class TextRun:
    """Collects the inline text of one block."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._blank = ""  # blanks since the last other character
        self._open: tuple[str, int] | None = None
        self.links: list[Hyperlink] = []
        self.linked = 0  # characters inside links
        self.bold = 0  # characters that are bold

    def add(self, text: str, *, bold: bool = False) -> None:
        """Append text; blanks at a line's end between two Han characters are the file's, not the text's."""
        for at, line in enumerate(text.split("\n")):
            words = line.split()
            self._blank += "\n" if at else ""
            self._blank += " " if line[:1].isspace() else ""
            if words:
                self._append(words, bold)
                self._blank = " " if line[-1].isspace() else ""

    def _append(self, words: Sequence[str], bold: bool) -> None:
        """Append words of one line."""
        if self._blank and self._pieces and not self._is_line_end(words[0]):
            self._pieces.append(" ")
            self._length += 1
        if self._open and self._open[1] < 0:
            self._open = (self._open[0], self._length)
        said = " ".join(words)
        letters = len(said) - len(words) + 1
        self._pieces.append(said)
        self._length += len(said)
        self.linked += letters if self._open else 0
        self.bold += letters if bold else 0

    def _is_line_end(self, word: str) -> bool:
        return "\n" in self._blank and bool(_WIDE.match(self._pieces[-1][-1]) and _WIDE.match(word[0]))

    def open_link(self, url: str) -> None:
        self.close_link()
        self._open = (url, -1)

    def close_link(self) -> None:
        if self._open is not None and 0 <= self._open[1] < self._length and self._open[0]:
            self.links.append(Hyperlink(self._open[1], self._length, self._open[0]))
        self._open = None

    def reopened(self) -> str | None:
        """Close a link that goes on in the next block and return its address."""
        url = self._open[0] if self._open else None
        self.close_link()
        return url

    @property
    def is_empty(self) -> bool:
        """True where it holds neither text nor a link that goes on."""
        return not self._pieces and self._open is None

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def text(self) -> str:
        return "".join(self._pieces)
