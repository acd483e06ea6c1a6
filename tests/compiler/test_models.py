"""Pydantic models and schemas from each other's facts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chatkit.compiler import compile_widget, generated_states, infer_schema, python_models
from chatkit.compiler._schema_check import misfits

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "class": {"type": "string"},
                    "kind": {"enum": ["a", "b"]},
                },
                "required": ["id"],
                "additionalProperties": False,
            },
        },
        "selected": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "a-b": {"type": "integer"},
        "note": {"type": "string"},
    },
    "required": ["items", "selected"],
    "additionalProperties": False,
}
VIEW = "<Card>{items.map((item) => <Text key={item.id} value={`${item.class ?? ''}${note ?? ''}${selected}`} />)}</Card>"


def _module(tmp_path: Path, code: str) -> dict[str, Any]:
    path = tmp_path / "list_widget.py"
    path.write_text(code, "utf-8")
    names: dict[str, Any] = {"__file__": str(path), "__name__": "list_widget"}
    sys.modules["list_widget"] = type(sys)("list_widget")
    sys.modules["list_widget"].__dict__.update(names)
    exec(compile(code, str(path), "exec"), sys.modules["list_widget"].__dict__)
    return sys.modules["list_widget"].__dict__


def test_models_take_right_data_refuse_wrong_data_and_build(tmp_path: Path) -> None:
    result = compile_widget(VIEW, SCHEMA, data={"items": [], "selected": None})
    (tmp_path / "list.widget").write_text(result.file().to_text(), "utf-8")
    module = _module(tmp_path, python_models(SCHEMA, "My list", "list.widget"))
    data = module["MyListData"](items=[module["Item"](id="1", class_="c")], selected=None)
    drawn = module["build"](data).model_dump(exclude_none=True)
    assert drawn["children"][0]["value"] == "cnull"
    with pytest.raises(ValidationError):
        module["MyListData"](items=[{"id": 1}], selected=None)
    with pytest.raises(ValidationError):
        module["MyListData"](items=[], selected=None, extra=1)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {
            "type": "object",
            "properties": {"self": {"$ref": "#"}, "def": {"type": "array"}, "_x": {}, "1": {"const": 1}},
        },
        {
            "type": "object",
            "properties": {"m": {"type": "object", "additionalProperties": {"type": "number"}}},
        },
        {
            "type": "object",
            "properties": {"u": {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"a": {}}}]}},
        },
    ],
)
def test_models_of_any_schema_are_python(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert "class" in python_models(schema, "x-1 ü")
    _module(tmp_path, python_models(schema, "x-1 ü"))


def test_a_guessed_schema_fits_its_data() -> None:
    data = {"a": 1, "b": [{"c": "x"}, {"c": "y", "d": None}], "e": [], "f": {"g": True}, "h": [1, "x"]}
    schema = infer_schema(data)
    assert misfits(schema, data) == []
    assert schema["properties"]["b"]["items"]["required"] == ["c"]
    assert misfits(schema, {**data, "a": "1"})[0].path == "a"


@pytest.mark.parametrize("name", sorted(generated_states(SCHEMA)))
def test_made_up_data_fits_the_schema(name: str) -> None:
    assert misfits(SCHEMA, generated_states(SCHEMA)[name]) == []


def test_made_up_data_covers_what_a_user_may_meet() -> None:
    states = generated_states(SCHEMA)
    assert "note" not in states["without optionals"]
    assert states["with nulls"]["selected"] is None
    assert states["empty lists"]["items"] == []
    assert len(json.dumps(states["long text"])) > 1000
