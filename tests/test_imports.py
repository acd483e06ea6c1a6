"""What importing costs: no heavy package comes with the server."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "agents",
    "openai",
    "starlette",
    "sqlalchemy",
    "asyncpg",
    "aiosqlite",
    "redis",
    "jinja2",
    "jsonschema_rs",
    "httpx",
)


@pytest.mark.behaviour("D84")
@pytest.mark.parametrize("module", ["chatkit.types", "chatkit.widgets", "chatkit.store", "chatkit.server"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_requests_events_and_containers_are_built_when_they_are_first_used() -> None:
    code = """
import chatkit.server
from chatkit import types, widgets
from chatkit.types._late import LateModel
late = [*LateModel.__subclasses__(), *types.BaseReq.__subclasses__(), widgets.Card, widgets.Row, widgets.ListView]
print(*(kind.__name__ for kind in late if kind.__pydantic_complete__ and kind is not types.Page))
card = widgets.Card(children=[widgets.Row(children=[widgets.Text(value="a")])])
assert widgets.Card.__pydantic_complete__ and card.model_dump(exclude_none=True)["children"][0]["type"] == "Row"
assert not widgets.Table.__pydantic_complete__
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
