"""A turn with a model as events of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.run import ModelRun, stream_run
from chatkit.types import ThreadStreamEvent

from ._loop import Loop, Model
from ._tools import Tool

__all__ = ["Model", "stream_model_response"]

_DEFAULT_CONVERTER: Final = ResponseStreamConverter()


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

    A call of a tool with ``needs_approval`` is put to the person as a structured input; when it is answered, the next
    call of this function carries out what was approved, tells the model of the rest, and goes on.

    :raises ModelError: the endpoint refused or broke off, or the model called tools more than ``max_calls`` times
    """
    loop = Loop(context, model, instructions, {tool.name: tool for tool in tools}, converter, max_calls)
    run = ModelRun(loop.events(list(input)), paused=loop.paused)
    return stream_run(context, run, converter, tool_history)
