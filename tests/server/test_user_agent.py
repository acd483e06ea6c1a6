"""Naming the chat to a model's host, and taking it back."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from types import ModuleType
from typing import Any

import pytest

from chatkit.server import agents_sdk_user_agent_override

NAME = "agents.models.openai_responses"


@pytest.mark.behaviour("D45")
def test_d45_the_user_agent_is_put_back_also_after_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    headers: ContextVar[Any] = ContextVar("headers", default=None)
    module = ModuleType(NAME)
    module.__dict__["_HEADERS_OVERRIDE"] = headers
    monkeypatch.setitem(sys.modules, NAME, module)

    def fail() -> None:
        with agents_sdk_user_agent_override():
            seen.append(headers.get()["User-Agent"])
            raise RuntimeError("model")

    seen: list[str] = []
    with pytest.raises(RuntimeError):
        fail()
    assert seen[0].startswith("ChatKit/Python ")
    assert headers.get() is None


def test_an_sdk_that_offers_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, NAME, ModuleType(NAME))
    with agents_sdk_user_agent_override():
        pass
