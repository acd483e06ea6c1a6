"""AG-UI events in the shape that the bridge to the conversation reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any, Final, cast

from pydantic import BaseModel

from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.output import ModelCall, Output, raw, step
from chatkit._bridge.reading import read_text
from chatkit.logger import logger
from chatkit.widgets import DynamicWidgetRoot

__all__ = ["OnCustom", "translate"]

OnCustom = Callable[[str, Any], Awaitable[None]]
WIDGET_EVENT: Final = "chatkit.widget"


async def translate(
    events: AsyncIterator[Any],
    context: AgentContext[Any],
    client_tools: Collection[str],
    on_custom: OnCustom | None,
) -> AsyncIterator[Any]:
    """Give model events for AG-UI events, which are objects of ``ag-ui-protocol`` or their JSON.

    :raises ModelError: the agent said that the run failed
    """
    run = _Run(context, client_tools, on_custom)
    async for event in events:
        fields = _fields(event)
        kind = read_text(fields, "type")
        pieces = run.pieces.get(kind)
        if pieces is not None:
            for piece in pieces(fields):
                yield piece
        elif kind in run.effects:
            await run.effects[kind](fields)
    for piece in run.finish():
        yield piece


def _fields(event: Any) -> Mapping[str, Any]:
    if isinstance(event, BaseModel):
        return event.model_dump(mode="json", by_alias=True, exclude_none=True)
    return cast("Mapping[str, Any]", event)


class _Run:
    """One run of an agent."""

    def __init__(
        self, context: AgentContext[Any], client_tools: Collection[str], on_custom: OnCustom | None
    ) -> None:
        self._context = context
        self._client_tools = client_tools
        self._on_custom = on_custom
        self._output = Output()
        self._message: str | None = None
        self._call: ModelCall | None = None
        self._open_calls: dict[str, ModelCall] = {}
        self.pieces: dict[str, Callable[[Mapping[str, Any]], Iterator[Any]]] = {
            "TEXT_MESSAGE_START": self._text,
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
        }
        self.effects: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "RUN_ERROR": self._failed,
            "CUSTOM": self._custom,
        }

    def finish(self) -> Iterator[Any]:
        """The run is over: calls of client tools that have no result are the page's."""
        yield from self._call_end({})
        yield from self._output.close()
        for call in self._open_calls.values():
            if call.name in self._client_tools:
                self._context.client_tool_call = ClientToolCall.model_validate(
                    {"name": call.name, "arguments": call.parsed()}
                )

    def _text(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._call_end({})
        message = event.get("messageId")
        if message is not None and message != self._message:
            yield from self._output.close()
            self._message = message
        yield from self._output.text(read_text(event, "delta"))

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
        yield step("tool_output", call_id=call_id, output=read_text(event, "content"))

    def _step_started(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield from self._output.close()
        yield raw("response.output_item.added", item=_step(event))

    def _step_finished(self, event: Mapping[str, Any]) -> Iterator[Any]:
        yield raw("response.output_item.done", item=_step(event))

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
        elif self._on_custom is not None:
            await self._on_custom(name, value)
        else:
            logger.debug("AG-UI event %r is ignored: no on_custom was given", name)


def _step(event: Mapping[str, Any]) -> dict[str, str]:
    name = read_text(event, "stepName")
    return {"type": "agent_step", "id": f"step:{name}", "title": name}
