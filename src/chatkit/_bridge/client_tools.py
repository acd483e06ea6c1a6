"""Client tools: which of the model's calls the page is to carry out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chatkit.types import ClientToolCallItem

from .context import ClientToolCall
from .reading import read, read_text
from .turn import Turn

__all__ = ["ClientTools"]


@dataclass(frozen=True)
class _FunctionCall:
    item_id: str | None
    call_id: str
    name: str
    arguments: str

    def fits(self, call: ClientToolCall) -> int:
        """How well this call of the model explains the client tool call."""
        if self.name != call.name:
            return 0
        try:
            return 2 if json.loads(self.arguments or "{}") == call.arguments else 1
        except ValueError:
            return 1


class ClientTools:
    """The function calls of a run, and the client tool calls that tools made of them."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._calls: dict[str, _FunctionCall] = {}

    def remember(self, item: Any) -> None:
        """Note a function call of the model."""
        call_id = read_text(item, "call_id")
        if call_id:
            item_id = read(item, "id")
            name, arguments = read_text(item, "name"), read_text(item, "arguments")
            self._calls[call_id] = _FunctionCall(item_id, call_id, name, arguments)

    async def pending(self) -> list[ClientToolCallItem]:
        """End the turn: one pending item for each client tool call, under the ids of the model's call."""
        made = self._turn.context._client_tool_calls  # pyright: ignore[reportPrivateUsage]
        calls = list(made)
        made.clear()
        return [await self._item(call) for call in calls]

    async def _item(self, call: ClientToolCall) -> ClientToolCallItem:
        origin = self._origin(call)
        ids, context = self._turn.ids, self._turn.context
        item_id = await ids.claim(origin.item_id if origin else None, "tool_call")
        call_id = origin.call_id if origin else context.generate_id("tool_call")
        return ClientToolCallItem(
            **self._turn.base(item_id), call_id=call_id, name=call.name, arguments=call.arguments
        )

    def _origin(self, call: ClientToolCall) -> _FunctionCall | None:
        """The model's call behind it: the one of that name, the best fit of several; else the newest."""
        if not self._calls:
            return None
        best = max(self._calls.values(), key=lambda known: known.fits(call))
        if not best.fits(call):
            best = list(self._calls.values())[-1]
        return self._calls.pop(best.call_id)
