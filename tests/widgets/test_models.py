"""Widget models: they keep what they are given, and write it without loss."""

from __future__ import annotations

import json
import pickle
import warnings
from typing import Any

import pytest
from pydantic import TypeAdapter

import chatkit.widgets
from chatkit.types import WidgetItem
from chatkit.widgets import (
    Button,
    Card,
    DynamicWidgetComponent,
    DynamicWidgetRoot,
    ListView,
    Table,
    Text,
    WidgetComponentBase,
    WidgetRoot,
)
from chatkit.widgets.definitions import COMPONENTS

ROOT: TypeAdapter[Any] = TypeAdapter(WidgetRoot)


@pytest.mark.behaviour("D11")
def test_d11_null_stays_in_payloads_and_list_positions() -> None:
    payload = {"a": None, "list": [1, None, 3]}
    widget = {
        "type": "Card",
        "children": [{"type": "Button", "onClickAction": {"type": "x", "payload": payload}}],
    }
    for root in (Card.model_validate(widget), DynamicWidgetRoot.model_validate(widget)):
        button = json.loads(root.model_dump_json())["children"][0]
        assert button["onClickAction"]["payload"] == payload


@pytest.mark.behaviour("D12")
def test_d12_a_stored_widget_reloads_with_every_property() -> None:
    widget = {
        "type": "Card",
        "border": {"size": 1, "glow": True},
        "padding": 4,
        "novel": [1, None, {"a": 1.5}],
        "children": [
            {"type": "Text", "value": "x", "width": 3, "tint": "blue"},
            {"type": "Gauge", "level": 3},
        ],
    }
    item = {
        "id": "i",
        "thread_id": "t",
        "created_at": "2026-01-01T00:00:00Z",
        "type": "widget",
        "widget": widget,
    }
    stored = WidgetItem.model_validate_json(json.dumps(item)).model_dump_json()
    again = json.loads(WidgetItem.model_validate_json(stored).model_dump_json(exclude_none=True))["widget"]
    assert again == widget
    assert [type(again["padding"]), type(again["children"][0]["width"])] == [int, int]


@pytest.mark.behaviour("D13")
def test_d13_tables_and_lists_in_cards_have_their_classes() -> None:
    table = Table(children=[Table.Row(header=True, children=[Table.Cell(children=[Text(value="x")])])])
    root = ROOT.validate_python(Card(children=[table, ListView(children=[])]).model_dump())
    assert type(root) is Card
    assert [type(child) for child in root.children] == [Table, ListView]
    assert type(root.children[0].children[0]) is Table.Row  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportOptionalMemberAccess]


@pytest.mark.behaviour("D15")
def test_d15_named_classes_do_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Card(children=[Text(value="x"), Button(label="y")])


def test_known_components_load_as_their_class_and_others_as_dynamic() -> None:
    root = ROOT.validate_python(
        {"type": "Card", "children": [{"type": "Text", "value": "x"}, {"type": "New"}]}
    )
    assert [type(child) for child in root.children] == [Text, DynamicWidgetComponent]


def test_models_copy_pickle_and_compare() -> None:
    root = Card(children=[Text(value="x")], size="sm")
    assert pickle.loads(pickle.dumps(root)) == root
    assert root.model_copy(deep=True) == root
    assert root.model_copy(update={"size": "lg"}) != root


def test_a_subclass_with_its_own_fields_is_written_whole() -> None:
    class Wide(Card):
        lanes: int = 2

    assert Wide(children=[Text(value="x")]).model_dump() == {
        "type": "Card",
        "children": [{"type": "Text", "value": "x"}],
        "lanes": 2,
    }


def test_every_component_class_has_its_definition_and_the_other_way_round() -> None:
    classes = {
        cls.model_fields["type"].default: cls
        for cls in vars(chatkit.widgets).values()
        if isinstance(cls, type) and issubclass(cls, WidgetComponentBase) and "type" in cls.model_fields
        if isinstance(cls.model_fields["type"].default, str)
    }
    assert set(classes) == set(COMPONENTS)
    for name, component in COMPONENTS.items():
        assert component.doc.endswith("."), name
        assert all(prop.doc.endswith(".") for prop in component.props.values()), name
        if name != "Basic":
            assert set(component.props) == set(classes[name].model_fields) - {"type", "children"}
