"""How much a value holds, looked at before something is made of all of it."""

from __future__ import annotations

from collections.abc import Collection, ItemsView, KeysView, ValuesView
from typing import Any, cast

_LISTS: tuple[type[Any], ...] = (list, tuple, set, frozenset, range, KeysView, ValuesView, ItemsView)


def weight(value: Any, most: int) -> int:
    """Characters and entries within; beyond ``most`` counting stops.

    A part that stands in several places counts each time: whatever walks the value goes through it each time.
    """
    if isinstance(value, str):
        return len(value) + 1
    if not isinstance(value, (dict, *_LISTS)):
        return 1
    total = 0
    todo: list[Any] = [value]
    while todo and total <= most:
        one = todo.pop()
        if isinstance(one, str):
            total += len(one) + 1
        elif isinstance(one, dict):
            known = cast("dict[Any, Any]", one)
            total += 2 * len(known) + 1
            if total <= most:
                todo.extend(known)
                todo.extend(known.values())
        elif isinstance(one, _LISTS):
            entries = cast("Collection[Any]", one)
            total += len(entries) + 1
            if total <= most:
                todo.extend(entries)
        else:
            total += 1
    return total
