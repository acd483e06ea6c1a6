"""AG-UI agents in the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx

from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.http import stream_json
from chatkit._bridge.run import ModelRun, stream_run
from chatkit.types import ThreadMetadata, ThreadStreamEvent

from ._interrupts import paused_at
from ._translate import STATE, Hooks, OnActivity, OnCustom, OnState, Run

__all__ = ["AGUIAgent", "agui_state", "stream_agui_events"]

_DEFAULT_CONVERTER: Final = ResponseStreamConverter()


def stream_agui_events(
    context: AgentContext[Any],
    events: AsyncIterator[Any],
    *,
    client_tools: Collection[str] = (),
    on_custom: OnCustom | None = None,
    on_state: OnState | None = None,
    on_activity: OnActivity | None = None,
    approvals: bool = False,
    converter: ResponseStreamConverter = _DEFAULT_CONVERTER,
    tool_history: bool = True,
) -> AsyncIterator[ThreadStreamEvent]:
    """Give the events of the conversation for the AG-UI events of an agent.

    ``events`` are objects of ``ag-ui-protocol`` or their JSON: from :meth:`AGUIAgent.run`, or from a framework in this
    process (Pydantic AI, LangGraph, ADK, CrewAI …). Text, reasoning and steps show; calls of the tools named in
    ``client_tools`` that have no result when the run ends are the page's. A ``CUSTOM`` event ``chatkit.widget`` with
    ``{"widget": …, "copy_text": …}`` shows a widget; other custom events go to ``on_custom(name, value)``.

    The agent's state, from snapshots and deltas, is kept with the thread: give :func:`agui_state` to the next run.
    ``on_state(state)`` is called after each change, ``on_activity(id, type, content)`` after each change of an activity.

    With ``approvals`` a run that is interrupted asks in the conversation; :func:`resume_agui` gives the answer's
    ``resume`` for the next run.

    :raises ModelError: the run failed, or the connection to the agent did
    """
    run = Run(context, client_tools, Hooks(on_custom, on_state, on_activity))
    paused = (lambda: paused_at(run.interrupts)) if approvals else None
    return stream_run(context, ModelRun(run.translate(events), paused=paused), converter, tool_history)


def agui_state(thread: ThreadMetadata) -> Any:
    """The state that the agent had at the end of its last run in the thread; None before the first."""
    return thread.metadata.get(STATE)


@dataclass(frozen=True)
class AGUIAgent:
    """An agent that another process serves over AG-UI.

    :param url: where runs are posted
    :param client: an httpx client to use instead of one for each run
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    client: httpx.AsyncClient | None = None

    def run(
        self,
        thread_id: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        state: Any = None,
        forwarded_props: Mapping[str, Any] | None = None,
        resume: Sequence[Mapping[str, Any]] | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Start a run and give its events.

        ``messages`` are what :func:`to_agui_messages` gives; ``tools`` those the page can carry out, each with
        ``name``, ``description`` and ``parameters``; ``resume`` what :func:`resume_agui` gives.

        :raises ModelError: the agent refused or broke off
        """
        body: dict[str, Any] = {
            "threadId": thread_id,
            "runId": f"run_{uuid4().hex}",
            "state": {} if state is None else state,
            "messages": list(messages),
            "tools": list(tools),
            "context": [],
            "forwardedProps": dict(forwarded_props or {}),
        }
        if resume is not None:
            body["resume"] = list(resume)
        return stream_json(self.client, self.url, {"Accept": "text/event-stream", **self.headers}, body)
