"""Attachments: files and images that belong to a user message."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AnyUrl, BaseModel, Field


class AttachmentUploadDescriptor(BaseModel):
    """Where and how the client uploads the bytes."""

    url: AnyUrl
    method: Literal["POST", "PUT"]
    headers: dict[str, str] = Field(default_factory=dict)


class AttachmentBase(BaseModel):
    """What all attachments have; ``metadata`` is the app's and never sent to a client."""

    id: str
    name: str
    mime_type: str
    upload_descriptor: AttachmentUploadDescriptor | None = None
    thread_id: str | None = None
    metadata: dict[str, Any] | None = None


class FileAttachment(AttachmentBase):
    """A file."""

    type: Literal["file"] = "file"


class ImageAttachment(AttachmentBase):
    """An image, with a URL to preview it."""

    type: Literal["image"] = "image"
    preview_url: AnyUrl


Attachment = Annotated[FileAttachment | ImageAttachment, Field(discriminator="type")]
"""A file or an image."""
