"""Places in a text: offsets, lines and columns, and excerpts of the line a place is on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, as offsets in characters; `end` is not part of it."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count it: line and column from 1, columns in characters."""

    line: int
    column: int


class SourceText:
    """A text with quick ways from byte offsets to characters, and from characters to lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.encoded = text.encode("utf-8", "surrogatepass")
        self._lines = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
        self._wide = [] if len(self.encoded) == len(text) else _character_starts(text)

    def offset(self, byte: int) -> int:
        """The character offset of a byte offset."""
        return bisect_right(self._wide, byte) - 1 if self._wide else byte

    def position(self, offset: int) -> Position:
        """Line and column of a character offset."""
        line = bisect_right(self._lines, offset)
        return Position(line, offset - self._lines[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line end."""
        start = self._lines[number - 1]
        end = self._lines[number] if number < len(self._lines) else len(self.text) + 1
        return self.text[start : end - 1].rstrip("\r")

    def slice(self, span: Span) -> str:
        """The text inside a span."""
        return self.text[span.start : span.end]


def utf16_offset(text: str, offset: int) -> int:
    """The offset in UTF-16 units, as browsers and editors count, of a character offset."""
    return offset + sum(1 for char in text[:offset] if char > "\uffff")


def _character_starts(text: str) -> list[int]:
    starts: list[int] = []
    at = 0
    for char in text:
        starts.append(at)
        code = ord(char)
        at += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    starts.append(at)
    return starts
