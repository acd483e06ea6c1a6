"""A client in the same process: typed events in, and the thread as a browser would have it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, overload

from pydantic import TypeAdapter

from chatkit._engine.reducer import reduce
from chatkit._time import utc_now
from chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit.types import (
    AssistantMessageItem,
    ClientToolCallItem,
    ErrorEvent,
    Page,
    Thread,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)

__all__ = ["ChatKitClient", "Turn"]

TContext = TypeVar("TContext")
_Item = TypeVar("_Item")
_EVENT: Final[TypeAdapter[ThreadStreamEvent]] = TypeAdapter(ThreadStreamEvent)


@dataclass
class Turn:
    """What one streaming request answered."""

    events: list[ThreadStreamEvent] = field(default_factory=list[ThreadStreamEvent])

    @property
    def items(self) -> list[ThreadItem]:
        """The items that this turn completed or replaced and did not remove, without what the user said."""
        said: dict[str, ThreadItem] = {}
        for event in self.events:
            if isinstance(event, ThreadItemDoneEvent | ThreadItemReplacedEvent):
                said[event.item.id] = event.item
            elif isinstance(event, ThreadItemRemovedEvent):
                said.pop(event.item_id, None)
        return [item for item in said.values() if not isinstance(item, UserMessageItem)]

    @property
    def text(self) -> str:
        """What the assistant said, its messages and their parts one after the other."""
        messages = (item for item in self.items if isinstance(item, AssistantMessageItem))
        return "".join(part.text for message in messages for part in message.content)

    @property
    def widgets(self) -> list[WidgetItem]:
        """The widgets that this turn completed."""
        return [item for item in self.items if isinstance(item, WidgetItem)]

    @property
    def tool_calls(self) -> list[ClientToolCallItem]:
        """The client tools that wait for a result."""
        calls = (item for item in self.items if isinstance(item, ClientToolCallItem))
        return [call for call in calls if call.status == "pending"]

    @property
    def error(self) -> ErrorEvent | None:
        """The error that ended the turn, if one did."""
        return next((event for event in self.events if isinstance(event, ErrorEvent)), None)


class ChatKitClient(Generic[TContext]):
    """Talks to a server through ``process()``, as the browser does over HTTP.

    The first message creates a thread; :attr:`thread` is what a browser that saw all events would show.

    ::

        client = ChatKitClient(MyServer(MemoryStore()), context="ann")
        turn = await client.send("Hello")
        assert turn.text == "Hello, Ann!"
    """

    def __init__(
        self, server: ChatKitServer[TContext], context: TContext, *, thread_id: str | None = None
    ) -> None:
        self._server = server
        self._context = context
        self._thread_id = thread_id
        self._thread: Thread | None = None

    @property
    def thread(self) -> Thread:
        """The thread as it stands.

        :raises RuntimeError: no thread has been created or loaded yet.
        """
        if self._thread is None:
            raise RuntimeError("There is no thread yet: send() a message, or load() one.")
        return self._thread

    @property
    def items(self) -> list[ThreadItem]:
        """The items of the thread."""
        return self.thread.items.data

    async def send(
        self,
        text: str,
        *,
        attachments: Sequence[str] = (),
        quoted_text: str | None = None,
        model: str | None = None,
        tool: str | None = None,
    ) -> Turn:
        """Send a user message and take the whole answer."""
        return await self._turn(*self._message(text, attachments, quoted_text, model, tool))

    def stream(
        self,
        text: str,
        *,
        attachments: Sequence[str] = (),
        quoted_text: str | None = None,
        model: str | None = None,
        tool: str | None = None,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Send a user message and give the events as they come. Leaving the loop hangs up."""
        return self.events(*self._message(text, attachments, quoted_text, model, tool))

    async def act(self, type: str, payload: Any = None, *, item: WidgetItem | str | None = None) -> Turn:
        """Perform a widget's action, as if its component had been used."""
        item_id = item.id if isinstance(item, WidgetItem) else item
        params = {"item_id": item_id, "action": {"type": type, "payload": payload}}
        return await self._turn("threads.custom_action", self._in_thread(params))

    async def answer_tool(
        self, result: Any = None, *, item_id: str | None = None, error: str | None = None
    ) -> Turn:
        """Give the result of a client tool, or the ``error`` it failed with; ``item_id`` says which, when several wait."""
        params = {"result": result, "item_id": item_id, "error": error}
        return await self._turn("threads.add_client_tool_output", self._in_thread(params))

    async def answer_questions(self, item_id: str, answers: Mapping[str, Sequence[str]] | None) -> Turn:
        """Answer a structured input: values by input id; None skips all of it."""
        values = {key: {"values": list(chosen)} for key, chosen in (answers or {}).items()}
        given = {"status": "skipped" if answers is None else "answered", "answers": values}
        return await self._turn(
            "threads.add_structured_input", self._in_thread({"item_id": item_id, "input": given})
        )

    async def retry(self, item_id: str) -> Turn:
        """Answer a user message again."""
        return await self._turn("threads.retry_after_item", self._in_thread({"item_id": item_id}))

    async def load(self, thread_id: str | None = None) -> Thread:
        """Load the thread from the server, as a browser does after a reload."""
        loaded = await self.request("threads.get_by_id", {"thread_id": thread_id or self._id()})
        self._thread = Thread.model_validate(loaded)
        self._thread_id = self._thread.id
        return self._thread

    async def request(self, type: str, params: Mapping[str, Any]) -> Any:
        """Make a request with a single answer and give its JSON.

        :raises TypeError: the request is a streaming one.
        """
        result = await self._server.process(_body(type, params), self._context)
        if not isinstance(result, NonStreamingResult):
            raise TypeError(f"{type} answers with a stream; use events() for it.")
        return json.loads(result.json)

    async def events(self, type: str, params: Mapping[str, Any]) -> AsyncIterator[ThreadStreamEvent]:
        """Make a streaming request and give its events, keeping :attr:`thread` current.

        :raises TypeError: the request has a single answer.
        """
        result = await self._server.process(_body(type, params), self._context)
        if not isinstance(result, StreamingResult):
            raise TypeError(f"{type} has a single answer; use request() for it.")
        async for event in _parsed(result):
            self._thread = reduce(self._thread or _unknown(params), event)
            self._thread_id = self._thread.id
            yield event

    @overload
    def last(self) -> ThreadItem: ...
    @overload
    def last(self, kind: type[_Item]) -> _Item: ...
    def last(self, kind: type[Any] = object) -> Any:
        """The newest item of the thread, or the newest of a class such as ``WidgetItem``.

        :raises AssertionError: there is none.
        """
        found = next((item for item in reversed(self.items) if isinstance(item, kind)), None)
        if found is None:
            have = ", ".join(item.type for item in self.items) or "nothing"
            raise AssertionError(f"The thread has no {kind.__name__}; it has {have}.")
        return found

    async def _turn(self, type: str, params: Mapping[str, Any]) -> Turn:
        return Turn([event async for event in self.events(type, params)])

    def _message(
        self,
        text: str,
        attachments: Sequence[str],
        quoted_text: str | None,
        model: str | None,
        tool: str | None,
    ) -> tuple[str, dict[str, Any]]:
        given: dict[str, Any] = {
            "content": [{"type": "input_text", "text": text}],
            "attachments": list(attachments),
            "quoted_text": quoted_text,
            "inference_options": {"model": model, "tool_choice": {"id": tool} if tool else None},
        }
        if self._thread_id is None:
            return "threads.create", {"input": given}
        return "threads.add_user_message", self._in_thread({"input": given})

    def _in_thread(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"thread_id": self._id(), **params}

    def _id(self) -> str:
        if self._thread_id is None:
            raise RuntimeError("There is no thread yet: send() a message, or give thread_id.")
        return self._thread_id


def _body(type: str, params: Mapping[str, Any]) -> bytes:
    return json.dumps({"type": type, "params": params}).encode()


def _unknown(params: Mapping[str, Any]) -> Thread:
    """A thread of which nothing has been seen yet."""
    return Thread(id=str(params.get("thread_id", "")), created_at=utc_now(), items=Page[ThreadItem]())


async def _parsed(result: StreamingResult) -> AsyncIterator[ThreadStreamEvent]:
    async for chunk in result:
        for line in chunk.splitlines():
            if line.startswith(b"data: "):
                yield _EVENT.validate_json(line[len(b"data: ") :])
