"""What single requests are answered with, and what handlers get and give there."""

from __future__ import annotations

from pydantic import BaseModel

from chatkit.types._items import ThreadItem


class SyncCustomActionResponse(BaseModel):
    """The one answer to a non-streaming action."""

    updated_item: ThreadItem | None = None


class AudioInput(BaseModel):
    """A recording, decoded."""

    data: bytes
    mime_type: str

    @property
    def media_type(self) -> str:
        """The media type without its parameters: ``audio/webm`` of ``audio/webm;codecs=opus``."""
        return self.mime_type.partition(";")[0].strip()


class TranscriptionResult(BaseModel):
    """The text of a recording."""

    text: str
