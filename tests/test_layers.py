"""Imports go one way: 0 leaves, 1 vocabulary, 2 ports, 3 engine, 4 server and what adapters share, 5 adapters,
6 things people run."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "chatkit"
LAYERS = {
    0: {
        "errors",
        "actions",
        "icons",
        "version",
        "logger",
        "_ids",
        "_time",
        "_extras",
        "_request",
        "_telemetry",
        "_packing",
    },
    1: {"types", "widgets"},
    2: {"store", "streams", "_run_records"},
    3: {"_engine"},
    4: {"server", "_also_server", "_bridge"},
    5: {"agents", "models", "agui", "backends", "asgi", "compiler", "documents"},
    6: {"testing", "studio", "demo", "cli", "settings", "_cli", "__main__"},
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names}
# An adapter that builds on another one, and why.
ALLOWED = {
    ("models", "agents"): "model adapters reuse the agent context and its merge of tool events",
    ("agui", "agents"): "AG-UI events travel through the agent context",
}
ONE_IMPORTER = {
    "jinja2": {"widgets"},
    "starlette": {"asgi", "studio", "demo", "testing"},
    "sqlalchemy": {"backends"},
    "agents": {"agents", "_bridge", "demo"},
    "redis": {"backends"},
    "tree_sitter": {"compiler"},
    "opentelemetry": {"_telemetry"},
    "obstore": {"backends"},
}


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return frozenset(found)


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_static" not in path.parts)


def test_every_part_has_a_layer() -> None:
    parts = {part_of(path) for path in FILES} - {"__init__"}
    assert parts <= set(LAYER_OF), f"say in which layer: {sorted(parts - set(LAYER_OF))}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        return
    for name in imports(path):
        if not name.startswith("chatkit."):
            continue
        other = name.split(".")[1]
        if other == part or (part, other) in ALLOWED:
            continue
        mine, theirs = LAYER_OF[part], LAYER_OF.get(other, 0)
        sideways = mine == theirs and (mine == 5 or (part, other) == ("widgets", "types"))
        assert theirs <= mine, f"{part} (layer {mine}) imports {name} (layer {theirs})"
        assert not sideways, f"{part} imports its neighbour {name}"
        if part == "compiler":
            assert theirs <= 1, f"the compiler stands on the vocabulary alone, not on {name}"


@pytest.mark.parametrize("package", sorted(ONE_IMPORTER))
def test_a_heavy_package_has_one_importer(package: str) -> None:
    importers = {part_of(path) for path in FILES for name in imports(path) if name.split(".")[0] == package}
    assert importers <= ONE_IMPORTER[package]
