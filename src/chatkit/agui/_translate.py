"""AG-UI events in the shape that the bridge to the conversation reads."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel

from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.output import ModelCall, Output, raw, step
from chatkit._bridge.reading import read_text
from chatkit.logger import logger
from chatkit.widgets import DynamicWidgetRoot

from ._json_patch import PatchError, patched
from ._messages import new_answers, plain

__all__ = ["Hooks", "OnActivity", "OnCustom", "OnState", "Run"]

OnCustom = Callable[[str, Any], Awaitable[None]]
"""Takes the name and the value of a custom event."""
OnState = Callable[[Any], Awaitable[None]]
"""Takes the agent's state after each change."""
OnActivity = Callable[[str, str, Any], Awaitable[None]]
"""Takes an activity after each change: its id, its type, and its content."""
WIDGET_EVENT: Final = "chatkit.widget"
STATE: Final = "chatkit.agui.state"
"""Key in a thread's metadata that holds the agent's state between runs."""


@dataclass(frozen=True)
class Hooks:
    """What an app does with what has no form of its own in a conversation."""

    custom: OnCustom | None = None
    state: OnState | None = None
    activity: OnActivity | None = None


def _fields(event: Any) -> Mapping[str, Any]:
    if isinstance(event, BaseModel):
        return event.model_dump(mode="json", by_alias=True, exclude_none=True)
    return cast("Mapping[str, Any]", event)


