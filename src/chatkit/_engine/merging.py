"""Frames for the log: text that arrives in many small pieces leaves in fewer, larger ones."""

from __future__ import annotations

from chatkit._engine.wire import Encoder, TextDelta
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WidgetStreamingTextValueDelta,
)

__all__ = ["MergedFrames"]

_MOST_TEXT = 16_384


class MergedFrames:
    """Collects events as frames. Deltas of the same text that follow one another become one."""

    __slots__ = ("_delta", "_encoder", "_event", "_frames", "_pieces", "_size", "size")

    def __init__(self) -> None:
        self._encoder = Encoder()
        self._frames: list[bytes] = []
        self._event: ThreadItemUpdatedEvent | None = None
        self._delta: TextDelta | None = None
        self._pieces: list[str] = []
        self._size = 0
        self.size = 0
        """Bytes collected, about."""

    def add(self, event: ThreadStreamEvent) -> None:
        """Take an event in."""
        if type(event) is ThreadItemUpdatedEvent:
            update = event.update
            if (
                type(update) is AssistantMessageContentPartTextDelta
                or type(update) is WidgetStreamingTextValueDelta
            ):
                self._add_delta(event, update)
                return
        self.add_frame(self._encoder.encode(event))

    def add_frame(self, frame: bytes) -> None:
        """Take in a frame as it is."""
        self._end_delta()
        self._frames.append(frame)
        self.size += len(frame)

    def take(self) -> list[bytes]:
        """All frames since the last time; empty when there are none."""
        self._end_delta()
        frames, self._frames, self.size = self._frames, [], 0
        return frames

    def _add_delta(self, event: ThreadItemUpdatedEvent, update: TextDelta) -> None:
        text = update.delta
        if self._event is None or not self._continues(event, update) or self._size > _MOST_TEXT:
            self._end_delta()
            self._event = event
        self._delta = update
        self._pieces.append(text)
        self._size += len(text)
        self.size += len(text) + 1

    def _continues(self, event: ThreadItemUpdatedEvent, update: TextDelta) -> bool:
        last = self._delta
        if self._event is None or self._event.item_id != event.item_id:
            return False
        if isinstance(last, AssistantMessageContentPartTextDelta):
            return (
                isinstance(update, AssistantMessageContentPartTextDelta)
                and last.content_index == update.content_index
            )
        return (
            isinstance(last, WidgetStreamingTextValueDelta)
            and isinstance(update, WidgetStreamingTextValueDelta)
            and last.component_id == update.component_id
            and not last.done
        )

    def _end_delta(self) -> None:
        event, delta = self._event, self._delta
        if event is None or delta is None:
            return
        if len(self._pieces) == 1:
            self._frames.append(self._encoder.encode(event))
        else:
            self._frames.append(self._encoder.encode_delta(event.item_id, delta, "".join(self._pieces)))
        self._event = self._delta = None
        self._pieces = []
        self._size = 0
