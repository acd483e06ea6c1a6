"""Saying to a model's host that a call of the Agents SDK comes from a chat."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chatkit.version import __version__

__all__ = ["agents_sdk_user_agent_override"]

_MODULES = ("agents.models.openai_responses", "agents.models.openai_chatcompletions")
_VARIABLES = ("_HEADERS_OVERRIDE", "HEADERS_OVERRIDE")


@contextmanager
def agents_sdk_user_agent_override() -> Generator[None]:
    """Within the block, model calls of the Agents SDK carry this package's name in their User-Agent.

    Nothing is imported: a part of the SDK that is not loaded, or no longer offers this, is left alone. The server
    itself does not use it; it is undone however the block ends.
    """
    headers = {"User-Agent": f"ChatKit/Python {__version__}"}
    undo = [(variable, variable.set(headers)) for variable in _overrides()]
    try:
        yield
    finally:
        for variable, token in reversed(undo):
            variable.reset(token)


def _overrides() -> list[ContextVar[Any]]:
    found: list[ContextVar[Any]] = []
    for name in _MODULES:
        module = sys.modules.get(name)
        for variable in _VARIABLES:
            override = getattr(module, variable, None)
            if isinstance(override, ContextVar) and override not in found:
                found.append(override)  # pyright: ignore[reportUnknownArgumentType]
    return found
