"""Tool calls and their results, kept in the thread for the model's later turns."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from chatkit.types import SDKHiddenContextItem, ThreadItemDoneEvent, ThreadStreamEvent

from .reading import read, read_text
from .turn import Turn

__all__ = ["ToolHistory", "from_hidden", "to_hidden"]

_KEY = "tool_call"


def to_hidden(call_id: str, name: str, arguments: str, output: str) -> str:
    """A call and its result as the content of a hidden item."""
    return json.dumps({_KEY: {"call_id": call_id, "name": name, "arguments": arguments, "output": output}})


def from_hidden(content: str) -> dict[str, str] | None:
    """The call in a hidden item, or None when it holds something else."""
    if not content.startswith(f'{{"{_KEY}"'):
        return None
    try:
        call = json.loads(content)[_KEY]
        return {name: str(call[name]) for name in ("call_id", "name", "arguments", "output")}
    except (ValueError, KeyError, TypeError):
        return None


class ToolHistory:
    """Pairs the calls of a run with their results."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._calls: dict[str, tuple[str, str]] = {}
        self._results: dict[str, str] = {}

    def record(self, name: str, item: Any) -> None:
        """Take a step of the run: a call, or its result."""
        call_id = read_text(item, "call_id")
        if name == "tool_called" and call_id:
            self._calls[call_id] = (read_text(item, "name"), read_text(item, "arguments"))
        if name == "tool_output" and call_id in self._calls:
            tool, arguments = self._calls.pop(call_id)
            self._results[call_id] = to_hidden(call_id, tool, arguments, _as_text(read(item, "output")))

    def flush(self, client_calls: Collection[str] = ()) -> list[ThreadStreamEvent]:
        """The hidden items for what is complete, but for calls that the page carries out: those have items of their own."""
        results, self._results = self._results, {}
        return [self._keep(content) for call_id, content in results.items() if call_id not in client_calls]

    def _keep(self, content: str) -> ThreadStreamEvent:
        item_id = self._turn.context.generate_id("sdk_hidden_context")
        return ThreadItemDoneEvent(item=SDKHiddenContextItem(**self._turn.base(item_id), content=content))


def _as_text(output: Any) -> str:
    if isinstance(output, str):
        return output
    return json.dumps(
        output, default=lambda value: value.model_dump() if isinstance(value, BaseModel) else str(value)
    )
