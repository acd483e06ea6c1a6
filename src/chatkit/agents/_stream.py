"""A run of the Agents SDK as events of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final, cast

from openai.types.responses import response_output_text as wire
from pydantic import BaseModel

from agents import InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered, RunResultStreaming
from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.run import ModelRun, stream_run
from chatkit._bridge.watching import Steps
from chatkit.types import ThreadStreamEvent

from ._approvals import paused

__all__ = ["stream_agent_response"]

_DEFAULT_CONVERTER: Final = ResponseStreamConverter()
_GUARDRAILS: Final = (InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered)
_CITATIONS: Final[dict[str, type[BaseModel]]] = {
    "file_citation": wire.AnnotationFileCitation,
    "container_file_citation": wire.AnnotationContainerFileCitation,
    "url_citation": wire.AnnotationURLCitation,
}


def stream_agent_response(
    context: AgentContext[Any],
    result: RunResultStreaming,
    *,
    converter: ResponseStreamConverter = _DEFAULT_CONVERTER,
    tool_history: bool = False,
    approvals: bool = False,
) -> AsyncIterator[ThreadStreamEvent]:
    """Give the events of a run and what tools put on ``context``, in the order of arrival.

    With ``tool_history`` each tool call and its result is kept in the thread, hidden, so that
    :class:`ThreadItemConverter` can show it to the model in later turns.

    With ``approvals`` a run that waits for a person to approve tool calls (``needs_approval`` of a function tool,
    ``require_approval`` of a hosted MCP server) asks in the conversation; :func:`resume_run` goes on with the answer.

    Leaving the stream early, by cancellation or ``aclose()``, ends the model call.

    :raises Exception: whatever the run raises. After a tripped guardrail everything the run produced has been removed.
    """
    run = ModelRun(
        result.stream_events(),
        cancel=getattr(result, "cancel", None),
        retracts=_GUARDRAILS,
        typed_citation=_typed_citation,
        steps=Steps(),
        paused=(lambda: paused(result)) if approvals else None,
    )
    return stream_run(context, run, converter, tool_history)


def _typed_citation(kind: str, citation: Any) -> Any:
    """The citation as the class that converters get: the SDK has like-named classes in two places, and dicts."""
    model = _CITATIONS[kind]
    if isinstance(citation, model):
        return citation
    if isinstance(citation, BaseModel):
        given = citation.model_dump()
    else:
        given = cast("dict[str, Any]", citation if isinstance(citation, dict) else vars(citation))
    return model.model_construct(**{name: given.get(name) for name in model.model_fields})
