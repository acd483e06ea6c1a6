"""Images that the model's endpoint makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatkit.types import (
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadStreamEvent,
)

from .reading import read_text
from .turn import Handlers, Turn

__all__ = ["Images"]


class Images:
    """The images of a run; several may be in the making."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._open: dict[str, GeneratedImageItem] = {}

    @property
    def events(self) -> Handlers:
        """What to do with the model's events."""
        return {"response.image_generation_call.partial_image": self.preview}

    async def added(self, item: Any) -> Sequence[ThreadStreamEvent]:
        """An image begins."""
        context = self._turn.context
        image = GeneratedImageItem(**self._turn.base(context.generate_id("message")), image=None)
        events = self._turn.end_workflow()
        self._open[read_text(item, "id")] = image
        context.generated_image_item = image
        return [*events, ThreadItemAddedEvent(item=image.model_copy(deep=True))]

    async def preview(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A preview of an image."""
        item = self._open.get(event.item_id)
        if item is None:
            return []
        converter = self._turn.converter
        index = event.partial_image_index
        url = await converter.base64_image_to_url(event.item_id, event.partial_image_b64, index)
        item.image = GeneratedImage(id=event.item_id, url=url)
        progress = converter.partial_image_index_to_progress(index)
        return [
            self._turn.updated(
                item.id, GeneratedImageUpdated(image=item.image.model_copy(), progress=progress)
            )
        ]

    async def done(self, call: Any) -> Sequence[ThreadStreamEvent]:
        """An image is complete; one that failed goes away."""
        image_id = read_text(call, "id")
        item = self._open.pop(image_id, None)
        if item is None:
            return []
        self._turn.context.generated_image_item = None
        result = read_text(call, "result")
        if not result:
            return [ThreadItemRemovedEvent(item_id=item.id)]
        item.image = GeneratedImage(
            id=image_id, url=await self._turn.converter.base64_image_to_url(image_id, result)
        )
        return [ThreadItemDoneEvent(item=item.model_copy(deep=True))]
