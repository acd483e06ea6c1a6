"""Threads: their metadata, their status, and the page of items a client gets with them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chatkit._time import UtcDatetime
from chatkit.types._items import ThreadItem
from chatkit.types._page import Page


class ActiveStatus(BaseModel):
    """The thread takes messages."""

    type: Literal["active"] = Field(default="active", frozen=True)


class LockedStatus(BaseModel):
    """The thread takes no messages for now."""

    type: Literal["locked"] = Field(default="locked", frozen=True)
    reason: str | None = None


class ClosedStatus(BaseModel):
    """The thread takes no messages any more."""

    type: Literal["closed"] = Field(default="closed", frozen=True)
    reason: str | None = None


ThreadStatus = Annotated[ActiveStatus | LockedStatus | ClosedStatus, Field(discriminator="type")]
"""Whether a thread takes messages."""


class ThreadMetadata(BaseModel):
    """A thread without its items. ``metadata`` is the app's own and never sent to a client."""

    title: str | None = None
    id: str
    created_at: UtcDatetime
    updated_at: UtcDatetime | None = None
    status: ThreadStatus = Field(default_factory=lambda: ActiveStatus())
    allowed_image_domains: list[str] | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class RunInfo(BaseModel):
    """The run that is answering in a thread right now."""

    id: str


class ThreadBranch(BaseModel):
    """Where a thread came from when a message was edited, and the other versions of it."""

    of_thread_id: str
    of_item_id: str
    siblings: list[str] = Field(default_factory=list)


class MessageVersions(BaseModel):
    """A message that was edited: the threads that show each version of it, oldest first.

    ``siblings[index]`` is the thread that says so.
    """

    item_id: str
    index: int
    siblings: list[str]


class Thread(ThreadMetadata):
    """A thread with a page of its items, as clients see it."""

    items: Page[ThreadItem]
    run: RunInfo | None = None
    branch: ThreadBranch | None = None
    branches: list[MessageVersions] | None = None
