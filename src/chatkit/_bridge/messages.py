"""Assistant messages: text, refusals and citations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from pydantic import BaseModel

from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

from .annotations import convert
from .identity import PLACEHOLDER
from .reading import read_list, read_text
from .turn import Handlers, Turn

__all__ = ["Messages", "text_delta"]

_Place = tuple[str, int]
_UPDATE: Final = AssistantMessageContentPartTextDelta
_EVENT: Final = ThreadItemUpdatedEvent
_UPDATE_TYPE: Final = _UPDATE.model_fields["type"].default
_EVENT_TYPE: Final = _EVENT.model_fields["type"].default
_new: Final = object.__new__
_set_values: Final[Callable[[Any, dict[str, Any]], None]] = vars(BaseModel)["__dict__"].__set__
_set_given: Final[Callable[[Any, set[str]], None]] = vars(BaseModel)["__pydantic_fields_set__"].__set__
_set_extra: Final[Callable[[Any, None], None]] = vars(BaseModel)["__pydantic_extra__"].__set__
_set_private: Final[Callable[[Any, None], None]] = vars(BaseModel)["__pydantic_private__"].__set__


def text_delta(item_id: str, content_index: int, delta: str) -> ThreadItemUpdatedEvent:
    """The event of one piece of text, of which a stream is mostly made.

    The values are of the right types already, so the instances are filled in directly: the same as calling the
    two classes, at a quarter of the cost.
    """
    update = _new(_UPDATE)
    _set_values(update, {"type": _UPDATE_TYPE, "content_index": content_index, "delta": delta})
    _set_given(update, {"content_index", "delta"})
    _set_extra(update, None)
    _set_private(update, None)
    event = _new(_EVENT)
    _set_values(event, {"type": _EVENT_TYPE, "item_id": item_id, "update": update})
    _set_given(event, {"item_id", "update"})
    _set_extra(event, None)
    _set_private(event, None)
    return event


class Messages:
    """The assistant messages of a run."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._annotations: dict[_Place, list[Annotation]] = {}
        self._done: set[_Place] = set()

    @property
    def events(self) -> Handlers:
        """What to do with the model's events."""
        return {
            "response.content_part.added": self.part_added,
            "response.content_part.done": self.part_done,
            "response.output_text.delta": self.delta,
            "response.output_text.done": self.text_done,
            "response.output_text.annotation.added": self.annotation_added,
            "response.refusal.delta": self.delta,
            "response.refusal.done": self.refusal_done,
        }

    async def added(self, item: Any) -> Sequence[ThreadStreamEvent]:
        """A message begins."""
        events = self._turn.end_workflow()
        item_id = await self._turn.ids.claim(read_text(item, "id"), "message")
        content = [await self._content(part) for part in read_list(item, "content")]
        events.append(
            ThreadItemAddedEvent(item=AssistantMessageItem(**self._turn.base(item_id), content=content))
        )
        return events

    async def done(self, item: Any) -> Sequence[ThreadStreamEvent]:
        """A message is complete. Citations that came only while it streamed are kept.

        Chat-completions endpoints may begin with empty text before they call tools: that message goes away again.
        """
        item_id = self._turn.ids.current(read_text(item, "id"))
        content: list[AssistantMessageContent] = []
        for index, part in enumerate(read_list(item, "content")):
            whole = await self._content(part)
            whole.annotations = whole.annotations or self._annotations.get((item_id, index), [])
            content.append(whole)
        if not any(part.text for part in content) and read_text(item, "id") == PLACEHOLDER:
            return [ThreadItemRemovedEvent(item_id=item_id)]
        return [ThreadItemDoneEvent(item=AssistantMessageItem(**self._turn.base(item_id), content=content))]

    async def part_added(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A part of a message begins; reasoning text has its own events."""
        if read_text(event.part, "type") == "reasoning_text":
            return []
        item_id, index = self._place(event)
        update = AssistantMessageContentPartAdded(
            content_index=index, content=await self._content(event.part)
        )
        return [self._turn.updated(item_id, update)]

    async def delta(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """More text, or more of a refusal."""
        if not event.delta:
            return []
        return [text_delta(self._turn.ids.current(event.item_id), event.content_index, event.delta)]

    async def annotation_added(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A citation; its index counts those that are shown."""
        annotation = await convert(event.annotation, self._turn)
        if annotation is None:
            return []
        item_id, index = self._place(event)
        known = self._annotations.setdefault((item_id, index), [])
        known.append(annotation)
        update = AssistantMessageContentPartAnnotationAdded(
            content_index=index, annotation_index=len(known) - 1, annotation=annotation
        )
        return [self._turn.updated(item_id, update)]

    async def text_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """The text of a part is complete."""
        return self._finish(event, event.text)

    async def refusal_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A refusal is complete."""
        return self._finish(event, event.refusal)

    async def part_done(self, event: Any) -> Sequence[ThreadStreamEvent]:
        """A part is complete: news only from endpoints that do not say so of its text."""
        if (
            read_text(event.part, "type") not in {"output_text", "refusal"}
            or self._place(event) in self._done
        ):
            return []
        return self._finish(event, read_text(event.part, "text") or read_text(event.part, "refusal"))

    def _finish(self, event: Any, text: str) -> Sequence[ThreadStreamEvent]:
        place = self._place(event)
        self._done.add(place)
        content = AssistantMessageContent(text=text, annotations=list(self._annotations.get(place, ())))
        update = AssistantMessageContentPartDone(content_index=place[1], content=content)
        return [self._turn.updated(place[0], update)]

    def _place(self, event: Any) -> _Place:
        return self._turn.ids.current(event.item_id), event.content_index

    async def _content(self, part: Any) -> AssistantMessageContent:
        text = read_text(part, "text") or read_text(part, "refusal")
        found = [await convert(citation, self._turn) for citation in read_list(part, "annotations")]
        return AssistantMessageContent(
            text=text, annotations=[annotation for annotation in found if annotation]
        )
