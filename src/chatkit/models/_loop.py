"""The calls of a model within one turn: it answers, its tools run, and it goes on with their results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol
from uuid import uuid4

from chatkit._bridge.approvals import Paused, decided
from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.output import ModelCall, Output, step
from chatkit._bridge.reading import read, read_list, read_text
from chatkit._telemetry import open_span, span, tell, time_it

from ._cut import Cut
from ._tools import Tool

__all__ = ["Loop", "Model"]

_KIND: Final = "models"
_DENIED: Final = "The user did not allow this call. It was not carried out."
_WAITS: Final = (
    "Not carried out: another call waits for the user's approval. Call it again if it is still needed."
)


class Model(Protocol):
    """What answers: :class:`ChatCompletions`, :class:`Anthropic`, or a class of your own."""

    def stream(
        self, instructions: str | None, items: Sequence[Any], tools: Sequence[Tool]
    ) -> AsyncIterator[Any]:
        """Give the events of one answer and, last, each function call."""
        ...


class Loop:
    """The calls of a model within one turn."""

    def __init__(
        self,
        context: AgentContext[Any],
        model: Model,
        instructions: str | None,
        tools: Mapping[str, Tool],
        converter: ResponseStreamConverter,
        max_calls: int,
    ) -> None:
        self._context = context
        self._model = model
        self._instructions = instructions
        self._tools = tools
        self._converter = converter
        self._max_calls = max_calls
        self._said: list[Any] = []
        self._waiting: list[ModelCall] = []
        self._outputs: dict[str, str] = {}

    async def events(self, given: list[Any]) -> AsyncIterator[Any]:
        """Everything the model says in this turn, and the steps of its tools."""
        for event in await self._resume():
            yield event
        if self._ends_turn:
            return
        known = {read_text(item, "call_id") for item in self._said} - {""}
        given = [item for item in given if read_text(item, "call_id") not in known]
        for _ in range(self._max_calls):
            calls: list[ModelCall] = []
            async for event in self._answer(given, calls):
                yield event
            if not calls:
                return
            for event in self._announced(calls):
                yield event
            outputs = await self._run(calls)
            for call_id, output in outputs.items():
                yield step("tool_output", call_id=call_id, output=output)
            self._outputs |= outputs
            if self._ends_turn:
                return
            self._take_results()
        raise ModelError(
            f"The model called tools {self._max_calls} times in one turn without an answer.",
            hint="Raise max_calls, or tell the model when to stop.",
        )

    def paused(self) -> Paused | None:
        """What the turn waits for: calls that a person must approve."""
        if not self._waiting:
            return None
        state = {"said": self._said, "outputs": self._outputs}
        return Paused(_KIND, [call.item for call in self._waiting], state)

    @property
    def _ends_turn(self) -> bool:
        """Whether something must happen first that only the person or the page can do."""
        return bool(self._waiting or self._context._client_tool_calls)  # pyright: ignore[reportPrivateUsage]

    async def _resume(self) -> list[Any]:
        """Carry out what a person has approved since, if this turn goes on with a paused one; gives the steps of it."""
        answer = await decided(self._context, _KIND)
        if answer is None:
            return []
        self._said, self._outputs = list(answer.state["said"]), dict(answer.state["outputs"])
        waited = [item for item in self._said if _is_open(item, self._outputs)]
        calls = [ModelCall(item["call_id"], item["name"], item["arguments"]) for item in waited]
        approved = [call for call in calls if answer.approved.get(call.call_id, False)]
        outputs = {call.call_id: _DENIED for call in calls if call not in approved}
        outputs |= await self._run_now(approved)
        self._outputs |= outputs
        if not self._ends_turn:
            self._take_results()
        called = [step("tool_called", **item) for item in waited]
        return [*called, *(step("tool_output", call_id=i, output=output) for i, output in outputs.items())]

    async def _answer(self, given: list[Any], calls: list[ModelCall]) -> AsyncIterator[Any]:
        """One answer of the model: its events; what it says and calls is remembered for its next one."""
        kept: list[Any] = []
        texts: list[Any] = []
        cut: Cut | None = None
        tools = list(self._tools.values())
        with _answering(self._model):
            async for event in self._model.stream(self._instructions, [*given, *self._said], tools):
                if isinstance(event, ModelCall):
                    calls.append(event)
                elif isinstance(event, dict):
                    kept.append(event)
                elif isinstance(event, Cut):
                    cut = event
                else:
                    texts += _message_of(event)
                    yield event
        used = {read_text(item, "call_id") for item in (*given, *self._said)}
        for call in calls:
            if not call.call_id or call.call_id in used:  # some endpoints count from 0 in every answer
                call.call_id = f"call_{uuid4().hex}"
            used.add(call.call_id)
        self._said += [*kept, *texts, *(call.item for call in calls)]
        notice = self._converter.cut_off_to_notice(cut.reason) if cut is not None and not calls else None
        if notice is not None:
            await self._context.stream(notice)

    def _take_results(self) -> None:
        """The results of all calls go to the model after its calls."""
        known = {read_text(i, "call_id") for i in self._said if i.get("type") == "function_call_output"}
        self._said += [
            {"type": "function_call_output", "call_id": call_id, "output": output}
            for call_id, output in self._outputs.items()
            if call_id not in known
        ]

    def _announced(self, calls: Sequence[ModelCall]) -> list[Any]:
        """Say which tools are called."""
        found: list[Any] = []
        for call in calls:
            found += Output().call(call)
            found.append(step("tool_called", **call.item))
        return found

    async def _run(self, calls: Sequence[ModelCall]) -> dict[str, str]:
        """The results of the calls that need nobody's approval; the others wait."""
        self._waiting = [call for call in calls if self._needs_approval(call)]
        others = [call for call in calls if call not in self._waiting]
        outputs: dict[str, str] = {}
        if self._waiting:
            page = [call for call in others if call.name in self._tools and self._tools[call.name].client]
            outputs = {call.call_id: _WAITS for call in page}
            others = [call for call in others if call not in page]
        return outputs | await self._run_now(others)

    def _needs_approval(self, call: ModelCall) -> bool:
        tool = self._tools.get(call.name)
        if tool is None:
            return False
        needs = tool.needs_approval
        return needs if isinstance(needs, bool) else needs(call.parsed())

    async def _run_now(self, calls: Sequence[ModelCall]) -> dict[str, str]:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._call(call)) for call in calls]
        return {call.call_id: task.result() for call, task in zip(calls, running, strict=True)}

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


def _is_open(item: Any, outputs: Mapping[str, str]) -> bool:
    return item.get("type") == "function_call" and item["call_id"] not in outputs


def _message_of(event: Any) -> list[Any]:
    """The message that is complete with an event, as the model gets it again."""
    data = read(event, "data")
    item = read(data, "item")
    if read_text(data, "type") != "response.output_item.done" or read_text(item, "type") != "message":
        return []
    text = "".join(read_text(part, "text") for part in read_list(item, "content"))
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
    return [{"type": "message", "role": "assistant", "content": [part]}] if text.strip() else []


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
