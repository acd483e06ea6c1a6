"""Pages: how lists are cut."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")

MAX_PAGE_SIZE: Final = 1000
"""The most rows a client may ask for at once."""


class Page(BaseModel, Generic[T]):
    """One page of a list, and how to ask for the next."""

    data: list[T] = []
    has_more: bool = False
    after: str | None = None
