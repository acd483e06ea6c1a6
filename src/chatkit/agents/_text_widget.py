"""A component whose text grows with the model's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, TypeVar

from chatkit.widgets import Markdown, Text

if TYPE_CHECKING:
    from agents import StreamEvent

__all__ = ["accumulate_text"]

TWidget = TypeVar("TWidget", Text, Markdown)


async def accumulate_text(events: AsyncIterator[StreamEvent], base_widget: TWidget) -> AsyncIterator[TWidget]:
    """Give ``base_widget``, then a copy with all text so far for each piece of text, and a last one that no longer streams."""
    yield base_widget
    text = ""
    async for event in events:
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            text += event.data.delta
            yield base_widget.model_copy(update={"value": text})
    yield base_widget.model_copy(update={"value": text, "streaming": False})
