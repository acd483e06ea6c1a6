"""What a scene of the demo works with: the thread it plays in, and a voice that streams."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from chatkit.server import stream_widget
from chatkit.store import Store, StoreItemType
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    HiddenContextItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit.widgets import WidgetRoot, WidgetTemplate

__all__ = ["TOKEN", "Desk", "Visitor", "fields", "widget"]

WIDGETS = Path(__file__).parent / "widgets"
TOKEN = re.compile(r"\s*\S+\s*?|\s+")
_templates: dict[str, WidgetTemplate] = {}


def widget(name: str, /, **data: Any) -> WidgetRoot:
    """Build ``widgets/<name>.widget`` with ``data``; each file is read once."""
    if name not in _templates:
        _templates[name] = WidgetTemplate.from_file(str(WIDGETS / f"{name}.widget"))
    return _templates[name].build(data)


def fields(value: object, name: str | None = None) -> dict[str, Any]:
    """``value`` (or what it holds under ``name``) when that is an object, else an empty one.

    What arrives with an action comes from the browser, so nothing about its shape is certain.
    """
    found = fields(value).get(name) if name else value
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Visitor:
    """Who is chatting: the request context of the demo."""

    name: str


@dataclass
class Desk:
    """One turn: where it happens, what was said, and how fast the assistant talks."""

    thread: ThreadMetadata
    store: Store[Visitor]
    context: Visitor
    seconds_per_word: float = 0.03
    message: UserMessageItem | None = None

    def new_id(self, kind: StoreItemType) -> str:
        return self.store.generate_item_id(kind, self.thread, self.context)

    def stamp(self, kind: StoreItemType) -> dict[str, Any]:
        """The three fields every item starts with."""
        return {"id": self.new_id(kind), "thread_id": self.thread.id, "created_at": datetime.now(UTC)}

    async def pause(self, words: float = 1) -> None:
        await asyncio.sleep(self.seconds_per_word * words)

    async def say(
        self, text: str, notes: dict[int, list[Annotation]] | None = None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream ``text`` as one assistant message, word by word.

        ``notes`` maps an offset in the text to the sources cited there.
        """
        item = AssistantMessageItem(**self.stamp("message"), content=[])
        yield ThreadItemAddedEvent(item=item)
        part = AssistantMessageContent(text="", annotations=[])
        yield self._update(item.id, AssistantMessageContentPartAdded(content_index=0, content=part))
        waiting = sorted((notes or {}).items())
        cited: list[Annotation] = []
        position = 0
        for word in TOKEN.findall(text):
            yield self._update(item.id, AssistantMessageContentPartTextDelta(content_index=0, delta=word))
            position += len(word)
            while waiting and waiting[0][0] <= position:
                for annotation in waiting.pop(0)[1]:
                    update = AssistantMessageContentPartAnnotationAdded(
                        content_index=0, annotation_index=len(cited), annotation=annotation
                    )
                    cited.append(annotation)
                    yield self._update(item.id, update)
            await self.pause()
        whole = AssistantMessageContent(text=text, annotations=cited)
        yield self._update(item.id, AssistantMessageContentPartDone(content_index=0, content=whole))
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [whole]}))

    async def show(
        self, name: str, /, copy_text: str | None = None, **data: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Add the widget ``name`` built with ``data`` to the thread."""
        async for event in stream_widget(self.thread, widget(name, **data), copy_text, self.new_id):
            yield event

    def redraw(self, item: WidgetItem, name: str, /, **data: Any) -> ThreadStreamEvent:
        """Put another state of a widget in the place of ``item``."""
        return ThreadItemReplacedEvent(item=item.model_copy(update={"widget": widget(name, **data)}))

    def remember(self, fact: str) -> ThreadStreamEvent:
        """Note something for the model that no person sees."""
        return ThreadItemDoneEvent(item=HiddenContextItem(**self.stamp("message"), content=fact))

    @staticmethod
    def _update(item_id: str, update: Any) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent(item_id=item_id, update=update)
