"""Sources and the citations that point to them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chatkit.icons import IconName


class SourceBase(BaseModel):
    """What all sources have."""

    title: str
    description: str | None = None
    timestamp: str | None = None
    group: str | None = None


class FileSource(SourceBase):
    """A file that was cited."""

    type: Literal["file"] = "file"
    filename: str


class URLSource(SourceBase):
    """A page that was cited."""

    type: Literal["url"] = "url"
    url: str
    attribution: str | None = None


class EntitySource(SourceBase):
    """An entity of the app that was cited."""

    type: Literal["entity"] = "entity"
    id: str
    icon: IconName | None = None
    label: str | None = None
    inline_label: str | None = None
    interactive: bool = False
    data: dict[str, Any] = Field(default_factory=dict)
    preview: Literal["lazy"] | None = None


class Annotation(BaseModel):
    """A citation; ``index`` is the position in the text it belongs to."""

    type: Literal["annotation"] = "annotation"
    source: URLSource | FileSource | EntitySource
    index: int | None = None


Source = Annotated[URLSource | FileSource | EntitySource, Field(discriminator="type")]
"""Anything that can be cited."""
