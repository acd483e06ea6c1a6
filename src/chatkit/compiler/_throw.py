"""What a built-in function throws when it cannot go on."""

from __future__ import annotations


class Thrown(Exception):
    """A message of a built-in, before the place of its call is known."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
