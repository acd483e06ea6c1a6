"""Files without a document: a view is written from their template, or from a tree of components."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatkit.compiler import compile_widget, first_difference
from chatkit.studio._gallery_page import GALLERY
from chatkit.studio._opening import open_text, same_drawing

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "widgets"


def without_document(text: str) -> str:
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "encodedWidget"})


def template_file(template: str, schema: Any = None) -> str:
    return json.dumps({"version": "1.0", "name": "By hand", "template": template, "jsonSchema": schema or {}})


def test_a_document_is_taken_as_it_is() -> None:
    opened = open_text((GALLERY / "flight.widget").read_text("utf-8"))
    assert opened["origin"] == "document"
    assert opened["reason"] is None


def test_a_template_by_hand_becomes_a_view_with_its_schema_and_sample_data() -> None:
    schema = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "items": {"type": "array", "items": {"type": "string"}}},
        "required": ["title", "items"],
    }
    template = '{"type":"Card","children":[{"type":"Title","value":{{ title | tojson }}}{% for i in items %},{"type":"Text","value":{{ i | tojson }}}{% endfor %}]}'
    opened = open_text(template_file(template, schema))
    document = opened["document"]
    assert (opened["origin"], opened["name"]) == ("template", "By hand")
    assert "items.map(" in document["view"]
    assert set(document["defaultState"]) == {"title", "items"}
    result = compile_widget(document["view"], document["jsonSchema"], data=document["defaultState"])
    assert result.ok
    assert [found for found in result.diagnostics if found.severity != "info"] == []


@pytest.mark.parametrize(
    "template",
    [
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(data) }}",
        '{"type":"Card","children":[{{ children }}]}',
        '{"type":"Card","value":{{ a | batch(2) | list | tojson }}}',
    ],
)
def test_a_template_that_no_view_can_say_is_read_only_and_says_so(template: str) -> None:
    opened = open_text(template_file(template))
    assert opened["document"] is None
    assert opened["origin"] is None
    assert "template" in opened["reason"]
    assert opened["template"] == template


@pytest.mark.parametrize("wrapped", [False, True], ids=["alone", "in an item"])
def test_a_tree_of_components_becomes_a_view_that_draws_it(wrapped: bool) -> None:
    tree = {
        "type": "Card",
        "size": "sm",
        "children": [
            {"type": "Text", "value": 'He said "hi" {x} <b>\n& more'},
            {
                "type": "Button",
                "label": "Go",
                "onClickAction": {"type": "go", "payload": {"a-b": [1, None, True]}},
            },
            {"type": "Transition", "children": {"type": "Badge", "label": "x"}},
        ],
    }
    opened = open_text(json.dumps({"id": "cti_1", "widget": tree} if wrapped else tree))
    assert opened["origin"] == "tree"
    drawn = compile_widget(opened["document"]["view"]).preview
    assert (
        first_difference(
            {**tree, "children": tree["children"][:2]}, {**drawn, "children": drawn["children"][:2]}
        )
        is None
    )
    assert drawn["children"][2]["type"] == "Transition"


@pytest.mark.parametrize(
    "tree",
    [
        {"type": "Card", "children": ["text"]},
        {"type": "<script>"},
        {"type": "Card", "on click": 1},
        {"type": "Card", "children": [{"value": 1}]},
        {"type": 3},
    ],
    ids=str,
)
def test_a_tree_that_is_none_is_refused_with_a_reason(tree: dict[str, Any]) -> None:
    opened = open_text(json.dumps(tree))
    assert opened["document"] is None
    assert opened["reason"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not beside this checkout")
@pytest.mark.slow
def test_most_real_files_can_be_edited_without_their_document() -> None:
    opened = {
        path.name: open_text(without_document(path.read_text("utf-8"))) for path in CORPUS.glob("*.widget")
    }
    free = sorted(name for name, one in opened.items() if one["document"] is None)
    assert len(free) <= 6, free
    assert all(opened[name]["reason"] for name in free)


@pytest.mark.parametrize("path", sorted(GALLERY.glob("*.widget")), ids=lambda path: path.stem)
def test_a_drawn_gallery_widget_is_a_tree_that_opens(path: Path) -> None:
    preview = json.loads(path.read_text("utf-8"))["outputJsonPreview"]
    opened = open_text(json.dumps(preview))
    assert opened["origin"] == "tree"
    assert same_drawing(preview, compile_widget(opened["document"]["view"], check=False).preview)
