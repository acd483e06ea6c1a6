"""A turn with a model: it answers, calls tools, gets their results, and goes on until it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol
from uuid import uuid4

from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.output import ModelCall, Output, step
from chatkit._bridge.run import ModelRun, stream_run
from chatkit._telemetry import open_span, span, tell, time_it
from chatkit.types import ThreadStreamEvent

from ._tools import Tool

__all__ = ["Model", "stream_model_response"]

_DEFAULT_CONVERTER: Final = ResponseStreamConverter()


class Model(Protocol):
    """What answers: :class:`ChatCompletions`, :class:`Anthropic`, or a class of your own."""

    def stream(
        self, instructions: str | None, items: Sequence[Any], tools: Sequence[Tool]
    ) -> AsyncIterator[Any]:
        """Give the events of one answer and, last, each function call."""
        ...


def stream_model_response(
    context: AgentContext[Any],
    model: Model,
    input: Sequence[Any],
    *,
    instructions: str | None = None,
    tools: Sequence[Tool] = (),
    converter: ResponseStreamConverter = _DEFAULT_CONVERTER,
    tool_history: bool = True,
    max_calls: int = 10,
) -> AsyncIterator[ThreadStreamEvent]:
    """Have ``model`` answer, running the tools it calls, and give the events of the conversation.

    ``input`` is what :class:`ThreadItemConverter` or ``simple_to_agent_input`` gives. Tools of one answer run at the same
    time. A client tool ends the turn. With ``tool_history`` calls and results are kept in the thread, hidden, so that
    the model knows of them in later turns. Leaving the stream early ends the model call.

    :raises ModelError: the endpoint refused or broke off, or the model called tools more than ``max_calls`` times
    """
    loop = _Loop(context, model, instructions, {tool.name: tool for tool in tools}, max_calls)
    return stream_run(context, ModelRun(loop.events(list(input))), converter, tool_history)


class _Loop:
    """The calls of a model within one turn."""

    def __init__(
        self,
        context: AgentContext[Any],
        model: Model,
        instructions: str | None,
        tools: Mapping[str, Tool],
        max_calls: int,
    ) -> None:
        self._context = context
        self._model = model
        self._instructions = instructions
        self._tools = tools
        self._max_calls = max_calls

    async def events(self, items: list[Any]) -> AsyncIterator[Any]:
        """Everything the model says in this turn, and the steps of its tools."""
        for _ in range(self._max_calls):
            calls: list[ModelCall] = []
            with _answering(self._model):
                async for event in self._model.stream(self._instructions, items, list(self._tools.values())):
                    if isinstance(event, ModelCall):
                        calls.append(event)
                    elif isinstance(event, dict):
                        items.append(event)
                    else:
                        yield event
            if not calls:
                return
            for event in self._announced(calls):
                yield event
            outputs = await self._run(calls)
            for call, output in zip(calls, outputs, strict=True):
                yield step("tool_output", call_id=call.call_id, output=output)
            if self._context._client_tool_calls:  # pyright: ignore[reportPrivateUsage]
                return
            items += [call.item for call in calls]
            items += [
                {"type": "function_call_output", "call_id": call.call_id, "output": output}
                for call, output in zip(calls, outputs, strict=True)
            ]
        raise ModelError(
            f"The model called tools {self._max_calls} times in one turn without an answer.",
            hint="Raise max_calls, or tell the model when to stop.",
        )

    def _announced(self, calls: Sequence[ModelCall]) -> list[Any]:
        """Say which tools are called; a call without an id gets one, for its result to refer to."""
        found: list[Any] = []
        for call in calls:
            call.call_id = call.call_id or f"call_{uuid4().hex}"
            found += Output().call(call)
            found.append(step("tool_called", **call.item))
        return found

    async def _run(self, calls: Sequence[ModelCall]) -> list[str]:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._call(call)) for call in calls]
        return [task.result() for task in running]

    async def _call(self, call: ModelCall) -> str:
        tool = self._tools.get(call.name)
        if tool is None:
            return f"Error: there is no tool {call.name!r}. There are: {', '.join(self._tools) or 'none'}."
        about = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool.name,
            "gen_ai.tool.call.id": call.call_id,
        }
        with span("chatkit.tool", about) as step:
            try:
                return await tool.run(self._context, call.arguments)
            finally:
                tell("chatkit.tool.calls", tool=tool.name)
                time_it("chatkit.tool.duration", step.seconds)


@contextmanager
def _answering(model: Model) -> Generator[None]:
    """Tell of one answer of a model."""
    name = getattr(model, "model", None)
    about = {"gen_ai.operation.name": "chat", "gen_ai.request.model": name if isinstance(name, str) else None}
    step, outcome = open_span("chatkit.model", about, kind="CLIENT"), "left"
    try:
        yield
        outcome = "done"
    except Exception as error:
        outcome = "failed"
        step.fail(error)
        raise
    finally:
        step.end()
        tell("chatkit.model.calls", outcome=outcome)
        time_it("chatkit.model.duration", step.seconds)
