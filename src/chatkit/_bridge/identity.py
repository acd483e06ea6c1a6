"""Ids of items: the model's own where it can be trusted to be unique, the store's otherwise."""

from __future__ import annotations

from typing import Any, Final

from chatkit.store import StoreItemType

from .context import AgentContext

__all__ = ["PLACEHOLDER", "ItemIds"]

PLACEHOLDER: Final = "__fake_id__"
"""What the Agents SDK writes where a model API has no ids."""
_LONG_ENOUGH: Final = 28
"""A shorter id may come back in a later turn, so the thread is asked for it."""


class ItemIds:
    """The ids of one run: which item an id of the model means, and which ids are taken."""

    def __init__(self, context: AgentContext[Any]) -> None:
        self._context = context
        self._taken: set[str] = set()
        self.known: dict[str, str] = {}

    def current(self, upstream: str) -> str:
        """The item that the model means by ``upstream`` now."""
        return self.known.get(upstream, upstream)

    async def claim(self, upstream: str | None, kind: StoreItemType) -> str:
        """An id for a new item, and from now on what ``upstream`` means."""
        item_id = upstream if upstream and await self._free(upstream) else self._context.generate_id(kind)
        self._taken.add(item_id)
        if upstream:
            self.known[upstream] = item_id
        return item_id

    async def _free(self, item_id: str) -> bool:
        if item_id == PLACEHOLDER or item_id in self._taken:
            return False
        if len(item_id) >= _LONG_ENOUGH:
            return True
        context = self._context
        try:
            found: Any = await context.store.load_item(context.thread.id, item_id, context.request_context)
        except Exception:  # stores differ in how they say that an item is not there
            return True
        return found is None
