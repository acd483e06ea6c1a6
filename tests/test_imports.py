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
