"""What is in a text that was opened or dropped: a document, a template alone, or a tree of components."""

import json
from typing import Any, cast

from chatkit.compiler import (
    WidgetFile,
    compile_widget,
    decompile,
    decompile_tree,
    first_difference,
    generated_states,
    read_widget,
)
from chatkit.errors import ChatKitError
from chatkit.widgets import WidgetTemplate

__all__ = ["open_text", "same_drawing"]

FREE = "Its template does more than a view can say, so it is shown as it is."


def open_text(text: str) -> dict[str, Any]:
    """A file as the editor shows it.

    ``origin`` says where ``document`` comes from: it was in the file, or it was written from the ``template`` or from
    a ``tree`` of components. Without one ``reason`` says why there is nothing to edit.
    """
    tree = _tree(text)
    view = decompile_tree(tree) if tree is not None else None
    if view is not None:
        return _from_tree(view)
    file, findings = read_widget(text)
    found = [finding.to_dict(text) for finding in findings]
    if file is None:
        reason = next((one["message"] for one in found), "This is not a widget.")
        return _answer(None, None, None, None, found, reason=reason)
    if file.document is not None:
        document = file.document.to_dict()
        return _answer(document, file.name, file.template, file.json_schema, found, origin="document")
    document = _rebuilt(file)
    return _answer(
        document,
        file.name,
        file.template,
        file.json_schema,
        found,
        origin="template" if document else None,
        reason=None if document else FREE,
    )


def _answer(
    document: dict[str, Any] | None,
    name: str | None,
    template: str | None,
    json_schema: Any,
    diagnostics: list[Any],
    *,
    origin: str | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    return {
        "document": document,
        "name": name,
        "template": template,
        "jsonSchema": json_schema,
        "diagnostics": diagnostics,
        "origin": origin,
        "reason": reason,
    }


def _tree(text: str) -> dict[str, Any] | None:
    """A component in JSON, by itself or as an item of a thread has it; None for anything else."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    known = cast("dict[str, Any]", raw)
    held = known.get("widget") if isinstance(known.get("widget"), dict) else known
    tree = cast("dict[str, Any]", held)
    return tree if isinstance(tree.get("type"), str) and "template" not in tree else None


def _from_tree(view: str) -> dict[str, Any]:
    result = compile_widget(view, name="Untitled widget", check=False)
    if result.template is None:
        return _answer(
            None, None, None, None, [], reason="This tree of components cannot be written as a view."
        )
    return _answer(
        _document("Untitled widget", view, None, {}), "Untitled widget", None, None, [], origin="tree"
    )


def _rebuilt(file: WidgetFile) -> dict[str, Any] | None:
    """A document that draws what the file's template draws, when a view can say it."""
    view = decompile(file.template)
    if view is None:
        return None
    given: Any = file.json_schema
    schema = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    nothing: dict[str, Any] = {}
    states = generated_states(schema) if schema.get("properties") else {"everything": nothing}
    result = compile_widget(
        view, schema or None, "jsonSchema", states.get("everything", nothing), check=False
    )
    if result.template is None or not _same(file, result.template, states):
        return None
    return _document(file.name, view, schema, states.get("everything", nothing))


def _same(file: WidgetFile, template: str, states: dict[str, dict[str, Any]]) -> bool:
    """Whether both templates draw the same, where the file's own draws at all."""
    try:
        first, second = (
            WidgetTemplate({"version": "1.0", "name": "", "template": one})
            for one in (file.template, template)
        )
    except ChatKitError:
        return False
    for data in states.values():
        try:
            wanted = first.render(data)
        except ChatKitError:
            continue
        try:
            if not same_drawing(wanted, second.render(data)):
                return False
        except ChatKitError:
            return False
    return True


def same_drawing(left: Any, right: Any) -> bool:
    """Whether two drawn widgets look the same: no children and a list of none are, and keys as numbers and texts."""
    return first_difference(_plain(left), _plain(right)) is None


def _plain(tree: Any) -> Any:
    """A drawn widget without what makes no difference: lists of no children, and keys that are numbers."""
    if isinstance(tree, list):
        return [_plain(one) for one in cast("list[Any]", tree)]
    if not isinstance(tree, dict):
        return tree
    known = cast("dict[str, Any]", tree)
    return {
        key: str(value) if key == "key" and value is not None else _plain(value)
        for key, value in known.items()
        if not (key == "children" and value == [])
    }


def _document(name: str, view: str, schema: Any, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "view": view,
        "defaultState": data,
        "schemaMode": "jsonSchema",
        "jsonSchema": schema or {"type": "object", "properties": {}},
        "schema": None,
        "states": [],
    }
