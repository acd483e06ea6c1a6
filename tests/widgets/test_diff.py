"""diff_widget sends the least a client needs, wherever a component nests."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit.types import WidgetComponentUpdated, WidgetRootUpdated, diff_widget, wire_json
from chatkit.widgets import Card, DynamicWidgetRoot, Text, Transition


def card(*children: dict[str, Any], **props: Any) -> DynamicWidgetRoot:
    return DynamicWidgetRoot.model_validate({"type": "Card", "children": list(children), **props})


def text(value: str, component_id: str | None = "a", **props: Any) -> dict[str, Any]:
    return {"type": "Text", "value": value, **({"id": component_id} if component_id else {}), **props}


def delta(component_id: str, more: str, *, done: bool = True) -> dict[str, Any]:
    return {
        "type": "widget.streaming_text.value_delta",
        "component_id": component_id,
        "delta": more,
        "done": done,
    }


def dumped(before: Any, after: Any) -> list[dict[str, Any]]:
    return [update.model_dump() for update in diff_widget(before, after)]


def test_equal_states_need_nothing() -> None:
    assert diff_widget(card(text("x")), card(text("x"))) == []


def test_appended_text_is_a_delta_and_says_whether_more_comes() -> None:
    assert dumped(card(text("x")), card(text("xy"))) == [delta("a", "y")]
    streaming = card(text("xy", streaming=True))
    assert dumped(card(text("x", streaming=True)), streaming) == [delta("a", "y", done=False)]


@pytest.mark.behaviour("D06")
def test_d06_text_without_an_id_is_not_lost() -> None:
    (update,) = diff_widget(card(text("x", None)), card(text("xy", None)))
    assert isinstance(update, WidgetRootUpdated)


@pytest.mark.behaviour("D07")
def test_d07_text_is_found_below_a_transition_and_a_single_child() -> None:
    before = Card(children=[Transition(children=Text(id="a", value="x"))])
    after = Card(children=[Transition(children=Text(id="a", value="xy"))])
    assert dumped(before, after) == [delta("a", "y")]
    single = [
        DynamicWidgetRoot.model_validate({"type": "Card", "children": text(value)}) for value in ("x", "xy")
    ]
    assert dumped(*single) == [delta("a", "y")]


@pytest.mark.behaviour("D08")
def test_d08_a_property_may_appear_and_go() -> None:
    assert diff_widget(card(text("x")), card(text("x", size="sm")))
    assert diff_widget(card(text("x", size="sm")), card(text("x")))
    assert diff_widget(card(text("x"), size="sm"), card(text("x")))


@pytest.mark.behaviour("D09")
def test_d09_a_change_in_one_component_with_an_id_sends_that_component() -> None:
    rows = [text(f"Row {place}", f"row{place}", size="sm") for place in range(200)]
    changed = [dict(row) for row in rows]
    changed[7]["color"] = "danger"
    before, after = card(*rows), card(*changed)
    (update,) = diff_widget(before, after)
    assert isinstance(update, WidgetComponentUpdated)
    assert update.component_id == "row7"
    assert update.component.model_dump(exclude_none=True) == changed[7]
    assert len(wire_json(update)) < 200 < len(wire_json(after))


def test_two_changed_components_send_the_root() -> None:
    before = card(text("x"), text("y", "b"))
    (update,) = diff_widget(before, card(text("1"), text("2", "b")))
    assert isinstance(update, WidgetRootUpdated)


def test_an_id_used_twice_sends_the_root() -> None:
    (update,) = diff_widget(card(text("x"), text("x")), card(text("x"), text("xy")))
    assert isinstance(update, WidgetRootUpdated)


@pytest.mark.behaviour("D10")
def test_d10_a_growing_title_sends_itself_and_not_the_root() -> None:
    before, after = ({"type": "Title", "id": "t", "value": value} for value in ("x", "xy"))
    (update,) = diff_widget(card(before), card(after))
    assert isinstance(update, WidgetComponentUpdated)


def test_an_action_is_not_taken_for_a_component() -> None:
    def button(kind: str) -> dict[str, Any]:
        return {"type": "Button", "onClickAction": {"type": kind, "id": "x"}}

    (update,) = diff_widget(card(button("One")), card(button("Two")))
    assert isinstance(update, WidgetRootUpdated)
