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
from chatkit._bridge.reading import read_text
from chatkit._bridge.run import ModelRun, stream_run
from chatkit.types import ThreadStreamEvent

from ._translate import OnCustom, translate

__all__ = ["AGUIAgent", "stream_agui_events", "to_agui_messages"]

_DEFAULT_CONVERTER: Final = ResponseStreamConverter()


def stream_agui_events(
    context: AgentContext[Any],
    events: AsyncIterator[Any],
    *,
    client_tools: Collection[str] = (),
    on_custom: OnCustom | None = None,
    converter: ResponseStreamConverter = _DEFAULT_CONVERTER,
    tool_history: bool = True,
) -> AsyncIterator[ThreadStreamEvent]:
    """Give the events of the conversation for the AG-UI events of an agent.

    ``events`` are objects of ``ag-ui-protocol`` or their JSON: from :meth:`AGUIAgent.run`, or from a framework in this
    process (Pydantic AI, LangGraph, ADK, CrewAI …). Text, reasoning and steps show; calls of the tools named in
    ``client_tools`` that have no result when the run ends are the page's. A ``CUSTOM`` event ``chatkit.widget`` with
    ``{"widget": …, "copy_text": …}`` shows a widget; other custom events go to ``on_custom(name, value)``.

    :raises ModelError: the run failed, or the connection to the agent did
    """
    source = translate(events, context, client_tools, on_custom)
    return stream_run(context, ModelRun(source), converter, tool_history)


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
    ) -> AsyncIterator[dict[str, Any]]:
        """Start a run and give its events.

        ``messages`` are what :func:`to_agui_messages` gives; ``tools`` those the page can carry out, each with
        ``name``, ``description`` and ``parameters``.

        :raises ModelError: the agent refused or broke off
        """
        body = {
            "threadId": thread_id,
            "runId": f"run_{uuid4().hex}",
            "state": {} if state is None else state,
            "messages": list(messages),
            "tools": list(tools),
            "context": [],
            "forwardedProps": dict(forwarded_props or {}),
        }
        return stream_json(self.client, self.url, {"Accept": "text/event-stream", **self.headers}, body)


def to_agui_messages(items: Sequence[Any]) -> list[dict[str, Any]]:
    """AG-UI messages for model input, which ``simple_to_agent_input`` and :class:`ThreadItemConverter` give."""
    return [_message(index, item) for index, item in enumerate(items)]


def _message(index: int, item: Mapping[str, Any]) -> dict[str, Any]:
    kind = item.get("type", "message")
    message_id = read_text(item, "id") or f"m{index}"
    if kind == "function_call":
        function = {"name": item["name"], "arguments": item["arguments"]}
        call = {"id": item["call_id"], "type": "function", "function": function}
        return {"id": message_id, "role": "assistant", "toolCalls": [call]}
    if kind == "function_call_output":
        return {
            "id": message_id,
            "role": "tool",
            "toolCallId": item["call_id"],
            "content": _plain(item["output"]),
        }
    return {"id": message_id, "role": item.get("role", "user"), "content": _plain(item["content"])}


def _plain(content: Any) -> str:
    return content if isinstance(content, str) else "".join(read_text(part, "text") for part in content)
