"""A ChatKit server whose answers the test writes: the user's message is the script.

Steps are separated by `|`. It imports only public names, so it runs on this project and on `openai-chatkit` alike.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    AudioInput,
    ClientEffectEvent,
    ClientToolCallItem,
    ErrorEvent,
    FeedbackKind,
    NoticeEvent,
    ProgressUpdateEvent,
    SyncCustomActionResponse,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
    WidgetStreamingTextValueDelta,
)
from chatkit.widgets import DynamicWidgetRoot

Context = dict[str, Any]


class Gates:
    """Named points where a script waits for the test."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def clear(self) -> None:
        for event in self._events.values():
            event.set()
        self._events = {}

    def __getitem__(self, name: str) -> asyncio.Event:
        return self._events.setdefault(name, asyncio.Event())


class ScriptedServer(ChatKitServer[Context]):
    """Does what the last user message says."""

    def __init__(self, store: Any, gates: Gates, attachment_store: Any = None) -> None:
        super().__init__(store, attachment_store)
        self.gates = gates
        self.cancelled: list[str] = []
        self.feedback: list[dict[str, Any]] = []
        self.drawn: WidgetItem | None = None

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        if input_user_message is None:
            yield self._done(self._message(thread, context, "The tool has answered."))
            return
        text = "".join(
            part.text for part in input_user_message.content if isinstance(part, UserMessageTextContent)
        )
        async for event in self.run(text, thread, context):
            yield event

    async def run(self, script: str, thread: ThreadMetadata, context: Context) -> AsyncIterator[ThreadStreamEvent]:
        message: AssistantMessageItem | None = None
        for step in script.split("|"):
            verb, _, rest = step.strip().partition(" ")
            if verb in ("say", "gate"):
                if verb == "gate":
                    await self.gates[rest].wait()
                    continue
                if message is None:
                    message = self._message(thread, context, "")
                    yield ThreadItemAddedEvent(item=message)
                part = message.content[0]
                for delta in _words(rest):
                    part.text += delta
                    yield ThreadItemUpdatedEvent(
                        item_id=message.id,
                        update=AssistantMessageContentPartTextDelta(content_index=0, delta=delta),
                    )
                continue
            if message is not None:
                yield self._done(message)
                message = None
            async for event in self.step(verb, rest, thread, context):
                yield event
        if message is not None:
            yield self._done(message)

    async def step(
        self, verb: str, rest: str, thread: ThreadMetadata, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        if verb == "fail":
            raise RuntimeError("told to fail")
        if verb == "title":
            thread.title = rest
        elif verb == "progress":
            yield ProgressUpdateEvent(text=rest, icon="search")
        elif verb == "notice":
            yield NoticeEvent(level=rest, message="See [the page](https://example.com/)", title=f"A {rest}")  # type: ignore[arg-type]
        elif verb == "effect":
            yield ClientEffectEvent(name=rest, data={"by": "server"})
        elif verb == "error":
            yield ErrorEvent(code="custom", message=rest, allow_retry=rest.endswith("!"))
        elif verb == "tool":
            yield self._done(
                ClientToolCallItem(
                    id=self.store.generate_item_id("tool_call", thread, context),
                    thread_id=thread.id,
                    created_at=datetime.now(),
                    call_id="call_1",
                    name=rest,
                    arguments={"zone": "UTC"},
                )
            )
        elif verb == "widget":
            yield self._done(self._widget(thread, context, rest))
        elif verb == "draw":
            self.drawn = self._widget(thread, context, "")
            self.drawn.widget = DynamicWidgetRoot.model_validate(json.loads(rest))
            yield self._done(self.drawn)
        elif verb == "redraw" and self.drawn is not None:
            self.drawn.widget = DynamicWidgetRoot.model_validate(json.loads(rest))
            yield ThreadItemReplacedEvent(item=self.drawn)
        elif verb == "into" and self.drawn is not None:
            component, _, words = rest.partition(" ")
            for delta in _words(words):
                update = WidgetStreamingTextValueDelta(component_id=component, delta=delta, done=False)
                yield ThreadItemUpdatedEvent(item_id=self.drawn.id, update=update)
        elif verb == "complain" and self.drawn is not None:
            from chatkit.types import WidgetFieldErrors

            update = WidgetFieldErrors(errors=json.loads(rest))
            yield ThreadItemUpdatedEvent(item_id=self.drawn.id, update=update)  # type: ignore[arg-type]
        elif verb == "replace":
            first = self._message(thread, context, "first version")
            yield self._done(first)
            yield self._done(self._message(thread, context, "after it"))
            yield ThreadItemReplacedEvent(item=first.model_copy(update={"content": _content("second version")}))
        elif verb == "remove":
            gone = self._message(thread, context, "soon gone")
            yield self._done(gone)
            yield ThreadItemRemovedEvent(item_id=gone.id)
        elif verb == "hidden":
            from chatkit.types import HiddenContextItem

            yield self._done(
                HiddenContextItem(
                    id=self.store.generate_item_id("message", thread, context),
                    thread_id=thread.id,
                    created_at=datetime.now(),
                    content="hidden words",
                )
            )

    async def action(
        self, thread: ThreadMetadata, action: Any, sender: WidgetItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        script = (action.payload or {}).get("script", f"say Action {action.type}")
        async for event in self.run(script, thread, context):
            yield event

    async def sync_action(
        self, thread: ThreadMetadata, action: Any, sender: WidgetItem | None, context: Context
    ) -> SyncCustomActionResponse:
        if sender is None:
            return SyncCustomActionResponse()
        if gate := (action.payload or {}).get("gate"):
            await self.gates[gate].wait()
        updated = sender.model_copy(update={"widget": _card(f"Updated by {action.type}")})
        await self.store.save_item(thread.id, updated, context)
        return SyncCustomActionResponse(updated_item=updated)

    async def add_feedback(self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: Context) -> None:
        self.feedback.append({"thread_id": thread_id, "item_ids": item_ids, "kind": feedback})

    async def transcribe(self, audio_input: AudioInput, context: Context) -> TranscriptionResult:
        return TranscriptionResult(text=f"heard {audio_input.media_type}")

    async def handle_stream_cancelled(self, thread: ThreadMetadata, pending_items: Any, context: Context) -> None:
        self.cancelled.append(thread.id)
        await super().handle_stream_cancelled(thread, pending_items, context)

    def _message(self, thread: ThreadMetadata, context: Context, text: str) -> AssistantMessageItem:
        return AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=_content(text),
        )

    def _widget(self, thread: ThreadMetadata, context: Context, kind: str) -> WidgetItem:
        return WidgetItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            widget=_card("A card", kind),
        )

    def _done(self, item: Any) -> ThreadItemDoneEvent:
        return ThreadItemDoneEvent(item=item)


def _content(text: str) -> list[AssistantMessageContent]:
    return [AssistantMessageContent(text=text)]


def _words(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")]


def _card(text: str, kind: str = "") -> DynamicWidgetRoot:
    def button(label: str, **action: Any) -> dict[str, Any]:
        return {"type": "Button", "label": label, "onClickAction": action}

    children = [
        {"type": "Text", "id": "text", "value": text},
        button("Stream", type="go", payload={"script": "say Streamed"}),
        button("Page", type="page", payload={"n": 1}, handler="client"),
        button("Sync", type="sync", streaming=False),
    ]
    return DynamicWidgetRoot.model_validate({"type": "Card", "children": children, "key": kind or None})

