"""Pages: how lists are cut."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from chatkit.types._late import LateModel

T = TypeVar("T")

MAX_PAGE_SIZE: Final = 1000
"""The most rows a client may ask for at once."""


class Page(LateModel, Generic[T]):
    """One page of a list, and how to ask for the next."""

    data: list[T] = []  # noqa: RUF012  (Pydantic gives each page a list of its own)
    has_more: bool = False
    after: str | None = None
