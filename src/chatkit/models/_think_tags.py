"""Reasoning that open models write into their text, between ``<think>`` and ``</think>``."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["ThinkTags"]

_BEGIN, _END = "<think>", "</think>"
_Piece = tuple[str, str]


class ThinkTags:
    """Tells thoughts from text as pieces come in: only what stands before everything else is a thought."""

    def __init__(self) -> None:
        self._state = "start"
        self._held = ""

    def take(self, text: str) -> Iterator[_Piece]:
        """Give what is certain of the text so far, each piece as ``thinking`` or ``text``."""
        if self._state == "text":
            yield "text", text
            return
        if self._state == "gap":
            yield from self._begin_text(text)
            return
        self._held += text
        if self._state == "start":
            begun = self._held.lstrip()
            if len(begun) < len(_BEGIN) and _BEGIN.startswith(begun):
                return
            if not begun.startswith(_BEGIN):
                yield from self._become_text(self._held)
                return
            self._state, self._held = "thinking", begun[len(_BEGIN) :].lstrip()
        yield from self._think()

    def end(self) -> Iterator[_Piece]:
        """Give what was held back."""
        held, self._held = self._held, ""
        if held:
            yield ("thinking" if self._state == "thinking" else "text"), held

    def _think(self) -> Iterator[_Piece]:
        thought, found, rest = self._held.partition(_END)
        if found:
            if thought.strip():
                yield "thinking", thought.rstrip()
            self._state, self._held = "gap", ""
            yield from self._begin_text(rest)
            return
        sure = len(self._held) - _begun(self._held)
        if sure:
            yield "thinking", self._held[:sure]
            self._held = self._held[sure:]

    def _begin_text(self, text: str) -> Iterator[_Piece]:
        """Text after a thought: the lines between the two are nobody's."""
        if begun := text.lstrip():
            yield from self._become_text(begun)

    def _become_text(self, text: str) -> Iterator[_Piece]:
        self._state, self._held = "text", ""
        if text:
            yield "text", text


def _begun(text: str) -> int:
    """How many characters at the end of the text may be the beginning of the closing tag."""
    return next((n for n in range(min(len(_END) - 1, len(text)), 0, -1) if _END.startswith(text[-n:])), 0)
