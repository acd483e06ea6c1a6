"""Workflows and the tasks they are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chatkit.icons import IconName
from chatkit.types._sources import FileSource, URLSource


class BaseTask(BaseModel):
    """What all tasks have."""

    status_indicator: Literal["none", "loading", "complete"] = "none"


class CustomTask(BaseTask):
    """A step described by the app."""

    type: Literal["custom"] = "custom"
    title: str | None = None
    icon: IconName | None = None
    content: str | None = None


class SearchTask(BaseTask):
    """A web search."""

    type: Literal["web_search"] = "web_search"
    title: str | None = None
    title_query: str | None = None
    queries: list[str] = Field(default_factory=list)
    sources: list[URLSource] = Field(default_factory=list[URLSource])


class ThoughtTask(BaseTask):
    """A piece of reasoning."""

    type: Literal["thought"] = "thought"
    title: str | None = None
    content: str


class FileTask(BaseTask):
    """Reading files."""

    type: Literal["file"] = "file"
    title: str | None = None
    sources: list[FileSource] = Field(default_factory=list[FileSource])


class ImageTask(BaseTask):
    """Making an image."""

    type: Literal["image"] = "image"
    title: str | None = None


Task = Annotated[
    CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask,
    Field(discriminator="type"),
]
"""A step of a workflow."""


class CustomSummary(BaseModel):
    """A title and icon for a finished workflow."""

    title: str
    icon: IconName | None = None


class DurationSummary(BaseModel):
    """How long a workflow took, in seconds."""

    duration: int


WorkflowSummary = CustomSummary | DurationSummary
"""What a finished workflow shows in place of its tasks."""


class Workflow(BaseModel):
    """Steps the assistant takes, shown together."""

    type: Literal["custom", "reasoning"]
    tasks: list[Task]
    summary: WorkflowSummary | None = None
    expanded: bool = False
