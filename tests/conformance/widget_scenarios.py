"""Widgets: what changed between two states, streams of states, and templates."""

from __future__ import annotations

import json
from typing import Any

Scenario = dict[str, Any]


def card(*children: Any, **props: Any) -> dict[str, Any]:
    return {"type": "Card", "children": list(children), **props}


def text(value: str, **props: Any) -> dict[str, Any]:
    return {"type": "Text", "value": value, **props}


def diff(name: str, before: Any, after: Any, **more: Any) -> Scenario:
    return {"name": f"diff: {name}", "kind": "widget", "states": [before, after], **more}


def stream(name: str, *states: Any, **more: Any) -> Scenario:
    return {"name": f"stream: {name}", "kind": "widget", "states": list(states), "stream": True, **more}


def build(name: str, template: str, data: Any = None, **more: Any) -> Scenario:
    definition = {"version": "1.0", "name": name, "template": template, "jsonSchema": {}}
    return {
        "name": f"template: {name}",
        "kind": "widget",
        "template": definition | more.pop("definition", {}),
        "data": data,
        **more,
    }


WAYS: list[dict[str, Any]] = [
    {},
    *({name: True} for name in ("exclude_none", "exclude_unset", "exclude_defaults", "round_trip")),
    {"exclude_none": True, "exclude_unset": True},
    {"include": ["id"]},
    {"include": ["children"]},
    {"exclude": ["children"]},
    {"exclude": ["type"]},
]


def dump(name: str, root: dict[str, Any]) -> list[Scenario]:
    template = build(f"dump: {name}, of a template", json.dumps(root), dump=WAYS)
    return [template, {"name": f"dump: {name}", "kind": "widget", "states": [root], "dump": WAYS}]


T = {"id": "t"}
WIDGETS: list[Scenario] = [
    diff("equal", card(text("a")), card(text("a"))),
    diff("text grows", card(text("a", **T)), card(text("ab", **T))),
    diff(
        "text grows while streaming",
        card(text("a", **T, streaming=True)),
        card(text("ab", **T, streaming=True)),
    ),
    diff(
        "markdown grows in a row",
        card({"type": "Row", "children": [{"type": "Markdown", "id": "m", "value": ""}]}),
        card({"type": "Row", "children": [{"type": "Markdown", "id": "m", "value": "x"}]}),
    ),
    diff(
        "two texts grow",
        card(text("a", id="1"), text("b", id="2")),
        card(text("aa", id="1"), text("bb", id="2")),
    ),
    diff("a property changes", card(text("a", size="sm")), card(text("a", size="lg"))),
    diff(
        "a property of a component with an id changes",
        card(text("a", **T, size="sm")),
        card(text("a", **T, size="lg")),
        differs=["D09"],
    ),
    diff("a root property changes", card(text("a"), size="sm"), card(text("a"), size="lg")),
    diff("a child is added", card(text("a")), card(text("a"), text("b"))),
    diff("a child is removed", card(text("a"), text("b")), card(text("a"))),
    diff("another type", card(text("a")), card({"type": "Title", "value": "a"})),
    diff("text and a property", card(text("a", **T)), card(text("ab", **T, color="danger")), differs=["D08"]),
    diff(
        "text of a streamed component shrinks", card(text("ab", **T)), card(text("a", **T)), differs=["D09"]
    ),
    diff("a streamed component vanishes", card(text("ab", **T)), card()),
    diff("text without an id grows", card(text("a")), card(text("ab")), differs=["D06"]),
    diff(
        "text below a single child grows",
        card({"type": "Transition", "children": text("a", **T)}),
        card({"type": "Transition", "children": text("ab", **T)}),
        differs=["D07"],
    ),
    diff(
        "a property appears",
        card({"type": "Title", "value": "a"}),
        card({"type": "Title", "value": "a", "size": "lg"}),
        differs=["D08"],
    ),
    stream(
        "text",
        *(card(text(value, **T, streaming=value != "abc")) for value in ("", "a", "ab", "abc")),
        differs=["D09"],
    ),
    stream(
        "a list",
        {"type": "ListView", "children": []},
        {"type": "ListView", "children": [{"type": "ListViewItem", "children": [text("a")]}]},
    ),
    stream("the same twice", card(text("a")), card(text("a"))),
    build(
        "plain",
        '{"type":"Card","children":[{"type":"Text","value":{{ (name) | tojson }}}]}',
        {"name": 'A "b" <c>'},
    ),
    build(
        "loop",
        '{"type":"ListView","children":[{%- for i in items -%}{"type":"ListViewItem","children":[{"type":"Text","value":{{ i.t | tojson }}}]}{% if not loop.last %},{% endif %}{%- endfor -%}]}',
        {"items": [{"t": "a"}, {"t": "b"}]},
    ),
    build(
        "condition",
        '{"type":"Card","children":[{% if a %}{"type":"Text","value":"yes"}{% else %}{"type":"Text","value":"no"}{% endif %}]}',
        {"a": False},
    ),
    build(
        "unknown properties are kept",
        '{"type":"Card","border":{"size":1},"children":[{"type":"Box","anything":[1,2]}]}',
    ),
    build("basic root", '{"type":"Basic","children":[{"type":"Text","value":"x"}]}'),
    build(
        "undefined variable",
        '{"type":"Card","children":[{"type":"Text","value":{{ nope | tojson }}}]}',
        {},
        differs=["errors"],
    ),
    *dump(
        "components", card(text("a", color=None), {"type": "Box", "children": {"type": "Divider"}}, id="r")
    ),
    *dump("unknown components", card({"type": "New", "x": None, "children": [{"type": "Newer"}]}, size="md")),
    *dump("no children", {"type": "ListView", "children": []}),
    build("dump: nothing in it, of a template", '{"type":"Card"}', dump=WAYS),
    build("dump: children are null, of a template", '{"type":"Card","children":null,"x":null}', dump=WAYS),
    build("no JSON", '{"type":"Card"', differs=[]),
    build("unknown version", "{}", definition={"version": "2.0"}),
    build(
        "a value without tojson",
        '{"type":"Card","children":[{"type":"Text","value":"{{ name }}"}]}',
        {"name": '"},{"type":"Button","label":"x'},
        differs=["D02"],
    ),
]
