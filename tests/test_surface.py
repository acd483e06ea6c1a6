"""The public surface: what modules export is what spec/surface says, and holds every name of openai-chatkit 1.6.5."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SURFACE = ROOT / "spec" / "surface"
SHARED = ROOT.parent / "shared" / "reference"
MODULES = sorted(path.name.removesuffix(".txt") for path in SURFACE.glob("*.txt"))
PEER_MODULES = ("actions", "agents", "errors", "icons", "store", "types", "widgets")
# Fields whose requiredness or default differs, and why.
DIFFERENT = {
    ("actions", "Action", "type"): "an action without a type is refused (D35)",
}
TYPING_NAMES = {"Literal", "NotRequired"}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_exports_exactly_what_its_surface_file_lists(name: str) -> None:
    module = importlib.import_module(name)
    listed = (SURFACE / f"{name}.txt").read_text("utf-8").split()
    assert sorted(module.__all__) == listed, f"review the change, then write {name}.txt anew"
    assert all(hasattr(module, exported) for exported in listed)


def test_the_vocabulary_has_a_surface_file_for_each_module() -> None:
    assert {f"chatkit.{name}" for name in PEER_MODULES} <= set(MODULES)


@pytest.mark.skipif(not SHARED.exists(), reason="the list of the original's names is not here")
@pytest.mark.parametrize("name", PEER_MODULES)
def test_every_name_field_and_default_of_the_original_is_there(name: str) -> None:
    api = json.loads((SHARED / "python_api.json").read_text("utf-8"))[name]
    module = importlib.import_module(f"chatkit.{name}")
    names = {*api["classes"], *api["functions"], *api["values"]} - TYPING_NAMES
    assert not {missing for missing in names if not hasattr(module, missing)}
    for class_name, described in api["classes"].items():
        cls = getattr(module, class_name)
        for field, expected in described.get("fields", {}).items():
            if (name, class_name, field) not in DIFFERENT:
                assert _field(cls, field) == _expected(expected), f"{class_name}.{field}"
        for method in described.get("methods", {}):
            assert hasattr(cls, method), f"{class_name}.{method}"


def _expected(described: dict[str, Any]) -> tuple[bool, str | None]:
    if described["required"]:
        return True, None
    default = described["default"]
    return False, default.removeprefix("factory:")


def _field(cls: Any, name: str) -> tuple[bool, str | None]:
    field = cls.model_fields[name]
    if field.is_required():
        return True, None
    return False, repr(field.get_default(call_default_factory=True))