class Run:
    """One run of an agent: its AG-UI events as model events."""

    def __init__(self, context: AgentContext[Any], client_tools: Collection[str], hooks: Hooks) -> None:
        self._context = context
        self._client_tools = client_tools
        self._hooks = hooks
        self._state: Any = copy.deepcopy(context.thread.metadata.get(STATE))
        self._activities: dict[str, Any] = {}
        self._subagents: dict[str, str] = {}
        self._foreign: set[str] = set()
        self._streamed: set[str] = set()
        self._said: list[str] = [""]
        self.interrupts: list[Mapping[str, Any]] = []
        """What the run waits for, once it has ended."""
        self._output = Output()
        self._message: str | None = None
        self._call: ModelCall | None = None
        self._open_calls: dict[str, ModelCall] = {}
        self.pieces: dict[str, Callable[[Mapping[str, Any]], Iterator[Any]]] = {
            "TEXT_MESSAGE_START": self._text_start,
            "TEXT_MESSAGE_CONTENT": self._text,
            "TEXT_MESSAGE_CHUNK": self._text,
            "TEXT_MESSAGE_END": self._close,
            "REASONING_MESSAGE_CONTENT": self._thought,
            "REASONING_MESSAGE_CHUNK": self._thought,
            "REASONING_MESSAGE_END": self._close,
            "THINKING_TEXT_MESSAGE_CONTENT": self._thought,
            "THINKING_TEXT_MESSAGE_END": self._close,
            "TOOL_CALL_START": self._call_start,
            "TOOL_CALL_ARGS": self._call_arguments,
            "TOOL_CALL_CHUNK": self._call_chunk,
            "TOOL_CALL_END": self._call_end,
            "TOOL_CALL_RESULT": self._call_result,
            "STEP_STARTED": self._step_started,
            "STEP_FINISHED": self._step_finished,
            "MESSAGES_SNAPSHOT": self._messages,
            "SUBAGENT_STARTED": self._subagent_started,
            "SUBAGENT_FINISHED": self._subagent_finished,
            "SUBAGENT_ERROR": self._subagent_failed,
        }
        self.effects: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "RUN_ERROR": self._failed,
            "CUSTOM": self._custom,
            "STATE_SNAPSHOT": self._state_snapshot,
            "STATE_DELTA": self._state_delta,
            "ACTIVITY_SNAPSHOT": self._activity_snapshot,
            "ACTIVITY_DELTA": self._activity_delta,
            "RUN_FINISHED": self._finished,
        }

    async def translate(self, events: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Give model events for AG-UI events, which are objects of ``ag-ui-protocol`` or their JSON.

        :raises ModelError: the agent said that the run failed
        """
        async for event in events:
            fields = _fields(event)
            kind = read_text(fields, "type")
            pieces = self.pieces.get(kind)
            if pieces is not None:
                for piece in pieces(fields):
                    yield piece
            elif kind in self.effects:
                await self.effects[kind](fields)
        for piece in self.finish():
            yield piece

    def finish(self) -> Iterator[Any]:
        """The run is over: calls of client tools that have no result are the page's, and the state is kept."""
        yield from self._call_end({})
        if self._context.thread.metadata.get(STATE) != self._state:
            self._context.thread.metadata[STATE] = self._state
        yield from self._output.close()
        for call in self._open_calls.values():
            if call.name in self._client_tools:
                self._context.client_tool_call = ClientToolCall.model_validate(
                    {"name": call.name, "arguments": call.parsed()}
                )

    def _text_start(self, event: Mapping[str, Any]) -> Iterator[Any]:
        if event.get("role", "assistant") != "assistant":
            self._foreign.add(read_text(event, "messageId"))
        yield from self._text(event)

    def _text(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._call_end({})
        message = event.get("messageId")
        if message in self._foreign:
            return
        if message is not None and message != self._message:
            yield from self._output.close()
            self._message = message
            self._streamed.add(str(message))
            self._said.append("")
        delta = read_text(event, "delta")
        self._said[-1] += delta
        yield from self._output.text(delta)

    def _messages(self, event: Mapping[str, Any]) -> Iterator[Any]:
        """A snapshot of all messages: answers to the newest question that were not streamed show now."""
        yield from self._call_end({})
        for message in new_answers(event.get("messages") or []):
            text = plain(message.get("content"))
            if message.get("id") in self._streamed or text in self._said:
                continue
            self._streamed.add(read_text(message, "id"))
            self._said.append(text)
            yield from self._output.close()
            yield from self._output.text(text)

    def _thought(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._output.thought(read_text(event, "delta"))

    def _close(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._output.close()

    def _call_start(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._call_end({})
        yield from self._output.close()
        self._call = ModelCall(read_text(event, "toolCallId"), read_text(event, "toolCallName"), "")

    def _call_arguments(self, event: Mapping[str, Any]) -> Iterator[Any]:
        if self._call is not None:
            self._call.arguments += read_text(event, "delta")
        yield from ()

    def _call_chunk(self, event: Mapping[str, Any]) -> Iterator[Any]:
        call_id = event.get("toolCallId")
        if self._call is None or call_id not in (None, self._call.call_id):
            yield from self._call_start(event)
        yield from self._call_arguments(event)

    def _call_end(self, event: Mapping[str, Any]) -> Iterator[Any]:
        call, self._call = self._call, None
        if call is not None:
            self._open_calls[call.call_id] = call
            yield from self._output.call(call)
            yield step("tool_called", **call.item)

    def _call_result(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._call_end({})
        call_id = read_text(event, "toolCallId")
        self._open_calls.pop(call_id, None)
        yield step("tool_output", call_id=call_id, output=plain(event.get("content")))

    def _step_started(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._output.close()
        yield raw("response.output_item.added", item=_step(event))

    def _step_finished(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield raw("response.output_item.done", item=_step(event))

    def _subagent_started(self, event: Mapping[str, Any]) -> Iterator[Any]:
        self._subagents[read_text(event, "subagentRunId")] = read_text(event, "name")
        yield from self._output.close()
        yield raw("response.output_item.added", item=self._subagent(event))

    def _subagent_finished(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield raw("response.output_item.done", item=self._subagent(event))

    def _subagent_failed(self, event: Mapping[str, Any]) -> Iterator[Any]:
        logger.warning("A subagent of an AG-UI agent failed: %s", read_text(event, "message"))
        yield raw("response.output_item.done", item=self._subagent(event, " failed"))

    def _subagent(self, event: Mapping[str, Any], more: str = "") -> dict[str, str]:
        run_id = read_text(event, "subagentRunId")
        title = f"{self._subagents.get(run_id, 'Subagent')}{more}"
        return {"type": "agent_step", "id": f"subagent:{run_id}", "title": title}

    async def _state_snapshot(self, event: Mapping[str, Any]) -> None:
        await self._set_state(event.get("snapshot"))

    async def _state_delta(self, event: Mapping[str, Any]) -> None:
        try:
            await self._set_state(patched(self._state, event.get("delta") or []))
        except PatchError as error:
            logger.warning("A change of an AG-UI agent's state does not fit and is left out: %s", error)

    async def _set_state(self, state: Any) -> None:
        self._state = state
        if self._hooks.state is not None:
            await self._hooks.state(state)

    async def _activity_snapshot(self, event: Mapping[str, Any]) -> None:
        known = read_text(event, "messageId") in self._activities
        if not known or event.get("replace", True):
            await self._set_activity(event, event.get("content"))

    async def _activity_delta(self, event: Mapping[str, Any]) -> None:
        content = self._activities.get(read_text(event, "messageId"), {})
        try:
            await self._set_activity(event, patched(content, event.get("patch") or []))
        except PatchError as error:
            logger.warning("A change of an AG-UI agent's activity does not fit and is left out: %s", error)

    async def _set_activity(self, event: Mapping[str, Any], content: Any) -> None:
        activity_id = read_text(event, "messageId")
        self._activities[activity_id] = content
        if self._hooks.activity is not None:
            await self._hooks.activity(activity_id, read_text(event, "activityType"), content)

    async def _finished(self, event: Mapping[str, Any]) -> None:
        outcome = cast("Mapping[str, Any]", event.get("outcome") or {})
        if outcome.get("type") == "interrupt":
            self.interrupts = list(outcome.get("interrupts") or ())

    async def _failed(self, event: Mapping[str, Any]) -> None:
        code = read_text(event, "code")
        raise ModelError(
            f"The agent's run failed: {read_text(event, 'message')}{f' ({code})' if code else ''}"
        )

    async def _custom(self, event: Mapping[str, Any]) -> None:
        name, value = read_text(event, "name"), event.get("value")
        if name == WIDGET_EVENT and isinstance(value, Mapping):
            shown = cast("Mapping[str, Any]", value)
            widget = DynamicWidgetRoot.model_validate(shown.get("widget"))
            await self._context.stream_widget(widget, shown.get("copy_text"))
        elif self._hooks.custom is not None:
            await self._hooks.custom(name, value)
        else:
            logger.debug("AG-UI event %r is ignored: no on_custom was given", name)


def _step(event: Mapping[str, Any]) -> dict[str, str]:
    name = read_text(event, "stepName")
    return {"type": "agent_step", "id": f"step:{name}", "title": name}
