"""What single requests are answered with, and what handlers get and give there."""

from __future__ import annotations

from chatkit.types._items import ThreadItem
from chatkit.types._late import LateModel


class SyncCustomActionResponse(LateModel):
    """The one answer to a non-streaming action."""

    updated_item: ThreadItem | None = None


class AudioInput(LateModel):
    """A recording, decoded."""

    data: bytes
    mime_type: str

    @property
    def media_type(self) -> str:
        """The media type without its parameters: ``audio/webm`` of ``audio/webm;codecs=opus``."""
        return self.mime_type.partition(";")[0].strip()


class TranscriptionResult(LateModel):
    """The text of a recording."""

    text: str
