"""Runs of the Agents SDK that wait for a person to approve tool calls."""

from __future__ import annotations

from typing import Any, Final

import agents
from agents import Agent, RunContextWrapper, Runner, RunResultStreaming
from chatkit._bridge.approvals import Paused, call_id_of, decided
from chatkit._bridge.context import AgentContext

__all__ = ["paused", "resume_run"]

_KIND: Final = "agents"


def paused(result: RunResultStreaming) -> Paused | None:
    """What a run waits for; None when it is complete."""
    waiting = list(getattr(result, "interruptions", ()))
    if not waiting:
        return None
    state = result.to_state().to_json(context_serializer=_nothing)
    return Paused(_KIND, [item.raw_item for item in waiting], state)


def _nothing(context: Any) -> dict[str, Any]:
    """A run's context holds the app's own objects; whoever resumes it brings them along."""
    return {}


async def resume_run(
    context: AgentContext[Any], agent: Agent[Any], **options: Any
) -> RunResultStreaming | None:
    """Go on with the run that the answer of a person was waited for; None when there is none, so that a new one begins.

    Call it first in ``respond``::

        result = await resume_run(context, agent)
        if result is None:
            result = Runner.run_streamed(agent, await simple_to_agent_input(items), context=context)
        async for event in stream_agent_response(context, result, approvals=True):
            yield event

    Calls that were not approved are denied, and the model is told. ``options`` go to ``Runner.run_streamed``.
    A run is resumed at most once. Needs openai-agents 0.8 or newer.
    """
    answer = await decided(context, _KIND)
    if answer is None:
        return None
    wrapper: RunContextWrapper[Any] = RunContextWrapper(context)
    state = await agents.RunState.from_json(agent, answer.state, context_override=wrapper)
    for item in state.get_interruptions():
        context._resumed_calls.append(item.raw_item)  # pyright: ignore[reportPrivateUsage]
        if answer.approved.get(call_id_of(item.raw_item), False):
            state.approve(item)
        else:
            state.reject(item)
    # Given again, the context would replace the one that holds the decisions, before 0.20.
    return Runner.run_streamed(agent, state, **options)
