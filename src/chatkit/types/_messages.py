"""What people and the assistant say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chatkit.types._sources import Annotation


class AssistantMessageContent(BaseModel):
    """Text in Markdown with its citations."""

    annotations: list[Annotation] = Field(default_factory=list[Annotation])
    text: str
    type: Literal["output_text"] = "output_text"


class UserMessageTextContent(BaseModel):
    """Plain text."""

    type: Literal["input_text"] = "input_text"
    text: str


class UserMessageTagContent(BaseModel):
    """A mention: an entity named in the text."""

    type: Literal["input_tag"] = "input_tag"
    id: str
    text: str
    data: dict[str, Any]
    group: str | None = None
    interactive: bool = False


class ToolChoice(BaseModel):
    """The tool to use."""

    id: str


class InferenceOptions(BaseModel):
    """What the person chose in the composer."""

    tool_choice: ToolChoice | None = None
    model: str | None = None


UserMessageContent = Annotated[UserMessageTextContent | UserMessageTagContent, Field(discriminator="type")]
"""A part of a user message."""


class UserMessageInput(BaseModel):
    """A message as the client sends it; attachments by id."""

    content: list[UserMessageContent]
    attachments: list[str]
    quoted_text: str | None = None
    inference_options: InferenceOptions


class Author(BaseModel):
    """Who wrote a message, where more than two take part."""

    name: str
    avatar_url: str | None = None
