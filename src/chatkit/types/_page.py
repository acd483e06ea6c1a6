"""Pages: how lists are cut."""

from __future__ import annotations

from typing import Annotated, Final, Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")

MAX_PAGE_SIZE: Final = 1000
"""The most rows a client may ask for at once."""

PageLimit = Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)]
"""How many rows a page holds at most: 1 to 1,000."""


class Page(BaseModel, Generic[T]):
    """One page of a list, and how to ask for the next."""

    data: list[T] = []
    has_more: bool = False
    after: str | None = None
